"""The ways to sign in that a profile can name, one file a family.

To add one: declare it in a file here, and list it below; make it ready to run in ``compiler.auth``
and list it there; say what it does in ``signin``.
"""

from typing import Final

import probatio

from .keys import ApiKeyAuth, BasicAuth, BearerAuth, NoAuth
from .login import LoginAuth

AUTH: Final[tuple[type, ...]] = (NoAuth, BasicAuth, BearerAuth, ApiKeyAuth, LoginAuth)

__all__ = [
    "AUTH",
    "ApiKeyAuth",
    "BasicAuth",
    "BearerAuth",
    "LoginAuth",
    "NoAuth",
    "auth_types",
]


def auth_types() -> dict[str, probatio.Schema]:
    """Return the schema of each, by its `type`."""
    return {
        str(kind.__annotations__["type"].__args__[0]): probatio.DataclassSchema(kind)
        for kind in AUTH
    }
