"""One attempt to get an answer: the right address, the turn, the redirects, the verdict."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any, Final

from aiohttp import hdrs
from yarl import URL

from ..clock import Clock
from ..errors import (
    RefusedError,
    SignInError,
    UnexpectedAnswerError,
    VendorError,
)
from .addresses import Addresses, Candidates, origin_of
from .allowance import allowances
from .auth import Auth
from .decoding import DecodingError, decode
from .encoding import encode_body
from .exchanges import Exchange, Exchanges
from .memory import Key, Memory, Remembered, key_of
from .message import Answer, AnswerKind, Complete, Request
from .metering import count_request
from .outgoing import make_outgoing
from .settings import Settings
from .share import Share
from .time_limits import TimeLimit, TimeLimits
from .verdict import own_words, refusal
from .wire import Reply, Unreached, Wire

MAX_REDIRECTS: Final = 5
LARGE: Final = 256 * 2**10
"""Bytes that take too long to decode between two turns of the event loop."""

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_SAME_METHOD: Final = frozenset({307, 308})
_READS: Final = frozenset({"GET", "HEAD"})


class Stage(Enum):
    """What a request is waiting for."""

    SIGN_IN = "sign-in"
    TURN = "turn"
    ANSWER = "answer"


@dataclass(slots=True)
class Trip:
    """A request on its way. ``left`` are the seconds that it may still take on the wire.

    ``tried`` are the URLs that did not lead to an answer; ``headers`` the names of those sent last.
    ``values`` are those of the sign-in that a request which needs some was completed with.
    """

    request: Request
    left: float
    body: bytes = field(repr=False)
    addresses: Addresses
    stage: Stage = Stage.TURN
    tried: tuple[URL, ...] = field(default=(), repr=False)
    headers: tuple[str, ...] = ()
    values: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(slots=True)
class Verdict:
    """An answer and what to make of it.

    ``rejected_generation`` is that of the credentials, where the vendor does not accept them.
    """

    answer: Answer
    error: VendorError | None = None
    rejected_generation: int | None = None


class Delivery:
    """Brings requests to a vendor, at whichever of the account's addresses works."""

    def __init__(
        self,
        wire: Wire,
        addresses: Addresses,
        auth: Auth,
        share: Share,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self.addresses = addresses
        self.exchanges = Exchanges()
        self._wire = wire
        self._auth = auth
        self._share = share
        self._settings = settings
        self._clock = clock
        self._memory = Memory()
        self._time_limits = TimeLimits()
        self._closed = False

    def pack(self, request: Request) -> Trip:
        """Get a request ready to go. Raises CommandError for a body that cannot be written."""
        addresses = self.addresses
        if request.elsewhere is not None:
            addresses = Addresses([request.elsewhere], self._clock)
        return Trip(request, request.timeout, encode_body(request.body), addresses)

    async def deliver(self, trip: Trip) -> Verdict:
        """Get an answer from the first address that gives one, waiting for a turn at each.

        Another address is tried only while the request surely did not arrive, or may arrive twice.
        """
        trip.tried = ()
        while True:
            request = trip.request
            trip.stage = Stage.TURN
            if request.sign_in:
                count_request()  # whether or not there is room for it
            candidates = self._candidates(trip)  # what cannot be sent shall not cost a turn
            number = self._share.take()
            if number is None:
                # A sign-in is sent for the sake of others, who may be commands.
                first = request.command or not request.sign_in
                number = await self._share.begin(command=first, patience=request.timeout)
                candidates = ()  # what was the best may not be any more
            try:
                trip.stage = Stage.ANSWER
                return await self._exchange(trip, candidates or self._candidates(trip), number)
            except Unreached as error:
                if (
                    trip.left <= 0
                    or (error.sent and not request.idempotent)
                    or not self._candidates(trip)
                ):
                    raise error.kind(error.reason) from None
            finally:
                self._share.end()

    def close(self) -> None:
        """Break off what is under way."""
        self._closed = True
        self._time_limits.end_all()

    def _complete(self, trip: Trip, complete: Complete) -> None:
        """Fill in the values of the sign-in, if they have changed."""
        if trip.values != (values := self._auth.values):
            trip.request = replace(complete(values), complete=complete)
            trip.body = encode_body(trip.request.body)
            trip.values = values

    def _candidates(self, trip: Trip) -> Candidates:
        """Return the addresses that have not been tried, the first choice first."""
        if (complete := trip.request.complete) is not None:
            self._complete(trip, complete)
        request = trip.request
        found = trip.addresses.candidates(request.path, idempotent=request.idempotent)
        if not trip.tried:
            return found
        return [(number, url) for number, url in found if url not in trip.tried]

    async def _exchange(self, trip: Trip, candidates: Candidates, number: int) -> Verdict:
        """Send a request to the best of some addresses and judge what comes back."""
        request, addresses = trip.request, trip.addresses
        address, base = candidates[0]
        if addresses.are_several:
            addresses.trying(address)
        # Where a read can go on to another address, a silent one gets half of the time.
        limit = trip.left / 2 if request.idempotent and len(candidates) > 1 else trip.left
        time_limit = TimeLimit(self._time_limits, limit)
        exchange = Exchange(self._clock.now(), len(trip.body))
        try:
            url = base.extend_query(request.query) if request.query else base
            key = key_of(request, url, trip.body)
            remembered = self._memory.recall(key) if key else None
            try:
                with time_limit:
                    generation, last, reply = await self._hop(trip, url, remembered)
            except TimeoutError:
                raise Unreached(self._too_late(trip, limit), sent=True) from None
            exchange.status, exchange.received = reply.status, len(reply.body)
            if request.sign_in:
                self._hear(reply, exchange.at, number, last, url)
            if key and remembered and (again := remembered.again(reply)):
                verdict = self._unchanged(key, remembered, again)
            else:
                verdict = await self._judge(trip, last, reply, key, generation)
            exchange.reason = verdict.error.reason if verdict.error else None
            if request.sign_in:
                good = verdict.error is None
                self.exchanges.keep(request.label, verdict.answer, exchange.at, good=good)
        except Unreached as error:
            exchange.reason = error.reason
            trip.tried += (base,)
            addresses.failed(address)
            raise
        except VendorError as error:
            exchange.reason = error.reason
            raise
        finally:
            trip.left -= time_limit.took
            exchange.seconds = time_limit.took
            exchange.headers = trip.headers
            self.exchanges.add(request.label, exchange)
        if addresses.are_several:
            addresses.succeeded(address)
        return verdict

    def _too_late(self, trip: Trip, limit: float) -> str:
        if self._closed:
            return "the connection is closed"
        whole = trip.request.timeout if limit == trip.left else limit
        return f"no answer within {whole:.3g} s"

    def _hear(self, reply: Reply, at: datetime, number: int, last: URL, asked: URL) -> None:
        """Take over what an answer tells of the vendor's limits, unless another server gave it."""
        found = allowances(reply.headers, at, self._settings.limit_headers)
        if found and (origin := origin_of(last)) == origin_of(asked):
            self._share.hear(found, number, origin)

    async def _hop(
        self, trip: Trip, url: URL, remembered: Remembered | None
    ) -> tuple[int, URL, Reply]:
        """Follow redirects. Return the generation of the credentials, the last URL, the reply."""
        request = trip.request
        etag = remembered.etag if remembered and request.etag else None
        for _ in range(MAX_REDIRECTS + 1):
            headers = self._settings.headers if request.elsewhere is None else {}
            outgoing = make_outgoing(request, url, trip.body, headers, etag)
            generation = self._auth.apply(outgoing) if request.sign_in else 0
            if request.finish is not None:
                request.finish(outgoing)
            trip.headers = tuple(outgoing.headers)
            reply = await self._wire.exchange(
                outgoing,
                idempotent=request.idempotent,
                accepts=request.ok,
                own=self._wire.checks_as_usual or self.addresses.has(outgoing.url),
            )
            if reply.status not in _REDIRECTS or request.promises(reply.status):
                return generation, url, reply
            bare = _answer(reply, url, None)
            if request.sign_in and self._auth.rejects(bare):
                return generation, url, reply
            url = self._follow(trip, url, reply)
        raise UnexpectedAnswerError("redirects again and again")

    def _follow(self, trip: Trip, url: URL, reply: Reply) -> URL:
        """Return where a redirect leads, if it may be followed."""
        method = trip.request.method
        location = reply.headers.get(hdrs.LOCATION)
        if not location:
            raise UnexpectedAnswerError("redirects nowhere", status=reply.status)
        target = trip.addresses.own(location, url)
        same = reply.status in _SAME_METHOD and origin_of(target) == origin_of(url)
        if method not in _READS and not same:
            raise UnexpectedAnswerError(
                f"redirects a {method}, which is not followed", status=reply.status
            )
        return target

    def _unchanged(self, key: Key, remembered: Remembered, again: Answer) -> Verdict:
        """Return what the same answer again means: what it did before."""
        self.exchanges.stats.unchanged += 1
        if again.headers.get(hdrs.ETAG) != remembered.tag:
            self._memory.store(key, again)
        return Verdict(again)

    async def _judge(
        self, trip: Trip, url: URL, reply: Reply, key: Key | None, generation: int
    ) -> Verdict:
        """Decode a reply and find out what it means."""
        request = trip.request
        if request.promises(reply.status):
            answer, error = await self._decode(request, url, reply)
        else:
            answer, error = self._refuse(request, url, reply)
        rejected = request.sign_in and self._auth.rejects(answer)
        if request.denies is not None and request.denies(answer):
            reason = error.reason if error else "the vendor does not accept the credentials"
            error = SignInError(reason, status=answer.status)
        if key and error is None and not rejected:
            self._memory.store(key, answer)
        return Verdict(answer, error, generation if rejected else None)

    async def _decode(
        self, request: Request, url: URL, reply: Reply
    ) -> tuple[Answer, VendorError | None]:
        arguments = reply.body, request.answer, reply.headers.get(hdrs.CONTENT_TYPE, "")
        try:
            data = (
                await asyncio.to_thread(decode, *arguments)
                if len(reply.body) > LARGE
                else decode(*arguments)
            )
        except DecodingError as error:
            return _answer(reply, url, None), UnexpectedAnswerError(str(error), status=reply.status)
        answer = _answer(reply, url, data)
        find = request.failure_body or self._settings.failure_body
        words = find(answer) if find else None
        if words is None:
            return answer, None
        reason = own_words(words, self._secrets) or "refused"
        return answer, RefusedError(reason, status=answer.status)

    def _refuse(self, request: Request, url: URL, reply: Reply) -> tuple[Answer, VendorError]:
        data = None
        with suppress(DecodingError):
            data = decode(reply.body, AnswerKind.AUTO, reply.headers.get(hdrs.CONTENT_TYPE, ""))
        answer = _answer(reply, url, data)
        describe = request.describe_error or self._settings.describe_error
        names = self._settings.limit_headers
        return answer, refusal(answer, describe, self._secrets, self._clock.now(), names)

    @property
    def _secrets(self) -> tuple[str, ...]:
        return (*self._settings.secrets(), *self._auth.secrets)


def _answer(reply: Reply, url: URL, data: Any) -> Answer:  # noqa: ANN401 - whatever a vendor says
    return Answer(reply.status, data, url, reply.headers, reply.body)
