"""Hashes of texts and signatures of requests, made ready to be filled in."""

from collections.abc import Iterable
from typing import Final

from ....http.auth import Digest, Writing
from ...schema import auth
from ...signin import SignIn
from ...signin.hashes import Hashed, Signed
from ...templates import Place
from ..context import Context, Path

SIGN_NAMES: Final = (
    "sign.time",
    "sign.nonce",
    "sign.method",
    "sign.path",
    "sign.query",
    "sign.target",
    "sign.sorted_target",
    "sign.body",
)


def hashed(context: Context, spec: auth.Hash, path: Path, known: Iterable[str]) -> Hashed:
    """Return a hash that waits for its text; ``known`` are placeholders besides the setup's."""
    known = tuple(known)
    text = context.template(spec.text, Place.TEXT, (*path, "text"), known)
    key = context.template(spec.key, Place.TEXT, (*path, "key"), known)
    names = text.names | key.names
    return Hashed(
        text=text,
        key=key if spec.key is not None else None,
        digest=Digest(spec.hash),
        writing=Writing(spec.write),
        needs=frozenset(name.removeprefix("auth.") for name in names if name.startswith("auth.")),
    )


def signed(context: Context, spec: auth.Signature, way: SignIn, path: Path) -> Signed:
    """Return how requests are signed, on top of the way in which one signs in."""
    laid_out = (*SIGN_NAMES, *context.auth_names)
    known = (*laid_out, "sign.signature")
    return Signed(
        way=way,
        text=context.template(spec.text, Place.TEXT, (*path, "text"), laid_out),
        key=context.template(spec.key, Place.TEXT, (*path, "key"), context.auth_names)
        if spec.key is not None
        else None,
        headers=context.template(spec.headers, Place.HEADER, (*path, "headers"), known),
        query=context.template(spec.query, Place.QUERY, (*path, "query"), known),
        digest=Digest(spec.hash),
        writing=Writing(spec.write),
        logins=spec.login,
        names=tuple(name.removeprefix("auth.") for name in context.auth_names),
    )
