"""Monitors, read as a profile says."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from ..errors import RateLimitedError, SignInError, UnexpectedAnswerError, VendorError
from ..http.connection import Paused
from ..http.message import Answer, Request
from ..model import Attribute, Device, Observation, Reading
from .filling import fill, id_of, items_of, pages
from .gathering import Gathering
from .means import Means
from .newest import Newest
from .picking import time_of
from .plans import EntityPlan, MonitorPlan
from .scope import batch_scope, child_id, device_scope
from .side_by_side import Read, side_by_side
from .templates import TemplateError
from .values import PickError

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


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
        self._last: dict[tuple[str, str], tuple[tuple[Device, ...], Reading]] = {}
        self._left_over: dict[str, Sequence[str]] = {}
        self._requests: dict[tuple[str, str], tuple[Device, Request]] = {}

    async def read(self, key: str, devices: Sequence[Device]) -> Reading:
        """Read a monitor for some devices: those of its types that have attributes from it."""
        plan = self._profile.readers[key]
        wanted = {
            device.id: device
            for device in devices
            if (plan.types is None or device.type in plan.types)
            and self._selection.attributes(device, key).plans
        }
        if not wanted:
            return Reading(observations={})
        if plan.scope == "account":
            return await self._read_some(plan, wanted)
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

    # --- one request for several devices -----------------------------------------------------

    async def _read_batches(self, plan: MonitorPlan, wanted: Mapping[str, Device]) -> Reading:
        members = list(wanted.values())
        batches = {
            str(start): members[start : start + plan.batch]
            for start in range(0, len(members), plan.batch)
        }

        async def read(place: str, paused: Paused) -> Reading:
            batch = batches[place]
            more = {"devices": batch_scope(batch)}
            return await self._read_some(plan, {one.id: one for one in batch}, place, more, paused)

        return await self._all(
            plan, batches, read, lambda place: [device.id for device in batches[place]]
        )

    async def _read_some(
        self,
        plan: MonitorPlan,
        wanted: Mapping[str, Device],
        place: str = "",
        more: Mapping[str, Any] = NOTHING,
        paused: Paused | None = None,
    ) -> Reading:
        scope = {"setup": self._setup, **more, **self._newest.scope(plan, wanted.values())}
        if plan.request.pages is None:
            answer = await self._connection.send(fill(plan.request, scope), paused)
            return self._told(plan, answer, wanted, place)
        gathering = Gathering()
        async for answer in pages(self._connection, plan.request, scope, plan.items):
            self._take_items(plan, answer.data, wanted, gathering)
        self._note_absent(plan, wanted, gathering)
        return gathering.finish()

    # --- one request for each device ----------------------------------------------------------

    async def _read_each(
        self, plan: MonitorPlan, wanted: Mapping[str, Device], known: Mapping[str, Device]
    ) -> Reading:
        parts: dict[str, dict[str, Device]] = {}
        if plan.children is not None:
            for device in wanted.values():
                parent = device.parent
                target = parent if parent is not None and parent in known else device.id
                parts.setdefault(target, {})[device.id] = device

        async def read(target: str, paused: Paused) -> Reading:
            device = known[target]
            mine = parts.get(target) or {target: device}
            answer = await self._connection.send(self._request(plan, device, mine), paused)
            return self._told(plan, answer, mine, target, target)

        return await self._all(
            plan, parts or wanted, read, lambda target: parts.get(target, (target,))
        )

    def _request(self, plan: MonitorPlan, target: Device, mine: Mapping[str, Device]) -> Request:
        """Return a device's request, filled in once for as long as the device stays the same.

        One that names the newest of what has been told is another one each time.
        """
        place = (plan.monitor.key, target.id)
        known = self._requests.get(place)
        if known is not None and known[0] is target:
            return known[1]
        newest = self._newest.scope(plan, mine.values())
        scope = {"setup": self._setup, "device": device_scope(target), **newest}
        request = fill(plan.request, scope)
        if not newest:
            self._requests[place] = target, request
        return request

    async def _all(
        self,
        plan: MonitorPlan,
        places: Collection[str],
        read: Read,
        devices_at: Callable[[str], Iterable[str]],
    ) -> Reading:
        """Read all places side by side, as many as the vendor bears.

        What goes wrong with one concerns the devices there alone. What goes wrong with all of them,
        and a sign-in that is not accepted, is raised.
        """
        at_a_time = self._profile.source.api.limits.concurrency
        results = await side_by_side(places, read, at_a_time)
        gathering = Gathering()
        errors = []
        for place in places:
            result = results[place]
            if isinstance(result, Reading):
                gathering.add(result)
                continue
            if isinstance(result, SignInError) or not isinstance(
                result, VendorError | TemplateError
            ):
                raise result
            failure = (
                result
                if isinstance(result, VendorError)
                # The listing did not tell of the device what it takes to ask for it.
                else UnexpectedAnswerError(str(result), request=plan.request.label)
            )
            errors.append(failure)
            gathering.failures.update(dict.fromkeys(devices_at(place), failure))
        if errors and len(errors) == len(results):
            raise errors[0]
        return gathering.finish()

    # --- what answers tell ----------------------------------------------------------------------

    def _told(
        self,
        plan: MonitorPlan,
        answer: Answer,
        wanted: Mapping[str, Device],
        place: str,
        about: str | None = None,
    ) -> Reading:
        """Return what an answer tells; the very same answer tells the same of the same devices."""
        members = tuple(wanted.values())
        last = self._last.get((plan.monitor.key, place))
        if answer.unchanged and last is not None and last[0] == members:
            return last[1]
        self._last.pop((plan.monitor.key, place), None)  # what comes now may be no reading at all
        gathering = Gathering()
        self._take_items(plan, answer.data, wanted, gathering, about)
        self._note_absent(plan, wanted, gathering)
        reading = gathering.finish()
        self._last[plan.monitor.key, place] = members, reading
        return reading

    def _take_items(
        self,
        plan: MonitorPlan,
        data: Any,  # noqa: ANN401
        wanted: Mapping[str, Device],
        gathering: Gathering,
        about: str | None = None,
    ) -> None:
        """Take over the items of an answer. One that is ``about`` a device needs to name none."""
        for key, item in items_of(data, plan.items, plan.request.label):
            if about is not None:
                told = id_of(key, item, plan.items) if plan.items.id else about
            else:
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
        gathering: Gathering,
    ) -> None:
        """Observe a device, and its parts where they stand in its item."""
        if plan.collect:
            gathering.collected.setdefault(told, []).append(item)
            return
        observed_at = time_of(plan.observed_at, item) if plan.observed_at else None
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
        gathering: Gathering,
    ) -> None:
        key = plan.monitor.key
        attributes = self._selection.attributes(device, key)
        taken = self._memory.take(key, device.id, attributes, item, observed_at)
        if not taken.observations and not taken.rejected:
            gathering.failures[device.id] = UnexpectedAnswerError(
                "it has none of what the profile looks for", request=plan.request.label
            )
            return
        gathering.observations[device.id] = taken.observations
        for name, why in taken.rejected.items():
            gathering.rejected[device.id, name] = self._connection.scrubbed(why)

    def _note_absent(
        self, plan: MonitorPlan, wanted: Mapping[str, Device], gathering: Gathering
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
