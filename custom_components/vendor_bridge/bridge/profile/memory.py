"""What was observed last, so that what has not changed costs nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    observations: dict[str, Observation]
    rejected: dict[str, str]


PATIENCE: Final = 60.0
"""Seconds after which a vendor that goes on telling of an earlier time has set its clock back."""


type _ByRoot = dict[str | None, list[AttributePlan]]


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
        self._roots: dict[int, tuple[Sequence[AttributePlan], _ByRoot]] = {}

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
        taken = Taken({}, {})
        anew: Iterable[AttributePlan] = plans
        if known is not None and known.plans is plans and not known.doubted:
            changed = _changed(known.item, item) if known.observed_at == observed_at else None
            if changed is not None:
                taken = Taken(dict(known.taken.observations), dict(known.taken.rejected))
                anew = self._below(changed, plans)
        before = known.taken.observations if known is not None else {}
        _observe(anew, item, observed_at, before, taken)
        self._known[monitor, device_id] = _Known(item, observed_at, plans, taken)
        return taken

    def _below(
        self, roots: Iterable[str], plans: Sequence[AttributePlan]
    ) -> Iterator[AttributePlan]:
        """Yield the attributes that stand below some keys of an item, or who knows where."""
        known = self._roots.get(id(plans))
        if known is None or known[0] is not plans:
            by_root: _ByRoot = {}
            for plan in plans:
                by_root.setdefault(plan.picker.root, []).append(plan)
            known = self._roots[id(plans)] = plans, by_root
        for root in (*roots, None):
            yield from known[1].get(root, ())

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
    plans: Iterable[AttributePlan],
    item: Any,  # noqa: ANN401 - a part of an answer
    observed_at: datetime | None,
    before: Mapping[str, Observation],
    taken: Taken,
) -> None:
    """Take over what an item tells of some attributes; what is the same stays the same object."""
    observations, rejected = taken.observations, taken.rejected
    for plan in plans:
        key = plan.attribute.key
        observations.pop(key, None)
        rejected.pop(key, None)
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
        last = before.get(key)
        if (
            last is not None
            and last.observed_at == observed_at
            and last.value == value
            and type(last.value) is type(value)
        ):
            observations[key] = last
        else:
            observations[key] = Observation(value, observed_at)


def _changed(before: Any, after: Any) -> Sequence[str] | None:  # noqa: ANN401 - as above
    """Return the keys of an item below which something is another; None for who knows."""
    if type(before) is not dict or type(after) is not dict:
        return None
    changed = [
        key
        for key, value in after.items()
        if key not in before or before[key] != value or type(before[key]) is not type(value)
    ]
    if before.keys() != after.keys():
        changed += before.keys() - after.keys()
    return changed
