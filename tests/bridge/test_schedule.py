"""Schedules, beside a model that looks at every single minute."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.schedule import (
    MOST_LINES,
    NEVER,
    SUN_MOMENTS,
    ScheduleError,
    parse_schedule,
)

BERLIN = ZoneInfo("Europe/Berlin")
RISE, SET = time(7, 12), time(17, 45)


def sun(moment: str, day: date) -> datetime | None:
    """Rise and set at the same time every day, and do nothing else."""
    at = {"sunrise": RISE, "sunset": SET}.get(moment)
    return datetime.combine(day, at, BERLIN).astimezone(UTC) if at else None


def no_sun(_moment: str, _day: date) -> datetime | None:
    return None


def runs(lines: Sequence[str], start: datetime, count: int) -> list[str]:
    """Return the next runs as local times, with their offset from UTC."""
    schedule, at, found = parse_schedule(lines), start, []
    for _ in range(count):
        following = schedule.next_after(at, sun)
        assert following is not None
        assert following.timestamp() > at.timestamp()
        at = following
        found.append(f"{at:%d %H:%M%z}")
    return found


def at(day: int, hour: int, minute: int = 0, *, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def test_every_quarter_by_day_and_on_the_hour_otherwise() -> None:
    lines = ["*/15 6-21 * * *", "0 22,23,0-5 * * *"]
    assert runs(lines, at(1, 5, 10), 3) == ["01 06:00+0200", "01 06:15+0200", "01 06:30+0200"]
    assert runs(lines, at(1, 21, 45), 3) == ["01 22:00+0200", "01 23:00+0200", "02 00:00+0200"]


def test_the_suns_moments_and_what_is_before_and_after_them() -> None:
    assert runs(["sunset", "sunrise - 0:30"], at(1, 7), 3) == [
        "01 17:45+0200",
        "02 06:42+0200",
        "02 17:45+0200",
    ]
    assert runs(["Sunset+01:15"], at(1, 19), 1) == ["02 19:00+0200"]


def test_a_time_of_the_clock() -> None:
    assert runs(["06:30"], at(1, 6, 30), 2) == ["02 06:30+0200", "03 06:30+0200"]


def test_a_window() -> None:
    lines = ["0 * * * * between sunrise and sunset-1:00"]
    assert runs(lines, at(1, 15, 30), 3) == ["01 16:00+0200", "02 08:00+0200", "02 09:00+0200"]


def test_a_window_past_midnight() -> None:
    lines = ["0 */2 * * * between 22:00 and 02:00"]
    assert runs(lines, at(1, 12), 4) == [
        "01 22:00+0200",
        "02 00:00+0200",
        "02 02:00+0200",
        "02 22:00+0200",
    ]


def test_the_hour_that_comes_twice_and_the_one_that_does_not() -> None:
    assert runs(["30 2 * * *"], at(24, 12, month=10), 2) == ["25 02:30+0200", "26 02:30+0100"]
    assert runs(["*/30 * * * *"], at(25, 2, 0, month=10), 4) == [
        "25 02:30+0200",
        "25 02:00+0100",
        "25 02:30+0100",
        "25 03:00+0100",
    ]
    assert runs(["30 2 * * *"], at(28, 12, month=3), 2) == ["29 03:00+0200", "30 02:30+0200"]


def test_a_window_and_a_time_in_the_missing_hour() -> None:
    line = "*/20 * * * * between 02:30 and 03:00"
    assert runs([line], at(28, 12, month=3), 2) == ["29 03:00+0200", "30 02:40+0200"]
    assert runs(["02:30"], at(28, 12, month=3), 2) == ["29 03:00+0200", "30 02:30+0200"]


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("0 * * * * between 18:00 and sunset", None),  # which is at 17:45
        ("0 * * * * between 07:30 and sunrise", None),
        ("0 * * * * between sunset and 17:30", None),
        ("0 0,12,23 * * * between 18:00 and sunrise", "01 23:00+0200"),
        ("0 0,12,23 * * * between sunset and 06:00", "01 23:00+0200"),
        ("0 12 * * * between 18:00 and 17:00", "02 12:00+0200"),  # it is written like that
    ],
)
def test_a_window_that_the_sun_leaves_empty(line: str, due: str | None) -> None:
    following = parse_schedule([line]).next_after(at(1, 12, 30), sun)
    assert (f"{following:%d %H:%M%z}" if following else None) == due


def test_where_the_sun_does_not_set_nothing_is_due() -> None:
    for line in ("sunset", "* * * * * between sunrise and sunset"):
        assert parse_schedule([line]).next_after(at(1, 12), no_sun) is None


def test_never() -> None:
    schedule = parse_schedule([" Never "])
    assert schedule.next_after(at(1, 12), sun) is None
    assert schedule.texts == [NEVER]


def test_what_is_written_can_be_read_back() -> None:
    lines = ["*/15  6-21 * * mon-fri", "sunset - 0:30 between 12:00 and 23:00"]
    schedule = parse_schedule(lines)
    assert schedule.texts == ["*/15 6-21 * * mon-fri", "sunset - 0:30 between 12:00 and 23:00"]
    assert parse_schedule(schedule.texts) == schedule


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([], "a schedule has at least one line"),
        (["0 * * * *"] * (MOST_LINES + 1), "a schedule has at most 50 lines"),
        (["61 * * * *"], "`61 * * * *`: bad minute; the fields are minute, hour"),
        (["0 0 31 2 *"], "`0 0 31 2 *`: bad day-of-month"),
        (["* * * *"], "`* * * *` is no time: write five fields"),
        (["sunset+25:00"], "`sunset+25:00` is no time"),
        (["24:00"], "`24:00` is no time"),
        (["0 * * * * between dinner and sunset"], "`dinner` is no time"),
        (["0 * * * * between 06:00"], "is no time"),
        (["0 12 * * * between 13:00 and 14:00"], "never comes: no time of it is within its window"),
        (["0 0 29 2 * between 01:00 and 02:00"], "never comes"),
        (["never", "sunset"], "`never` stands alone"),
        (["x" * 201], "a line has at most 200 characters"),
        ([""], "`` is no time"),
    ],
)
def test_what_cannot_be_understood(lines: list[str], reason: str) -> None:
    with pytest.raises(ScheduleError) as raised:
        parse_schedule(lines)
    assert reason in str(raised.value)


HOURS, MINUTES = st.integers(0, 23), st.sampled_from([0, 12, 30, 59])
CLOCK = st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", HOURS, MINUTES)
SUN = st.builds(
    lambda moment, sign, hours: f"{moment}{sign}0{hours}:00" if hours else moment,
    st.sampled_from(["sunrise", "sunset"]),
    st.sampled_from("+-"),
    st.integers(0, 3),
)
CRON = st.builds(
    lambda minute, hour, weekday: f"{minute} {hour} * * {weekday}",
    st.sampled_from(["*", "*/7", "0", "5,35", "20-40"]),
    st.sampled_from(["*", "*/5", "3", "6-21"]),
    st.sampled_from(["*", "MON-FRI", "0"]),
)
LINE = st.one_of(
    CLOCK,
    SUN,
    CRON,
    st.builds("{} between {} and {}".format, st.one_of(CLOCK, CRON), st.one_of(CLOCK, SUN), SUN),
)
# In summer, where the clock goes on evenly, so that a minute of the model is a minute.
START = st.integers(0, 3 * 24 * 60).map(lambda minutes: at(1, 0) + timedelta(minutes=minutes))


@given(lines=st.lists(LINE, min_size=1, max_size=3), start=START)
def test_the_next_run_is_the_first_minute_of_which_a_line_says_so(
    lines: list[str], start: datetime
) -> None:
    schedule = parse_schedule(lines)
    following = schedule.next_after(start, sun)
    until = start + timedelta(days=4)
    minutes = (start + timedelta(minutes=n) for n in range(1, 4 * 24 * 60))
    expected = next((m for m in minutes if any(_says(line, m) for line in lines)), None)
    assert (following if following is not None and following < until else None) == expected


def _says(line: str, minute: datetime) -> bool:
    when, _, window = line.partition(" between ")
    if window:
        first, _, last = window.partition(" and ")
        start, end, now = _of_day(first), _of_day(last), minute.hour * 60 + minute.minute
        # A moment of the sun may be moved past midnight.
        spans = [
            (start + day, end + day + (1440 if end < start else 0)) for day in (-1440, 0, 1440)
        ]
        if ("sun" in first) != ("sun" in last) and end < start < end + 240:
            spans = []  # it would last for more than 20 hours
        if not any(from_ <= now <= to for from_, to in spans):
            return False
    fields = when.split()
    if len(fields) == 1:
        return _of_day(when) % 1440 == minute.hour * 60 + minute.minute
    on_minute, on_hour, _, _, on_day = fields
    weekdays = {"*": range(7), "MON-FRI": range(5), "0": [6]}
    return (
        minute.minute in _numbers(on_minute, 60)
        and minute.hour in _numbers(on_hour, 24)
        and minute.weekday() in weekdays[on_day]
    )


def _of_day(point: str) -> int:
    for name, moment in (("sunrise", RISE), ("sunset", SET)):
        if point.startswith(name):
            offset = point.removeprefix(name) or "+00:00"
            sign = -1 if offset[0] == "-" else 1
            return moment.hour * 60 + moment.minute + sign * int(offset[1:3]) * 60
    hour, minute = point.split(":")
    return int(hour) * 60 + int(minute)


def _numbers(written: str, most: int) -> Sequence[int]:
    if written.startswith("*"):
        return range(0, most, int(written.partition("/")[2] or 1))
    if "-" in written:
        first, last = written.split("-")
        return range(int(first), int(last) + 1)
    return [int(number) for number in written.split(",")]


@given(text=st.one_of(st.text(max_size=60), st.text(alphabet="0123456789*/,-: LW#betwnadsu")))
def test_a_strangers_text_is_a_schedule_or_a_clear_error(text: str) -> None:
    try:
        schedule = parse_schedule([text])
    except ScheduleError:
        return
    following = schedule.next_after(at(1, 12), sun)
    assert following is None or following.timestamp() > at(1, 12).timestamp()


def test_all_the_suns_moments_can_be_named() -> None:
    for moment in SUN_MOMENTS:
        assert parse_schedule([f"{moment}+00:10"]).texts == [f"{moment}+00:10"]
