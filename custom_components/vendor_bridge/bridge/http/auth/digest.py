"""Digest sign-in (RFC 7616), as cameras and other local devices want it."""

from collections.abc import Iterable
from typing import override

from aiohttp import DigestAuthMiddleware
from yarl import URL

from ...errors import SignInError
from .base import UNAUTHORIZED, Auth, Outgoing, Rejection


class DigestAuth(Auth):
    """Answers the vendor's challenges; the password itself never travels."""

    def __init__(self, username: str, password: str, rejection: Rejection = UNAUTHORIZED) -> None:
        super().__init__(rejection)
        self._username = username
        self._password = password
        self._origins: dict[URL, DigestAuthMiddleware] = {}

    @property
    @override
    def secrets(self) -> Iterable[str]:
        return (self._password,)

    @override
    def apply(self, outgoing: Outgoing) -> int:
        if ":" in self._username:
            raise SignInError("a user name with a colon cannot be used")
        origin = outgoing.url.origin()
        if origin not in self._origins:
            # One each: a challenge of one address says nothing about another.
            self._origins[origin] = DigestAuthMiddleware(self._username, self._password)
        outgoing.middlewares += (self._origins[origin],)
        return 0
