"""Logins, made ready to be filled in."""

from typing import Final

from ....http.auth import Place, Where
from ....model import Kind
from ...schema import auth
from ...signin.login import Login, Parts
from ..context import Context, Path
from ..requests import request_plan

AUTH_NAMES: Final = ("auth.refresh_token", "auth.token")


def login(context: Context, spec: auth.LoginAuth, path: Path) -> Login:
    """Return how a request gives a token."""
    life = spec.expires_in
    return Login(
        request=request_plan(context, spec.request, (*path, "request")),
        refresh=request_plan(context, spec.refresh, (*path, "refresh"), AUTH_NAMES)
        if spec.refresh is not None
        else None,
        parts=Parts(
            token=context.value(spec.token, (*path, "token"), Kind.TEXT),
            refresh_token=context.value(spec.refresh_token, (*path, "refresh_token"), Kind.TEXT),
            expires_in=context.value(life, (*path, "expires_in"), Kind.NUMBER)
            if isinstance(life, str)
            else life,
            expires_at=context.value(spec.expires_at, (*path, "expires_at"), Kind.TIMESTAMP),
        ),
        place=Place(Where(spec.place), spec.name, spec.prefix),
        refused=frozenset(spec.rejected),
    )
