"""What was observed last, so that what has not changed costs nothing."""

from collections.abc import Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from ..clock import Clock
from ..model import Observation
from .plans import AttributePlan
from .values import MISSING, PartlyError, Picked, PickError


@dataclass(frozen=True, slots=True)
class Taken:
    """What an item told of a device: the same object again where nothing changed.

    ``observations`` maps attribute key to observation; ``rejected`` to what was wrong with it.
    """

    observations: Mapping[str, Observation]
    rejected: Mapping[str, str]


PATIENCE: Final = 60.0
"""Seconds after which a vendor that goes on telling of an earlier time has set its clock back."""


@dataclass(frozen=True, slots=True)
class _Known:
    """``overtaken`` is since when nothing but older items has come, on the monotonic clock."""

    item: Any
    observed_at: datetime | None
    plans: Sequence[AttributePlan]
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
        plans: Sequence[AttributePlan],
        item: Any,  # noqa: ANN401 - a part of an answer
        observed_at: datetime | None,
    ) -> Taken:
        """Return what an item tells of a device.

        An item that is older than the last one, by the vendor's own time, tells nothing new, unless
        the last one is in doubt, or the vendor insists for so long that its clock was set back.
        """
        known = self._known.get((monitor, device_id))
        if known is not None and known.plans is plans and not known.doubted:
            same = known.item is item or known.item == item
            if known.observed_at == observed_at and same:
                return known.taken
            if known.observed_at and observed_at and observed_at < known.observed_at:
                now = self._clock.monotonic()
                since = now if known.overtaken is None else known.overtaken
                if now - since < PATIENCE:
                    self._known[monitor, device_id] = replace(known, overtaken=since)
                    return known.taken
        taken = _observe(plans, item, observed_at, known)
        self._known[monitor, device_id] = _Known(item, observed_at, plans, taken)
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
    plans: Sequence[AttributePlan],
    item: Any,  # noqa: ANN401 - a part of an answer
    observed_at: datetime | None,
    known: _Known | None,
) -> Taken:
    observations: dict[str, Observation] = {}
    rejected: dict[str, str] = {}
    before: Mapping[str, Observation] = {}
    wrong: Mapping[str, str] = {}
    same: AbstractSet[str | None] = frozenset()
    if known is not None:
        before, wrong = known.taken.observations, known.taken.rejected
        if known.observed_at == observed_at and not known.doubted:
            same = _same(known.item, item)
    for plan in plans:
        key = plan.attribute.key
        last = before.get(key)
        if last is not None and plan.picker.root in same and key not in wrong:
            observations[key] = last
            continue
        value: Picked
        try:
            value = plan.picker.pick(item)
        except PartlyError as error:
            rejected[key] = str(error)
            value = error.value
        except PickError as error:
            rejected[key] = str(error)
            continue
        if value is MISSING:
            continue
        if (
            last is not None
            and last.observed_at == observed_at
            and last.value == value
            and type(last.value) is type(value)
        ):
            observations[key] = last
        else:
            observations[key] = Observation(value, observed_at)
    return Taken(observations, rejected)


def _same(before: Any, after: Any) -> AbstractSet[str | None]:  # noqa: ANN401 - as above
    """Return the keys of an item below which all is as it was: nothing has to be picked anew."""
    if type(before) is not dict or type(after) is not dict:
        return frozenset()
    return {
        key
        for key, value in after.items()
        if key in before and before[key] == value and type(before[key]) is type(value)
    }
