"""How much at once and how much per time an account asks of its vendor."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
import heapq
from itertools import count
from typing import Final

from ..clock import Clock
from ..errors import RateLimitedError, UnreachableError

COMMAND: Final = 0
POLL: Final = 1

SHORTEST_SLEEP: Final = 0.001
"""Seconds; less may be less than a clock can tell apart, and sleep for ever."""

type _Waiter = tuple[int, int, asyncio.Future[None]]


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many requests in any ``per`` seconds.

    A fifth is kept for commands, so that polls never leave a command waiting for a whole ``per``.
    """

    requests: int
    per: float

    @property
    def for_polls(self) -> int:
        """Return how many of the requests polls may use."""
        return max(self.requests - max(self.requests // 5, 1), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a vendor bears: ``concurrency`` requests at a time, and every one of ``rates``."""

    concurrency: int = 4
    rates: Sequence[Rate] = ()


class Limiter:
    """Gives every request its turn: commands before polls, and otherwise in order of arrival.

    Times of requests are kept rather than a bucket of tokens, which would let twice the promised
    number through in one ``per``: a full bucket and what flows into it.
    """

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._running = 0
        self._times: list[deque[float]] = [deque(maxlen=rate.requests) for rate in limits.rates]
        self._waiting: list[_Waiter] = []
        self._numbers = count()
        self._held_until = 0.0
        self._alarm: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def held(self) -> float:
        """Return for how many seconds polls are still held back at the vendor's wish."""
        return max(self._held_until - self._clock.monotonic(), 0.0)

    def hold(self, seconds: float) -> None:
        """Hold back polls, because the vendor asked for patience."""
        self._held_until = max(self._held_until, self._clock.monotonic() + seconds)

    @asynccontextmanager
    async def turn(self, *, command: bool, patience: float) -> AsyncIterator[None]:
        """Wait for a turn and take it.

        Raises RateLimitedError at once for a poll that the vendor's wish would hold back for more
        than ``patience`` seconds, and UnreachableError when the limiter closes meanwhile.
        """
        if not command and (held := self.held) > patience:
            raise RateLimitedError("held back, as the vendor asked", retry_after=held)
        await self._wait(COMMAND if command else POLL)
        try:
            yield
        finally:
            self._running -= 1
            self._dispatch()

    async def _wait(self, priority: int) -> None:
        if self._closed:
            raise UnreachableError("the connection is closed")
        turn = asyncio.get_running_loop().create_future()
        waiter = (priority, next(self._numbers), turn)
        heapq.heappush(self._waiting, waiter)
        self._dispatch()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._running -= 1
            elif waiter in self._waiting:
                self._waiting.remove(waiter)
                heapq.heapify(self._waiting)
            self._dispatch()
            raise

    def _dispatch(self) -> None:
        """Give turns to as many as may have one now, and see that the next gets its own in time."""
        while self._waiting and self._running < self._limits.concurrency:
            priority, _, turn = self._waiting[0]
            delay = self._delay(priority)
            if delay > 0:
                self._ring_in(delay)
                return
            heapq.heappop(self._waiting)
            if not turn.done():
                self._running += 1
                now = self._clock.monotonic()
                for times in self._times:
                    times.append(now)
                turn.set_result(None)
        self._ring_in(None)

    def _delay(self, priority: int) -> float:
        """Return for how long the next request has to wait for the rates and the vendor's wish."""
        now = self._clock.monotonic()
        delay = self._held_until - now if priority == POLL else 0.0
        for rate, times in zip(self._limits.rates, self._times, strict=True):
            allowed = rate.for_polls if priority == POLL else rate.requests
            if len(times) >= allowed:
                delay = max(delay, times[-allowed] + rate.per - now)
        return delay

    def _ring_in(self, delay: float | None) -> None:
        """Dispatch again in a while; None for never."""
        alarm, self._alarm = self._alarm, None
        if alarm is not None and alarm is not asyncio.current_task():
            alarm.cancel()
        if delay is not None and not self._closed:
            self._alarm = asyncio.create_task(self._ring(delay), name="vendor_bridge limiter")

    async def _ring(self, delay: float) -> None:
        await self._clock.sleep(max(delay, SHORTEST_SLEEP))
        self._dispatch()

    def close(self) -> None:
        """Turn away all who wait."""
        self._closed = True
        self._ring_in(None)
        waiting, self._waiting = self._waiting, []
        for _, _, turn in waiting:
            if not turn.done():
                turn.set_exception(UnreachableError("the connection is closed"))
