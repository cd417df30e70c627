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


@lru_cache(1024)
def _is_sound(name: str, value: str) -> bool:
    return bool(_NAME.fullmatch(name) and _VALUE.fullmatch(value))


def make_outgoing(
    request: Request, url: URL, body: bytes, headers: Mapping[str, str], etag: str | None
) -> Outgoing:
    """Return what leaves, not yet signed.

    ``headers`` are those of every request; the request's own win. ``etag`` is what the vendor
    called the answer that is still remembered. Raises UnexpectedAnswerError for a header that was
    filled in with what would end it.
    """
    all_headers = CIMultiDict[str]()
    if accept := ACCEPT.get(request.answer):
        all_headers["Accept"] = accept
    if request.body is not None:
        all_headers["Content-Type"] = CONTENT_TYPES[request.body.kind]
    if etag:
        all_headers["If-None-Match"] = etag
    all_headers.update(headers)
    all_headers.update(request.headers)
    for name, value in all_headers.items():
        if not _is_sound(name, value):
            raise UnexpectedAnswerError("a header was filled in with what a header cannot hold")
    return Outgoing(method=request.method, url=url, headers=all_headers, body=body)
