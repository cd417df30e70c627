"""Requests that are signed with a shared secret (HMAC)."""

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
import hashlib
import hmac
from secrets import token_hex
from typing import override

from ...clock import Clock
from ..message import Answer
from .base import Auth, Outgoing, Send
from .place import Place


class Digest(StrEnum):
    """The hash functions that vendors sign with."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"


class Writing(StrEnum):
    """How a signature is written."""

    HEX = "hex"
    UPPER_HEX = "upper_hex"
    BASE64 = "base64"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """What a signed string can be laid out from.

    ``target`` is the path with its query, as sent; ``body_hash`` is the hash of the body in hex;
    ``values`` are those of the sign-in that the signature goes with, such as its ``token``.
    """

    method: str
    target: str
    body: bytes = field(repr=False)
    body_hash: str
    at: datetime
    nonce: str
    values: Mapping[str, str] = field(repr=False)

    @property
    def seconds(self) -> int:
        """Return the time in seconds since 1970."""
        return int(self.at.timestamp())

    @property
    def milliseconds(self) -> int:
        """Return the time in milliseconds since 1970."""
        return int(self.at.timestamp() * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How a vendor wants requests signed.

    ``layout`` gives the string that is signed; ``place`` is where the signature goes; ``others``
    are further places and what goes there, such as the time and the nonce.
    """

    layout: Callable[[ToSign], str]
    place: Place
    others: Mapping[Place, Callable[[ToSign], str]] = field(default_factory=dict)
    digest: Digest = Digest.SHA256
    writing: Writing = Writing.HEX


class SignatureAuth(Auth):
    """Signs every request, on top of another sign-in where there is one."""

    def __init__(self, secret: str, signing: Signing, inner: Auth | None = None) -> None:
        super().__init__()
        self._secret = secret
        self._signing = signing
        self._inner = inner or Auth()

    @property
    @override
    def secrets(self) -> Iterable[str]:
        return (self._secret, *self._inner.secrets)

    @property
    @override
    def values(self) -> Mapping[str, str]:
        return self._inner.values

    @override
    def attach(self, send: Send, clock: Clock) -> None:
        super().attach(send, clock)
        self._inner.attach(send, clock)

    @override
    async def prepare(self) -> None:
        await self._inner.prepare()

    @override
    def apply(self, outgoing: Outgoing) -> int:
        generation = self._inner.apply(outgoing)
        self.sign(outgoing, self._inner.values)
        return generation

    def sign(self, outgoing: Outgoing, values: Mapping[str, str]) -> None:
        """Add a signature to a request."""
        signing = self._signing
        to_sign = ToSign(
            method=outgoing.method,
            target=outgoing.url.raw_path_qs,
            body=outgoing.body,
            body_hash=hashlib.new(signing.digest, outgoing.body).hexdigest(),
            at=self._clock.now(),
            nonce=token_hex(16),
            values=values,
        )
        text = signing.layout(to_sign).encode(errors="replace")
        signature = hmac.new(self._secret.encode(errors="replace"), text, signing.digest.value)
        for place, make in signing.others.items():
            place.put(outgoing, make(to_sign))
        signing.place.put(outgoing, _write(signature.digest(), signing.writing))

    @override
    def rejects(self, answer: Answer) -> bool:
        return self._inner.rejects(answer)

    @override
    async def renew(self, generation: int, answer: Answer) -> None:
        await self._inner.renew(generation, answer)

    @override
    async def close(self) -> None:
        await self._inner.close()


def _write(signature: bytes, writing: Writing) -> str:
    match writing:
        case Writing.HEX:
            return signature.hex()
        case Writing.UPPER_HEX:
            return signature.hex().upper()
        case Writing.BASE64:
            return b64encode(signature).decode()
