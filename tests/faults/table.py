"""The faults, one row each, in the order of the matrix."""

from collections.abc import Mapping
from functools import partial

from . import behaviours as do
from .faults import NAMED, SECURE, Fault, Nature, Network, Operation
from .tls import Shown

COMMAND, LISTING, RENEWAL = Operation.COMMAND, Operation.LISTING, Operation.RENEWAL
POLL, FORM, SET_UP = Operation.POLL, Operation.FORM, Operation.SET_UP

_harmless = partial(Fault, nature=Nature.HARMLESS, form=None)
_nonsense = partial(Fault, form="unexpected_answer")
_refused = partial(Fault, form="refused")
_limited = partial(Fault, form="rate_limited")
_partial = partial(Fault, nature=Nature.PARTIAL, form=None)

_ONE_ANSWER = "the answers hold no list of devices"
_GONE = "this is how a vendor says that devices have gone"
_ONE_PAGE = "there is only one page"
_NO_LIST: Mapping[Operation, str] = dict.fromkeys((COMMAND, RENEWAL), _ONE_ANSWER)
_NO_PAGES: Mapping[Operation, str] = {**_NO_LIST, POLL: _ONE_PAGE}
_BROKEN: Mapping[Operation, Nature] = dict.fromkeys((POLL, COMMAND, LISTING), Nature.BROKEN)

FIVE_SECONDS = 5.5
"""For a Retry-After of one second: less than five are never taken for an answer."""
UNSAID = 10
"""Seconds for which polls pause after a 429 that does not say for how long."""

NETWORK = (
    Fault("refused", "connection refused", Network.REFUSES),
    Fault("reset-at-once", "accepted, then reset", Network.RESETS),
    Fault("closed", "closed without an answer, not done", do.close_unanswered),
    Fault("reset", "reset without an answer, not done", do.reset_unanswered),
    Fault("lost", "done, then closed without an answer", do.lose_answer),
    Fault("reset-headers", "done, reset in the middle of the headers", do.reset_in_headers),
    Fault("reset-body", "done, reset in the middle of the body", do.reset_in_body),
    Fault("slow-headers", "headers drip in too slowly", do.slow_headers),
    Fault("slow-body", "body drips in too slowly", do.slow_body),
    Fault("hang", "accepted, never answered", do.hang),
    _harmless("late", "late, but in time", do.take_a_while),
    _harmless("closed-between", "closed after each answer", do.close_after_answer),
    _harmless("reset-between", "reset after each answer", do.reset_after_answer),
    _harmless("twice", "each answer sent twice", do.answer_twice),
    _harmless("http-1.0", "HTTP/1.0, ended by closing", do.http_1_0),
    Fault("dns-gone", "name does not resolve", Network.NO_NAME, base=NAMED),
    Fault("tls-expired", "TLS: certificate expired", Shown.EXPIRED, base=SECURE),
    Fault("tls-wrong-host", "TLS: certificate of another host", Shown.WRONG_HOST, base=SECURE),
    Fault("tls-self-signed", "TLS: certificate self-signed", Shown.SELF_SIGNED, base=SECURE),
)

VENDOR = (
    Fault(
        "restart-before",
        "vendor restarts before it has done it",
        do.restart_before,
        nature=Nature.BRIEF,
        times=1,
    ),
    Fault(
        "restart-after",
        "vendor restarts after it has done it",
        do.restart_after,
        nature=Nature.BRIEF,
        times=1,
    ),
    Fault(
        "401",
        "401 Unauthorized",
        do.refuse(401),
        nature=Nature.SIGNED_OUT,
        natures=_BROKEN,
        form="invalid_auth",
    ),
    Fault(
        "403",
        "403 Forbidden",
        do.refuse(403),
        nature=Nature.SIGNED_OUT,
        natures={**_BROKEN, SET_UP: Nature.BROKEN},
        form="invalid_auth",
    ),
    _refused("404", "404 Not Found", do.refuse(404)),
    _refused("409", "409 Conflict", do.refuse(409)),
    _refused("410", "410 Gone", do.refuse(410)),
    _refused("423", "423 Locked", do.refuse(423)),
    _limited("429", "429 Too Many Requests", do.refuse(429), patience=UNSAID),
    _limited(
        "429-retry-after",
        "429 with Retry-After: 1",
        do.refuse(429, Retry_After="1"),
        patience=FIVE_SECONDS,
    ),
    Fault("500", "500 Internal Server Error", do.refuse(500)),
    Fault("502", "502 Bad Gateway", do.refuse(502)),
    Fault("503", "503 Service Unavailable", do.refuse(503)),
    _limited(
        "503-retry-after",
        "503 with Retry-After: 1",
        do.refuse(503, Retry_After="1"),
        patience=FIVE_SECONDS,
    ),
    Fault("504", "504 Gateway Timeout", do.refuse(504)),
    _harmless(
        "token-expires",
        "token expires in flight",
        do.expire_tokens,
        times=1,
        not_for={RENEWAL: "a renewal carries no access token"},
    ),
    _harmless(
        "refresh-refused",
        "refresh token refused, login works",
        do.refuse_refresh,
        not_for=dict.fromkeys((SET_UP, POLL, COMMAND, LISTING, FORM), "nothing is renewed"),
    ),
    _harmless(
        "clock-ahead",
        "clock an hour ahead",
        do.change(do.shifted(1)),
        clock_hours=1,
    ),
    _harmless(
        "clock-behind",
        "clock an hour behind",
        do.change(do.shifted(-1)),
        clock_hours=-1,
        natures={POLL: Nature.PARTIAL},
    ),
)

