"""An hour of polling, with the clock of the event loop running faster than time does.

Everything that waits on the loop's clock (timers, intervals, timeouts) comes SPEED times as early.
"""

import asyncio
import gc
from pathlib import Path
import selectors
import time
from typing import Any, override

from homeassistant.core import HomeAssistant

SPEED = 30.0
PARTS = 6
"""How often memory, tasks and sockets are looked at."""
WARM_UP = 300
"""Seconds of the loop's clock after which all caches are as full as they get."""


class _Selector(selectors.DefaultSelector):
    """Waits as much less as the clock is faster."""

    speed = 1.0

    @override
    def select(self, timeout: float | None = None) -> Any:
        return super().select(None if timeout is None else timeout / self.speed)


class FastLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock is as fast as time until ``hurry`` is called."""

    def __init__(self) -> None:
        self._waits = _Selector()
        self._since = self._then = time.monotonic()
        super().__init__(self._waits)

    @override
    def time(self) -> float:
        return self._then + (time.monotonic() - self._since) * self._waits.speed

    def hurry(self, speed: float) -> None:
        """Run faster from now on."""
        self._then, self._since = self.time(), time.monotonic()
        self._waits.speed = speed


class Longest:
    """The longest that one callback has kept the loop, in CPU milliseconds.

    CPU time and not wall time: what else the machine does is not the loop's fault.
    """

    def __init__(self) -> None:
        self.milliseconds = 0.0
        self.what = ""
        self.pardoned = False

    def watch(self) -> None:
        """Look at every callback from now on."""
        handle: Any = asyncio.Handle
        run = handle._run  # noqa: SLF001

        def watched(one: Any) -> None:
            began = time.thread_time_ns()
            run(one)
            took = (time.thread_time_ns() - began) / 1e6
            if self.pardoned:
                self.pardoned = False
            elif took > self.milliseconds:
                self.milliseconds, self.what = took, repr(one)[:200]

        handle._run = watched  # noqa: SLF001


def _look() -> dict[str, float]:
    """Return what there is now."""
    gc.collect()
    status = Path("/proc/self/status").read_text().splitlines()
    resident = next(line for line in status if line.startswith("VmRSS"))
    return {
        "MiB": int(resident.split()[1]) / 1024,
        "objects": len(gc.get_objects()),
        "tasks": len(asyncio.all_tasks()),
        "sockets": sum(_is_socket(link) for link in Path("/proc/self/fd").iterdir()),
    }


def _is_socket(link: Path) -> bool:
    try:
        return str(link.readlink()).startswith("socket:")
    except OSError:
        return False


async def poll(hass: HomeAssistant, minutes: float) -> dict[str, Any]:
    """Let so many minutes of the loop's clock pass, and return what was seen after each part."""
    longest = Longest()
    loop = asyncio.get_running_loop()
    if isinstance(loop, FastLoop):
        loop.hurry(SPEED)
    await asyncio.sleep(WARM_UP)
    looks = [_look()]
    longest.watch()
    used, began = time.process_time(), loop.time()
    for _ in range(PARTS):
        await asyncio.sleep(minutes * 60 / PARTS)
        looks.append(_look())
        longest.pardoned = True  # this look
    return {
        "looks": looks,
        "cpu": time.process_time() - used,
        "seconds": loop.time() - began,
        "longest": longest.milliseconds,
        "what": longest.what,
        "states": len(hass.states.async_all()),
    }
