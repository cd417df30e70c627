"""Tokens that say themselves for how long they hold (RFC 7519)."""

import base64
import binascii
from datetime import datetime
import math

import orjson


def jwt_life(token: str, now: datetime) -> float | None:
    """Return the life of a JSON web token in seconds from its issue on, or None.

    From its own times of issue and expiry where it has both, so that it does not matter whose
    clock is right; counted from ``now`` on otherwise. The signature is the vendor's business.
    """
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 header, payload, signature
        return None
    try:
        claims = orjson.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError, binascii.Error:
        return None
    if not isinstance(claims, dict):
        return None
    expiry, issue = _number(claims.get("exp")), _number(claims.get("iat"))
    if expiry is None:
        return None
    life = expiry - (now.timestamp() if issue is None else issue)
    return life if life > 0 else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None
