"""What was observed last, so that what has not changed costs nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import compress
from operator import ne
from typing import Any, Final

from ..clock import Clock
from ..model import Observation
from .plans import AttributePlan, Attributes
from .values import MISSING, PartlyError, Picked, PickError


@dataclass(slots=True)
class Taken:
    """What an item told of a device: the same object again where nothing changed.

    ``observations`` maps attribute key to observation; ``rejected`` to what was wrong with it.
    """

    observations: Mapping[str, Observation]
    rejected: Mapping[str, str]


PATIENCE: Final = 60.0
"""Seconds after which a vendor that goes on telling of an earlier time has set its clock back."""


@dataclass(slots=True)
class _Known:
    """``overtaken`` is since when nothing but older items has come, on the monotonic clock."""

    item: Any
    observed_at: datetime | None
    attributes: Attributes
    taken: Taken
    doubted: bool = False
    overtaken: float | None = None


class Memory:
    """The last item of each monitor and device, and what was made of it."""

    def __init__(self, clock: Clock) -> None:
        """Start knowing nothing."""
        self._clock = clock
        self._known: dict[tuple[str, str], _Known] = {}

    def take(
        self,
        monitor: str,
        device_id: str,
        attributes: Attributes,
        item: Any,  # noqa: ANN401 - a part of an answer
        observed_at: datetime | None,
    ) -> Taken:
        """Return what an item tells of a device.

        An item that is older than the last one, by the vendor's own time, tells nothing new, unless
        the last one is in doubt, or the vendor insists for so long that its clock was set back.
        """
        known = self._known.get((monitor, device_id))
        if known is not None and known.attributes is attributes and not known.doubted:
            same = known.item is item or known.item == item
            if known.observed_at == observed_at and same:
                return known.taken
            if known.observed_at and observed_at and observed_at < known.observed_at:
                now = self._clock.monotonic()
                since = now if known.overtaken is None else known.overtaken
                if now - since < PATIENCE:
                    self._known[monitor, device_id] = replace(known, overtaken=since)
                    return known.taken
        taken = _observe(attributes, item, observed_at, known)
        self._known[monitor, device_id] = _Known(item, observed_at, attributes, taken)
        return taken

    def last(self, monitor: str, device_id: str, key: str) -> Observation | None:
        """Return the last observation of an attribute, if there was one."""
        known = self._known.get((monitor, device_id))
        return known.taken.observations.get(key) if known is not None else None

    def doubt(self, device_id: str) -> None:
        """Let the next item of a device count as news, whatever it says."""
        for key, known in self._known.items():
            if key[1] == device_id:
                self._known[key] = replace(known, doubted=True)


def _observe(
    attributes: Attributes,
    item: Any,  # noqa: ANN401 - a part of an answer
    observed_at: datetime | None,
    known: _Known | None,
) -> Taken:
    """Pick what an item tells; only below the keys that have changed, where that is enough."""
    before: Mapping[str, Observation] = {}
    observations: dict[str, Observation] = {}
    rejected: dict[str, str] = {}
    plans: Iterable[AttributePlan] = attributes.plans
    if known is not None:
        before = known.taken.observations
        if (
            known.attributes is attributes
            and known.observed_at == observed_at
            and not known.doubted
            and not known.taken.rejected
            and (changed := _changed(known.item, item)) is not None
        ):
            observations = dict(before)
            below = attributes.below
            plans = [plan for key in changed for plan in below.get(key, ())]
            plans += below.get(None, ())
    for plan in plans:
        key = plan.attribute.key
        last = before.get(key)
        value: Picked
        try:
            value = plan.picker.pick(item)
        except PartlyError as error:
            rejected[key] = str(error)
            value = error.value
        except PickError as error:
            rejected[key] = str(error)
            value = MISSING
        if value is MISSING:
            observations.pop(key, None)
        elif (
            last is not None
            and last.observed_at == observed_at
            and last.value == value
            and type(last.value) is type(value)
        ):
            observations[key] = last
        else:
            observations[key] = Observation(value, observed_at)
    return Taken(observations, rejected)


def _changed(before: Any, after: Any) -> Collection[str] | None:  # noqa: ANN401 - as above
    """Return the keys of an item below which anything is another; None for what has no keys."""
    if type(before) is not dict or type(after) is not dict:
        return None
    if list(before) == list(after) and _types(before) == _types(after):
        return [*compress(after, map(ne, before.values(), after.values(), strict=True))]
    return [
        key
        for key in {**before, **after}
        if key not in before
        or key not in after
        or before[key] != after[key]
        or type(before[key]) is not type(after[key])
    ]


def _types(item: Mapping[str, Any]) -> list[type]:
    return [*map(type, item.values())]
