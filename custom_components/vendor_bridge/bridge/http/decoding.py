"""From an answer's bytes to data. They are a stranger's: nothing but DecodingError comes out."""

from collections.abc import Callable, Mapping
from functools import lru_cache
import json
import re
from typing import Final
from urllib.parse import parse_qsl
from xml.parsers import expat

import orjson
import xmltodict

from ..model import Json
from .message import AnswerKind

MAX_DEPTH: Final = 100
"""Levels of lists and mappings; far more than any vendor's and far less than Python's stack."""

MAX_FIELDS: Final = 10_000

_NO_TEXT: Final = ("image/", "audio/", "video/", "font/")
_SHALLOW: Final = 12
_ALL_BUT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_DIGITS: Final = bytes(ord("0") if chr(byte).isdigit() else ord(" ") for byte in range(128)).ljust(
    256
)
_LONG: Final = b"0" * 19  # fewer digits always fit into 64 bits
_CHARSETS: Final = re.compile(
    r"(utf-?8|utf-?16([bl]e)?|us-?ascii|iso-?8859-?\d{1,2}|latin-?1|windows-?\d{3,4}|cp\d{3,4}"
    r"|koi8-?[ru]|gb2312|gbk|gb18030|big5|shift[-_]?jis|euc-?(jp|kr))",
    re.IGNORECASE,
)


class DecodingError(ValueError):
    """Why an answer cannot be decoded; safe to show."""


def decode(body: bytes, kind: AnswerKind, content_type: str = "") -> Json | bytes:
    """Return what an answer holds. Raises DecodingError.

    What was promised counts for more than ``content_type``, which small devices often get wrong;
    but what is said to be a picture or a film is not taken for data.
    """
    mime, charset = _parse_content_type(content_type)
    if kind is AnswerKind.AUTO:
        kind = _guess(body, mime)
    elif mime.startswith(_NO_TEXT) and kind not in {AnswerKind.BYTES, AnswerKind.NONE}:
        raise DecodingError(f"{_NAMES[kind]} was promised, but {mime.partition('/')[0]} came")
    if kind is AnswerKind.NONE:
        return None
    if not body.strip():
        raise DecodingError(f"{_NAMES[kind]} was promised, but the answer is empty")
    if kind is AnswerKind.BYTES:
        return body
    try:
        return _DECODERS[kind](body, charset)
    except DecodingError as error:
        if kind is not AnswerKind.TEXT and _is_html(body, mime):
            raise DecodingError(f"{_NAMES[kind]} was promised, but a web page came") from None
        raise error from None


@lru_cache(64)
def _parse_content_type(content_type: str) -> tuple[str, str]:
    mime, _, parameters = content_type.partition(";")
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return mime.strip().lower(), value.strip().strip("\"'").lower()
    return mime.strip().lower(), ""


def _guess(body: bytes, mime: str) -> AnswerKind:
    """Tell what an answer is that may be anything."""
    start = body.lstrip()[:5]
    if not start:
        return AnswerKind.NONE
    if mime == "application/x-www-form-urlencoded":
        return AnswerKind.FORM
    if mime.endswith(("/json", "+json")) or (start[:1] in b"{[" and mime != "application/xml"):
        return AnswerKind.JSON
    if mime.endswith(("/xml", "+xml")) or start == b"<?xml":
        return AnswerKind.XML
    binary = mime.startswith(("image/", "audio/", "video/")) or mime == "application/octet-stream"
    return AnswerKind.BYTES if binary else AnswerKind.TEXT


def _is_html(body: bytes, mime: str) -> bool:
    start = body[:256].lstrip().lower()
    return mime == "text/html" or start.startswith((b"<!doctype html", b"<html"))


def _decode_json(body: bytes, charset: str) -> Json:
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        data: Json = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if charset in {"", "utf-8", "utf8"} or body.isascii():
            raise DecodingError(f"no valid JSON: {_why(error)}") from None
        return _decode_json(_decode_text(body, charset).encode(), "")
    # Both checks first look for what makes them necessary, in C; walking the data takes ten times
    # as long as decoding it.
    if _LONG in body.translate(_DIGITS):
        _check_integers(body)
    if not _is_shallow(body):
        _check_depth(data)
    return data


