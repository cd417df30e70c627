"""What every part of picking a value shares: "nothing there", the one error, and how to show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import Enum, auto
import math
import re
from typing import Any, Final

from ...errors import BridgeError
from ...model import Kind, Value


class Missing(Enum):
    """Nothing there, as opposed to ``None``: the vendor says that it does not know."""

    MISSING = auto()


MISSING: Final = Missing.MISSING

type Raw = Any
"""What a vendor sent, or what has been made of it: anything at all."""

type Argument = Any
"""What stands behind a transform's key; its schema has accepted it."""

type Picked = Value | Missing
type Apply = Callable[[Any], Any]

MAX_INTEGER: Final = 2**63
"""Integers from here on are refused: no database and hardly a vendor's JSON parser holds them."""

MAX_TEXT: Final = 64 * 1024

_SHOWN = 80
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MAX_DIGITS = 64
_SURROGATE = re.compile("[\ud800-\udfff]")


class PickError(BridgeError):
    """A value that is not what the profile promised.

    ``expected`` and ``came`` are single lines; ``came`` shows at most 80 characters of a scalar
    and nothing of what is inside a list or a mapping.
    """

    def __init__(self, expected: str, came: str) -> None:
        """Remember both sides."""
        super().__init__(f"expected {expected}, got {came}")
        self.expected = expected
        self.came = came


class PartlyError(PickError):
    """A list of which something is not what the profile promised; ``value`` is the rest."""

    def __init__(self, expected: str, came: str, value: Value) -> None:
        """Remember what can be used."""
        super().__init__(expected, came)
        self.value = value


class NoMatchError(PickError):
    """A value that a transform knows nothing to make of; ``default`` takes its place."""


def show(value: object) -> str:  # noqa: PLR0911 - a table
    """Return a value for a message: one line of at most 80 characters, whatever it is."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() if not -MAX_INTEGER <= value < MAX_INTEGER:
            return f"an integer of {value.bit_length()} bits"
        case int() | float():
            return repr(value)
        case str():
            text = repr(value[:_SHOWN])
            whole = len(value) <= _SHOWN and len(text) <= _SHOWN
            return text if whole else text[: _SHOWN - 3] + "..."
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return f"a list of {len(value)}"
        case Mapping():
            return f"a mapping of {len(value)}"
        case Missing():
            return "nothing"
    return f"a {type(value).__name__}"[:_SHOWN]


def to_number(value: object, expected: str = "a number") -> int | float:
    """Return a number or a text that is one (ASCII digits, a point, an exponent).

    Raises PickError for anything else, among it booleans, NaN, infinities and integers of more
    than 64 bits.
    """
    kind = type(value)
    if kind is float:
        if math.isfinite(value):  # type: ignore[arg-type]
            return value  # type: ignore[return-value]
    elif kind is int:
        if -MAX_INTEGER <= value < MAX_INTEGER:  # type: ignore[operator]
            return value  # type: ignore[return-value]
    elif isinstance(value, str) and len(value) <= _MAX_DIGITS:
        text = value.strip(" \t\r\n")
        if _NUMBER.fullmatch(text):
            return to_number(float(text) if any(mark in text for mark in ".eE") else int(text))
    raise PickError(expected, show(value))


def to_integer(value: object, expected: str = "an integer") -> int:
    """Return a whole number as an int. Raises PickError for anything else."""
    number = to_number(value, expected)
    if isinstance(number, int):
        return number
    if number.is_integer() and -MAX_INTEGER <= number < MAX_INTEGER:
        return int(number)
    raise PickError(expected, show(value))


def to_text(value: object, expected: str = "a text", limit: int = MAX_TEXT) -> str:
    """Return a text, or a number as text. Raises PickError for lone surrogates and huge texts."""
    if isinstance(value, str):
        if len(value) > limit:
            raise PickError(f"{expected} of at most {limit} characters", f"{len(value)} characters")
        if not value.isascii() and _SURROGATE.search(value):
            raise PickError(f"{expected} of valid characters", show(value))
        return str(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(to_number(value, expected))
    raise PickError(expected, show(value))


def tidy(number: float) -> int | float:
    """Return a number without the noise of binary fractions, and whole ones as integers."""
    if isinstance(number, int) or not math.isfinite(number):
        return number
    short = float(f"{number:.12g}")
    return int(short) if short.is_integer() and abs(short) < MAX_INTEGER else short


def key_of(value: object) -> str | None:
    """Return what scalars are compared by: true and "true" are one, 1, 1.0 and "1" are one.

    True and 1 are two. Returns None for what is no scalar.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value) if -MAX_INTEGER <= value < MAX_INTEGER else None
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < MAX_INTEGER
        return str(int(value)) if whole else repr(value)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """One step from the vendor's value to Home Assistant's, and back where there is a way back.

    ``takes_nothing`` marks the ones that are asked even when there is null or nothing; the others
    leave both alone. ``one_way`` says why there is no ``invert``.
    """

    apply: Apply
    invert: Apply | None = None
    takes_nothing: bool = False
    one_way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformSpec:
    """A row of the table of transforms.

    ``argument`` is the probatio schema of what stands behind the key; ``compile`` turns that and
    the attribute's kind into a Transform, and raises probatio.Invalid for what its schema
    can't see. ``example`` is (argument, kind, vendor's value, Home Assistant's value).
    """

    name: str
    help: str
    argument: Argument
    example: tuple[Any, Kind, Any, Any]
    compile: Callable[[Any, Kind], Transform]
