"""Texts that are hashed: passwords that are proved, requests that are signed."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from ..fields import told

Hashes = Literal["md5", "sha1", "sha256", "sha512"]
Writings = Literal["hex", "upper_hex", "base64"]

HASH_HELP = "The hash function."
KEY_HELP = "The secret to sign with (HMAC); without it, the text is only hashed."
WRITE_HELP = "How the result is written."


@dataclass(frozen=True, slots=True, kw_only=True)
class Hash:
    """The hash of a text, such as of a password and the vendor's challenge."""

    text: Annotated[str, told("The text, with placeholders.")]
    hash: Annotated[Hashes, told(HASH_HELP)] = "sha256"
    key: Annotated[str | None, told(KEY_HELP)] = None
    write: Annotated[Writings, told(WRITE_HELP)] = "hex"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature with every request, beside whatever else signs in."""

    text: Annotated[str, told("What is signed, laid out with `{sign.…}` and `{auth.…}`.")]
    key: Annotated[str | None, told(KEY_HELP)] = None
    hash: Annotated[Hashes, told(HASH_HELP)] = "sha256"
    write: Annotated[Writings, told(WRITE_HELP)] = "hex"
    headers: Annotated[
        dict[str, str], told("Headers to add, one of them usually `{sign.signature}`.")
    ] = field(default_factory=dict)
    query: Annotated[
        dict[str, str], told("Parameters to add; they are no part of what is signed.")
    ] = field(default_factory=dict)
    login: Annotated[bool, told("Whether the requests that sign in are signed, too.")] = True

    def __post_init__(self) -> None:
        """Check that the signature goes somewhere."""
        added = [*self.headers.values(), *self.query.values()]
        if not any("sign.signature" in text for text in added):
            message = "say in headers or query where {sign.signature} goes"
            raise ValueError(message)
