"""Credentials that the user has, and that go with every request as they are."""

from dataclasses import dataclass

from ...http.auth import Auth, BasicAuth, DigestAuth, KeyAuth, Place
from ..templates import Template
from .base import Given


@dataclass(frozen=True, slots=True)
class Nobody:
    """Nobody signs in."""

    def make(self, given: Given) -> Auth:
        """Return what sends nothing."""
        return Auth(given.rejection)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basic:
    """A user name and a password."""

    username: Template
    password: Template

    def make(self, given: Given) -> Auth:
        """Return what sends them with every request."""
        return BasicAuth(given.text(self.username), given.text(self.password), given.rejection)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A user name and a password that is never sent."""

    username: Template
    password: Template

    def make(self, given: Given) -> Auth:
        """Return what answers the vendor's challenges."""
        return DigestAuth(given.text(self.username), given.text(self.password), given.rejection)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key or a token, its place, and the name by which requests are filled in with it."""

    key: Template
    place: Place | None
    name: str

    def make(self, given: Given) -> Auth:
        """Return what puts it there in every request."""
        return KeyAuth(given.text(self.key), self.place, given.rejection, self.name)