FRAMING = (
    Fault("truncated", "fewer bytes than promised", do.cut_short),
    _nonsense("length-understated", "more bytes than promised", do.understate_length),
    _nonsense("chunks-broken", "broken chunks", do.break_chunks),
    _nonsense("gzip-claimed", "said to be gzip, is not", do.claim_gzip),
    _nonsense("not-http", "no HTTP at all", do.speak_something_else),
    _nonsense("enormous", "50 MB, announced", do.enormous),
    _nonsense("enormous-chunked", "50 MB, not announced", do.enormous_chunked),
)

BODIES = (
    _nonsense("latin-1", "Latin-1 said to be UTF-8", do.change_bytes(do.latin_1)),
    _nonsense("html", "HTML error page with 200", do.replace(do.HTML, "text/html")),
    _nonsense("empty", "empty body with 200", do.replace(b"")),
    _nonsense("204", "204 No Content", do.replace(b"", status=204)),
    _nonsense("garbage", "bytes that are no JSON", do.replace(b"\x00\xff{]")),
    _nonsense("deep", "100,000 levels deep", do.replace(b"[" * 100_000 + b"]" * 100_000)),
    _nonsense(
        "nan",
        "NaN where numbers were",
        do.change_bytes(do.not_a_number),
        natures={COMMAND: Nature.PARTIAL},
    ),
    _nonsense("other-shape", "a list where an object was", do.replace(b"[1, 2, 3]")),
    _nonsense(
        "error-with-200", "an error's body with 200", do.replace(b'{"error": {"code": "busy"}}')
    ),
    _nonsense("redirect-away", "redirect to another host", do.redirect_away),
    _nonsense("redirect-loop", "redirect to itself", do.redirect_to_itself),
)

DATA = (
    _partial(
        "wrong-types",
        "lists where values were",
        do.change(do.each(do.wrong_types)),
        natures={RENEWAL: Nature.BROKEN},
        form="unexpected_answer",
    ),
    _partial(
        "no-ids", "every second id missing", do.change(do.each(do.without_id)), not_for=_NO_LIST
    ),
    _partial(
        "ids-change-type",
        "every second id a list",
        do.change(do.each(do.id_of_another_type)),
        not_for=_NO_LIST,
    ),
    _partial(
        "duplicate-ids", "every item twice, not the same", do.change(do.doubled), not_for=_NO_LIST
    ),
    _partial(
        "half",
        "half of the devices left out",
        do.change(do.half),
        not_for={**_NO_LIST, **dict.fromkeys((LISTING, SET_UP), _GONE)},
    ),
    Fault(
        "page-fails",
        "second page fails with 500",
        do.second_page(do.refuse(500)),
        not_for=_NO_PAGES,
    ),
    _nonsense(
        "page-loop",
        "second page leads to the first",
        do.change(do.page_to_itself),
        not_for=_NO_PAGES,
    ),
    _nonsense("page-away", "second page at another host", do.page_away, not_for=_NO_PAGES),
)

FAULTS: tuple[Fault, ...] = (*NETWORK, *VENDOR, *FRAMING, *BODIES, *DATA)
