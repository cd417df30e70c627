"""The ways to sign in that a profile can name."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

import probatio

from .fields import told
from .requests import RequestSpec

# No `type` statement: probatio takes what that makes for anything at all.
Places = Literal["header", "query", "cookie"]


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
class BearerAuth:
    """A token that the user got from the vendor, as `Authorization: Bearer ...`."""

    type: Literal["bearer"]
    token: Annotated[str, told("Usually `{setup.token}`.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyAuth:
    """A key that the user got from the vendor, in a header, the query or a cookie."""

    type: Literal["api_key"]
    key: Annotated[str, told("Usually `{setup.api_key}`.")]
    place: Annotated[Places, told("Where it goes.")] = "header"
    name: Annotated[str, told("The name of the header, parameter or cookie.")] = "X-API-Key"
    prefix: Annotated[str, told("What stands before it, with its space.")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginAuth:
    """A request gives a token that is good for a while."""

    type: Literal["login"]
    request: Annotated[RequestSpec, told("The request that signs in.")]
    token: Annotated[str, told("Where its answer has the token.")]
    expires_in: Annotated[
        str | int | float | None, told("Where it says for how many seconds, or how many.")
    ] = None
    expires_at: Annotated[
        str | None, told("Where it says until when (ISO 8601, or seconds since 1970).")
    ] = None
    refresh_token: Annotated[str | None, told("Where it has the token that renews.")] = (
        "refresh_token"  # noqa: S105 - a name
    )
    refresh: Annotated[
        RequestSpec | None, told("The request that renews, with `{auth.refresh_token}`.")
    ] = None
    place: Annotated[Places, told("Where the token goes.")] = "header"
    name: Annotated[str, told("The name of the header, parameter or cookie.")] = "Authorization"
    prefix: Annotated[str, told("What stands before the token, with its space.")] = "Bearer "
    rejected: Annotated[
        list[int], told("The statuses by which the login says that the credentials are wrong.")
    ] = field(default_factory=lambda: [400, 401, 403])


AUTH = (NoAuth, BasicAuth, BearerAuth, ApiKeyAuth, LoginAuth)
type AuthSpec = NoAuth | BasicAuth | BearerAuth | ApiKeyAuth | LoginAuth


def auth_types() -> dict[str, probatio.Schema]:
    """Return the schema of each, by its `type`."""
    return {
        str(kind.__annotations__["type"].__args__[0]): probatio.DataclassSchema(kind)
        for kind in AUTH
    }
