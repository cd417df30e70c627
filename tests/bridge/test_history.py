"""Hours that come late find their place: against a model that knows the truth."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.history import (
    HOUR,
    Row,
    Span,
    balanced,
    counted,
    fill,
    fill_means,
    hour_of,
    hours_of_changes,
    hours_of_means,
    hours_of_totals,
    join,
    metered,
    missing,
    scaled,
    with_span,
)
from custom_components.vendor_bridge.bridge.model import Point

START = datetime(2026, 10, 24, tzinfo=UTC)
amounts = st.integers(0, 1000).map(float)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def apply(known: dict[datetime, Row], rows: list[Row]) -> None:
    known.update({row.start: row for row in rows})


def ordered(known: dict[datetime, Row]) -> list[Row]:
    return [known[hour] for hour in sorted(known)]


def change(before: Row, after: Row) -> float:
    assert before.sum is not None
    assert after.sum is not None
    return after.sum - before.sum


# --- from points to hours -------------------------------------------------------------------------


def test_a_reading_on_the_full_hour_ends_the_hour_before() -> None:
    points = [Point(at(1), 10.0), Point(at(1.5), 11.0), Point(at(2), 12.0)]
    assert hours_of_totals(points) == {at(0): 10.0, at(1): 12.0}


def test_points_in_any_order_and_twice() -> None:
    points = [Point(at(0.75), 3.0), Point(at(0.25), 1.0), Point(at(0.25), 2.0)]
    assert hours_of_changes(points) == {at(0): 5.0}
    assert hours_of_totals(points) == {at(0): 3.0}
    assert hours_of_means(points)[at(0)].mean == 2.5


@pytest.mark.parametrize("minutes", [5, 15, 60])
def test_an_hour_is_the_sum_of_its_parts(minutes: int) -> None:
    parts = 60 // minutes
    points = [Point(at(part / parts), 0.1) for part in range(24 * parts)]
    hours = hours_of_changes(points)
    assert list(hours) == [at(hour) for hour in range(24)]
    assert all(value == pytest.approx(0.1 * parts, abs=1e-12) for value in hours.values())


def test_the_hour_that_comes_twice_in_autumn_is_two_hours() -> None:
    summer, winter = timezone(timedelta(hours=2)), timezone(timedelta(hours=1))
    points = [
        Point(datetime(2026, 10, 25, 2, tzinfo=summer), 1.0),
        Point(datetime(2026, 10, 25, 2, tzinfo=winter), 2.0),
    ]
    assert list(hours_of_changes(points).values()) == [1.0, 2.0]


def test_means_keep_what_the_vendor_says_of_extremes() -> None:
    row = hours_of_means([Point(at(0), 5.0, 1.0, 9.0), Point(at(0.5), 7.0)])[at(0)]
    assert (row.mean, row.low, row.high) == (6.0, 1.0, 9.0)


# --- what has been asked for ----------------------------------------------------------------------

spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=5).map(
    lambda drawn: [(at(start), at(start + hours)) for start, hours in drawn]
)


def hours_in(found: Iterable[Span]) -> list[int]:
    return [
        hour
        for start, until in found
        for hour in range(round((start - START) / HOUR), round((until - START) / HOUR))
    ]


@given(spans, st.integers(0, 40), st.integers(0, 40), st.integers(0, 9))
def test_what_is_missing_is_asked_for_once_and_newest_first(
    asked: list[Span], begin: int, hours: int, longest: int
) -> None:
    pieces = missing(asked, (at(begin), at(begin + hours)), timedelta(hours=longest))
    found = hours_in(pieces)
    known = set(hours_in(asked))
    assert sorted(found) == [hour for hour in range(begin, begin + hours) if hour not in known]
    assert all(until - start <= max(longest, 1) * HOUR for start, until in pieces)
    assert [start for start, _ in pieces] == sorted((start for start, _ in pieces), reverse=True)


@given(spans)
def test_spans_are_kept_apart(asked: list[Span]) -> None:
    kept: list[Span] = []
    for span in asked:
        kept = with_span(kept, span)
    assert set(hours_in(kept)) == set(hours_in(asked))
    assert all(one[1] < other[0] for one, other in pairwise(kept))


# --- hours of our own -----------------------------------------------------------------------------


@st.composite
def chunked(draw: st.DrawFn) -> tuple[list[float | None], list[tuple[int, int]]]:
    """Return a year in small: each hour's use (None where the vendor has a gap), and the order."""
    uses = draw(st.lists(st.none() | amounts, min_size=1, max_size=40))
    cuts = draw(st.lists(st.integers(0, len(uses)), max_size=6).map(sorted))
    edges = [0, *cuts, len(uses)]
    chunks = list(pairwise(edges))
    return uses, draw(st.permutations(chunks))


