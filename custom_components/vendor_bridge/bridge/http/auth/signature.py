"""Requests that are signed with a shared secret."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import token_hex
from typing import override

from yarl import URL

from ...clock import Clock
from ..message import Answer, Request
from .base import Auth, Outgoing, Send
from .consent import ConsentAuth
from .hashing import Digest, Writing, hash_of
from .place import Place, Where

type Values = Mapping[str, str]
"""The values of a sign-in, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """What a signed text can be laid out from.

    ``url`` and ``body`` are as they are sent; ``values`` are those of the sign-in that the
    signature goes with, such as its ``token``, and none in what is sent in order to sign in.
    """

    method: str
    url: URL = field(repr=False)
    body: bytes = field(repr=False)
    at: datetime
    nonce: str
    values: Values = field(repr=False)

    @property
    def target(self) -> str:
        """Return the path with its query."""
        return self.url.raw_path_qs

    @property
    def sorted_target(self) -> str:
        """Return the path with its query, the parameters in the order of their names."""
        if not self.url.raw_query_string:
            return self.url.raw_path
        parameters = self.url.raw_query_string.split("&")
        parameters.sort(key=lambda parameter: parameter.partition("=")[0])
        return f"{self.url.raw_path}?{'&'.join(parameters)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How a vendor wants requests signed.

    ``layout`` gives the text that is signed. ``key`` gives the secret, or is None for a plain hash.
    ``places`` tells from the signature what to add to the request, such as it and the time.
    ``logins`` says whether the requests that sign in are signed, too.
    """

    layout: Callable[[ToSign], str]
    key: Callable[[Values], str] | None
    places: Callable[[ToSign, str], Mapping[Place, str]]
    digest: Digest = Digest.SHA256
    writing: Writing = Writing.HEX
    logins: bool = True


def in_header(name: str) -> Callable[[ToSign, str], Mapping[Place, str]]:
    """Return what puts nothing but the signature into a header."""
    return lambda _, signature: {Place(Where.HEADER, name): signature}


class SignatureAuth(Auth):
    """Signs every request, on top of another sign-in where there is one."""

    def __init__(
        self, signing: Signing, inner: Auth | None = None, secrets: Iterable[str] = ()
    ) -> None:
        super().__init__()
        self._signing = signing
        self._inner = inner or Auth()
        self._secrets = tuple(secrets)
        self._leaving = False

    @property
    @override
    def secrets(self) -> Iterable[str]:
        return (*self._secrets, *self._inner.secrets)

    @property
    @override
    def values(self) -> Values:
        return self._inner.values

    @property
    @override
    def consent(self) -> ConsentAuth | None:
        return self._inner.consent

    @override
    def attach(self, send: Send, clock: Clock) -> None:
        super().attach(send, clock)
        self._inner.attach(self._send_login if self._signing.logins else send, clock)

    @override
    def prepare(self) -> Awaitable[None] | None:
        return self._inner.prepare()

    @override
    def apply(self, outgoing: Outgoing) -> int:
        generation = self._inner.apply(outgoing)
        self.sign(outgoing, self._inner.values)
        return generation

    def sign(self, outgoing: Outgoing, values: Values) -> None:
        """Add a signature to a request."""
        signing = self._signing
        to_sign = ToSign(
            method=outgoing.method,
            url=outgoing.url,
            body=outgoing.body,
            at=self._clock.now(),
            nonce=token_hex(16),
            values=values,
        )
        signature = hash_of(
            signing.layout(to_sign),
            signing.digest,
            signing.writing,
            key=None if signing.key is None else signing.key(values),
        )
        for place, value in signing.places(to_sign, signature).items():
            place.put(outgoing, value)

    async def _send_login(self, request: Request) -> Answer:
        assert self._send is not None  # noqa: S101 - attached before the inner one was
        if request.elsewhere is not None:  # another server has no use for it
            return await self._send(request)
        finish = request.finish

        def sign(outgoing: Outgoing) -> None:
            if finish is not None:
                finish(outgoing)
            self.sign(outgoing, self._inner.values if self._leaving else {})

        return await self._send(replace(request, finish=sign))

    @override
    def rejects(self, answer: Answer) -> bool:
        return self._inner.rejects(answer)

    @override
    async def renew(self, generation: int, answer: Answer) -> None:
        await self._inner.renew(generation, answer)

    @override
    async def sign_out(self) -> None:
        self._leaving = True
        await self._inner.sign_out()

    @override
    async def close(self) -> None:
        await self._inner.close()
