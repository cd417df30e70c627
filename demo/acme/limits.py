"""The rate limit: so many requests a minute, for each session."""

from collections.abc import Callable
from dataclasses import dataclass
import math

WINDOW = 60.0


@dataclass(slots=True)
class _Window:
    ends: float
    used: int = 0


class RateLimiter:
    """Counts requests in windows of a minute, which begin with a session's first request."""

    def __init__(self, now: Callable[[], float], per_minute: int) -> None:
        self._now = now
        self.per_minute = per_minute
        self._windows: dict[int, _Window] = {}

    def count(self, session: int) -> tuple[bool, dict[str, str]]:
        """Count a request; return whether it is allowed, and the headers that say what is left."""
        now = self._now()
        window = self._windows.get(session)
        if window is None or now >= window.ends:
            window = self._windows[session] = _Window(ends=now + WINDOW)
        allowed = window.used < self.per_minute
        window.used += allowed
        reset = str(max(1, math.ceil(window.ends - now)))
        headers = {
            "RateLimit-Limit": str(self.per_minute),
            "RateLimit-Remaining": str(max(0, self.per_minute - window.used)),
            "RateLimit-Reset": reset,
        }
        return allowed, headers if allowed else headers | {"Retry-After": reset}
