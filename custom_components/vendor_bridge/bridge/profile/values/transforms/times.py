"""The transform of what a vendor calls a time."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from difflib import get_close_matches
import re
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

import probatio

from ....model import Kind
from ..basics import (
    Argument,
    PickError,
    Raw,
    Transform,
    TransformSpec,
    show,
    to_number,
    to_text,
)
from ..kinds import aware, from_iso
from .arguments import WORD, either

_FIRST, _LAST = -62135596800, 253402300799  # of the years 1 to 9999
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_TEXT = 100
_DIRECTIVES = frozenset("YymdjHIMSfpzbBaA")
_PER_SECOND: Final[Mapping[str, int]] = {"seconds": 1, "milliseconds": 1000}


def _timestamp(argument: Argument, kind: Kind) -> Transform:
    details = argument if isinstance(argument, Mapping) else {"format": argument}
    form = details.get("format", "iso")
    zone = _zone(details["timezone"]) if "timezone" in details else None
    local = kind in {Kind.DATE, Kind.TIME}
    if form in _PER_SECOND:
        return _counted(_PER_SECOND[form], (zone or UTC) if local else UTC)
    if form != "iso":
        _check_format(form, needs_offset=zone is None and not local)
    parse = _iso if form == "iso" else _parser(form)

    def apply(value: Raw) -> datetime:
        moment: datetime = parse(value)
        if local:  # the calendar's day, or the clock's time, where the vendor is
            return _at(moment, zone) if zone and moment.tzinfo else moment
        if zone is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return aware(moment, value)

    def invert(value: Raw) -> str:
        if isinstance(value, datetime):
            value = _at(value, zone)
        elif not isinstance(value, date | time):
            raise PickError("a time", show(value))
        return str(value.isoformat()) if form == "iso" else str(value.strftime(form))

    return Transform(apply=apply, invert=invert)


def _iso(value: Raw) -> datetime:
    return from_iso(value, datetime.fromisoformat, "a time in ISO 8601")


def _at(moment: datetime, zone: tzinfo | None) -> datetime:
    """Return the moment as the vendor writes it: local and without offset in its own timezone."""
    try:
        local = aware(moment, moment).astimezone(zone or UTC)
    except OverflowError, ValueError:
        raise PickError("a time that a calendar has", show(moment)) from None
    return local.replace(tzinfo=None) if zone else local


def _counted(per_second: int, zone: tzinfo) -> Transform:
    def apply(value: Raw) -> datetime:
        seconds = to_number(value, "a time in seconds or milliseconds") / per_second
        if not _FIRST <= seconds <= _LAST:
            raise PickError("a time within the years 1 to 9999", show(value))
        try:
            return datetime.fromtimestamp(seconds, zone)
        except OverflowError, ValueError, OSError:
            raise PickError("a time within the years 1 to 9999", show(value)) from None

    def invert(value: Raw) -> int | float:
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise PickError("a time", show(value))
        exact = (value - _EPOCH) / timedelta(seconds=1) * per_second
        counted = round(exact, 3 if per_second == 1 else 0)
        return int(counted) if counted.is_integer() else counted

    return Transform(apply=apply, invert=invert)


def _parser(form: str) -> Callable[[Any], datetime]:
    expected = f"a time like {form}"

    def parse(value: Raw) -> datetime:
        text = to_text(value, expected, _MAX_TEXT)
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - the caller sees to the timezone
        except ValueError, OverflowError, re.PatternError:
            raise PickError(expected, show(value)) from None

    return parse


def _check_format(form: str, *, needs_offset: bool) -> None:
    directives = re.findall("%(.?)", form.replace("%%", ""), re.DOTALL)
    if not directives or not form.isprintable():
        raise probatio.Invalid(
            "expected iso, seconds, milliseconds or a format such as %Y-%m-%d %H:%M",
            path=["format"],
        )
    for directive in directives:
        if directive not in _DIRECTIVES or directives.count(directive) > 1:
            raise probatio.Invalid(f"%{directive} has no place in a format", path=["format"])
    if "d" in directives and not {"Y", "y"} & set(directives):
        raise probatio.Invalid("a format with a day needs a year (%Y)", path=["format"])
    if needs_offset and "z" not in directives:
        raise probatio.Invalid("a format without an offset (%z) needs a timezone", path=["format"])


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except KeyError, ValueError, OSError:
        close = get_close_matches(name, available_timezones(), n=1)
        hint = f", did you mean {close[0]}?" if close else ""
        raise probatio.Invalid(f"no timezone {name[:60]}{hint}", path=["timezone"]) from None


ROW: Final = TransformSpec(
    name="timestamp",
    help=(
        "How the vendor writes a time: iso, seconds or milliseconds since 1970, or a format such "
        "as `%d.%m.%Y %H:%M`; {format, timezone} where it names no offset."
    ),
    argument=either({probatio.Optional("format"): WORD, probatio.Optional("timezone"): WORD}, WORD),
    example=("seconds", Kind.TIMESTAMP, 1767225600, datetime(2026, 1, 1, tzinfo=UTC)),
    compile=_timestamp,
)
