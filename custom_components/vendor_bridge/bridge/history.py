"""A vendor's own history, made into hours that join the hours which are known already.

Home Assistant keeps statistics by the hour. Of what only ever grows, a row holds the ``state``
(what the meter showed when the hour was over) and the ``sum``, whose differences are what was used.
Here is how hours that come late, in whatever order, find their place: no row that stands is
contradicted, and no use is counted twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from itertools import pairwise
from typing import Final

from .local_time import day_of, next_day
from .model import Meaning, Point

HOUR: Final = timedelta(hours=1)
_INSTANT: Final = timedelta(microseconds=1)
_RESET_BELOW: Final = Decimal("0.9")
"""Home Assistant's own rule: a meter that shows less than nine tenths of before has begun anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One hour of statistics; ``start`` is aware, UTC, a full hour."""

    start: datetime
    state: float | None = None
    sum: float | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None


type Span = tuple[datetime, datetime]
"""A time, from and up to but without; both aware, on the full hour."""

type Change = Callable[[Decimal, Decimal], Decimal]
"""What came about between two hours, given their states."""


def metered(before: Decimal, after: Decimal) -> Decimal:
    """Return the change of a meter that only grows, and may begin anew from zero."""
    return after if after < before * _RESET_BELOW else after - before


def balanced(before: Decimal, after: Decimal) -> Decimal:
    """Return the change of a total that may fall as well as rise."""
    return after - before


def counted(_before: Decimal, after: Decimal) -> Decimal:
    """Return the change where each state is the change itself."""
    return after


def missing(
    asked: Iterable[Span], wanted: Span, longest: timedelta, zone: tzinfo | None = None
) -> list[Span]:
    """Return what of the time ``wanted`` has not been asked for, the newest first, in pieces.

    No piece is longer than ``longest``, but for an hour at least; with a ``zone``, for a day of
    its calendar at least, and pieces meet where such days do.
    """
    begin, end = wanted
    gaps: list[Span] = []
    for start, until in reversed(_merged(asked)):
        gaps.append((max(until, begin), end))
        end = min(end, start)
    gaps.append((begin, end))
    pieces = []
    for start, until in gaps:
        edge = until
        while edge > start:
            before = _piece_before(edge, longest, zone)
            pieces.append((max(start, before), edge))
            edge = before
    return pieces


def _piece_before(edge: datetime, longest: timedelta, zone: tzinfo | None) -> datetime:
    """Return where a piece begins that ends at an edge."""
    if zone is None:
        return edge - max(longest // HOUR, 1) * HOUR
    last = day_of(edge - _INSTANT, zone)
    earliest = next_day(last).astimezone(UTC) - longest
    first = day_of(earliest, zone)
    return hour_of(min(last, first if first >= earliest else next_day(first)))


def with_span(asked: Iterable[Span], span: Span) -> list[Span]:
    """Return what has been asked for, with one more span; what touches becomes one."""
    return _merged([*asked, span])


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, until in sorted(spans):
        if start >= until:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until))
        else:
            merged.append((start, until))
    return merged


def exact(value: float) -> Decimal:
    """Return a number as it is written, so that sums are right to the last digit."""
    return Decimal(repr(value))


