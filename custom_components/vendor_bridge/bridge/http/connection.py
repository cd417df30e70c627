"""The connection to a vendor: requests go in, answers or errors come out."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from aiohttp import ClientSession
from yarl import URL

from ..clock import Clock, SystemClock
from ..errors import (
    OutageError,
    RateLimitedError,
    SignInError,
    UnreachableError,
    VendorError,
)
from .addresses import Addresses
from .auth import Auth
from .delivery import Delivery, Stage, Trip, Verdict
from .doubt import Doubt
from .exchanges import Exchanges, Stats
from .limits import Limiter
from .message import Answer, Request
from .settings import Settings
from .share import Share
from .verdict import scrubbed
from .wire import Wire

DEFAULT_PATIENCE: Final = 10.0
"""Seconds for which polls pause when the vendor asks for patience without saying how much."""

LEAVING: Final = 3.0
"""Seconds that a sign-out may take."""

type Paused = Callable[[], None]
"""Called when a request has failed and pauses before it is sent again."""


class Connection:
    """Sends the requests of one account.

    ``base_urls`` are the account's addresses, the preferred one first. The session is the
    caller's, and should keep no cookies (aiohttp.DummyCookieJar): a sign-in looks after its own,
    and two accounts at one vendor must not share them. ``share`` is the account's in a limiter,
    where accounts have one in common or counts are kept; it is closed with the connection.
    """

    def __init__(
        self,
        session: ClientSession,
        base_urls: Sequence[URL],
        auth: Auth | None = None,
        *,
        clock: Clock | None = None,
        settings: Settings | None = None,
        share: Share | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._settings = settings or Settings()
        self._auth = auth or Auth()
        self._share = share or Share(
            Limiter(self._settings.limits, self._clock, self._settings.jitter), self._clock
        )
        self._doubt = Doubt()
        self._delivery = Delivery(
            Wire(
                session,
                tls=self._settings.tls,
                pins=self._settings.pins,
                connect_timeout=self._settings.connect_timeout,
                max_bytes=self._settings.max_bytes,
            ),
            Addresses(base_urls, self._clock, self._settings.return_after),
            self._auth,
            self._share,
            self._settings,
            self._clock,
        )
        self._auth.attach(self.send, self._clock)

    @property
    def auth(self) -> Auth:
        """Return the sign-in."""
        return self._auth

    @property
    def address(self) -> URL:
        """Return the base address in use."""
        return self._delivery.addresses.current

    def scrubbed(self, words: str) -> str:
        """Return words of a vendor's without what nobody must see."""
        return scrubbed(words, (*self._settings.secrets(), *self._auth.secrets))

    @property
    def exchanges(self) -> Exchanges:
        """Return the last exchanges, for diagnostics."""
        return self._delivery.exchanges

    @property
    def stats(self) -> Stats:
        """Return what became of all requests so far."""
        return self._delivery.exchanges.stats

    @property
    def held(self) -> float:
        """Return for how many seconds polls are still held back at the vendor's wish."""
        return self._share.held

    @property
    def share(self) -> Share:
        """Return the account's share in what its vendor bears."""
        return self._share

    async def sign_in(self) -> None:
        """Sign in, where that takes a request of its own. Raises VendorError."""
        if (ready := self._auth.prepare()) is not None:
            await ready

    async def send(self, request: Request, paused: Paused | None = None) -> Answer:
        """Send a request and return the answer that it promises.

        ``paused`` is called whenever something else could be sent meanwhile.

        Raises, all of them VendorError and naming nothing of the request but its label:
        UnreachableError: no answer in time. OutageError: 5xx. RateLimitedError: 429, 503 with
        Retry-After, or no turn in time. NotFoundError: 404, 410. RefusedError: another 4xx, or a
        body that says so. SignInError: rejected even with new credentials. UnexpectedAnswerError:
        anything else but what was promised, or an address that is not the account's.
        Besides, CommandError for a body that its kind cannot say.
        """
        trip = self._delivery.pack(request)
        try:
            if not request.command:
                return await self._send(trip, paused)
            async with asyncio.timeout(request.timeout):
                return await self._send(trip, paused)
        except VendorError as error:
            raise _labelled(error, request.label) from None
        except TimeoutError:
            raise _late(trip) from None

    async def close(self) -> None:
        """End what was begun: requests under way and those that wait fail; the session stays.

        Where the vendor wants to be told that one signs out, it is, but not waited for long.
        """
        with suppress(VendorError, TimeoutError):
            async with asyncio.timeout(LEAVING):
                await self._auth.sign_out()
        self._share.close()
        self._delivery.close()
        await self._auth.close()

    async def _send(self, trip: Trip, paused: Paused | None) -> Answer:
        """Send a request with good credentials, and again while that is safe and of use."""
        pauses = self._settings.retry.pauses() if trip.request.idempotent else iter(())
        while True:
            try:
                if trip.request.sign_in:
                    trip.stage = Stage.SIGN_IN
                    if (ready := self._auth.prepare()) is not None:
                        await ready
                verdict = await self._delivery.deliver(trip)
                if (generation := verdict.rejected_generation) is not None:
                    verdict = await self._send_renewed(trip, verdict, generation)
                if trip.request.sign_in and self._doubt.since is not None:
                    self._doubt = Doubt()
                if verdict.error is None:
                    return verdict.answer
                self._be_patient(verdict.error)
                raise verdict.error
            except UnreachableError, OutageError:
                pause = next(pauses, None)
                if pause is None or pause >= trip.left:
                    raise
            trip.left -= pause
            self.stats.retries += 1
            if paused is not None:
                paused()
            await self._clock.sleep(pause)

    async def _send_renewed(self, trip: Trip, before: Verdict, generation: int) -> Verdict:
        """Send a request with newer credentials than those that the vendor rejects."""
        if self._doubt.is_fresh(self._clock.monotonic()):
            raise self._doubt.error(before.answer.status)
        trip.stage = Stage.SIGN_IN
        try:
            await self._auth.renew(generation, before.answer)
        except SignInError as error:
            if error.request or not before.error:
                raise
            reason = f"{error.reason} ({before.error.reason})"
            raise SignInError(reason, status=error.status) from None
        verdict = await self._delivery.deliver(trip)
        if verdict.rejected_generation is not None:
            self._doubt.note(self._clock.monotonic())
            raise self._doubt.error(verdict.answer.status)
        return verdict

    def _be_patient(self, error: VendorError) -> None:
        """Hold polls back for as long as the vendor wants it, if it does."""
        if isinstance(error, RateLimitedError):
            wait = error.retry_after
            self._share.hold(DEFAULT_PATIENCE if wait is None else wait)


def _labelled(error: VendorError, label: str) -> VendorError:
    """Return an error that says which request it is about."""
    if error.request is not None:
        return error
    if isinstance(error, RateLimitedError):
        return RateLimitedError(
            error.reason, request=label, status=error.status, retry_after=error.retry_after
        )
    return type(error)(error.reason, request=label, status=error.status)


def _late(trip: Trip) -> VendorError:
    """Return the error for a command that ran out of time."""
    label, seconds = trip.request.label, f"{trip.request.timeout:g} s"
    match trip.stage:
        case Stage.TURN:
            reason = f"not sent: the vendor's limits leave no room within {seconds}"
            return RateLimitedError(reason, request=label)
        case Stage.SIGN_IN:
            return UnreachableError(f"not sent: no sign-in within {seconds}", request=label)
        case Stage.ANSWER:
            return UnreachableError(f"no answer within {seconds}", request=label)
