"""Budgets: how many requests there may be in a time, how many are left, and when it is full again.

A share of every budget is kept for commands, for a person waits for those.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
import math
from typing import Final, override
from zoneinfo import ZoneInfo

from ..clock import Clock
from .allowance import Allowance

STALE: Final = 3600.0
"""Seconds after which what a vendor said of a budget is put to the test by one request."""

WORTH_WAITING: Final = 60.0
"""Seconds that polls wait for room in a budget that is full again all at once."""

UNKNOWN: Final = 60.0
"""Seconds for which a budget is taken to be used up whose vendor does not say how long."""


def for_polls(requests: int) -> int:
    """Return how many of so many requests polls may use: a tenth, but at least one, is kept."""
    return max(requests - max(requests // 10, 1), 1)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many requests in any ``per`` seconds; with a ``zone``, in each of its days."""

    requests: int
    per: float
    zone: ZoneInfo | None = None

    @property
    def for_polls(self) -> int:
        """Return how many of the requests polls may use."""
        return for_polls(self.requests)


class Budget(ABC):
    """Counts requests against a limit. All times are in seconds from now."""

    limit: int

    @property
    def known_limit(self) -> int | None:
        """Return the limit; None where it is only a guess."""
        return self.limit

    @abstractmethod
    def delay(self, *, command: bool) -> float:
        """Return how long the next request has to wait."""

    @property
    def worth_waiting(self) -> float:
        """Return for how long a poll may have to wait without being sent away instead."""
        return WORTH_WAITING

    @abstractmethod
    def take(self) -> None:
        """Count a request."""

    @property
    @abstractmethod
    def left(self) -> int:
        """Return how many requests are left, those kept for commands among them."""

    @property
    @abstractmethod
    def full_in(self) -> float:
        """Return when it is full again if nobody asks for anything meanwhile."""

    @abstractmethod
    def strain(self, demand: float, shortest: float) -> float:
        """Return how many times too many ``demand`` polls a second are, as things stand.

        ``shortest`` is the shortest interval between two polls.
        """

    def time_for(self, requests: int) -> float:  # noqa: ARG002 - most let all go at once, or none
        """Return how long so many polls take that begin with all of the budget."""
        return 0.0

    @property
    def spare(self) -> int:
        """Return how many requests polls may still use."""
        return max(self.left - (self.limit - for_polls(self.limit)), 0)


def strain_until(demand: float, shortest: float, seconds: float, spare: float) -> float:
    """Return how many times too many polls are that have to do with ``spare`` for so long.

    With nothing to spare, the whole time has to pass before the next poll.
    """
    if seconds <= 0 or demand <= 0:
        return 0.0
    return demand * seconds / spare if spare > 0 else seconds / shortest


class Window(Budget):
    """Times of requests in the last seconds.

    They are kept rather than a bucket of tokens, which would let twice the promised number
    through in one ``per``: a full bucket and what flows into it.
    """

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self.limit = rate.requests
        self._rate = rate
        self._clock = clock
        self._times: deque[float] = deque(maxlen=rate.requests)

    @override
    def delay(self, *, command: bool) -> float:
        allowed = self._rate.requests if command else self._rate.for_polls
        if len(self._times) < allowed:
            return 0.0
        return self._times[-allowed] + self._rate.per - self._clock.monotonic()

    @override
    def take(self) -> None:
        self._times.append(self._clock.monotonic())

    @property
    @override
    def left(self) -> int:
        since = self._clock.monotonic() - self._rate.per
        while self._times and self._times[0] <= since:
            self._times.popleft()
        return self.limit - len(self._times)

    @property
    @override
    def full_in(self) -> float:
        if not self._times:
            return 0.0
        return max(self._times[-1] + self._rate.per - self._clock.monotonic(), 0.0)

    @property
    @override
    def worth_waiting(self) -> float:
        # However many polls wait for it, they all get their turn, one round after the other.
        return math.inf

    @override
    def time_for(self, requests: int) -> float:
        return max(requests - 1, 0) // self._rate.for_polls * self._rate.per

    @override
    def strain(self, demand: float, shortest: float) -> float:
        return demand * self._rate.per / self._rate.for_polls


class Told(Budget):
    """What the vendor itself last said is left, less what was sent since.

    It never delays a command: the vendor may be of another mind by now. When it has not said
    anything for long, one poll may ask, whatever it said last.
    """

    def __init__(self, clock: Clock, sent: Callable[[], int]) -> None:
        """Take what tells how many requests have been sent so far."""
        self._clock = clock
        self._sent = sent
        self._number = 0
        self._remaining = 0
        self._at = 0.0
        self._reset: float | None = None
        self._says_limit = False
        self.limit = 1

    @property
    @override
    def known_limit(self) -> int | None:
        return self.limit if self._says_limit else None

    def hear(self, allowance: Allowance, number: int) -> None:
        """Take over what the answer to a request told, unless a later one's has come before."""
        if number < self._number:
            return
        now = self._clock.monotonic()
        self._number = number
        self._remaining = allowance.remaining
        self._at = now
        self._reset = now + allowance.reset if allowance.reset is not None else None
        self._says_limit = allowance.limit is not None
        self.limit = allowance.limit or max(self.limit, allowance.remaining, 1)

    @override
    def delay(self, *, command: bool) -> float:
        if command or self.spare:
            return 0.0
        until = self._at + UNKNOWN if self._reset is None else self._reset
        return min(until, self._at + STALE) - self._clock.monotonic()

    @override
    def take(self) -> None:
        if not self.spare:
            self._at = self._clock.monotonic()  # whoever comes next waits for what this one hears

    @property
    @override
    def left(self) -> int:
        if self._reset is not None and self._clock.monotonic() >= self._reset:
            self._remaining, self._number, self._reset = self.limit, self._sent(), None
        return max(self._remaining - (self._sent() - self._number), 0)

    @property
    @override
    def full_in(self) -> float:
        return max((self._reset or 0.0) - self._clock.monotonic(), 0.0)

    @override
    def strain(self, demand: float, shortest: float) -> float:
        return strain_until(demand, shortest, self.full_in, self.spare)
