"""The small parts that the declaration of a profile is made of."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
import math
from typing import Any

import probatio

SLUG = r"^[a-z][a-z0-9_]*$(?!\n)"
"""What ids and keys of a profile look like."""

NAME = probatio.All(str, probatio.Length(min=1, max=120))


def told(text: str) -> probatio.Key:
    """Return what the reference page and the JSON Schema say of a field."""
    return probatio.Key(description=text)


WORDS = {
    bool: "true or false",
    str: "a text",
    int: "a whole number",
    float: "a number",
    list: "a list",
    Mapping: "a mapping",
}


def either(*alternatives: tuple[type | tuple[type, ...], Any]) -> probatio.Union:
    """Accept one of several shapes, told apart by the type of the value alone.

    Each alternative is (Python type, schema); the first whose type fits is meant. Unlike trying
    them all, this reports only the mistakes of the shape that was meant.
    """

    def choose(value: object, schemas: Sequence[Any]) -> list[Any]:
        for (kind, _), schema in zip(alternatives, schemas, strict=True):
            if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
                return [schema]
            if kind is object:
                return [schema]
        words = [
            WORDS.get(one, one.__name__)
            for kind, _ in alternatives
            for one in (kind if isinstance(kind, tuple) else (kind,))
            if one is not int or kind is int
        ]
        raise probatio.Invalid("expected " + " or ".join(words))

    return probatio.Union(*(schema for _, schema in alternatives), discriminant=choose)


def one_or_more(schema: Any) -> Any:  # noqa: ANN401 - a schema is anything that probatio takes
    """Accept one thing or a list of them; the result is always a list."""
    return probatio.All(
        either((list, probatio.All([schema], probatio.Length(min=1, max=50))), (object, schema)),
        probatio.EnsureList(),
    )


class Later:
    """A schema that is made when something is checked by it for the first time.

    There is one for each platform, and most accounts have entities of two or three.
    """

    def __init__(self, make: Callable[[], dict[Any, Any]]) -> None:
        """Take what makes it."""
        self._make = make

    @cached_property
    def schema(self) -> probatio.Schema:
        """Return the schema."""
        return probatio.Schema(self._make())

    def __call__(self, value: object) -> Any:  # noqa: ANN401 - as the schema says
        """Return what is valid. Raises Invalid."""
        return self.schema(value)


def _finite(value: float) -> float:
    if isinstance(value, bool) or not math.isfinite(value):
        message = "expected a finite number"
        raise probatio.Invalid(message)
    return value


NUMBER = probatio.All(probatio.Any(int, float), _finite)
SECONDS = probatio.All(NUMBER, probatio.Range(min=0.1, max=366 * 86400))

SAYINGS = probatio.All(
    [either((int, probatio.Range(min=100, max=599)), (str, str))], probatio.Length(min=1, max=20)
)
"""Statuses, and JMESPath conditions on what an answer holds."""


def exactly_one(what: object, names: Sequence[str], message: str) -> str:
    """Return the one of ``names`` that is set. Raises ValueError with the message otherwise."""
    given = [name for name in names if getattr(what, name) is not None]
    if len(given) != 1:
        raise ValueError(message)
    return given[0]
