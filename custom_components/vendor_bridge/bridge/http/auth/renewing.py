"""Sign-ins whose credentials come from the vendor and have to be renewed."""

from abc import abstractmethod
import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, override

from ...errors import (
    OutageError,
    RateLimitedError,
    RefusedError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
    VendorError,
)
from ...waiting import outcome
from ..message import Answer, Explain, Request
from .base import UNAUTHORIZED, Auth, Outgoing, Rejection
from .cookies import cookie_values
from .place import BEARER, Place
from .tokens import Tokens

TURNED_AWAY: Final = 60.0
"""Seconds for which a refused sign-in is not tried again, lest the vendor lock the account."""

UNANSWERED: Final = 10.0
"""Seconds after which a renewal ahead of time is tried again that met no answer."""


def forget(_tokens: Mapping[str, Any]) -> None:
    """Keep no tokens beyond this object's life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What all sign-ins that renew have in common.

    ``place`` is where the token goes, unless requests are filled in with it; ``others`` are further
    places, and which of the extras goes there. ``tokens`` and ``save_tokens`` are where tokens live
    between restarts; those without one of the ``needs`` among their extras are from another time,
    and no use.

    ``rejection`` is how an answer says that a token is not accepted; ``refused`` are the statuses
    by which the sign-in itself says that it does not know the user, or ``refused_if`` finds that
    in its answer. Without ``refused_if``, a failure in the body of a success says so, too.
    ``logout`` makes the request that ends the session.
    """

    place: Place | None = BEARER
    tokens: Mapping[str, Any] = field(default_factory=dict, repr=False)
    save_tokens: Callable[[Mapping[str, Any]], None] = forget
    rejection: Rejection = UNAUTHORIZED
    refused: frozenset[int] = frozenset({400, 401, 403})
    refused_if: Explain[Answer] | None = None
    others: Mapping[Place, str] = field(default_factory=dict)
    logout: Callable[[Tokens], Request] | None = None
    needs: frozenset[str] = frozenset()


class RenewingAuth(Auth):
    """Gets tokens and keeps them fresh, once for all who wait."""

    def __init__(self, renewal: Renewal) -> None:
        super().__init__(renewal.rejection)
        self._renewal = renewal
        self._tokens = Tokens.from_dict(renewal.tokens)
        if self._tokens is not None and not renewal.needs <= self._tokens.extra.keys():
            self._tokens = None
        self._denies = Rejection(renewal.refused, renewal.refused_if)
        self._generation = 0
        self._task: asyncio.Task[None] | None = None
        self._turned_away: SignInError | None = None
        self._not_before = 0.0
        self._closed = False

    @abstractmethod
    async def _sign_in(self) -> Tokens:
        """Get tokens with what the user filled in. Raises VendorError."""

    @abstractmethod
    async def _refresh(self, tokens: Tokens) -> Tokens | None:
        """Get tokens with those at hand; None where that cannot be done. Raises VendorError."""

    @property
    @override
    def secrets(self) -> Iterable[str]:
        if self._tokens is None:
            return ()
        tokens = self._tokens
        cookies = (
            one
            for place, value in self._placed(tokens)
            if place.is_whole_cookie
            for one in cookie_values(value)
        )
        return (tokens.token, tokens.refresh_token or "", *tokens.extra.values(), *cookies)

    @property
    @override
    def values(self) -> Mapping[str, str]:
        if self._tokens is None:
            return {}
        refresh_token = self._tokens.refresh_token or ""
        return {**self._tokens.extra, "token": self._tokens.token, "refresh_token": refresh_token}

    @override
    def prepare(self) -> Awaitable[None] | None:
        now = self._clock.now()
        if self._tokens is None or self._tokens.is_expired(now):
            return self._renewed()
        if self._tokens.is_due(now) and self._clock.monotonic() >= self._not_before:
            # Nobody has to wait for it, nor cares if it fails: what is at hand still serves.
            _ = self._start()
        return None

    @override
    def apply(self, outgoing: Outgoing) -> int:
        if self._tokens is None:
            raise SignInError("not signed in")
        for place, value in self._placed(self._tokens):
            place.put(outgoing, value)
        return self._generation

    def _placed(self, tokens: Tokens) -> Iterator[tuple[Place, str]]:
        """Yield what goes with every request, and where."""
        if self._renewal.place is not None:
            yield self._renewal.place, tokens.token
        for place, name in self._renewal.others.items():
            if value := tokens.extra.get(name):
                yield place, value

    @override
    async def renew(self, generation: int, answer: Answer) -> None:
        if generation == self._generation:
            await self._renewed()

    @override
    async def sign_out(self) -> None:
        tokens, make = self._tokens, self._renewal.logout
        if make is None or tokens is None or tokens.is_expired(self._clock.now()) or self._task:
            return

        def carry(outgoing: Outgoing) -> None:
            for place, value in self._placed(tokens):
                place.put(outgoing, value)

        if self._send is not None:
            await self._send(replace(make(tokens), sign_in=False, finish=carry))
            self._tokens = None
            self._renewal.save_tokens({})

    @override
    async def close(self) -> None:
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _renewed(self) -> None:
        """Wait for a renewal, one for all; who stops waiting does not stop it."""
        try:
            await outcome(self._start())
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._closed and not (task and task.cancelling()):
                raise UnreachableError("the connection is closed") from None
            raise

    def _start(self) -> asyncio.Task[None]:
        """Return the renewal that is under way, or begin one."""
        if self._closed:
            raise UnreachableError("the connection is closed")
        if self._task is None:
            self._task = asyncio.create_task(self._renew(), name="vendor_bridge sign-in")
            self._task.add_done_callback(self._ended)
        return self._task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled():
            # Looked at here because all who waited may have left.
            task.exception()

    async def _renew(self) -> None:
        if (before := self._turned_away) and self._clock.monotonic() < self._not_before:
            raise SignInError(before.reason, request=before.request, status=before.status)
        previous = self._tokens
        self._turned_away = None
        try:
            tokens = await self._get(previous)
        except SignInError as error:
            self._turned_away = error
            self._not_before = self._clock.monotonic() + TURNED_AWAY
            raise
        except VendorError:
            self._not_before = self._clock.monotonic() + UNANSWERED
            raise
        self._keep(tokens, previous)

    def _keep(self, tokens: Tokens, previous: Tokens | None = None) -> None:
        """Use tokens from now on, and have them stored."""
        self._tokens = tokens.obtained(self._clock.now(), previous)
        self._generation += 1
        self._turned_away = None
        self._renewal.save_tokens(self._tokens.as_dict())

    async def _get(self, previous: Tokens | None) -> Tokens:
        """Refresh where possible, and otherwise sign in from the beginning."""
        if previous is not None:
            try:
                refreshed = await self._refresh(previous)
            except UnreachableError, OutageError, RateLimitedError:
                raise
            except VendorError:
                refreshed = None
            if refreshed is not None:
                return refreshed
        try:
            return await self._sign_in()
        except RefusedError as error:
            found = error.status is None or error.status < 300  # noqa: PLR2004 the 2xx
            if self._renewal.refused_if is not None or not found:
                raise
            raise SignInError(error.reason, request=error.request, status=error.status) from None

    async def _ask(self, request: Request) -> Answer:
        """Send a request that signs in."""
        return await self._send_as(request, denies=self._denies)

    async def _send_as(self, request: Request, *, denies: Callable[[Answer], bool]) -> Answer:
        """Send a request that signs in, of which ``denies`` tells that it was in vain."""
        if self._send is None:
            raise UnexpectedAnswerError("not attached to a connection")
        return await self._send(replace(request, sign_in=False, denies=denies))
