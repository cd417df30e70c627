"""What the vendor remembers of an attribute, asked for as a profile says."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
import logging
from typing import Any

from ..errors import CommandError
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
        scope = {
            "setup": self._means.setup,
            "device": device_scope(device),
            "start": start,
            "end": end,
        }
        async for answer in pages(self._means.connection, plan.request, scope, plan.items):
            points = []
            for _, item in items_of(answer.data, plan.items, plan.request.label):
                point = self._point(plan, item)
                if point is not None and start <= point.at < end:
                    points.append(_at_its_end(plan, point))
            yield points

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


def _at_its_end(plan: HistoryPlan, point: Point) -> Point:
    """Return a point of a meter at the moment at which it showed that."""
    if plan.history.meaning is not Meaning.TOTAL:
        return point
    return Point(point.at + plan.history.interval, point.value)


def _number(value: Any) -> float | None:  # noqa: ANN401 - what a picker made of an answer
    return float(value) if isinstance(value, int | float) else None
