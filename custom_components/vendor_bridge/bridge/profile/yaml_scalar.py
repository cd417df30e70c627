"""What a scalar of a profile means: the core schema of YAML 1.2, and nothing of YAML 1.1.

``on``, ``off``, ``yes`` and ``no`` are texts, as are dates and ``12:30``; ``010`` is ten.
"""

from collections.abc import Callable, Mapping
import re
from typing import Final

from .words import show

type Scalar = bool | int | float | str | None

TAG: Final = "tag:yaml.org,2002:"
MAX_DIGITS: Final = 32
QUOTE_IT: Final = "if it is a text, put it in quotes"

_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


class ScalarError(ValueError):
    """A scalar that is not what it says to be: what is wrong, and a hint."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        """Remember both."""
        super().__init__(message)
        self.message = message
        self.hint = hint


def read_scalar(text: str, tag: str | None, *, plain: bool) -> Scalar:
    """Return the value of a scalar; ``plain`` is one without quotes. Raises ScalarError."""
    if _SURROGATE.search(text):
        message = "a '\\u' in this text stands for half a character"
        raise ScalarError(message, "write the character itself")
    if tag is None:
        return _resolve(text) if plain else text
    if tag == "!":
        return text
    reader = _READERS.get(tag.removeprefix(TAG)) if tag.startswith(TAG) else None
    if reader is None:
        raise unknown_tag(tag)
    return reader(text)


def unknown_tag(tag: str) -> ScalarError:
    """Return the error for a tag that a profile cannot have."""
    short = f"!!{tag.removeprefix(TAG)}" if tag.startswith(TAG) else tag
    hint = None
    if short == "!secret":
        hint = "make it a field of `setup` with `type: secret`, and write {setup.NAME}"
    elif not short.startswith("!!"):
        hint = "if it is a text that begins with '!', put it in quotes"
    return ScalarError(f"a profile cannot use the tag {show(short)}", hint)


def _resolve(text: str) -> Scalar:
    """Return what a scalar without quotes and tag stands for."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text) or _SPECIAL.fullmatch(text):
        return _float(text)
    return text


def _null(text: str) -> None:
    if text not in _NULL:
        msg = f"{show(text)} is not null"
        raise ScalarError(msg)


def _boolean(text: str) -> bool:
    if text not in _BOOLEANS:
        msg = f"{show(text)} is neither true nor false"
        raise ScalarError(msg)
    return _BOOLEANS[text]


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text):
        msg = f"{show(text)} is not a whole number"
        raise ScalarError(msg)
    if len(text) > MAX_DIGITS:
        # Python itself refuses to print what is much longer, and no vendor counts that far.
        msg = f"a whole number of {len(text)} characters is too long"
        raise ScalarError(msg, QUOTE_IT)
    return int(text, 0) if text.startswith(("0o", "0x")) else int(text)


def _float(text: str) -> float:
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", "").lower())
    if not _FLOAT.fullmatch(text):
        msg = f"{show(text)} is not a number"
        raise ScalarError(msg)
    number = float(text)
    if number in (float("inf"), float("-inf")):
        msg = f"{show(text)} is too large for a number"
        raise ScalarError(msg, QUOTE_IT)
    return number


_READERS: Final[Mapping[str, Callable[[str], Scalar]]] = {
    "null": _null,
    "bool": _boolean,
    "int": _integer,
    "float": _float,
    "str": str,
}
