"""Where a credential stands in a request."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ...errors import SignInError
from .base import Outgoing


class Where(StrEnum):
    """The part of a request that holds a credential."""

    HEADER = "header"
    QUERY = "query"
    COOKIE = "cookie"


@dataclass(frozen=True, slots=True)
class Place:
    """A credential's place: ``name`` of the header, parameter or cookie, and a ``prefix``.

    A cookie without a name is a whole Cookie header: "name=value; name=value".
    """

    where: Where
    name: str
    prefix: str = ""

    @property
    def is_whole_cookie(self) -> bool:
        """Return whether it takes a whole Cookie header."""
        return self.where is Where.COOKIE and not self.name

    def put(self, outgoing: Outgoing, value: str) -> None:
        """Add a credential. Raises SignInError for one that cannot be sent as it is."""
        value = self.prefix + value
        match self.where:
            case Where.HEADER:
                outgoing.headers[self.name] = _sendable(value)
            case Where.QUERY:
                query = outgoing.url.query.copy()
                query.pop(self.name, None)
                # Rebuilt only when the name stands there already, as after a redirect that repeats
                # it: an address that the profile encoded stays as it is.
                if len(query) != len(outgoing.url.query):
                    outgoing.url = outgoing.url.with_query(query)
                outgoing.url = outgoing.url.extend_query({self.name: value})
            case Where.COOKIE:
                cookie = f"{self.name}={value}" if self.name else value
                others = outgoing.headers.get("Cookie")
                outgoing.headers["Cookie"] = _sendable(f"{others}; {cookie}" if others else cookie)


BEARER: Final = Place(Where.HEADER, "Authorization", "Bearer ")


def _sendable(value: str) -> str:
    """Refuse what would end a header, as a key that was pasted with its line break does."""
    if any(character < " " or character == "\x7f" for character in value):
        raise SignInError("the credentials hold a line break or another control character")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise SignInError("the credentials hold half a character")
    return value
