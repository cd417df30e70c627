"""A fixed key or token: bearer, API key in a header, the query or a cookie."""

from collections.abc import Iterable
from typing import override

from .base import UNAUTHORIZED, Auth, Outgoing, Rejection
from .place import BEARER, Place


class KeyAuth(Auth):
    """Puts the same key into the same place of every request; by default as a bearer token."""

    def __init__(
        self, key: str, place: Place = BEARER, rejection: Rejection = UNAUTHORIZED
    ) -> None:
        super().__init__(rejection)
        self._key = key
        self._place = place

    @property
    @override
    def secrets(self) -> Iterable[str]:
        return (self._key,)

    @override
    def apply(self, outgoing: Outgoing) -> int:
        self._place.put(outgoing, self._key)
        return 0
