from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import given, strategies as st
from multidict import CIMultiDict
import pytest

from custom_components.vendor_bridge.bridge.http.allowance import (
    MOST,
    Allowance,
    allowances,
    used_up,
)
from custom_components.vendor_bridge.bridge.http.times import MONTH, seconds_until

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())
THREE = ("Limit", "Remaining", "Reset")


def heard(**headers: str) -> list[Allowance]:
    told = CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()})
    return list(allowances(told, NOW))


@pytest.mark.parametrize("start", ["RateLimit-", "X-RateLimit-", "X-Rate-Limit-", "x-ratelimit-"])
def test_three_headers(start: str) -> None:
    told = CIMultiDict(zip([start + name for name in THREE], ["100", "7", "30"], strict=True))
    assert list(allowances(told, NOW)) == [Allowance(remaining=7, limit=100, reset=30)]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {"RateLimit": '"default";r=50;t=30', "RateLimit_Policy": '"default";q=100;w=60'},
            [Allowance(name="default", remaining=50, limit=100, reset=30)],
        ),
        (
            {
                "RateLimit": '"burst";r=9;t=1, "daily, all";r=500;t=3600;pk=:Y2RhOg==:',
                "RateLimit_Policy": '"daily, all";q=1000;w=86400,"burst";q=10;w=1',
            },
            [
                Allowance(name="burst", remaining=9, limit=10, reset=1),
                Allowance(name="daily, all", remaining=500, limit=1000, reset=3600),
            ],
        ),
        ({"RateLimit": '"default";r=50'}, [Allowance(name="default", remaining=50)]),
        (
            {"RateLimit": "limit=100, remaining=50, reset=5", "RateLimit_Policy": "100;w=60"},
            [Allowance(remaining=50, limit=100, reset=5)],
        ),
        ({"RateLimit_Limit": "100, 100;w=60", "RateLimit_Remaining": "1"}, [(1, 100, None)]),
        ({"X_RateLimit_Remaining": "3"}, [(3, None, None)]),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "20ms"}, [(0, None, 0.02)]),
        # What the IETF says goes before what is older.
        ({"RateLimit": '"a";r=5', "X_RateLimit_Remaining": "9"}, [("a", 5)]),
        ({"RateLimit": "nonsense", "X_RateLimit_Remaining": "9"}, [(9, None, None)]),
        # More left than there ever is: believe what is left.
        ({"X_RateLimit_Limit": "5", "X_RateLimit_Remaining": "9"}, [(9, 9, None)]),
        ({"X_RateLimit_Limit": "0", "X_RateLimit_Remaining": "0"}, []),
        ({"X_RateLimit_Limit": "60", "X_RateLimit_Remaining": "-1"}, []),
        ({"X_RateLimit_Limit": "60", "X_RateLimit_Remaining": "unlimited"}, []),
        ({"X_RateLimit_Limit": "60"}, []),
        ({"RateLimit": '"never closed;r=5;t=3'}, [("never closed", 5)]),
        ({}, []),
    ],
)
def test_what_is_understood(headers: dict[str, str], expected: list[object]) -> None:
    found = heard(**headers)
    for one, wanted in zip(found, expected, strict=True):
        match wanted:
            case (int(remaining), int() | None as limit, int() | float() | None as reset):
                assert one == Allowance(remaining=remaining, limit=limit, reset=reset)
            case (str(name), remaining):
                assert (one.name, one.remaining) == (name, remaining)
            case _:
                assert one == wanted


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("30", 30),
        ("1.5", 1.5),
        (str(MONTH), MONTH),
        ("5000000", 5000),  # more than a month, and so milliseconds
        (str(EPOCH + 90), 90),
        (f"{EPOCH + 90}.25", 91),
        (str((EPOCH + 90) * 1000), 90),
        (str(EPOCH - 90), 0),
        (str(EPOCH + 2 * MONTH), None),
        ("6m0s", 360),
        ("1h30m", 5400),
        ("250ms", 0.25),
        ("1d", 86400),
        ("40d", None),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30),
        ("2026-03-01T12:00:30Z", 30),
        ("2026-03-01T13:00:30+01:00", 30),
        ("2026-03-01 12:00:30", 30),
        ("-5", None),
        ("1e5", None),
        ("6m 0x", None),
        ("soon", None),
        ("٣٠", None),
        ("9" * 17, None),
        ("1" * 100, None),
        ("", None),
    ],
)
def test_resets(value: str, seconds: float | None) -> None:
    assert seconds_until(value, {}, NOW) == seconds


def test_a_clock_that_is_an_hour_off() -> None:
    headers = {"Date": format_datetime(NOW + timedelta(hours=1))}
    assert seconds_until(str(EPOCH + 3600 + 45), headers, NOW) == 45
    assert seconds_until("45", headers, NOW) == 45


def test_the_vendors_own_names() -> None:
    names = ("X-Quota", "X-Quota-Left", "X-Quota-Renewed")
    headers = CIMultiDict({"x-quota-left": "12", "x-quota": "20", "X-RateLimit-Remaining": "3"})
    assert allowances(headers, NOW, names) == (Allowance(remaining=12, limit=20),)
    assert allowances(headers, NOW, (None, "X-Quota-Left", None)) == (Allowance(remaining=12),)
    assert allowances(CIMultiDict(), NOW, names) == ()


def test_how_long_it_is_used_up() -> None:
    assert used_up([Allowance(remaining=1, reset=5)]) is None
    assert used_up([Allowance(remaining=0)]) is None
    two = [Allowance(remaining=0, reset=5), Allowance(remaining=0, reset=60, name="day")]
    assert used_up(two) == 60


texts = st.text(max_size=200) | st.from_regex(
    r'("[a-z]*"|[a-z0-9]*)?(;?(r|t|q|w|limit|remaining|reset)=[0-9]{0,20},?){0,9}', fullmatch=True
)


@given(st.dictionaries(st.sampled_from(["RateLimit", "RateLimit-Policy", "Date"]), texts))
def test_any_structured_header(headers: dict[str, str]) -> None:
    check(allowances(CIMultiDict(headers), NOW))


@given(texts, texts, texts)
def test_any_three_headers(limit: str, remaining: str, reset: str) -> None:
    values = zip([f"X-RateLimit-{name}" for name in THREE], [limit, remaining, reset], strict=True)
    check(allowances(CIMultiDict(values), NOW))


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, MONTH))
def test_numbers_come_through(remaining: int, limit: int, reset: int) -> None:
    values = [str(limit), str(remaining), str(reset)]
    told = zip([f"RateLimit-{name}" for name in THREE], values, strict=True)
    assert allowances(CIMultiDict(told), NOW) == (
        Allowance(remaining=remaining, limit=max(limit, remaining), reset=reset),
    )


@given(st.text() | st.integers().map(str) | st.datetimes().map(str), st.text())
def test_any_reset(value: str, date: str) -> None:
    seconds = seconds_until(value, {"Date": date}, NOW)
    assert seconds is None or 0 <= seconds <= MONTH


def check(found: object) -> None:
    """Check that what was made of anything at all can be worked with."""
    assert isinstance(found, tuple)
    assert len(found) <= MOST
    for one in found:
        assert 0 <= one.remaining < 10**12
        assert one.limit is None or 0 < one.limit >= one.remaining
        assert one.reset is None or 0 <= one.reset <= MONTH
        assert len(one.name) <= 64
