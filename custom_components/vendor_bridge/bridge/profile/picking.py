"""What run-time code asks of an item: mostly, a value that is missing or wrong is no error."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
import unicodedata

from ..errors import UnexpectedAnswerError
from .values import MISSING, Picker, PickError

LONGEST_TEXT: Final = 255
MOST_LINES: Final = 5
_LONGEST_SHORT: Final = 200
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_EMPTY: Final[tuple[Any, ...]] = ("", [], {})


def pick_or_none(picker: Picker | None, item: Any) -> Any:  # noqa: ANN401 - any part of an answer
    """Return what an item holds; None where that is nothing, or nothing that can be understood."""
    if picker is None:
        return None
    try:
        value = picker.pick(item)
    except PickError:
        return None
    return None if value is MISSING else value


def demanded(picker: Picker | None, item: Any, wrong: str) -> Any:  # noqa: ANN401 - as above
    """Return what an item holds; None for nothing.

    Raises UnexpectedAnswerError, which begins with ``wrong``, for what can't be understood.
    """
    if picker is None:
        return None
    try:
        value = picker.pick(item)
    except PickError as error:
        raise UnexpectedAnswerError(f"{wrong}: {error}") from error
    return None if value is MISSING else value


def kept(
    keep: Mapping[str, Picker],
    item: Any,  # noqa: ANN401 - as above
    wrong: str,
    *,
    strict: bool = True,
) -> dict[str, Any]:
    """Return what is kept of an answer, by name.

    Raises UnexpectedAnswerError, which begins with ``wrong``, for what can't be understood and, if
    it is ``strict``, for what is not there.
    """
    found: dict[str, Any] = {}
    for name, picker in keep.items():
        value = demanded(picker, item, wrong)
        if value is not None:
            found[name] = value
        elif strict:
            raise UnexpectedAnswerError(f"{wrong} has nothing to keep as {name}")
    return found


def holds(picker: Picker, item: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether a condition is true of an item, as JMESPath understands truth."""
    value = pick_or_none(picker, item)
    return value is not None and value is not False and value not in _EMPTY


def time_of(picker: Picker | None, item: Any) -> datetime | None:  # noqa: ANN401 - as above
    """Return the vendor's own time of an item, where it tells one that can be understood."""
    value = pick_or_none(picker, item)
    return value if isinstance(value, datetime) else None


def text_of(picker: Picker | None, item: Any) -> str | None:  # noqa: ANN401 - as above
    """Return a short text that an item holds, if it does."""
    value = pick_or_none(picker, item)
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)[:_LONGEST_SHORT]
    return None


def line_of(picker: Picker | None, item: Any) -> str | None:  # noqa: ANN401 - as above
    """Return a text for people: one line, not too long; None where there is none."""
    return _line(pick_or_none(picker, item))


def lines_of(picker: Picker | None, item: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    """Return texts for people, where an item holds one or a list of them; not too many."""
    value = pick_or_none(picker, item)
    texts = value if isinstance(value, list) else [value]
    lines = [_line(text) for text in texts[:MOST_LINES] if isinstance(text, str)]
    return tuple(dict.fromkeys(line for line in lines if line is not None))


def _line(value: object) -> str | None:
    if value is None:
        return None
    clean = "".join(
        " " if is_unsound(letter) else letter for letter in str(value)[: 4 * LONGEST_TEXT]
    )
    return " ".join(clean.split())[:LONGEST_TEXT] or None


def is_unsound(letter: str) -> bool:
    """Return whether a letter is a control character, half of one, or turns text around."""
    return unicodedata.category(letter) in {"Cc", "Cs"} or letter in _TURNING
