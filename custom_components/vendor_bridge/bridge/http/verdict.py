"""From an answer that is none to the error that says so."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from http import HTTPStatus
import json
import re
from typing import Any, Final
from urllib.parse import quote, quote_plus

from ..errors import (
    NotFoundError,
    OutageError,
    RateLimitedError,
    RefusedError,
    SignInError,
    UnexpectedAnswerError,
    VendorError,
)
from .allowance import Names, allowances, used_up
from .message import Answer, Explain
from .patience import LONGEST, retry_after

LONGEST_WORDS: Final = 160

_UNWANTED: Final = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+"
)
_SHORTEST_SECRET: Final = 4
_SHORTEST_ENCODED: Final = 8


def refusal(
    answer: Answer,
    describe: Explain[Any] | None,
    secrets: Iterable[str],
    now: datetime,
    names: Names | None = None,
) -> VendorError:
    """Return the error for an answer whose status the request does not reckon with.

    ``names`` are the vendor's own headers that tell of its limits.
    """
    status = answer.status
    reason = f"{status} {_phrase(status)}".rstrip()
    if describe and answer.data is not None and (words := describe(answer.data)):
        reason = f"{reason}: {own_words(words, secrets)}"
    wait = retry_after(answer.headers, now)
    if status == HTTPStatus.TOO_MANY_REQUESTS and wait is None:
        reset = used_up(allowances(answer.headers, now, names))
        wait = min(reset, LONGEST) if reset is not None else None
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        status == HTTPStatus.SERVICE_UNAVAILABLE and wait is not None
    ):
        return RateLimitedError(reason, status=status, retry_after=wait)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return OutageError(reason, status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        return SignInError(reason, status=status)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return NotFoundError(reason, status=status)
    if status >= HTTPStatus.BAD_REQUEST:
        return RefusedError(reason, status=status)
    return UnexpectedAnswerError(reason, status=status)


def own_words(words: str, secrets: Iterable[str]) -> str:
    """Return a vendor's words, fit for a message: one short line without any of the secrets."""
    words = scrubbed(words, secrets)
    words = _UNWANTED.sub(" ", words).strip()
    return words if len(words) <= LONGEST_WORDS else words[:LONGEST_WORDS].rstrip() + "…"


def scrubbed(words: str, secrets: Iterable[str], instead: str = "***") -> str:
    """Return words without any of the secrets, however they are written."""
    told = {secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}
    return without(words, [text for secret in told for text in writings(secret)], instead)


def without(words: str, texts: Sequence[str], instead: str) -> str:
    """Return words without any of the texts, nor the beginning of one that was cut short.

    What is cut short ends with dots, as in what messages and samples show.
    """
    for text in texts:
        words = words.replace(text, instead)
    if "…" in words or "..." in words:
        for text in texts:
            for size in range(len(text) - 1, _SHORTEST_SECRET - 1, -1):
                for dots in ("…", "..."):
                    words = words.replace(text[:size] + dots, instead + dots)
    return words


def writings(secret: str) -> Sequence[str]:
    """Return how a secret may be written, the longest first.

    As it is, as in JSON, as in an address, and in base64: alone or within something else.
    """
    made = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, safe="", errors="replace"),
        quote(secret, errors="replace"),
        quote_plus(secret, errors="replace"),
    }
    raw = secret.encode(errors="replace")
    if len(raw) >= _SHORTEST_ENCODED:
        for before in range(3):
            # What a neighbour has a part in is another one each time.
            encoded = b64encode(b"\0" * before + raw).decode().rstrip("=")
            start = before + 1 if before else 0
            inner = encoded[start : len(encoded) - bool((before + len(raw)) % 3)]
            made |= {inner, inner.replace("+", "-").replace("/", "_")}
    return sorted(made, key=len, reverse=True)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
