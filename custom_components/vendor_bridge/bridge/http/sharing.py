"""Limiters that accounts have in common, where a vendor counts them as one."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from random import uniform
from typing import Any, Final

from ..clock import Clock
from ..pacing import Jitter
from .limits import Limiter, Limits, Origin
from .share import Share, forget

SPACING: Final = 0.5
"""Seconds between two accounts that begin to ask the same server, and half as much again."""

LONGEST_START: Final = 5.0
"""Seconds that an account waits for others to begin."""


@dataclass(slots=True)
class _Shared:
    limiter: Limiter
    users: int = 0


class Limiters:
    """The limiters of all accounts of one program.

    Accounts that begin at the same time to ask the same server do so one after the other, whether
    or not they share a limiter.
    """

    def __init__(self, jitter: Jitter = uniform) -> None:
        """Take what spreads accounts."""
        self._jitter = jitter
        self._shared: dict[Hashable, _Shared] = {}
        self._next_start: dict[Origin, float] = {}

    def __len__(self) -> int:
        """Return how many limiters are shared at the moment."""
        return len(self._shared)

    def join(
        self,
        limits: Limits,
        clock: Clock,
        origin: Origin,
        *,
        group: Hashable | None = None,
        memory: Mapping[str, Any] | None = None,
        remember: Callable[[Mapping[str, Any]], None] = forget,
    ) -> Share:
        """Return an account's share in a limiter.

        Accounts that name the same ``group`` and have the same limits share one on each
        ``origin``; None stands for an account of its own. The last that closes its share ends it.
        """
        wait = self._wait(origin, clock.monotonic())
        if group is None:
            limiter = Limiter(limits, clock, self._jitter)
            limiter.start_in(wait)
            return Share(limiter, clock, memory=memory, remember=remember)
        key = (group, origin, limits)
        shared = self._shared.get(key)
        if shared is None:
            shared = self._shared[key] = _Shared(Limiter(limits, clock, self._jitter))
            shared.limiter.start_in(wait)
        shared.users += 1

        def leave() -> None:
            shared.users -= 1
            if not shared.users:
                del self._shared[key]
                shared.limiter.close()

        return Share(shared.limiter, clock, memory=memory, remember=remember, leave=leave)

    def _wait(self, origin: Origin, now: float) -> float:
        """Return for how many seconds an account waits for those before it to begin."""
        self._next_start = {one: at for one, at in self._next_start.items() if at > now}
        begins = min(self._next_start.get(origin, now), now + LONGEST_START)
        self._next_start[origin] = begins + self._jitter(SPACING, SPACING * 1.5)
        return begins - now
