"""Monitors, read as a profile says."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from ..errors import RateLimitedError, SignInError, UnexpectedAnswerError, VendorError
from ..http.message import Request
from ..model import Attribute, Device, Observation, Reading
from .filling import fill, id_of, items_of, pages
from .means import Means
from .newest import Newest
from .picking import time_of
from .plans import EntityPlan, MonitorPlan
from .scope import batch_scope, child_id, device_scope
from .templates import TemplateError
from .values import PickError


@dataclass(slots=True)
class _Gathering:
    """A reading in the making."""

    observations: dict[str, Mapping[str, Observation]] = field(default_factory=dict)
    failures: dict[str, VendorError] = field(default_factory=dict)
    rejected: dict[tuple[str, str], str] = field(default_factory=dict)
    collected: dict[str, list[Any]] = field(default_factory=dict)


class Reader:
    """Reads the monitors of one account."""

    def __init__(self, means: Means) -> None:
        """Take what is needed to ask and to remember."""
        self._profile = means.profile
        self._connection = means.connection
        self._memory = means.memory
        self._selection = means.selection
        self._setup = means.setup
        self._newest = Newest(means)
        self._last: dict[str, tuple[tuple[Device, ...], Reading]] = {}
        self._left_over: dict[str, Sequence[str]] = {}
        self._requests: dict[tuple[str, str], tuple[Device, Request]] = {}

    async def read(self, key: str, devices: Sequence[Device]) -> Reading:
        """Read a monitor for some devices: those of its types that have attributes from it."""
        plan = self._profile.readers[key]
        wanted = {
            device.id: device
            for device in devices
            if (plan.types is None or device.type in plan.types)
            and self._selection.attributes(device, key)
        }
        if not wanted:
            return Reading(observations={})
        if plan.scope == "account":
            return await self._read_account(plan, wanted)
        if left_over := self._left_over.get(key):
            # Those for whom the vendor's limits left no room last time are the first this time.
            first = {device_id: wanted[device_id] for device_id in left_over if device_id in wanted}
            wanted = first | wanted
        if plan.scope == "device":
            known = {device.id: device for device in devices}
            reading = await self._read_each(plan, wanted, known)
        else:
            reading = await self._read_batches(plan, wanted)
        self._left_over[key] = [
            device_id
            for device_id, error in reading.failures.items()
            if isinstance(error, RateLimitedError)
        ]
        return reading

    def doubt(self, device_id: str) -> None:
        """Let the next item of a device count as news, whatever it says."""
        self._memory.doubt(device_id)
        self._last.clear()

    # --- one request for the whole account ---------------------------------------------------

    async def _read_account(self, plan: MonitorPlan, wanted: Mapping[str, Device]) -> Reading:
        key = plan.monitor.key
        members = tuple(wanted.values())
        gathering = _Gathering()
        unchanged = True
        scope = {"setup": self._setup, **self._newest.scope(plan, members)}
        async for answer in pages(self._connection, plan.request, scope, plan.items):
            unchanged = unchanged and answer.unchanged
            if unchanged and plan.request.pages is None:
                last = self._last.get(key)
                if last is not None and last[0] == members:
                    return last[1]
            self._last.pop(key, None)  # what comes now may be no reading at all
            self._take_items(plan, answer.data, wanted, gathering)
        self._note_absent(plan, wanted, gathering)
        reading = _finish(gathering)
        self._last[key] = (members, reading)
        return reading

    async def _read_batches(self, plan: MonitorPlan, wanted: Mapping[str, Device]) -> Reading:
        members = list(wanted.values())
        batches = [
            members[start : start + plan.batch] for start in range(0, len(members), plan.batch)
        ]
        gathering = _Gathering()

        async def read(batch: list[Device]) -> None:
            scope = {
                "setup": self._setup,
                "devices": batch_scope(batch),
                **self._newest.scope(plan, batch),
            }
            mine = {device.id: device for device in batch}
            async for answer in pages(self._connection, plan.request, scope, plan.items):
                self._take_items(plan, answer.data, mine, gathering)
            self._note_absent(plan, mine, gathering)

        reads = {tuple(device.id for device in batch): partial(read, batch) for batch in batches}
        await self._all(reads, gathering, plan)
        return _finish(gathering)

    # --- one request for each device ----------------------------------------------------------

    async def _read_each(
        self, plan: MonitorPlan, wanted: Mapping[str, Device], known: Mapping[str, Device]
    ) -> Reading:
        gathering = _Gathering()
        targets: dict[str, Device] = {}
        parts: dict[str, dict[str, Device]] = {}
        for device in wanted.values():
            target = device
            if plan.children is not None and device.parent is not None:
                target = known.get(device.parent, device)
            targets[target.id] = target
            parts.setdefault(target.id, {})[device.id] = device

        async def read(target: Device) -> None:
            mine = parts[target.id]
            newest = self._newest.scope(plan, mine.values())
            answer = await self._connection.send(self._request(plan, target, newest))
            for key, item in items_of(answer.data, plan.items, plan.request.label):
                told = id_of(key, item, plan.items) if plan.items.id else target.id
                self._take(plan, told, item, mine, gathering)
            self._note_absent(plan, mine, gathering)

        reads = {tuple(parts[target.id]): partial(read, target) for target in targets.values()}
        await self._all(reads, gathering, plan)
        return _finish(gathering)

    def _request(self, plan: MonitorPlan, device: Device, newest: Mapping[str, Any]) -> Request:
        """Return a device's request, filled in once for as long as the device stays the same.

        One that names the ``newest`` of what has been told is another one each time.
        """
        place = (plan.monitor.key, device.id)
        known = self._requests.get(place)
        if known is None or known[0] is not device or newest:
            scope = {"setup": self._setup, "device": device_scope(device), **newest}
            known = self._requests[place] = (device, fill(plan.request, scope))
        return known[1]

    async def _all(
        self,
        reads: Mapping[tuple[str, ...], Callable[[], Coroutine[Any, Any, None]]],
        gathering: _Gathering,
        plan: MonitorPlan,
    ) -> None:
        """Run reads side by side, a few at a time: that is less work than to begin them all.

        What goes wrong with one concerns its devices alone. What goes wrong with all of them, and
        a sign-in that is not accepted, is raised.
        """
        results: dict[tuple[str, ...], Exception | None] = {}
        waiting = iter(reads.items())

        async def work() -> None:
            for ids, read in waiting:
                try:
                    await read()
                    results[ids] = None
                except Exception as error:  # noqa: BLE001 - looked at below, when all are done
                    results[ids] = error

        # Twice as many as may be on the way: one that pauses before it tries again shall hold up
        # none that could be sent meanwhile.
        at_a_time = min(len(reads), 2 * self._profile.source.api.limits.concurrency)
        await asyncio.gather(*(work() for _ in range(at_a_time)))
        errors = []
        for ids in reads:
            result = results[ids]
            if isinstance(result, SignInError):
                raise result
            if isinstance(result, VendorError | TemplateError):
                failure = (
                    result
                    if isinstance(result, VendorError)
                    # The listing did not tell of the device what it takes to ask for it.
                    else UnexpectedAnswerError(str(result), request=plan.request.label)
                )
                errors.append(failure)
                gathering.failures.update(dict.fromkeys(ids, failure))
            elif result is not None:
                raise result
        if errors and len(errors) == len(results):
            raise errors[0]

    # --- what answers tell ----------------------------------------------------------------------

    def _take_items(
        self,
        plan: MonitorPlan,
        data: Any,  # noqa: ANN401
        wanted: Mapping[str, Device],
        gathering: _Gathering,
    ) -> None:
        for key, item in items_of(data, plan.items, plan.request.label):
            try:
                told = id_of(key, item, plan.items)
            except UnexpectedAnswerError:
                continue  # Its device is noted as absent.
            self._take(plan, told, item, wanted, gathering)

    def _take(
        self,
        plan: MonitorPlan,
        told: str,
        item: Any,  # noqa: ANN401
        wanted: Mapping[str, Device],
        gathering: _Gathering,
    ) -> None:
        """Observe a device, and its parts where they stand in its item."""
        if plan.collect:
            gathering.collected.setdefault(told, []).append(item)
            return
        observed_at = time_of(plan.observed_at, item)
        if told in wanted and told not in gathering.observations:
            self._observe(plan, wanted[told], item, observed_at, gathering)
        if plan.children is None:
            return
        for place, (key, part) in enumerate(items_of(item, plan.children, plan.request.label)):
            child = child_id(told, id_of(key, part, plan.children, place))
            if child in wanted and child not in gathering.observations:
                self._observe(plan, wanted[child], part, observed_at, gathering)

    def _observe(
        self,
        plan: MonitorPlan,
        device: Device,
        item: Any,  # noqa: ANN401
        observed_at: datetime | None,
        gathering: _Gathering,
    ) -> None:
        key = plan.monitor.key
        plans = self._selection.attributes(device, key)
        taken = self._memory.take(key, device.id, plans, item, observed_at)
        if not taken.observations and not taken.rejected:
            gathering.failures[device.id] = UnexpectedAnswerError(
                "it has none of what the profile looks for", request=plan.request.label
            )
            return
        gathering.observations[device.id] = taken.observations
        for name, why in taken.rejected.items():
            gathering.rejected[device.id, name] = self._connection.scrubbed(why)

    def _note_absent(
        self, plan: MonitorPlan, wanted: Mapping[str, Device], gathering: _Gathering
    ) -> None:
        """Say of which devices an answer tells nothing; where items are collected, that is none."""
        if plan.collect:
            for device_id, device in wanted.items():
                items = gathering.collected.get(device_id, [])
                self._observe(plan, device, items, None, gathering)
            return
        for device_id in wanted:
            if device_id not in gathering.observations and device_id not in gathering.failures:
                gathering.failures[device_id] = UnexpectedAnswerError(
                    "the answer does not tell of this device", request=plan.request.label
                )

    def last(self, attribute: Attribute, device: Device) -> Observation | None:
        """Return the last observation of an attribute, if there was one."""
        return self._memory.last(attribute.monitor, device.id, attribute.key)

    def now(self, device: Device, entity: EntityPlan) -> Mapping[str, Any]:
        """Return what is known of an entity's attributes, in the vendor's own scale."""
        now = {}
        for plan in entity.attributes:
            last = self.last(plan.attribute, device)
            if last is None or not plan.picker.invertible:
                continue
            with suppress(PickError):
                now[plan.name] = plan.picker.invert(last.value)
        return now

    def observe(self, key: str, device: Device, item: Any) -> Mapping[str, Observation]:  # noqa: ANN401
        """Return what an item of a monitor tells of a device, however it was come by."""
        plan = self._profile.readers[key]
        return self._memory.take(
            key,
            device.id,
            self._selection.attributes(device, key),
            item,
            time_of(plan.observed_at, item),
        ).observations


def _finish(gathering: _Gathering) -> Reading:
    return Reading(
        observations=gathering.observations,
        failures=gathering.failures,
        rejected=gathering.rejected,
    )
