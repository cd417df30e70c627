"""``try --watch``: reads each monitor on its own interval and prints only what changed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import NoReturn

from ..clock import Clock, SystemClock
from ..errors import SignInError, VendorError
from ..model import DEVICES_MONITOR, Value
from .exits import MisuseError
from .observing import Observed, Subject, Told
from .output import error, say, to_json, value_text


class Watcher:
    """Prints changes until it is interrupted, or the vendor no longer accepts the credentials."""

    def __init__(
        self,
        subject: Subject,
        monitors: Sequence[str],
        *,
        as_json: bool,
        clock: Clock | None = None,
    ) -> None:
        """Remember what to watch."""
        self._subject = subject
        self._monitors = monitors
        self._as_json = as_json
        self._clock = clock or SystemClock()
        self._values: dict[tuple[str, str], Value] = {}
        self._complaints: dict[str, set[str]] = {}

    async def run(self) -> NoReturn:
        """Watch. Raises SignInError, MisuseError; ends otherwise only by cancellation."""
        if not self._monitors:
            raise MisuseError("the profile has no monitor to watch")
        try:
            async with asyncio.TaskGroup() as group:
                for monitor in self._monitors:
                    group.create_task(self._follow(monitor))
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0] from None
        raise asyncio.CancelledError

    async def _follow(self, monitor: str) -> NoReturn:
        """Read one monitor again and again."""
        every = self._subject.client.monitors[monitor].every.total_seconds()
        while True:
            told = await self._subject.read(monitor)
            self._complain(monitor, told)
            for observed in told.observed:
                self._show(observed)
            await self._clock.sleep(max(every, told.retry_after))
            if monitor == DEVICES_MONITOR:
                await self._list(every)

    async def _list(self, every: float) -> None:
        """List the devices anew, until that succeeds."""
        while True:
            try:
                came, gone = self._subject.update(await self._subject.client.list_devices())
            except SignInError:
                raise
            except VendorError as failure:
                told = self._subject.failed(DEVICES_MONITOR, failure)
                self._complain(DEVICES_MONITOR, told)
                await self._clock.sleep(max(every, told.retry_after))
                continue
            for device in came:
                self._tell(device.id, "came", f"{device.name or device.type} is new")
            for device in gone:
                self._tell(device.id, "gone", f"{device.name or device.type} has gone")
            return

    def _tell(self, device: str, event: str, text: str) -> None:
        if self._as_json:
            say(to_json({"at": self._clock.now(), "device": device, "event": event}))
        else:
            say(f"{self._time()}  {device}  {text}")

    def _complain(self, monitor: str, told: Told) -> None:
        """Print what is wrong once, and again once it is well."""
        before = self._complaints.get(monitor, set())
        now = {str(problem) for problem in told.problems}
        for text in sorted(now - before):
            error(f"{self._time()}  {text}")
        for text in sorted(before - now):
            error(f"{self._time()}  over: {text}")
        self._complaints[monitor] = now

    def _show(self, observed: Observed) -> None:
        """Print an observation if its value is another than before."""
        key = (observed.device, observed.attribute)
        value = observed.observation.value
        is_new = key not in self._values
        if not is_new and self._values[key] == value:
            return
        before = value_text(self._values.get(key), observed.unit)
        self._values[key] = value
        if self._as_json:
            say(to_json({"at": self._clock.now(), **observed.as_json()}))
            return
        after = value_text(value, observed.unit)
        change = after if is_new else f"{before} → {after}"
        say(f"{self._time()}  {observed.device}  {observed.attribute}  {change}")

    def _time(self) -> str:
        now: datetime = self._clock.now().astimezone()
        return f"{now:%H:%M:%S}"
