"""What can be written: the type, range and options of each field, checked and described."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
import math
from typing import Any, override

from .errors import InvalidValueError, UnknownFieldError

_STEP_TOLERANCE = 1e-9


class Field(ABC):
    """One writable field."""

    @abstractmethod
    def check(self, value: object) -> Any:  # noqa: ANN401 - each field has its own type
        """Return the value as it is kept; raise ``ValueError`` that continues "<field> must"."""

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """Return what an app needs to offer it."""


@dataclass(frozen=True, slots=True)
class Switch(Field):
    """True or false."""

    @override
    def check(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError("be true or false")  # noqa: TRY004 - one error for all refusals
        return value

    @override
    def describe(self) -> dict[str, Any]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Press(Field):
    """Something that happens when true is written."""

    @override
    def check(self, value: object) -> bool:
        if value is not True:
            raise ValueError("be true")
        return True

    @override
    def describe(self) -> dict[str, Any]:
        return {"type": "action"}


@dataclass(frozen=True, slots=True)
class Number(Field):
    """A number in a range, on a grid of ``step`` from ``low``."""

    low: float
    high: float
    step: float
    unit: str | None = None

    @override
    def check(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError("be a number")  # noqa: TRY004 - as above
        # Compared before any arithmetic: an integer may be too large for a float.
        if not self.low <= value <= self.high:
            raise ValueError(f"be between {self.low:g} and {self.high:g}")
        steps = (value - self.low) / self.step
        if abs(steps - round(steps)) > _STEP_TOLERANCE:
            raise ValueError(f"be a multiple of {self.step:g} from {self.low:g}")
        return self._kept(self.low + round(steps) * self.step)

    def _kept(self, value: float) -> float:
        return round(value, 6)

    @override
    def describe(self) -> dict[str, Any]:
        found = {"type": "number", "min": self.low, "max": self.high, "step": self.step}
        return found | ({"unit": self.unit} if self.unit else {})


class Integer(Number):
    """A whole number in a range."""

    def __init__(self, low: int, high: int, step: int = 1, unit: str | None = None) -> None:
        super().__init__(low, high, step, unit)

    @override
    def _kept(self, value: float) -> int:
        return round(value)

    @override
    def describe(self) -> dict[str, Any]:
        return super().describe() | {"type": "integer"}


@dataclass(frozen=True, slots=True)
class Choice(Field):
    """One of several words, or null where that is a choice."""

    options: tuple[str, ...]
    nullable: bool = False

    @override
    def check(self, value: object) -> str | None:
        if value is None and self.nullable:
            return None
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(f"be one of {', '.join(self.options)}")
        return value

    @override
    def describe(self) -> dict[str, Any]:
        found = {"type": "choice", "options": list(self.options)}
        return found | ({"nullable": True} if self.nullable else {})


@dataclass(frozen=True, slots=True)
class Choices(Field):
    """Some of several words, each once, at least one."""

    options: tuple[str, ...]

    @override
    def check(self, value: object) -> list[str]:
        if not isinstance(value, list) or not value:
            raise ValueError("be a list with at least one entry")
        if any(not isinstance(item, str) or item not in self.options for item in value):
            raise ValueError(f"have entries from {', '.join(self.options)}")
        if len(set(value)) != len(value):
            raise ValueError("have each entry once")
        return list(value)

    @override
    def describe(self) -> dict[str, Any]:
        return {"type": "choices", "options": list(self.options)}


@dataclass(frozen=True, slots=True)
class Text(Field):
    """A text of some length; no control characters."""

    longest: int = 100
    shortest: int = 1
    nullable: bool = False

    @override
    def check(self, value: object) -> str | None:
        if value is None and self.nullable:
            return None
        if not isinstance(value, str) or not self.shortest <= len(value) <= self.longest:
            raise ValueError(f"be a text of {self.shortest} to {self.longest} characters")
        if not value.isprintable():
            raise ValueError("have no control characters")
        return value

    @override
    def describe(self) -> dict[str, Any]:
        return {"type": "text", "min_length": self.shortest, "max_length": self.longest}


def check_all(fields: Mapping[str, Field], body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a body, all checked.

    Raises ``UnknownFieldError`` or ``InvalidValueError`` for the first that is wrong.
    """
    if not body:
        raise InvalidValueError("the body has no fields")
    values = {}
    for name, value in body.items():
        if name not in fields:
            known = ", ".join(fields) or "none"
            raise UnknownFieldError(f"{name[:50]!r} is no field; known: {known}", field=name[:50])
        try:
            values[name] = fields[name].check(value)
        except ValueError as error:
            raise InvalidValueError(f"{name} must {error}", field=name) from None
    return values


def finite(value: object, name: str) -> float:
    """Return a number of the back door's; raises ``InvalidValueError``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidValueError(f"{name} must be a number", field=name)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidValueError(f"{name} must be finite", field=name)
    return number
