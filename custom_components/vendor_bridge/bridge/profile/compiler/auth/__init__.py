"""The sign-in, made ready to be filled in, one file a family."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ....http.auth import Rejection
from ...schema import auth
from ...signin import SignIn
from ..context import Context, Path
from .hashes import SIGN_NAMES, signed
from .keys import api_key, basic, bearer, digest, nobody
from .login import TOKEN_NAMES, login
from .oauth2 import oauth2
from .pairing import pairing
from .sayings import sayings

type Compile = Callable[[Context, Any, Path], SignIn]
"""Makes a declared way to sign in ready; the path is where in the profile it stands."""

COMPILERS: Final[Mapping[type, Compile]] = {
    auth.NoAuth: nobody,
    auth.BasicAuth: basic,
    auth.DigestAuth: digest,
    auth.BearerAuth: bearer,
    auth.ApiKeyAuth: api_key,
    auth.LoginAuth: login,
    auth.OAuth2Auth: oauth2,
    auth.PairingAuth: pairing,
}

__all__ = ["COMPILERS", "SIGN_NAMES", "TOKEN_NAMES", "compile_sign_in", "rejection"]


def compile_sign_in(context: Context) -> SignIn:
    """Return the profile's way to sign in, and to sign requests."""
    api = context.profile.api
    way = COMPILERS[type(api.auth)](context, api.auth, ("api", "auth"))
    if api.signature is None:
        return way
    return signed(context, api.signature, way, ("api", "signature"))


def rejection(context: Context) -> Rejection:
    """Return how an answer says that the sign-in is not valid (any more)."""
    statuses, condition = sayings(context, context.profile.api.signed_out, ("api", "signed_out"))
    return Rejection(statuses, condition)