@given(chunked())
def test_changes_add_up_in_whatever_order_they_come(
    drawn: tuple[list[float | None], list[tuple[int, int]]],
) -> None:
    uses, chunks = drawn
    known: dict[datetime, Row] = {}
    for begin, end in chunks:
        hours = {at(n): use for n in range(begin, end) if (use := uses[n]) is not None}
        apply(known, join(ordered(known), hours, counted))
    truth = {at(n): use for n, use in enumerate(uses) if use is not None}
    rows = ordered(known)
    assert {row.start: row.state for row in rows} == truth
    for before, after in pairwise(rows):
        assert change(before, after) == pytest.approx(truth[after.start])


@given(chunked(), st.sets(st.integers(0, 39), max_size=3))
def test_readings_add_up_in_whatever_order_they_come(
    drawn: tuple[list[float | None], list[tuple[int, int]]], resets: set[int]
) -> None:
    uses, chunks = drawn
    shown, total = {}, 5000.0
    for n, use in enumerate(uses):
        if n in resets:
            total = 0.0
        total += use or 0.0
        if use is not None:
            shown[n] = total
    known: dict[datetime, Row] = {}
    for begin, end in chunks:
        hours = {at(n): shown[n] for n in range(begin, end) if n in shown}
        apply(known, join(ordered(known), hours, metered))
    rows = ordered(known)
    assert [row.state for row in rows] == list(shown.values())
    at_once = join([], {at(n): value for n, value in shown.items()}, metered)
    for (one, two), (first, second) in zip(pairwise(rows), pairwise(at_once), strict=True):
        assert change(one, two) == pytest.approx(change(first, second))


@given(chunked())
def test_what_came_once_more_changes_nothing(
    drawn: tuple[list[float | None], list[tuple[int, int]]],
) -> None:
    uses, chunks = drawn
    known: dict[datetime, Row] = {}
    hours = {at(n): use for n, use in enumerate(uses) if use is not None}
    apply(known, join([], hours, counted))
    for begin, end in chunks:
        again = {at(n): use for n in range(begin, end) if (use := uses[n]) is not None}
        assert join(ordered(known), again, counted) == []


def test_a_correction_moves_what_comes_after_it_and_nothing_before() -> None:
    known = {row.start: row for row in join([], {at(n): 1.0 for n in range(5)}, counted)}
    rows = join(ordered(known), {at(2): 3.0}, counted)
    assert [(row.start, row.state, row.sum) for row in rows] == [
        (at(2), 3.0, 5.0),
        (at(3), 1.0, 6.0),
        (at(4), 1.0, 7.0),
    ]


def test_what_is_told_anew_as_a_whole_moves_nothing_before_the_correction() -> None:
    known = join([], {at(n): 100.0 + n for n in range(5)}, metered)
    rows = join(known, {at(n): 100.0 + n + (n >= 3) for n in range(5)}, metered)
    assert [(row.start, row.sum) for row in rows] == [(at(3), 104.0), (at(4), 105.0)]


def test_a_meter_keeps_its_own_reading_as_the_sum() -> None:
    rows = join([], {at(0): 18432.25, at(1): 18432.5}, metered)
    assert [row.sum for row in rows] == [18432.25, 18432.5]


