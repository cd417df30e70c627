"""The ways to sign in that a profile can name, one file a family.

To add one: declare it in a file here, and list it below; make it ready to run in ``compiler.auth``
and list it there; say what it does in ``signin``.
"""

from typing import Final

import probatio

from .hashes import Hash, Signature
from .keys import ApiKeyAuth, BasicAuth, BearerAuth, DigestAuth, NoAuth
from .login import LoginAuth, LoginStep
from .oauth2 import OAuth2Auth
from .pairing import PairingAuth

AUTH: Final[tuple[type, ...]] = (
    NoAuth,
    BasicAuth,
    DigestAuth,
    BearerAuth,
    ApiKeyAuth,
    LoginAuth,
    OAuth2Auth,
    PairingAuth,
)

__all__ = [
    "AUTH",
    "ApiKeyAuth",
    "BasicAuth",
    "BearerAuth",
    "DigestAuth",
    "Hash",
    "LoginAuth",
    "LoginStep",
    "NoAuth",
    "OAuth2Auth",
    "PairingAuth",
    "Signature",
    "auth_names",
    "auth_types",
]


def auth_names(spec: object) -> tuple[str, ...]:
    """Return what requests can be filled in with once somebody has signed in: "auth.token" ..."""
    return tuple(f"auth.{name}" for name in getattr(spec, "values", ()))


def auth_types() -> dict[str, probatio.Schema]:
    """Return the schema of each, by its `type`."""
    return {
        str(kind.__annotations__["type"].__args__[0]): probatio.DataclassSchema(kind)
        for kind in AUTH
    }
