"""What a value must be in the end: one function a kind, each raising PickError for a misfit."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
import json
from typing import Any, Final

from ...model import Kind
from .basics import PickError, Raw, show, to_integer, to_number, to_text

_WORDS: Final[Mapping[str, bool]] = {
    "on": True,
    "true": True,
    "1": True,
    "off": False,
    "false": False,
    "0": False,
}
_MAX_WORD = 5
_MAX_TIME = 64
_MAX_ITEMS = 1000
_MAX_STRUCTURE = 16384
_ROUNDING = 1e-6
NATIVE: Final[Mapping[Kind, tuple[int, int]]] = {
    Kind.BRIGHTNESS: (0, 255),
    Kind.PERCENTAGE: (0, 100),
    Kind.FRACTION: (0, 1),
}
"""The kinds that have a range of their own."""


def _any(value: Raw) -> Raw:
    match value:
        case bool():
            return value
        case float() | int():
            return to_number(value)
        case str():
            return to_text(value)
    return value


def to_boolean(value: Raw) -> bool:
    """Return a boolean, or what is one in other words: on, off, true, false, 1, 0."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return value == 1
    if isinstance(value, str) and len(value) <= _MAX_WORD:
        word = _WORDS.get(value.lower())
        if word is not None:
            return word
    raise PickError("on/off, true/false or 1/0 (use `map` for others)", show(value))


def _within(kind: Kind) -> Callable[[Any], int | float]:
    low, high = NATIVE[kind]
    expected = f"a number from {low} to {high}"

    def coerce(value: Raw) -> int | float:
        number = to_number(value, expected)
        if low <= number <= high:
            return number
        if low - _ROUNDING <= number <= high + _ROUNDING:
            return min(max(number, low), high)
        raise PickError(expected, show(value))

    return coerce


def _brightness(value: Raw) -> int:
    return round(_LEVEL(value))


def _kelvin(value: Raw) -> int:
    number = to_number(value, "a colour temperature in kelvin")
    if number < 1:
        raise PickError("a colour temperature above 0 kelvin", show(value))
    return round(number)


def _color(value: Raw) -> list[int | float]:
    if not isinstance(value, list | tuple) or not 2 <= len(value) <= 5:  # noqa: PLR2004 - hs to rgbww
        raise PickError("a list of 2 to 5 numbers", show(value))
    return [to_number(part, "a list of 2 to 5 numbers") for part in value]


def _texts(value: Raw) -> list[str]:
    if not isinstance(value, list | tuple) or len(value) > _MAX_ITEMS:
        raise PickError(f"a list of at most {_MAX_ITEMS} texts", show(value))
    return [to_text(part, "a list of texts") for part in value]


def _structure(value: Raw) -> Raw:
    if not isinstance(value, Mapping | list):
        raise PickError("a mapping or a list", show(value))
    try:
        long = len(json.dumps(value, allow_nan=False)) > _MAX_STRUCTURE
    except TypeError, ValueError, RecursionError:
        raise PickError("a structure that JSON can say", show(value)) from None
    if long:
        raise PickError("a structure of at most 16 kB", show(value))
    return value


def aware(moment: datetime, came: object) -> datetime:
    """Return an aware datetime in UTC. Raises PickError for a naive one."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise PickError("a time with an offset (or give `timestamp` a timezone)", show(came))
    try:
        return moment.astimezone(UTC)
    except OverflowError, ValueError:
        raise PickError("a time that a calendar has", show(came)) from None


def from_iso[T](value: Raw, parse: Callable[[str], T], expected: str) -> T:
    """Return what a parser such as ``datetime.fromisoformat`` makes of a short text."""
    if isinstance(value, str) and len(value) <= _MAX_TIME:
        try:
            return parse(value.strip())
        except ValueError:
            pass
    raise PickError(expected, show(value))


def _timestamp(value: Raw) -> datetime:
    if isinstance(value, datetime):
        return aware(value, value)
    return aware(
        from_iso(value, datetime.fromisoformat, "a time in ISO 8601 (or use `timestamp`)"), value
    )


def _date(value: Raw) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return from_iso(value, date.fromisoformat, "a date in ISO 8601 (or use `timestamp`)")


def _time(value: Raw) -> time:
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    return from_iso(value, time.fromisoformat, "a time of day in ISO 8601 (or use `timestamp`)")


_LEVEL = _within(Kind.BRIGHTNESS)

COERCE: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.ANY: _any,
    Kind.BOOLEAN: to_boolean,
    Kind.NUMBER: to_number,
    Kind.INTEGER: to_integer,
    Kind.TEXT: to_text,
    Kind.BRIGHTNESS: _brightness,
    Kind.PERCENTAGE: _within(Kind.PERCENTAGE),
    Kind.FRACTION: _within(Kind.FRACTION),
    Kind.KELVIN: _kelvin,
    Kind.COLOR: _color,
    Kind.TEXTS: _texts,
    Kind.STRUCTURE: _structure,
    Kind.TIMESTAMP: _timestamp,
    Kind.DATE: _date,
    Kind.TIME: _time,
}
"""What each kind makes of a value that is neither null nor missing."""