def test_sums_are_right_to_the_last_digit() -> None:
    shown = {at(n): round(0.0003 * n, 4) for n in range(2000)}
    known: dict[datetime, Row] = {}
    for begin in range(1500, -1, -500):
        piece = {at(n): shown[at(n)] for n in range(begin, begin + 500)}
        apply(known, join(ordered(known), piece, metered))
    assert all(row.sum == row.state for row in known.values())
    tenths = join([], {at(n): 0.1 for n in range(10)}, counted)
    assert tenths[-1].sum == 1.0


def test_a_meter_that_begins_anew_takes_nothing_away() -> None:
    rows = join([], {at(0): 10.0, at(1): 2.0, at(2): 3.0}, metered)
    assert [row.sum for row in rows] == [10.0, 12.0, 13.0]
    assert join([], {at(0): 10.0, at(1): 9.5}, metered)[-1].sum == 9.5, "a little less is none"


def test_a_balance_may_fall() -> None:
    rows = join([], {at(0): 10.0, at(1): 2.0}, balanced)
    assert [row.sum for row in rows] == [10.0, 2.0]


# --- hours that Home Assistant missed -------------------------------------------------------------


@given(
    st.lists(amounts, min_size=2, max_size=40),
    st.sets(st.integers(0, 39)),
    st.booleans(),
)
def test_gaps_are_filled_and_nothing_else_is_touched(
    uses: list[float], missed: set[int], by_total: bool
) -> None:
    """Home Assistant makes rows while it runs: what was used meanwhile falls on the next one."""
    shown, total = {}, 100.0
    for n, use in enumerate(uses):
        total += use
        shown[n] = total
    own = [n for n in shown if n not in missed]
    assume(own)
    known = [Row(start=at(n), state=shown[n], sum=shown[n] - shown[own[0]]) for n in own]
    states = {at(n): shown[n] if by_total else uses[n] for n in shown}
    rows = fill(known, states, metered if by_total else counted)
    assert {row.start for row in rows} == {at(n) for n in shown if n not in own and n < own[-1]}
    merged = ordered({row.start: row for row in [*known, *rows]})
    for before, after in pairwise(merged):
        use = uses[round((after.start - START) / HOUR)]
        assert change(before, after) == pytest.approx(use)


@given(
    st.lists(st.tuples(amounts, amounts), min_size=2, max_size=30),
    st.sets(st.integers(0, 29)),
    st.dictionaries(st.integers(-10, 40), amounts),
)
def test_sums_stay_in_order_whatever_the_vendor_says(
    made: list[tuple[float, float]], missed: set[int], said: dict[int, float]
) -> None:
    total = 0.0
    known = []
    for n, (use, state) in enumerate(made):
        total += use
        if n not in missed:
            known.append(Row(start=at(n), state=state, sum=total))
    assume(known)
    rows = fill(known, {at(n): value for n, value in said.items()}, counted)
    assert not {row.start for row in rows} & {row.start for row in known}
    sums = [row.sum for row in ordered({row.start: row for row in [*known, *rows]})]
    assert sums == sorted(sums, key=lambda value: value or 0.0)


def test_nothing_is_filled_where_nothing_was_made() -> None:
    assert fill([], {at(0): 1.0}, counted) == []
    assert fill_means([], {at(0): Row(start=at(0), mean=1.0)}) == []


def test_means_fill_gaps_alone() -> None:
    known = [Row(start=at(0), mean=1.0), Row(start=at(3), mean=4.0)]
    means = {at(n): Row(start=at(n), mean=9.0) for n in range(-1, 6)}
    assert [row.start for row in fill_means(known, means)] == [at(-1), at(1), at(2)]


def test_another_unit() -> None:
    row = Row(start=at(0), state=1.0, sum=2.0)
    assert scaled(row, lambda value: value * 1000) == Row(start=at(0), state=1000.0, sum=2000.0)
    assert hour_of(at(0.99)) == at(0)
