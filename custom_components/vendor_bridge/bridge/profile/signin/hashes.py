"""Texts that are hashed on the way, and requests that are signed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ...http.auth import (
    Auth,
    Digest,
    Place,
    SignatureAuth,
    Signing,
    ToSign,
    Where,
    Writing,
    hash_of,
)
from ..templates import Template, TemplateError
from .base import Given, SignIn, filled, unfilled


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashed:
    """The hash of a text; ``needs`` are the names of what it waits for."""

    text: Template
    key: Template | None
    digest: Digest
    writing: Writing
    needs: frozenset[str]

    def make(self, scope: Mapping[str, Any]) -> str:
        """Return the hash. Raises TemplateError."""
        key = None if self.key is None else filled(self.key, scope)
        return hash_of(filled(self.text, scope), self.digest, self.writing, key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signature with every request, on top of another way to sign in.

    ``names`` are those of the values that the other way gives; before it did, they are empty.
    """

    way: SignIn
    text: Template
    key: Template | None
    headers: Template
    query: Template
    digest: Digest
    writing: Writing
    logins: bool
    names: tuple[str, ...]

    def make(self, given: Given) -> Auth:
        """Return what signs in and signs. Raises TemplateError."""
        nothing = dict.fromkeys(self.names, "")

        def key(values: Mapping[str, str]) -> str:
            assert self.key is not None  # noqa: S101 - asked only where there is one
            with _sending():
                return filled(self.key, {**given.scope, "auth": {**nothing, **values}})

        def layout(to_sign: ToSign) -> str:
            with _sending():
                return filled(self.text, scope(to_sign))

        def scope(to_sign: ToSign, signature: str = "") -> Mapping[str, Any]:
            return {
                **given.scope,
                "auth": {**nothing, **to_sign.values},
                "sign": {
                    "time": to_sign.at,
                    "nonce": to_sign.nonce,
                    "method": to_sign.method,
                    "path": to_sign.url.raw_path,
                    "query": to_sign.url.raw_query_string,
                    "target": to_sign.target,
                    "sorted_target": to_sign.sorted_target,
                    "body": to_sign.body.decode(errors="replace"),
                    "signature": signature,
                },
            }

        def places(to_sign: ToSign, signature: str) -> Mapping[Place, str]:
            named = scope(to_sign, signature)
            with _sending():
                return {
                    Place(where, name): value
                    for where, part in ((Where.HEADER, self.headers), (Where.QUERY, self.query))
                    for name, value in part.fill(named).items()
                }

        return SignatureAuth(
            Signing(
                layout=layout,
                key=None if self.key is None else key,
                places=places,
                digest=self.digest,
                writing=self.writing,
                logins=self.logins,
            ),
            self.way.make(given),
            secrets=() if self.key is None else (key({}),),
        )


@contextmanager
def _sending() -> Iterator[None]:
    """Say what it means that a signature cannot be filled in."""
    try:
        yield
    except TemplateError as error:
        raise unfilled(error) from error
