"""Days of a vendor's calendar, and the hour that comes twice."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.history import HOUR, missing
from custom_components.vendor_bridge.bridge.local_time import (
    day_of,
    later,
    next_day,
    periods,
    told_apart,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
AUTUMN = datetime(2026, 10, 24, 22, tzinfo=UTC)
"""Midnight in Berlin, of the day of 25 hours."""
ZONES = [
    ZoneInfo(name)
    for name in (
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Asia/Kolkata",
        "Australia/Lord_Howe",  # half an hour comes twice
        "America/Havana",  # at midnight
        "Africa/Cairo",
        "UTC",
    )
]


def without_offset(moments: list[datetime], zone: ZoneInfo) -> list[datetime]:
    """Return moments as they are read from local times without an offset."""
    return [
        moment.astimezone(zone).replace(tzinfo=None).replace(tzinfo=zone).astimezone(UTC)
        for moment in moments
    ]


def changes(zone: ZoneInfo) -> list[datetime]:
    """Return the local days of a year on which clocks are set, and one on which they are not."""
    days = [day_of(datetime(2026, 1, 1, 12, tzinfo=UTC) + day * DAY, zone) for day in range(365)]
    return [days[0], *(day for day in days if day.utcoffset() != next_day(day).utcoffset())]


@given(
    st.sampled_from(ZONES).flatmap(lambda zone: st.sampled_from(changes(zone))),
    st.sampled_from([5, 10, 15, 30, 60]),
    st.booleans(),
    st.integers(0, 23),
)
def test_the_hour_that_comes_twice_is_told_apart(
    day: datetime, minutes: int, backwards: bool, before: int
) -> None:
    zone = day.tzinfo
    assert isinstance(zone, ZoneInfo)
    step = timedelta(minutes=minutes)
    # An interval as long as what comes twice has to begin with it, or it is told only once.
    assume(zone.key != "Australia/Lord_Howe" or minutes <= 30)
    start = day.astimezone(UTC) - before * HOUR
    truth = [start + number * step for number in range(2 * DAY // step)]
    if backwards:
        truth.reverse()
    assert told_apart(without_offset(truth, zone), zone) == truth


@given(st.sets(st.integers(0, 47), max_size=12), st.data())
def test_gaps_and_what_comes_twice_do_no_harm(gaps: set[int], data: st.DataObject) -> None:
    """As long as both hours have something: where one is missing, nobody can tell which."""
    truth = [AUTUMN + number * timedelta(minutes=15) for number in range(48)]
    told = [moment for number, moment in enumerate(truth) if number not in gaps]
    first = [moment for moment in told if AUTUMN + 2 * HOUR <= moment < AUTUMN + 3 * HOUR]
    second = [moment for moment in told if AUTUMN + 3 * HOUR <= moment < AUTUMN + 4 * HOUR]
    if not first or not second or first[-1] + HOUR <= second[0]:
        return
    again = data.draw(st.sampled_from(told))
    told.insert(told.index(again), again)
    assert told_apart(without_offset(told, BERLIN), BERLIN) == told


def test_what_is_sorted_by_its_text_is_told_apart_all_the_same() -> None:
    quarter = timedelta(minutes=15)
    truth = [
        AUTUMN + 2 * HOUR + quarter * number + hour
        for number in range(4)
        for hour in (0 * HOUR, HOUR)
    ]
    assert told_apart(without_offset(truth, BERLIN), BERLIN) == truth


def test_with_offsets_nothing_is_guessed() -> None:
    told = [AUTUMN + 2 * HOUR, AUTUMN + 3 * HOUR, AUTUMN + 2 * HOUR]
    assert told_apart(told, BERLIN) == told


def test_two_autumns_in_one_answer() -> None:
    truth = [AUTUMN + number * HOUR for number in range(24 * 400)]
    assert told_apart(without_offset(truth, BERLIN), BERLIN) == truth


@given(
    st.sampled_from(ZONES),
    st.integers(0, 24 * 365),
    st.integers(1, 24 * 80),
    st.sampled_from([timedelta(hours=1), DAY, 7 * DAY, 31 * DAY]),
)
def test_pieces_meet_at_midnight(
    zone: ZoneInfo, begin: int, hours: int, longest: timedelta
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + begin * HOUR
    end = start + hours * HOUR
    pieces = missing([], (start, end), longest, zone)
    assert pieces[0][1] == end
    assert pieces[-1][0] == start
    for later_one, earlier in pairwise(pieces):
        assert later_one[0] == earlier[1]
        midnight = day_of(later_one[0] + HOUR - timedelta(microseconds=1), zone)
        assert timedelta(0) <= midnight - later_one[0] < HOUR, "within the hour of a midnight"
    whole_hours = all(one.minute == 0 for piece in pieces for one in day_bounds(piece, zone))
    for one, other in pieces:
        days = list(periods(one, other, zone, "day"))
        length = days[-1][1].astimezone(UTC) - days[0][0].astimezone(UTC)
        if whole_hours:
            assert len(days) == 1 or length <= longest


def day_bounds(piece: tuple[datetime, datetime], zone: ZoneInfo) -> list[datetime]:
    return [day_of(edge, zone).astimezone(UTC) for edge in piece]


def test_days_and_months() -> None:
    days = list(periods(AUTUMN + HOUR, AUTUMN + 26 * HOUR, BERLIN, "day"))
    assert [one.date().isoformat() for one, _ in days] == ["2026-10-25", "2026-10-26"]
    assert days[0][1].astimezone(UTC) - days[0][0].astimezone(UTC) == 25 * HOUR
    months = list(periods(AUTUMN, AUTUMN + 100 * DAY, BERLIN, "month"))
    assert [f"{one:%y-%m}" for one, _ in months] == ["26-10", "26-11", "26-12", "27-01", "27-02"]
    assert all(one.day == 1 and other.day == 1 for one, other in months)


@pytest.mark.parametrize(
    ("interval", "hours"), [(HOUR, 1), (timedelta(minutes=15), 0.25), (DAY, 25), (2 * DAY, 49)]
)
def test_days_end_at_midnight(interval: timedelta, hours: float) -> None:
    assert later(AUTUMN, interval, BERLIN) == AUTUMN + hours * HOUR
    assert later(AUTUMN, interval, None) == AUTUMN + interval
    assert next_day(day_of(AUTUMN, BERLIN)).astimezone(UTC) == AUTUMN + 25 * HOUR
