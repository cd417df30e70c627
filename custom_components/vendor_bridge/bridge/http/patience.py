"""How long a vendor asks to be left alone."""

from collections.abc import Mapping
from datetime import datetime
import math
import re
from typing import Final

from .times import date_of

LONGEST: Final = 3600.0
"""Seconds beyond which a vendor's wish is taken for a mistake, such as a time of day in ms."""

_SECONDS: Final = re.compile(r"\d{1,15}(\.\d{1,9})?", re.ASCII)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that Retry-After names, as a number or a date, at most LONGEST.

    ``now`` is the time of day here; the answer's own Date stands in for it where there is one, so
    that a clock that is wrong makes no difference. None without the header, or with nonsense in it.
    """
    value = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(value):
        return min(float(value), LONGEST)
    until = date_of(value)
    if until is None:
        return None
    wait = (until - (date_of(headers.get("Date", "")) or now)).total_seconds()
    return min(max(math.ceil(wait), 0.0), LONGEST)
