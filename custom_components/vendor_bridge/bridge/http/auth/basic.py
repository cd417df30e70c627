"""User name and password with every request (RFC 7617, in UTF-8)."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Final, override

from .base import UNAUTHORIZED, Auth, Outgoing, Rejection
from .place import Place, Where

_PLACE: Final = Place(Where.HEADER, "Authorization", "Basic ")


class BasicAuth(Auth):
    """Sends them unasked, as most devices expect."""

    def __init__(self, username: str, password: str, rejection: Rejection = UNAUTHORIZED) -> None:
        super().__init__(rejection)
        self._password = password
        self._encoded = b64encode(f"{username}:{password}".encode(errors="replace")).decode()

    @property
    @override
    def secrets(self) -> Iterable[str]:
        return (self._password, self._encoded)

    @override
    def apply(self, outgoing: Outgoing) -> int:
        _PLACE.put(outgoing, self._encoded)
        return 0
