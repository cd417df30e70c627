"""Credentials that the user has, and that go with every request as they are."""

from dataclasses import dataclass
from typing import Annotated, Literal

from ..fields import told
from .places import PLACE_HELP, Places


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAuth:
    """Nobody signs in."""

    type: Literal["none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicAuth:
    """A user name and a password with every request (HTTP Basic)."""

    type: Literal["basic"]
    username: Annotated[str, told("Usually `{setup.username}`.")]
    password: Annotated[str, told("Usually `{setup.password}`.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestAuth:
    """A user name and a password by challenge and response (HTTP Digest)."""

    type: Literal["digest"]
    username: Annotated[str, told("Usually `{setup.username}`; without a colon.")]
    password: Annotated[str, told("Usually `{setup.password}`.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class BearerAuth:
    """A token that the user got from the vendor, as `Authorization: Bearer ...`."""

    type: Literal["bearer"]
    token: Annotated[str, told("Usually `{setup.token}`.")]

    @property
    def values(self) -> tuple[str, ...]:
        """Return the names of what requests can be filled in with, as `{auth.<name>}`."""
        return ("token",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyAuth:
    """A key that the user got from the vendor, in a header, the query or a cookie."""

    type: Literal["api_key"]
    key: Annotated[str, told("Usually `{setup.api_key}`.")]
    place: Annotated[Places, told(PLACE_HELP)] = "header"
    name: Annotated[str, told("The name of the header, parameter or cookie.")] = "X-API-Key"
    prefix: Annotated[str, told("What stands before it, with its space.")] = ""

    @property
    def values(self) -> tuple[str, ...]:
        """Return the names of what requests can be filled in with, as `{auth.<name>}`."""
        return ("key",)
