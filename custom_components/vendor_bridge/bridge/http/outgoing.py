"""From a request to the form in which it leaves."""

from collections.abc import Mapping
from functools import lru_cache
import re
from typing import Final

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
    wanted: tuple[tuple[str, str], ...] = ()
    if accept := ACCEPT.get(request.answer):
        wanted += (("Accept", accept),)
    if request.body is not None:
        wanted += (("Content-Type", CONTENT_TYPES[request.body.kind]),)
    if etag:
        wanted += (("If-None-Match", etag),)
    everything = _sound((*wanted, *headers.items(), *request.headers.items()))
    return Outgoing(method=request.method, url=url, headers=everything.copy(), body=body)


@lru_cache(256)
def _sound(headers: tuple[tuple[str, str], ...]) -> CIMultiDict[str]:
    """Return headers, the last of each name, which many requests have in common."""
    found = CIMultiDict[str]()
    for name, value in headers:
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise UnexpectedAnswerError("a header was filled in with what a header cannot hold")
        found[name] = value
    return found
