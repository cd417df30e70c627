"""Credentials that the user has, made ready to be filled in."""

from ....http.auth import BEARER
from ...schema import auth
from ...signin.keys import Basic, Digest, Key, Nobody
from ...templates import Place as Inside
from ..context import Context, Path
from .places import place_of


def nobody(_context: Context, _spec: auth.NoAuth, _path: Path) -> Nobody:
    """Return what signs nobody in."""
    return Nobody()


def basic(context: Context, spec: auth.BasicAuth, path: Path) -> Basic:
    """Return how a user name and a password go with every request."""
    return Basic(
        username=context.template(spec.username, Inside.TEXT, (*path, "username"), ()),
        password=context.template(spec.password, Inside.TEXT, (*path, "password"), ()),
    )


def digest(context: Context, spec: auth.DigestAuth, path: Path) -> Digest:
    """Return how a user name and a password answer the vendor's challenges."""
    return Digest(
        username=context.template(spec.username, Inside.TEXT, (*path, "username"), ()),
        password=context.template(spec.password, Inside.TEXT, (*path, "password"), ()),
    )


def bearer(context: Context, spec: auth.BearerAuth, path: Path) -> Key:
    """Return how a token of the user's goes with every request."""
    key = context.template(spec.token, Inside.TEXT, (*path, "token"), ())
    return Key(key=key, place=BEARER, name="token")


def api_key(context: Context, spec: auth.ApiKeyAuth, path: Path) -> Key:
    """Return how a key of the user's goes with every request."""
    key = context.template(spec.key, Inside.TEXT, (*path, "key"), ())
    return Key(key=key, place=place_of(spec), name="key")
