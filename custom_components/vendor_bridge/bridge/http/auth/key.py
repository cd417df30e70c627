"""A fixed key or token: bearer, API key in a header, the query or a cookie."""

from collections.abc import Iterable, Mapping
from typing import override

from .base import UNAUTHORIZED, Auth, Outgoing, Rejection
from .place import BEARER, Place


class KeyAuth(Auth):
    """Puts the same key into the same place of every request; by default as a bearer token.

    Requests are filled in with it by its ``name``; where that is enough, it has no place.
    """

    def __init__(
        self,
        key: str,
        place: Place | None = BEARER,
        rejection: Rejection = UNAUTHORIZED,
        name: str = "key",
    ) -> None:
        super().__init__(rejection)
        self._key = key
        self._name = name
        self._place = place

    @property
    @override
    def secrets(self) -> Iterable[str]:
        return (self._key,)

    @property
    @override
    def values(self) -> Mapping[str, str]:
        return {self._name: self._key}

    @override
    def apply(self, outgoing: Outgoing) -> int:
        if self._place is not None:
            self._place.put(outgoing, self._key)
        return 0
