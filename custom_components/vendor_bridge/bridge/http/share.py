"""One account's share in what its vendor bears, and what is kept of it between restarts."""

from collections.abc import Callable, Mapping, Sequence
import math
from typing import Any, Final

from ..clock import Clock
from .allowance import Allowance
from .limits import Left, Limiter, Origin

EVERY: Final = 60.0
"""Seconds between two times that counts are kept, lest a disk be worn out."""

STEPS: Final = 10
"""A stretch is rounded up to a tenth."""

SLACK: Final = 0.8
"""A stretch stays as it is until less than this part of it would do."""

COUNTS: Final = "counts"


def forget(_memory: Mapping[str, Any]) -> None:
    """Keep nothing beyond the connection's own life."""


class Share:
    """What an account uses a limiter through: its own, or one that it has in common with others.

    ``memory`` is what ``remember`` was last called with. That happens at most once a minute, and
    once more in the end; not at all where there is nothing to count for longer than an hour.
    ``leave`` is called in the end.
    """

    def __init__(
        self,
        limiter: Limiter,
        clock: Clock,
        *,
        memory: Mapping[str, Any] | None = None,
        remember: Callable[[Mapping[str, Any]], None] = forget,
        leave: Callable[[], None] | None = None,
    ) -> None:
        self._limiter = limiter
        self._clock = clock
        self._remember = remember
        self._leave = leave or limiter.close
        self._keeps = bool(limiter.quotas)
        self._kept_at = -math.inf
        self._changed = False
        self._stretch = 1.0
        self._closed = False
        counts = (memory or {}).get(COUNTS)
        if isinstance(counts, Mapping):
            limiter.restore(counts)

    def take(self) -> int | None:
        """Take a turn at once, where nothing limits them, as ``Limiter.take`` does."""
        return None if self._closed else self._limiter.take()

    async def begin(self, *, command: bool, patience: float) -> int:
        """Wait for a turn and take it, as ``Limiter.begin`` does; ``end`` gives it back."""
        number = await self._limiter.begin(command=command, patience=patience, owner=self)
        if self._keeps:
            self._changed = True
            if self._clock.monotonic() - self._kept_at >= EVERY:
                self._keep()
        return number

    def end(self) -> None:
        """Give a turn back."""
        self._limiter.end()

    @property
    def held(self) -> float:
        """Return for how many seconds polls are still held back at the vendor's wish."""
        return self._limiter.held

    def hold(self, seconds: float) -> None:
        """Hold back polls, because the vendor asked for patience."""
        self._limiter.hold(seconds)

    def hear(self, allowances: Sequence[Allowance], number: int, origin: Origin) -> None:
        """Take over what the answer to a request told of what is left."""
        self._limiter.hear(allowances, number, origin)

    @property
    def left(self) -> Left | None:
        """Return what is left of the tightest budget; None where there are none worth telling."""
        return self._limiter.left

    def time_for(self, requests: int) -> float:
        """Return how many seconds so many polls need to be sent within the limits."""
        return self._limiter.time_for(requests)

    def stretch(self, demand: float, shortest: float) -> float:
        """Return what to multiply intervals by so that polls fit what is allowed; 1.0 for nothing.

        ``demand`` is how many requests a second they would like to send, ``shortest`` the shortest
        interval in seconds. The answer goes up at once and down only when it is clearly too much,
        so that it does not waver.
        """
        strain = self._limiter.strain(demand, shortest, self)
        if strain > self._stretch or strain < self._stretch * SLACK:
            self._stretch = max(math.ceil(strain * STEPS - 1e-6) / STEPS, 1.0)
        return self._stretch

    def close(self) -> None:
        """Turn away what waits, keep the counts, and leave the limiter to the others."""
        if self._closed:
            return
        self._closed = True
        self._limiter.leave(self)
        self._keep()
        self._leave()

    def _keep(self) -> None:
        if not self._changed:
            return
        self._changed = False
        self._kept_at = self._clock.monotonic()
        counts = {quota.key: quota.counts() for quota in self._limiter.quotas}
        self._remember({COUNTS: counts})
