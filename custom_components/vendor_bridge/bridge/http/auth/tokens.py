"""Tokens: what a vendor gives at sign-in, and how they are kept across restarts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from .jwt import jwt_life

LONGEST_LIFE: Final = 10 * 365 * 86400.0
"""Seconds; longer lives, and none at all, are taken for no statement."""

_SLACK: Final = timedelta(seconds=60)
_PART_OF_LIFE: Final = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a sign-in gave.

    ``token`` goes with the requests; ``refresh_token`` gets the next one. ``expires_in`` is the
    life of the token in seconds, where the vendor says; or it says ``expires_at``, an aware time.
    ``extra`` is whatever else requests are filled in with, by name. ``obtained_at`` is ours.
    """

    token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_in: float | None = None
    expires_at: datetime | None = None
    obtained_at: datetime | None = None
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)

    def obtained(self, now: datetime, previous: Self | None = None) -> Self:
        """Return the tokens with absolute times, given that they were obtained now.

        Where the vendor says nothing of their life, a JSON web token may say it itself.
        A refresh that gives no new refresh token or extras leaves the ``previous`` ones in force.
        """
        life = self.expires_in
        expires_at = self.expires_at
        if life is None and expires_at is None:
            life = jwt_life(self.token, now)
        if life is not None and 0 < life <= LONGEST_LIFE:
            expires_at = now + timedelta(seconds=life)
        elif life is not None:
            expires_at = None
        return replace(
            self,
            refresh_token=self.refresh_token or (previous.refresh_token if previous else None),
            extra={**(previous.extra if previous else {}), **self.extra},
            expires_at=expires_at,
            obtained_at=now,
        )

    def is_expired(self, now: datetime) -> bool:
        """Return whether the token's life is over."""
        return self.expires_at is not None and now >= self.expires_at

    def is_due(self, now: datetime) -> bool:
        """Return whether to get a new token: a fifth of its life early, but at most 60 s."""
        if self.expires_at is None:
            return False
        slack = _SLACK
        if self.obtained_at is not None and self.obtained_at < self.expires_at:
            slack = min(slack, (self.expires_at - self.obtained_at) * _PART_OF_LIFE)
        return now + slack >= self.expires_at

    def as_dict(self) -> dict[str, Any]:
        """Return plain values that JSON can hold."""
        return {
            "token": self.token,
            "refresh_token": self.refresh_token,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "obtained_at": self.obtained_at.isoformat() if self.obtained_at else None,
            "extra": dict(self.extra),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self | None:
        """Return what ``as_dict`` gave; None where that is not what was stored."""
        token, refresh, extra = (stored.get(key) for key in ("token", "refresh_token", "extra"))
        if not isinstance(token, str) or not token:
            return None
        return cls(
            token=token,
            refresh_token=refresh if isinstance(refresh, str) else None,
            expires_at=_time(stored.get("expires_at")),
            obtained_at=_time(stored.get("obtained_at")),
            extra={str(key): str(value) for key, value in extra.items()}
            if isinstance(extra, Mapping)
            else {},
        )


def _time(text: object) -> datetime | None:
    try:
        time = datetime.fromisoformat(text) if isinstance(text, str) else None
        return time.astimezone(UTC) if time and time.tzinfo else None
    except ValueError, OverflowError:
        return None
