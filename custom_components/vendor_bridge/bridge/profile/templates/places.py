"""Where a value is filled in, and how it is escaped so that it can't leave its place."""

from collections.abc import Callable, Mapping
from datetime import date, time
from enum import StrEnum
import re
from typing import Any, Final
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

from ...model import Json
from ..values import Raw
from .errors import TemplateError
from .scalars import plain

_MAX_ADDRESS = 8 * 1024
_MAX_DEPTH = 32
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ADDRESS = re.compile(
    r"(?:https?://[A-Za-z0-9._:\[\]-]+|(?=/(?!/)))(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)


class Place(StrEnum):
    """Where in a request a template stands."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"
    JSON = "json"
    FORM = "form"
    TEXT = "text"
    XML = "xml"


def _in_path(value: Raw) -> str:
    return quote(plain(value), safe="")


def _in_header(value: Raw) -> str:
    text = plain(value)
    if _CONTROL.search(text):
        raise TemplateError("has control characters, which no header can carry")
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        raise TemplateError("has characters that no header can carry") from None
    return text


def _in_xml(value: Raw) -> str:
    text = plain(value)
    if _NOT_XML.search(text):
        raise TemplateError("has control characters, which XML can't carry")
    return escape(text, {'"': "&quot;", "'": "&apos;"})


INSIDE: Final[Mapping[Place, Callable[[Any], str]]] = {
    Place.PATH: _in_path,
    Place.QUERY: plain,
    Place.HEADER: _in_header,
    Place.JSON: plain,
    Place.FORM: plain,
    Place.TEXT: plain,
    Place.XML: _in_xml,
}
"""What each place makes of a value within a text."""


def to_json(value: Raw, depth: int = _MAX_DEPTH) -> Json:
    """Return a value as JSON can carry it; times become ISO 8601. Raises TemplateError."""
    if value is None:
        return None
    if isinstance(value, str | date | time):
        return plain(value)
    if isinstance(value, bool | int | float):
        plain(value)
        return value
    if depth == 0:
        raise TemplateError("is nested too deeply")
    if isinstance(value, Mapping):
        return {plain(_key(key)): to_json(inner, depth - 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(inner, depth - 1) for inner in value]
    raise TemplateError("is nothing that JSON can say")


def _key(key: object) -> object:
    if isinstance(key, str):
        return key
    raise TemplateError("has a key that is no text")


def address(value: Raw) -> str:
    """Return a vendor's own path or address, of which nothing is escaped.

    Raises TemplateError for one with characters that belong in no address, or with dots that lead
    elsewhere. Whether its host may be asked is for the connection to say.
    """
    text = plain(value)
    if len(text) > _MAX_ADDRESS or not _ADDRESS.fullmatch(text):
        raise TemplateError("is no path that starts with /, nor an address")
    if any(unquote(part) in {".", ".."} for part in text.partition("?")[0].split("/")):
        raise TemplateError("is a path that leads elsewhere")
    return text
