"""Times in the headers of answers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
import math
import re
from typing import Final

MONTH: Final = 31 * 86400
"""Seconds; a longer wait than this is no wait but a point in time, or milliseconds."""

_EPOCH: Final = 10**9
_EPOCH_MS: Final = 10**12
_LATEST: Final = 10**11

_NUMBER: Final = re.compile(r"\d{1,16}(\.\d{1,9})?", re.ASCII)
_PART: Final = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(ms|d|h|m|s)", re.ASCII | re.IGNORECASE)
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_LONGEST_TEXT: Final = 64


def date_of(value: str) -> datetime | None:
    """Return the time that an HTTP date names (aware, UTC), or None for nonsense."""
    try:
        date = parsedate_to_datetime(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except TypeError, ValueError, OverflowError, IndexError:
        return None


def seconds_until(value: str, headers: Mapping[str, str], now: datetime) -> float | None:
    """Return in how many seconds the time comes that a vendor names in one of its many ways.

    Those are: seconds from now; milliseconds from now, where as many seconds would be more than a
    month; seconds or milliseconds since 1970; a duration such as ``6m0s`` or ``20ms``; an HTTP date
    and an ISO 8601 one. A point in time is compared with the answer's own Date, where it has one,
    so that a clock that is wrong makes no difference; ``now`` is the time of day here. What has
    passed is 0; None stands for nonsense and for what is more than a month away.
    """
    value = value.strip()
    if not value or len(value) > _LONGEST_TEXT:
        return None
    seconds = _relative(value)
    if seconds is None:
        until = _absolute(value)
        if until is None:
            return None
        sent = date_of(headers.get("Date", "")) or now
        seconds = float(math.ceil(until - sent.timestamp()))
    return max(seconds, 0.0) if seconds <= MONTH else None


def _relative(value: str) -> float | None:
    if _NUMBER.fullmatch(value):
        number = float(value)
        if number >= _EPOCH:
            return None
        return number if number <= MONTH else number / 1000
    parts = _PART.findall(value)
    if not parts or "".join(number + unit for number, unit in parts) != value:
        return None
    return float(sum(float(number) * _UNITS[unit.lower()] for number, unit in parts))


def _absolute(value: str) -> float | None:
    """Return a point in time, in seconds since 1970."""
    if _NUMBER.fullmatch(value):
        number = float(value)
        number = number / 1000 if number >= _EPOCH_MS else number
        return number if number < _LATEST else None
    try:
        date = date_of(value) or datetime.fromisoformat(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()
    except ValueError, OverflowError:
        return None
