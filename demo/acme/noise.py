"""Chance that always falls the same way."""

from functools import lru_cache
from hashlib import blake2b

_SPAN = 2**64


@lru_cache(maxsize=1024)
def draw(seed: int, *key: str | int) -> float:
    """Return a number from 0 up to, not including, 1: the same for the same seed and key."""
    digest = blake2b(repr((seed, *key)).encode(), digest_size=8).digest()
    # The top of the range would round up to 1.0.
    return (int.from_bytes(digest) >> 11) / (_SPAN >> 11)
