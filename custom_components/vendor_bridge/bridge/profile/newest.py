"""The newest event that was told of, so that a request can ask for those after it."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ..events import Event, in_order
from ..model import Device
from .means import Means
from .plans import MonitorPlan

NEWEST: Final = "events.last."
"""What the names of its placeholders begin with."""

FIELDS: Final = ("id", "at")


class Newest:
    """Knows the newest event of each monitor and device since the account was set up."""

    def __init__(self, means: Means) -> None:
        """Know of none."""
        self._memory = means.memory
        self._selection = means.selection
        self._newest: dict[tuple[str, str], Event] = {}

    def scope(self, plan: MonitorPlan, devices: Iterable[Device]) -> Mapping[str, Any]:
        """Return what ``{events.last...}`` refers to, for a request that is about some devices.

        Where no event of theirs is known yet, it has no value.
        """
        if not any(name.startswith(NEWEST) for name in plan.request.names):
            return {}
        known = [event for device in devices if (event := self._of(plan.monitor.key, device))]
        return {"events": {"last": in_order(known)[-1] if known else {}}}

    def _of(self, monitor: str, device: Device) -> Event | None:
        """Return the newest event of a device: of those that were read last, or from before."""
        place = (monitor, device.id)
        before = self._newest.get(place)
        listed: list[Event] = [before] if before is not None else []
        for plan in self._selection.attributes(device, monitor).plans:
            last = self._memory.last(monitor, device.id, plan.attribute.key)
            if plan.name == "events" and last is not None and isinstance(last.value, list):
                listed += last.value
        if not listed:
            return None
        newest = self._newest[place] = in_order(listed)[-1]
        return newest
