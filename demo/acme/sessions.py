"""Who is signed in: access tokens that live minutes, refresh tokens that are good for one use."""

from collections.abc import Callable
from hashlib import sha256
import json
from pathlib import Path
import secrets
from typing import Any

from .errors import (
    InvalidRefreshTokenError,
    InvalidTokenError,
    TokenExpiredError,
    WrongCredentialsError,
)

EMAIL = "demo@acme.example"
PASSWORD = "acme-demo"  # noqa: S105 - printed in the vendor's documentation
_KEPT_EXPIRED = 3600.0


class Sessions:
    """All sign-ins. Only digests of tokens are kept; times are in real seconds.

    With ``path`` they are kept in a file, so that a restart signs nobody out.
    """

    def __init__(
        self, now: Callable[[], float], lifetime: float, *, path: Path | None = None
    ) -> None:
        self._now = now
        self.lifetime = lifetime
        self._path = path
        self._sessions = 0
        # By digest: the session's number, and for access tokens when they expire.
        self._access: dict[str, tuple[int, float]] = {}
        self._refresh: dict[str, int] = {}
        if path is not None and path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            self._sessions = kept["sessions"]
            self._access = {key: (number, until) for key, (number, until) in kept["access"].items()}
            self._refresh = kept["refresh"]

    def login(self, email: str, password: str) -> dict[str, Any]:
        """Return new tokens for the account's owner."""
        right = secrets.compare_digest(password.encode("utf-8", "replace"), PASSWORD.encode())
        if email.strip().lower() != EMAIL or not right:
            raise WrongCredentialsError("email or password is wrong")
        self._sessions += 1
        return self._grant(self._sessions)

    def refresh(self, token: str) -> dict[str, Any]:
        """Return new tokens for a refresh token, which is used up."""
        number = self._refresh.pop(_digest(token), None)
        if number is None:
            raise InvalidRefreshTokenError("the refresh token is unknown, used or revoked")
        return self._grant(number)

    def session(self, token: str) -> int:
        """Return the number of the session that an access token belongs to."""
        found = self._access.get(_digest(token))
        if found is None:
            raise InvalidTokenError("the access token is unknown or revoked")
        number, until = found
        if self._now() >= until:
            raise TokenExpiredError("the access token has expired")
        return number

    def expire(self, token: str) -> None:
        """Have an access token expire now."""
        digest = _digest(token)
        if digest in self._access:
            self._access[digest] = (self._access[digest][0], self._now())
            self._keep()

    def expire_all(self) -> None:
        """Have all access tokens expire now; refresh tokens stay good."""
        now = self._now()
        self._access = {
            key: (number, min(until, now)) for key, (number, until) in self._access.items()
        }
        self._keep()

    def revoke(self, *, access: bool, refresh: bool) -> None:
        """Forget all tokens of a sort: whoever has one must sign in anew."""
        if access:
            self._access.clear()
        if refresh:
            self._refresh.clear()
        self._keep()

    def _grant(self, number: int) -> dict[str, Any]:
        now = self._now()
        self._access = {
            key: found for key, found in self._access.items() if found[1] > now - _KEPT_EXPIRED
        }
        access, refresh = f"at_{secrets.token_urlsafe(24)}", f"rt_{secrets.token_urlsafe(24)}"
        self._access[_digest(access)] = (number, now + self.lifetime)
        self._refresh[_digest(refresh)] = number
        self._keep()
        return {
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "Bearer",
            "expires_in": self.lifetime,
        }

    def _keep(self) -> None:
        if self._path is None:
            return
        content = {"sessions": self._sessions, "access": self._access, "refresh": self._refresh}
        beside = self._path.with_suffix(".new")
        beside.write_text(json.dumps(content), encoding="utf-8")
        beside.replace(self._path)


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
