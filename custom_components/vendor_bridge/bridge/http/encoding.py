"""From a request's body to the bytes that are sent."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import orjson
import xmltodict

from ..errors import CommandError
from .message import AnswerKind, Body, BodyKind

CONTENT_TYPES: Final[Mapping[BodyKind, str]] = {
    BodyKind.JSON: "application/json",
    BodyKind.FORM: "application/x-www-form-urlencoded",
    BodyKind.TEXT: "text/plain; charset=utf-8",
    BodyKind.XML: "application/xml; charset=utf-8",
    BodyKind.BYTES: "application/octet-stream",
}

ACCEPT: Final[Mapping[AnswerKind, str]] = {
    AnswerKind.JSON: "application/json",
    AnswerKind.XML: "application/xml, text/xml",
    AnswerKind.TEXT: "text/plain, */*;q=0.5",
}


def encode_body(body: Body | None) -> bytes:
    """Return what is sent. Raises CommandError for content that its kind cannot say."""
    if body is None:
        return b""
    try:
        return _encode(body.kind, body.content)
    except TypeError, ValueError, AttributeError:
        # The cause stays behind: its text may hold the content.
        raise CommandError(f"the body cannot be written as {body.kind.value}") from None


def _encode(kind: BodyKind, content: Any) -> bytes:  # noqa: ANN401 what the caller gave
    match kind:
        case BodyKind.JSON:
            return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS)
        case BodyKind.FORM:
            return _form(content).encode("ascii")
        case BodyKind.XML if not isinstance(content, str):
            return xmltodict.unparse(content).encode()
        case BodyKind.BYTES:
            return bytes(content)
        case _:
            if not isinstance(content, str):
                raise TypeError
            return content.encode()


def _form(content: Mapping[str, str | Sequence[str]]) -> str:
    return urlencode(dict(content), doseq=True)