def hour_of(moment: datetime) -> datetime:
    """Return the start of the hour that a moment lies in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def hours_of_totals(points: Iterable[Point]) -> dict[datetime, float]:
    """Return what a meter showed at the end of each hour of which there is a reading.

    A reading on the full hour is the last one of the hour before it.
    """
    last: dict[datetime, Point] = {}
    for point in points:
        hour = hour_of(point.at - _INSTANT)
        if hour not in last or point.at >= last[hour].at:
            last[hour] = point
    return {hour: last[hour].value for hour in sorted(last)}


def hours_of_changes(points: Iterable[Point]) -> dict[datetime, float]:
    """Return the change in each hour. A longer interval counts in the hour in which it begins."""
    parts: dict[datetime, dict[datetime, float]] = {}
    for point in points:
        # The same interval once more is a correction, not another change.
        parts.setdefault(hour_of(point.at), {})[point.at.astimezone(UTC)] = point.value
    return {hour: float(sum(map(exact, parts[hour].values()))) for hour in sorted(parts)}


def hours_of_means(points: Iterable[Point]) -> dict[datetime, Row]:
    """Return the mean, the lowest and the highest value of each hour."""
    parts: dict[datetime, dict[datetime, Point]] = {}
    for point in points:
        parts.setdefault(hour_of(point.at), {})[point.at.astimezone(UTC)] = point
    rows = {}
    for hour in sorted(parts):
        told = parts[hour].values()
        rows[hour] = Row(
            start=hour,
            mean=float(sum(exact(point.value) for point in told) / len(told)),
            low=min(point.value if point.low is None else point.low for point in told),
            high=max(point.value if point.high is None else point.high for point in told),
        )
    return rows


def told(points: Sequence[Point], meaning: Meaning) -> list[Row]:
    """Return what a vendor said, by the hour: rows without sums, by time."""
    if meaning is Meaning.MEAN:
        return list(hours_of_means(points).values())
    states = (hours_of_changes if meaning is Meaning.CHANGE else hours_of_totals)(points)
    return [Row(start=hour, state=state) for hour, state in states.items()]


def joined(known: Sequence[Row], hours: Sequence[Row], change: Change) -> list[Row]:
    """Return the rows to write so that ``hours``, as ``told`` returns them, are among ``known``."""
    states = {row.start: row.state for row in hours if row.state is not None}
    if states:
        return join(known, states, change)
    there = {row.start: row for row in known}
    return [row for row in hours if there.get(row.start) != row]


def join(known: Sequence[Row], states: Mapping[datetime, float], change: Change) -> list[Row]:
    """Return the rows to write so that ``states`` take their places among those ``known``.

    ``known`` are rows of ours, by time: all from the last one before the first of ``states`` on.
    What the vendor says now replaces what it said before of the same hour. The sum of the row
    before that goes on; without one, that of the last row stays, and sums reach back from there.
    """
    if not states:
        return []
    merged = {row.start: row.state for row in known if row.state is not None} | dict(states)
    hours = sorted(merged)
    shown = {hour: exact(merged[hour]) for hour in hours}
    known_sums = {row.start: row.sum for row in known if row.sum is not None}
    anchor = _anchor(known, states)
    if anchor is None:
        anchor = hours[0]
        known_sums[anchor] = merged[anchor]
    place = hours.index(anchor)
    sums = {anchor: exact(known_sums[anchor])}
    for before, after in pairwise(hours[place:]):
        sums[after] = sums[before] + change(shown[before], shown[after])
    for after, before in pairwise(reversed(hours[: place + 1])):
        sums[before] = sums[after] - change(shown[before], shown[after])
    there = {row.start: row for row in known}
    rows = (Row(start=hour, state=merged[hour], sum=float(sums[hour])) for hour in hours)
    return [row for row in rows if there.get(row.start) != row]


def _anchor(known: Sequence[Row], states: Mapping[datetime, float]) -> datetime | None:
    """Return the hour whose sum stays: the last one before anything changes, else the last."""
    there = {row.start: row.state for row in known if row.sum is not None}
    if not there:
        return None
    news = [hour for hour in states if hour >= min(there) and there.get(hour) != states[hour]]
    before = [hour for hour in there if news and hour < min(news)]
    return max(before or there)


def fill(known: Sequence[Row], states: Mapping[datetime, float], change: Change) -> list[Row]:
    """Return rows for hours that Home Assistant has missed, and for no others.

    ``known`` are all the rows that it made itself, by time. Only hours before the last of them are
    filled: what is to come it makes itself. Sums fit in between those that stand.
    """
    made = [row for row in known if row.sum is not None]
    if not made:
        return []
    there = {row.start for row in known}
    rows = _before(made[0], states, change)
    for before, after in pairwise(made):
        rows += _between(before, after, states, change)
    return [row for row in rows if row.start not in there]


def _before(first: Row, states: Mapping[datetime, float], change: Change) -> list[Row]:
    """Return rows that lead up to the first one that is known."""
    rows: list[Row] = []
    total = exact(first.sum or 0.0)
    after = states.get(first.start, first.state) if change is counted else first.state
    for hour in sorted((hour for hour in states if hour < first.start), reverse=True):
        if after is not None:
            total -= change(exact(states[hour]), exact(after))
        after = states[hour]
        rows.append(Row(start=hour, state=after, sum=float(total)))
    return rows[::-1]


def _between(
    before: Row, after: Row, states: Mapping[datetime, float], change: Change
) -> list[Row]:
    """Return rows for a gap. Their sums go from the one side of it to the other, never beyond."""
    rows = []
    low, high = sorted((before.sum or 0.0, after.sum or 0.0))
    total, last = exact(before.sum or 0.0), before.state
    for hour in sorted(hour for hour in states if before.start < hour < after.start):
        if last is not None:
            total += change(exact(last), exact(states[hour]))
        last = states[hour]
        rows.append(Row(start=hour, state=last, sum=min(max(float(total), low), high)))
    return rows


def fill_means(known: Sequence[Row], means: Mapping[datetime, Row]) -> list[Row]:
    """Return the means of hours that Home Assistant has missed before the last one it made."""
    if not known:
        return []
    there = {row.start for row in known}
    last = max(there)
    return [row for hour, row in sorted(means.items()) if hour not in there and hour < last]


def scaled(row: Row, convert: Callable[[float], float]) -> Row:
    """Return a row in another unit."""

    def turned(value: float | None) -> float | None:
        return convert(value) if value is not None else None

    return replace(
        row,
        state=turned(row.state),
        sum=turned(row.sum),
        mean=turned(row.mean),
        low=turned(row.low),
        high=turned(row.high),
    )
