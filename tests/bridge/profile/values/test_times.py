from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import probatio
import pytest

from custom_components.vendor_bridge.bridge.model import Kind
from custom_components.vendor_bridge.bridge.profile.values import PickError, compile_value

from .hostile import attempt

BERLIN = {"timezone": "Europe/Berlin"}
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def picker(argument: Any, kind: Kind = Kind.TIMESTAMP) -> Any:
    return compile_value({"value": "@", "timestamp": argument}, kind)


@pytest.mark.parametrize(
    ("argument", "theirs", "ours"),
    [
        ("iso", "2026-07-01T12:00:00Z", NOON),
        ("iso", "2026-07-01T14:00:00+02:00", NOON),
        (BERLIN, "2026-07-01T14:00:00", NOON),
        (BERLIN, "2026-07-01T12:00:00Z", NOON),
        ("seconds", 1782907200, NOON),
        ("seconds", "1782907200", NOON),
        ("seconds", 1782907200.5, NOON + timedelta(seconds=0.5)),
        ("milliseconds", 1782907200123, NOON + timedelta(milliseconds=123)),
        ("%Y-%m-%d %H:%M:%S %z", "2026-07-01 14:00:00 +0200", NOON),
        ({"format": "%d.%m.%Y %H:%M", **BERLIN}, "01.07.2026 14:00", NOON),
        (
            {"format": "%d.%m.%Y %H:%M", **BERLIN},
            "01.01.2026 13:00",
            datetime(2026, 1, 1, 12, tzinfo=UTC),
        ),
        ("seconds", 0, datetime(1970, 1, 1, tzinfo=UTC)),
        ("seconds", -1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_what_a_vendor_calls_a_time(argument: Any, theirs: Any, ours: datetime) -> None:
    got = picker(argument).pick(theirs)
    assert got == ours
    assert got.tzinfo is UTC


@pytest.mark.parametrize(
    ("argument", "kind", "theirs", "ours"),
    [
        ("%d.%m.%Y", Kind.DATE, "01.07.2026", date(2026, 7, 1)),
        ("%H:%M", Kind.TIME, "07:30", time(7, 30)),
        ("iso", Kind.DATE, "2026-07-01T23:30:00+02:00", date(2026, 7, 1)),
        ("iso", Kind.TIME, "2026-07-01T23:30:00", time(23, 30)),
        (BERLIN, Kind.DATE, "2026-07-01T23:30:00Z", date(2026, 7, 2)),
        ({"format": "seconds", **BERLIN}, Kind.TIME, 1782907200, time(14)),
        ({"format": "seconds"}, Kind.TIME, 1782907200, time(12)),
    ],
)
def test_dates_and_times_of_day(argument: Any, kind: Kind, theirs: Any, ours: Any) -> None:
    assert picker(argument, kind).pick(theirs) == ours


@pytest.mark.parametrize(
    ("argument", "kind", "ours", "theirs"),
    [
        ("iso", Kind.TIMESTAMP, NOON, "2026-07-01T12:00:00+00:00"),
        (BERLIN, Kind.TIMESTAMP, NOON, "2026-07-01T14:00:00"),
        ("seconds", Kind.TIMESTAMP, NOON, 1782907200),
        ("milliseconds", Kind.TIMESTAMP, NOON, 1782907200000),
        ({"format": "%d.%m.%Y %H:%M", **BERLIN}, Kind.TIMESTAMP, NOON, "01.07.2026 14:00"),
        ("%H:%M", Kind.TIME, time(7, 30), "07:30"),
        ("%Y%m%d", Kind.DATE, date(2026, 7, 1), "20260701"),
        ("iso", Kind.DATE, date(2026, 7, 1), "2026-07-01"),
    ],
)
def test_what_is_sent_back(argument: Any, kind: Kind, ours: Any, theirs: Any) -> None:
    got = picker(argument, kind).invert(ours)
    assert got == theirs
    assert type(got) is type(theirs)


@pytest.mark.parametrize(
    ("argument", "ours"),
    [
        (BERLIN, datetime(9999, 12, 31, 23, 30, tzinfo=UTC)),
        ("iso", datetime(2026, 1, 1)),  # noqa: DTZ001 - naive on purpose
        ("seconds", datetime(2026, 1, 1)),  # noqa: DTZ001 - naive on purpose
        ("seconds", "2026"),
        ("iso", "2026"),
    ],
)
def test_what_is_no_moment_is_not_sent(argument: Any, ours: Any) -> None:
    assert isinstance(attempt(picker(argument, Kind.ANY).invert, ours), PickError)


MOMENTS = st.datetimes(datetime(1000, 1, 3), datetime(9999, 12, 28), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the timezone


@given(MOMENTS, st.sampled_from(["iso", "milliseconds", "seconds", BERLIN]))
def test_there_and_back(moment: datetime, argument: Any) -> None:
    if argument == BERLIN:  # an hour a year happens twice there
        moment = moment.astimezone(ZoneInfo("Europe/Berlin")).replace(fold=0).astimezone(UTC)
    made = picker(argument)
    assert abs(made.pick(made.invert(moment)) - moment) <= timedelta(milliseconds=1)


@given(MOMENTS)
def test_a_format_there_and_back(moment: datetime) -> None:
    made = picker("%Y/%m/%d %H.%M.%S.%f%z")
    assert made.pick(made.invert(moment)) == moment


@pytest.mark.parametrize(
    ("argument", "theirs"),
    [
        ("iso", "2026-07-01T12:00:00"),
        ("iso", "12:00"),
        ("iso", 5),
        ("iso", "2026-07-01T12:00:00Z" + " " * 100),
        ("iso", "\ud800"),
        ("iso", "0001-01-01T00:00:00+23:59"),
        ("seconds", 10**15),
        ("seconds", "x"),
        ("seconds", True),
        ("seconds", float("nan")),
        ("milliseconds", -(10**17)),
        ("%Y-%m-%d %z", "2026-07-01"),
        ("%Y-%m-%d %z", "2026-13-01 +0000"),
        ("%Y-%m-%d %z", "x" * 1000),
        ("%Y-%m-%d %z", None),
        ({"format": "%Y-%m-%d", "timezone": "Asia/Tokyo"}, "0001-01-01"),
    ],
)
def test_what_is_no_time_is_a_misfit(argument: Any, theirs: Any) -> None:
    got = attempt(picker(argument).pick, theirs)
    assert got is None if theirs is None else isinstance(got, PickError)


@pytest.mark.parametrize(
    ("argument", "complaint"),
    [
        ("ios", "expected iso"),
        ("%Y-%m-%d", "needs a timezone"),
        ("%d.%m. %H:%M %z", "needs a year"),
        ("%Y %Y %z", "%Y has no place"),
        ("%Q %z", "%Q has no place"),
        ("%", "no place|expected iso"),
        ("%%Y", "expected iso"),
        ({"timezone": "Mars/Olympus"}, "no timezone"),
        ({"timezone": "../etc/passwd"}, "no timezone"),
        ({"timezone": "/etc/passwd"}, "no timezone"),
        ({"timezone": "Europe"}, "no timezone"),
        ({"timezone": "a\x00b"}, "no timezone"),
        ({"timezone": "\ud800"}, "no timezone"),
        ({"zone": "UTC"}, "extra|did you mean|not"),
        (5, "str"),
    ],
)
def test_an_argument_that_cannot_be_is_refused(argument: Any, complaint: str) -> None:
    with pytest.raises(probatio.Invalid, match=complaint):
        picker(argument)


@given(
    st.lists(
        st.sampled_from(
            [
                "%Y",
                "%m",
                "%d",
                "%H",
                "%z",
                "%b",
                "%p",
                "%",
                "-",
                " ",
                "(",
                "%%",
                "%y",
                "\ud800",
                "\0",
            ]
        )
    ).map("".join),
    st.text(max_size=20),
)
def test_any_text_is_a_format_or_invalid(form: str, text: str) -> None:
    try:
        made = picker({"format": form, "timezone": "UTC"})
    except probatio.Invalid:
        return
    attempt(made.pick, text)
    attempt(made.invert, datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-12))))
