"""Days as a vendor's calendar has them, and clocks that are set back once a year."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import groupby, pairwise
from typing import Literal

type Period = Literal["day", "month"]

_DAY = timedelta(days=1)


def day_of(moment: datetime, zone: tzinfo) -> datetime:
    """Return the midnight at which the local day of a moment began, in the zone."""
    return datetime.combine(moment.astimezone(zone).date(), time(), zone)


def next_day(day: datetime) -> datetime:
    """Return the midnight after one: 23, 24 or 25 hours later."""
    return datetime.combine(day.date() + _DAY, time(), day.tzinfo)


def _first(day: datetime, period: Period) -> datetime:
    return day if period == "day" else day.replace(day=1)


def _after(first: datetime, period: Period) -> datetime:
    if period == "day":
        return next_day(first)
    return _first(day_of(first + 31 * _DAY + _DAY / 2, first.tzinfo or UTC), period)


def periods(
    start: datetime, end: datetime, zone: tzinfo, period: Period
) -> Iterator[tuple[datetime, datetime]]:
    """Yield each whole day or month of the zone that a time is in, from and up to but without."""
    first = _first(day_of(start, zone), period)
    while first < end:
        following = _after(first, period)
        yield first, following
        first = following


def is_changed(start: datetime, end: datetime) -> bool:
    """Return whether clocks are set between two moments of one zone."""
    return start.utcoffset() != end.utcoffset()


def later(moment: datetime, interval: timedelta, zone: tzinfo | None) -> datetime:
    """Return when an interval ends: whole days are those of the zone's calendar."""
    if zone is None or interval % _DAY:
        return moment + interval
    return (moment.astimezone(zone) + interval).astimezone(UTC)


def told_apart(moments: Sequence[datetime], zone: tzinfo) -> list[datetime]:
    """Return local times without an offset, those of the hour that comes twice told apart.

    ``moments`` are what such times become if each means the first of the two hours, in the order
    in which the vendor gave them. Where that order goes back, the second hour begins; where it
    does not, a time that comes twice is first in the one and then in the other.
    """
    doubtful = [place for place, moment in enumerate(moments) if _comes_twice(moment, zone)]
    if not doubtful or any(moment.astimezone(zone).fold for moment in moments):
        return list(moments)  # with offsets of their own, they are apart already
    backwards = moments[0] > moments[-1]
    sure = [moment for moment in moments if not _comes_twice(moment, zone)]
    in_order = sure == sorted(sure, reverse=backwards)
    found = list(moments)
    for _, group in groupby(
        sorted(doubtful, reverse=backwards), lambda place: day_of(moments[place], zone).date()
    ):
        for place in _second_ones(list(group), moments, in_order=in_order):
            found[place] = moments[place].astimezone(zone).replace(fold=1).astimezone(UTC)
    return found


def _second_ones(
    places: Sequence[int], moments: Sequence[datetime], *, in_order: bool
) -> Sequence[int]:
    """Return which of the places, oldest first, are of the second hour."""
    for number, (before, place) in enumerate(pairwise(places), 1):
        if in_order and moments[place] < moments[before]:
            return places[number:]
    seen: set[datetime] = set()
    second = []
    for place in places:
        if moments[place] in seen:
            second.append(place)
        seen.add(moments[place])
    return second


def _comes_twice(moment: datetime, zone: tzinfo) -> bool:
    local = moment.astimezone(zone)
    return not local.fold and local.replace(fold=1).utcoffset() != local.utcoffset()
