"""What can stand behind the colon of a placeholder."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
import hashlib
import json
import math
import re
from typing import Any, Final

import probatio

from ..values import Raw
from .errors import TemplateError
from .scalars import iso, plain

_DIRECTIVES: Final = frozenset("aAbBdfHIjmMpSyYzVGu")
_MAX_FORMAT = 100


def _iso(value: Raw) -> str:
    if not isinstance(value, date | time):
        raise TemplateError("is no time")
    return iso(value)


def _unix(value: Raw) -> int:
    return math.floor(_epoch(value))


def _unix_ms(value: Raw) -> int:
    return round(_epoch(value) * 1000)


def _epoch(value: Raw) -> float:
    if not isinstance(value, datetime):
        raise TemplateError("is no time")
    if value.tzinfo is None:
        raise TemplateError("is a time without an offset")
    return (value - _EPOCH).total_seconds()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _int(value: Raw) -> int:
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return round(value)
    raise TemplateError("is no number")


def _lower(value: Raw) -> str:
    return _text(value).lower()


def _upper(value: Raw) -> str:
    return _text(value).upper()


def _text(value: Raw) -> str:
    if isinstance(value, str):
        return value
    raise TemplateError("is no text")


def _csv(value: Raw) -> str:
    if not isinstance(value, list | tuple):
        raise TemplateError("is no list")
    parts = [plain(part) for part in value]
    if any("," in part for part in parts):
        raise TemplateError("is a list in which something has a comma")
    return ",".join(parts)


def _json(value: Raw) -> str:
    try:
        return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except ValueError, TypeError, RecursionError:
        raise TemplateError("is nothing that JSON can say") from None


def _base64(value: Raw) -> str:
    return b64encode(_raw(value)).decode()


def _hash(name: str) -> Callable[[Raw], str]:
    """Return what hashes a text as vendors ask for it, however weak."""
    return lambda value: hashlib.new(name, _raw(value), usedforsecurity=False).hexdigest()


def _raw(value: Raw) -> bytes:
    return plain(value).encode()


FORMATS: Final[Mapping[str, tuple[Callable[[Any], Any], str]]] = {
    "iso": (_iso, "a time in ISO 8601"),
    "unix": (_unix, "a time in whole seconds since 1970"),
    "unix_ms": (_unix_ms, "a time in milliseconds since 1970"),
    "int": (_int, "a number, rounded; true is 1 and false is 0"),
    "lower": (_lower, "a text in small letters"),
    "upper": (_upper, "a text in capital letters"),
    "csv": (_csv, "a list, parted by commas"),
    "json": (_json, "anything, as JSON"),
    "base64": (_base64, "a text in base64"),
    "md5": (_hash("md5"), "the MD5 hash of a text, in hex"),
    "sha1": (_hash("sha1"), "the SHA-1 hash of a text, in hex"),
    "sha256": (_hash("sha256"), "the SHA-256 hash of a text, in hex"),
    "sha512": (_hash("sha512"), "the SHA-512 hash of a text, in hex"),
    "path": (_text, "a path or an address as it is; only at the start of a path"),
}
"""Every format and what it makes; besides, a time takes a pattern such as ``%Y-%m-%d``."""


def check_format(form: str) -> None:
    """Raise probatio.Invalid for a format that there is not."""
    if form in FORMATS:
        return
    directives = re.findall("%(.?)", form.replace("%%", ""), re.DOTALL)
    if not directives or len(form) > _MAX_FORMAT:
        close = get_close_matches(form[:40], FORMATS, n=1)
        hint = f", did you mean {close[0]}?" if close else ""
        known = ", ".join(FORMATS)
        raise probatio.Invalid(
            f"no format {form[:40]!r}{hint} (known: {known}, or a pattern such as %Y-%m-%d)"
        )
    for directive in directives:
        if directive not in _DIRECTIVES:
            raise probatio.Invalid(f"%{directive} has no place in a format")


def apply_format(form: str, value: Raw) -> Raw:
    """Return a value in a format that was checked. Raises TemplateError where it does not fit."""
    if form in FORMATS:
        return FORMATS[form][0](value)
    if not isinstance(value, date | time):
        raise TemplateError("is no time")
    try:
        return value.strftime(form)
    except ValueError, OverflowError:
        raise TemplateError("is a time that can't be written so") from None
