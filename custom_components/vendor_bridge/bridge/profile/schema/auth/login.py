"""Logins: requests that give a token."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from ..fields import told
from ..requests import RequestSpec
from .places import Places


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
