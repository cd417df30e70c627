"""The sign-in, made ready to be filled in, one file a family."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from ...schema import auth
from ...signin import SignIn
from ..context import Context, Path
from .keys import api_key, basic, bearer, nobody
from .login import AUTH_NAMES, login

type Compile = Callable[[Context, Any, Path], SignIn]
"""Makes a declared way to sign in ready; the path is where in the profile it stands."""

COMPILERS: Final[Mapping[type, Compile]] = {
    auth.NoAuth: nobody,
    auth.BasicAuth: basic,
    auth.BearerAuth: bearer,
    auth.ApiKeyAuth: api_key,
    auth.LoginAuth: login,
}

__all__ = ["AUTH_NAMES", "COMPILERS", "compile_sign_in"]


def compile_sign_in(context: Context) -> SignIn:
    """Return the profile's way to sign in."""
    spec = context.profile.api.auth
    return COMPILERS[type(spec)](context, spec, ("api", "auth"))
