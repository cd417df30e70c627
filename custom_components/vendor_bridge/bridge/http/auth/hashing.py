"""Hashes of texts, as vendors want passwords proved and requests signed."""

from base64 import b64encode
from enum import StrEnum
import hashlib
import hmac


class Digest(StrEnum):
    """The hash functions that vendors use."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"


class Writing(StrEnum):
    """How a hash is written."""

    HEX = "hex"
    UPPER_HEX = "upper_hex"
    BASE64 = "base64"


def hash_of(
    text: str, digest: Digest, writing: Writing = Writing.HEX, *, key: str | None = None
) -> str:
    """Return the hash of a text in UTF-8, or its HMAC where there is a key."""
    raw = text.encode(errors="replace")
    if key is None:
        made = hashlib.new(digest.value, raw, usedforsecurity=False).digest()
    else:
        made = hmac.digest(key.encode(errors="replace"), raw, digest.value)
    match writing:
        case Writing.HEX:
            return made.hex()
        case Writing.UPPER_HEX:
            return made.hex().upper()
        case Writing.BASE64:
            return b64encode(made).decode()
