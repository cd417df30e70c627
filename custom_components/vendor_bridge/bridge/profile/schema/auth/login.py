"""Logins: requests that give a token or a session."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import probatio

from ..fields import SAYINGS, SLUG, either, exactly_one, told
from ..requests import RequestSpec
from ..values import KEEP
from .hashes import Hash
from .places import PLACE_HELP, Places

KEEP_HELP = "What else the answer has that requests need, by names: `{auth.<name>}` stands for it."


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginStep(RequestSpec):
    """One request of a login in several steps; `{answer…}` is the answer to the one before."""

    keep: Annotated[dict[str, Any], KEEP, told(KEEP_HELP)] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginAuth:
    """A request, or several in a row, give a token or a session that is good for a while."""

    type: Literal["login"]
    request: Annotated[RequestSpec | None, told("The request that signs in.")] = None
    steps: Annotated[
        list[LoginStep] | None,
        probatio.Maybe(probatio.Length(min=1, max=20)),
        told("The requests that sign in, in order, where it takes several."),
    ] = None
    token: Annotated[str | None, told("Where the (last) answer has the token.")] = None
    cookies: Annotated[
        Any,
        either((bool, bool), (list, probatio.All([str], probatio.Length(min=1)))),
        told("Whether the session is in cookies: true for all that are set, or their names."),
    ] = False
    keep: Annotated[dict[str, Any], KEEP, told(KEEP_HELP)] = field(default_factory=dict)
    hashes: Annotated[
        Any,  # a mapping of names to Hash
        probatio.Schema({probatio.Match(SLUG): probatio.DataclassSchema(Hash)}),
        told("What is hashed on the way, by names: `{auth.<name>}` stands for it."),
    ] = field(default_factory=dict)
    expires_in: Annotated[
        str | int | float | None,
        told("Where it says for how many seconds, or how many. A JWT says that itself."),
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
    logout: Annotated[
        RequestSpec | None,
        told("The request that signs out, where the vendor bears only a few sessions."),
    ] = None
    place: Annotated[Places, told(PLACE_HELP)] = "header"
    name: Annotated[str, told("The name of the header, parameter or cookie.")] = "Authorization"
    prefix: Annotated[str, told("What stands before the token, with its space.")] = "Bearer "
    rejected: Annotated[
        Any,  # a list of statuses and conditions
        SAYINGS,
        told(
            "How the login says that the credentials are wrong: by these statuses, or by what "
            "these conditions find in its answer."
        ),
    ] = field(default_factory=lambda: [400, 401, 403])

    def __post_init__(self) -> None:
        """Check that it is clear what is sent and what it gives."""
        exactly_one(self, ("request", "steps"), "give either request or steps")
        if self.token is None and not self.cookies:
            message = "say where the answer has the token, or that the session is in cookies"
            raise ValueError(message)

    @property
    def requests(self) -> list[RequestSpec]:
        """Return what is sent, in order."""
        return [self.request] if self.request is not None else [*(self.steps or ())]

    @property
    def values(self) -> tuple[str, ...]:
        """Return the names of what requests can be filled in with, as `{auth.<name>}`."""
        kept = [name for step in self.steps or () for name in step.keep]
        token = ["token"] if self.token is not None else []
        return tuple(dict.fromkeys([*token, *kept, *self.keep, *self.hashes]))
