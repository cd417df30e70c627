"""Single values as text."""

from datetime import date, time
import math
import re
from typing import Final

from .errors import TemplateError

_MAX_TEXT: Final = 1024 * 1024
_MAX_INTEGER: Final = 2**64
_SURROGATE = re.compile("[\ud800-\udfff]")


def iso(value: date | time) -> str:
    """Return a time in ISO 8601, with Z for UTC."""
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def plain(value: object) -> str:
    """Return a text, number, boolean or time as text, unescaped.

    Raises TemplateError for anything else, for numbers that JSON does not know, for texts of more
    than a million characters and for lone surrogates.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            if len(value) > _MAX_TEXT:
                raise TemplateError("is too long")
            if not value.isascii() and _SURROGATE.search(value):
                raise TemplateError("has characters that no encoding knows")
            return str(value)
        case int() if -_MAX_INTEGER < value < _MAX_INTEGER:
            return str(value)
        case float() if math.isfinite(value):
            return repr(value)
        case date() | time():
            return iso(value)
    raise TemplateError("is no single text or number")
