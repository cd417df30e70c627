"""From a request to the form in which it leaves."""

from collections.abc import Mapping
from functools import lru_cache
import re
from typing import Final

from aiohttp import hdrs
from multidict import CIMultiDict
from yarl import URL

from ..errors import UnexpectedAnswerError
from .auth import Outgoing
from .encoding import ACCEPT, CONTENT_TYPES
from .message import Request

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]*")


def make_outgoing(
    request: Request, url: URL, body: bytes, headers: Mapping[str, str], etag: str | None
) -> Outgoing:
    """Return what leaves, not yet signed.

    ``headers`` are those of every request; the request's own win. ``etag`` is what the vendor
    called the answer that is still remembered. Raises UnexpectedAnswerError for a header that was
    filled in with what would end it.
    """
    everything = CIMultiDict[str]()
    if accept := ACCEPT.get(request.answer):
        everything[hdrs.ACCEPT] = accept
    if request.body is not None:
        everything[hdrs.CONTENT_TYPE] = CONTENT_TYPES[request.body.kind]
    if etag:
        everything[hdrs.IF_NONE_MATCH] = etag
    if headers or request.headers:
        everything.update(_sound((*headers.items(), *request.headers.items())))
    return Outgoing(request.method, url, everything, body)


def can_be_sent(value: str) -> bool:
    """Return whether a header can hold something."""
    return _VALUE.fullmatch(value) is not None


@lru_cache(256)
def _sound(headers: tuple[tuple[str, str], ...]) -> CIMultiDict[str]:
    """Return headers, the last of each name, which many requests have in common."""
    found = CIMultiDict[str]()
    for name, value in headers:
        if not _NAME.fullmatch(name) or not can_be_sent(value):
            raise UnexpectedAnswerError("a header was filled in with what a header cannot hold")
        found[name] = value
    return found
