"""What every kind of sign-in has in common."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, override

from aiohttp import ClientMiddlewareType
from multidict import CIMultiDict
from yarl import URL

from ...clock import Clock, SystemClock
from ...errors import SignInError
from ..message import Answer, Explain, Request

if TYPE_CHECKING:
    from .consent import ConsentAuth

type Send = Callable[[Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Rejection:
    """How a vendor says that it does not accept the credentials.

    By one of ``statuses``, or by what ``body`` finds in an answer with any other status.
    """

    statuses: frozenset[int] = frozenset({401})
    body: Explain[Answer] | None = None

    def __call__(self, answer: Answer) -> bool:
        """Return whether an answer says so."""
        if answer.status in self.statuses:
            return True
        return self.body is not None and bool(self.body(answer))


UNAUTHORIZED: Final = Rejection()


@dataclass(slots=True)
class Outgoing:
    """A request in the form in which it leaves, for a sign-in to add to.

    ``url`` holds the query; ``body`` is what is sent, byte for byte. ``middlewares`` are aiohttp's.
    """

    method: str
    url: URL = field(repr=False)
    headers: CIMultiDict[str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    middlewares: tuple[ClientMiddlewareType, ...] = field(default=(), repr=False)


class Auth:
    """A way to sign in. This one sends nothing, and is the base of those that do."""

    def __init__(self, rejection: Rejection = UNAUTHORIZED) -> None:
        self._rejection = rejection
        self._send: Send | None = None
        self._clock: Clock = SystemClock()

    @property
    def secrets(self) -> Iterable[str]:
        """Return everything that must never be shown."""
        return ()

    @property
    def values(self) -> Mapping[str, str]:
        """Return what a request can be filled in with as ``{auth.<name>}``."""
        return {}

    @property
    def consent(self) -> ConsentAuth | None:
        """Return the sign-in that only the user can make, where it is one."""
        return None

    def attach(self, send: Send, clock: Clock) -> None:
        """Take the means to send requests of its own, which need ``sign_in=False``."""
        self._send = send
        self._clock = clock

    def prepare(self) -> Awaitable[None] | None:
        """Get ready to sign requests. Return what to wait for first; None where that is nothing.

        Raises VendorError, and so does what is waited for: it talks to the vendor.
        """
        return None

    def apply(self, outgoing: Outgoing) -> int:  # noqa: ARG002 others do
        """Sign a request. Return the generation of the credentials that were used."""
        return 0

    def rejects(self, answer: Answer) -> bool:
        """Return whether an answer says that the credentials are not accepted."""
        return self._rejection(answer)

    async def renew(self, generation: int, answer: Answer) -> None:  # noqa: ARG002 others do
        """Get newer credentials than those of ``generation``, which ``answer`` rejects.

        Raises SignInError where there are none to be had, and another VendorError when the vendor
        could not be asked.
        """
        raise SignInError("the vendor does not accept the credentials", status=answer.status)

    async def sign_out(self) -> None:
        """End the session at the vendor, where it wants to be told. Raises VendorError."""

    async def close(self) -> None:
        """End what was begun."""

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