def _why(error: orjson.JSONDecodeError) -> str:
    """Return where and why decoding stopped, which never holds a part of the answer."""
    return f"{error.msg.partition(':')[0]} (line {error.lineno}, column {error.colno})"


def _is_shallow(body: bytes) -> bool:
    """Return whether an answer is surely nested no deeper than most are.

    Of the bare brackets, the innermost pairs are taken away until none are left. Brackets within
    texts may spoil that; then it is not sure.
    """
    brackets = body.translate(None, _ALL_BUT_BRACKETS)
    for _ in range(_SHALLOW):
        if not brackets:
            return True
        brackets = brackets.replace(b"[]", b"").replace(b"{}", b"")
    return not brackets


def _check_depth(data: Json) -> None:
    """Refuse lists and mappings that are nested too deeply."""
    level = [data] if isinstance(data, dict | list) else []
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise DecodingError(f"nested more than {MAX_DEPTH} levels deep")
        items = (
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
        )
        level = [item for item in items if isinstance(item, dict | list)]


def _check_integers(body: bytes) -> None:
    """Refuse integers of more than 64 bits, which orjson rounds: an id would become another."""

    def refuse(digits: str) -> int:
        if len(digits) > len(str(2**64)) or not -(2**63) <= int(digits) < 2**64:
            raise DecodingError("a whole number of more than 64 bits")
        return 0

    json.loads(body, parse_int=refuse)


def _decode_xml(body: bytes, charset: str) -> Json:
    try:
        _check_xml(body)
        data: Json = xmltodict.parse(body)
    except DecodingError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        if charset in {"", "utf-8", "utf8"} or body.isascii():
            raise DecodingError(f"no valid XML: {_why_xml(error)}") from None
        text = _decode_text(body, charset)
        # A text says nothing about bytes any more, whatever its first line claims.
        return _decode_xml(re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1).encode(), "")
    return data


def _why_xml(error: Exception) -> str:
    if isinstance(error, expat.ExpatError):
        return f"{expat.ErrorString(error.code)} (line {error.lineno}, column {error.offset})"
    return "its encoding is not supported"


def _check_xml(body: bytes) -> None:
    """Refuse document types (entities that expand, files to fetch) and deep nesting.

    Before anything is built: building a million levels takes seconds.
    """
    depth = 0

    def start(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise DecodingError(f"nested more than {MAX_DEPTH} levels deep")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.Parse(body, True)  # noqa: FBT003 expat's own


def _refuse_document_type(*_arguments: object) -> None:
    raise DecodingError("document types are not accepted")


def _decode_form(body: bytes, charset: str) -> Mapping[str, str | list[str]]:
    text = _decode_text(body, charset).strip()
    try:
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        raise DecodingError("no valid form") from None
    names: dict[str, list[str]] = {}
    for name, value in pairs:
        names.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in names.items()}


def _decode_text(body: bytes, charset: str) -> str:
    if charset and not _CHARSETS.fullmatch(charset):
        raise DecodingError("text in an encoding that is not supported")
    try:
        return body.decode(charset or "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError, LookupError:
        raise DecodingError(f"no valid {charset or 'utf-8'} text") from None


_NAMES: Final[Mapping[AnswerKind, str]] = {
    AnswerKind.JSON: "JSON",
    AnswerKind.XML: "XML",
    AnswerKind.FORM: "a form",
    AnswerKind.TEXT: "text",
    AnswerKind.BYTES: "a file",
}

_DECODERS: Final[Mapping[AnswerKind, Callable[[bytes, str], Json]]] = {
    AnswerKind.JSON: _decode_json,
    AnswerKind.XML: _decode_xml,
    AnswerKind.FORM: _decode_form,
    AnswerKind.TEXT: _decode_text,
}
