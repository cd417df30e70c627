"""OAuth 2: tokens from an authorization server, with the user's consent or without."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

from ..fields import told
from ..values import KEEP
from .login import KEEP_HELP
from .places import PLACE_HELP, Places

ADDRESS_HELP: Final = "An address of any host, or a path below `base_url`."
GRANTS: Final = {
    "authorization_code": "authorize_url",
    "device_code": "device_url",
    "client_credentials": None,
}
"""Each grant, and the address that it alone needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth2Auth:
    """Tokens from an authorization server (OAuth 2), which is asked for nothing else."""

    type: Literal["oauth2"]
    grant: Annotated[
        Literal["authorization_code", "device_code", "client_credentials"],
        told(
            "How the user agrees: in the browser, or by entering a code; "
            "with `client_credentials`, nobody has to."
        ),
    ]
    token_url: Annotated[str, told(f"Where there are tokens. {ADDRESS_HELP}")]
    authorize_url: Annotated[
        str | None, told("Where the browser is sent, for `authorization_code`: an address.")
    ] = None
    device_url: Annotated[
        str | None, told(f"Where there are codes, for `device_code`. {ADDRESS_HELP}")
    ] = None
    client_id: Annotated[str, told("Usually `{setup.client_id}`.")]
    client_secret: Annotated[
        str | None, told("Usually `{setup.client_secret}`; there may be none.")
    ] = None
    client_auth: Annotated[
        Literal["body", "header"], told("Where id and secret travel: as fields, or as HTTP Basic.")
    ] = "body"
    scopes: Annotated[list[str], told("What to ask permission for.")] = field(default_factory=list)
    pkce: Annotated[
        bool, told("Whether a code is good only for who asked for it (PKCE, with S256).")
    ] = True
    authorize_query: Annotated[
        dict[str, str], told("More parameters of the address that the browser is sent to.")
    ] = field(default_factory=dict)
    token_form: Annotated[
        dict[str, str], told("More fields of the requests for tokens and codes.")
    ] = field(default_factory=dict)
    token: Annotated[str, told("Where the answer has the token.")] = "access_token"  # noqa: S105 - a name
    refresh_token: Annotated[str, told("Where it has the token that renews.")] = "refresh_token"  # noqa: S105 - a name
    expires_in: Annotated[
        str | int | float, told("Where it says for how many seconds, or how many.")
    ] = "expires_in"
    keep: Annotated[dict[str, Any], KEEP, told(KEEP_HELP)] = field(default_factory=dict)
    place: Annotated[Places, told(PLACE_HELP)] = "header"
    name: Annotated[str, told("The name of the header, parameter or cookie.")] = "Authorization"
    prefix: Annotated[str, told("What stands before the token, with its space.")] = "Bearer "

    def __post_init__(self) -> None:
        """Check that there are the addresses that the grant needs, and no others."""
        for grant, name in GRANTS.items():
            if name is not None and (grant == self.grant) != (getattr(self, name) is not None):
                message = f"{name} is for {grant}, which needs it"
                raise ValueError(message)

    @property
    def values(self) -> tuple[str, ...]:
        """Return the names of what requests can be filled in with, as `{auth.<name>}`."""
        return ("token", *self.keep)
