from datetime import UTC, datetime
from email.utils import format_datetime

from hypothesis import given, strategies as st
from multidict import CIMultiDict
import pytest

from custom_components.vendor_bridge.bridge.http.patience import LONGEST, retry_after

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 1.5 ", 1.5),
        ("86400", LONGEST),
        ("99999999999999999999999", None),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30),
        ("Sun Mar  1 12:00:30 2026", 30),
        ("Sun, 01 Mar 2026 14:00:30 +0200", 30),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("Sun, 01 Mar 2099 11:00:00 GMT", LONGEST),
        ("-5", None),
        ("soon", None),
        ("١٢", None),
        ("", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(CIMultiDict({"retry-after": value}), NOW) == seconds


def test_no_header() -> None:
    assert retry_after({}, NOW) is None


def test_a_clock_that_is_an_hour_off() -> None:
    headers = {
        "Retry-After": "Sun, 01 Mar 2026 13:00:30 GMT",
        "Date": "Sun, 01 Mar 2026 13:00:00 GMT",
    }
    assert retry_after(headers, NOW) == 30


@given(st.text(), st.text())
def test_any_text(value: str, date: str) -> None:
    seconds = retry_after({"Retry-After": value, "Date": date}, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST


@given(st.datetimes(timezones=st.just(UTC)))
def test_any_date(date: datetime) -> None:
    seconds = retry_after({"Retry-After": format_datetime(date.replace(microsecond=0))}, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST
