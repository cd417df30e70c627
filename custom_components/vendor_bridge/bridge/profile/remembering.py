"""What the vendor remembers of an attribute, asked for as a profile says."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
import logging
from typing import Any

from ..errors import CommandError
from ..local_time import is_changed, later, periods, told_apart
from ..model import Device, Meaning, Point
from .filling import items_of, pages
from .means import Means
from .plans import HistoryPlan
from .scope import device_scope
from .values import PickError

_LOGGER = logging.getLogger(__name__)


class Historian:
    """Asks for the histories of one account."""

    def __init__(self, means: Means) -> None:
        """Take what is needed to ask."""
        self._means = means
        self._told: set[str] = set()

    async def history(
        self, device: Device, attribute: str, start: datetime, end: datetime
    ) -> AsyncIterator[Sequence[Point]]:
        """Yield what the vendor remembers from ``start`` up to ``end``, page after page.

        Raises CommandError for an attribute without a history, and whatever the connection raises.
        """
        plan = self._plan(device, attribute)
        for begin, until in _requests(plan, start, end):
            scope = {
                "setup": self._means.setup,
                "device": device_scope(device),
                "start": begin,
                "end": until,
            }
            zone = plan.history.zone
            found: list[Point] = []
            async for answer in pages(self._means.connection, plan.request, scope, plan.items):
                points = [
                    point
                    for _, item in items_of(answer.data, plan.items, plan.request.label)
                    if (point := self._point(plan, item)) is not None
                ]
                if zone is None:
                    yield _within(plan, points, start, end)
                else:  # which of two like times is meant, only their order tells
                    found += points
            if zone is not None and found:
                yield _within(plan, _told_apart(found, zone), start, end)

    def _plan(self, device: Device, attribute: str) -> HistoryPlan:
        for entity in self._means.selection.entities(device):
            for part in entity.attributes:
                if part.attribute.key == attribute and part.history is not None:
                    return part.history
        raise CommandError(f"the vendor is not known to remember {attribute}")

    def _point(self, plan: HistoryPlan, item: Any) -> Point | None:  # noqa: ANN401 - of an answer
        """Return a point, or None for a gap and for what is none."""
        try:
            at, value = plan.at.pick(item), plan.value.pick(item)
            low = plan.low.pick(item) if plan.low else None
            high = plan.high.pick(item) if plan.high else None
        except PickError as error:
            self._tell(f"{plan.request.label}: a point is left out: {error}")
            return None
        number = _number(value)
        if number is None:
            return None
        if not isinstance(at, datetime):
            self._tell(f"{plan.request.label}: a point without a time is left out")
            return None
        return Point(at, number, _number(low), _number(high))

    def _tell(self, what: str) -> None:
        """Log once what is left out."""
        what = self._means.connection.scrubbed(what)
        if what not in self._told:
            self._told.add(what)
            _LOGGER.warning("%s: %s", self._means.profile.name, what)


def _requests(
    plan: HistoryPlan, start: datetime, end: datetime
) -> Sequence[tuple[datetime, datetime]]:
    """Return the times to ask for, in the vendor's own timezone if that is known."""
    zone = plan.history.zone
    if zone is None:
        return [(start, end)]
    days = list(periods(start, end, zone, plan.period or "day"))
    if plan.each_period or not days:
        return days
    begin, until = days[0][0], days[-1][1]
    if plan.period is None and not is_changed(*days[-1]):
        until = end.astimezone(zone)  # not beyond now; but a day with an hour twice is told whole
    return [(begin, until)]


def _told_apart(points: Sequence[Point], zone: tzinfo) -> list[Point]:
    moments = told_apart([point.at for point in points], zone)
    return [replace(point, at=at) for point, at in zip(points, moments, strict=True)]


def _within(
    plan: HistoryPlan, points: Sequence[Point], start: datetime, end: datetime
) -> list[Point]:
    """Return the points of a time; those of a meter at the moments at which it showed that."""
    inside = [point for point in points if start <= point.at < end]
    if plan.history.meaning is not Meaning.TOTAL:
        return inside
    history = plan.history
    return [Point(later(point.at, history.interval, history.zone), point.value) for point in inside]


def _number(value: Any) -> float | None:  # noqa: ANN401 - what a picker made of an answer
    return float(value) if isinstance(value, int | float) else None
