"""How much at once and how much per time an account asks of its vendor."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
import heapq
from itertools import count
from random import uniform
from typing import Any, Final

from ..clock import Clock
from ..errors import RateLimitedError, UnreachableError
from ..pacing import Jitter
from .allowance import MOST, Allowance
from .budgets import Budget, Rate, Told
from .quotas import Quota, budget_of, counts_in

COMMAND: Final = 0
POLL: Final = 1

SHORTEST_SLEEP: Final = 0.001
"""Seconds; less may be less than a clock can tell apart, and sleep for ever."""

SHORTEST_BUDGET: Final = 60.0
"""Seconds; what counts for less is no budget that anybody wants to know of."""

LONGEST_JITTER: Final = 30.0
"""Seconds that are added to a vendor's wish at most, lest all who were held come at once."""

FULL: Final = "the vendor's limits leave no room"
CLOSED: Final = "the connection is closed"

type Origin = tuple[str, str, int | None]
type _Waiter = tuple[int, int, object, asyncio.Future[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a vendor bears: ``concurrency`` requests at a time, and every one of ``rates``."""

    concurrency: int = 4
    rates: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What is left of the tightest budget; ``full_in`` are the seconds until it is full again.

    ``limit`` is None where the vendor does not say how many requests there are in all.
    """

    remaining: int
    limit: int | None
    full_in: float


class Limiter:
    """Gives every request its turn: commands before polls, and otherwise in order of arrival.

    Accounts that a vendor counts as one share one. Each names itself as ``owner`` of what it asks,
    so that it can leave without the others.
    """

    def __init__(self, limits: Limits, clock: Clock, jitter: Jitter = uniform) -> None:
        self._limits = limits
        self._clock = clock
        self._jitter = jitter
        self._running = 0
        self._sent = 0
        self._budgets = [budget_of(rate, clock) for rate in limits.rates]
        self._told: dict[str, Told] = {}
        self._all: Sequence[Budget] = self._budgets
        self._told_by: Origin | None = None
        self._waiting: list[_Waiter] = []
        self._numbers = count()
        self._held_until = 0.0
        self._starts_at = 0.0
        self._demands: dict[object, tuple[float, float]] = {}
        self._alarm: asyncio.Task[None] | None = None
        self._closed = False

    # --- turns ------------------------------------------------------------------------------------

    @property
    def held(self) -> float:
        """Return for how many seconds polls are still held back at the vendor's wish."""
        return max(self._held_until - self._clock.monotonic(), 0.0)

    def hold(self, seconds: float) -> None:
        """Hold back polls, because the vendor asked for patience; a little longer than it asked."""
        seconds += self._jitter(0.0, min(seconds / 10, LONGEST_JITTER))
        self._held_until = max(self._held_until, self._clock.monotonic() + seconds)

    def start_in(self, seconds: float) -> None:
        """Let polls begin a little later, because others on the same server begin just now."""
        self._starts_at = self._clock.monotonic() + seconds

    def take(self) -> int | None:
        """Take a turn at once, where nothing limits them and nobody waits, as ``begin`` does."""
        if self._all or self._held_until or self._starts_at or self._closed or self._waiting:
            return None
        return self._start() if self._running < self._limits.concurrency else None

    async def begin(self, *, command: bool, patience: float, owner: object = None) -> int:
        """Wait for a turn and take it. Returns the request's number, to tell what it heard by.

        Raises RateLimitedError at once for a poll that the vendor's wish would hold back for more
        than ``patience`` seconds, or for which a budget has no room for longer than is worth
        waiting, and for a command for which one has none within ``patience``. Raises
        UnreachableError when the limiter closes or the owner leaves meanwhile.
        """
        if not command and self._held_until and (held := self.held) > patience:
            raise RateLimitedError("held back, as the vendor asked", retry_after=held)
        wait = self._room_in(COMMAND) if command else self._too_long()
        if wait > (patience if command else 0.0):
            raise RateLimitedError(FULL, retry_after=wait)
        return await self._wait(COMMAND if command else POLL, owner)

    def end(self) -> None:
        """Give a turn back."""
        self._running -= 1
        if self._waiting:
            self._dispatch()

    async def _wait(self, priority: int, owner: object) -> int:
        if self._closed:
            raise UnreachableError(CLOSED)
        if not self._waiting and self._is_free and self._delay(priority) <= 0:
            return self._start()
        turn = asyncio.get_running_loop().create_future()
        waiter = (priority, next(self._numbers), owner, turn)
        heapq.heappush(self._waiting, waiter)
        self._dispatch()
        try:
            number: int = await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._running -= 1
            self._drop([waiter])
            self._dispatch()
            raise
        return number

    def _dispatch(self) -> None:
        """Give turns to as many as may have one now, and see that the next gets its own in time."""
        while self._waiting and self._is_free:
            priority, _, _, turn = self._waiting[0]
            if priority == POLL and (wait := self._too_long()):
                self._turn_away(wait)
                return
            delay = self._delay(priority)
            if delay > 0:
                self._ring_in(delay)
                return
            heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(self._start())
        self._ring_in(None)

    @property
    def _is_free(self) -> bool:
        return self._running < self._limits.concurrency

    def _start(self) -> int:
        """Count a request that begins, and return its number."""
        self._running += 1
        self._sent += 1
        for budget in self._all:
            budget.take()
        return self._sent

    def _delay(self, priority: int) -> float:
        """Return for how long the next request has to wait, though there is room beside others."""
        room, starts_at = self._room_in(priority), max(self._held_until, self._starts_at)
        if priority == COMMAND or not starts_at:
            return room
        wait = starts_at - self._clock.monotonic()
        if wait <= 0:  # it is over
            self._held_until = self._starts_at = 0.0
        return max(room, wait)

    def _room_in(self, priority: int) -> float:
        """Return for how long the next request has to wait for the budgets."""
        if not self._all:
            return 0.0
        command = priority == COMMAND
        return max(budget.delay(command=command) for budget in self._all)

    def _too_long(self) -> float:
        """Return for how long a poll would have to wait, if that is longer than is worth it."""
        if not self._all:
            return 0.0
        delays = ((budget.delay(command=False), budget.worth_waiting) for budget in self._all)
        return max((delay for delay, worth in delays if delay > worth), default=0.0)

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

    def _turn_away(self, wait: float) -> None:
        """Fail all polls that wait. There are no commands before them, or they would be next."""
        waiting, self._waiting = self._waiting, []
        self._ring_in(None)
        _fail(waiting, lambda: RateLimitedError(FULL, retry_after=wait))

    def _drop(self, waiters: Iterable[_Waiter]) -> None:
        gone = {number for _, number, _, _ in waiters}
        self._waiting = [waiter for waiter in self._waiting if waiter[1] not in gone]
        heapq.heapify(self._waiting)

    # --- what is left -----------------------------------------------------------------------------

    def hear(self, allowances: Sequence[Allowance], number: int, origin: Origin) -> None:
        """Take over what the answer to a request told; another server's word replaces it all."""
        if allowances and origin != self._told_by:
            self._told.clear()
            self._told_by = origin
        for allowance in allowances[:MOST]:
            if allowance.name not in self._told and len(self._told) >= MOST:
                continue
            told = self._told.setdefault(allowance.name, Told(self._clock, lambda: self._sent))
            told.hear(allowance, number)
        self._all = (*self._budgets, *self._told.values())
        if allowances:
            self._dispatch()

    @property
    def left(self) -> Left | None:
        """Return what is left of the tightest budget; None where there are none worth telling."""
        rates = zip(self._limits.rates, self._budgets, strict=True)
        budgets: list[Budget] = [budget for rate, budget in rates if rate.per >= SHORTEST_BUDGET]
        budgets += self._told.values()
        if not budgets:
            return None
        tightest = min(budgets, key=lambda budget: budget.left / budget.limit)
        return Left(remaining=tightest.left, limit=tightest.known_limit, full_in=tightest.full_in)

    def strain(self, demand: float, shortest: float, owner: object = None) -> float:
        """Return how many times too many polls are, with those of the others who share this.

        ``demand`` is how many requests a second the owner would like to send, and ``shortest`` the
        shortest of its intervals, in seconds.
        """
        self._demands[owner] = demand, shortest
        total = sum(wanted for wanted, _ in self._demands.values())
        least = min(interval for _, interval in self._demands.values())
        return max((budget.strain(total, least) for budget in self._all), default=0.0)

    def time_for(self, requests: int) -> float:
        """Return how many seconds so many polls need to be sent within the limits."""
        return max((budget.time_for(requests) for budget in self._all), default=0.0)

    @property
    def quotas(self) -> Sequence[Quota]:
        """Return the budgets whose counts should survive a restart."""
        return [budget for budget in self._budgets if isinstance(budget, Quota)]

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over counts as they were kept; what makes no sense counts for nothing."""
        for quota in self.quotas:
            quota.restore(counts_in(state, quota.key))

    # --- the end ----------------------------------------------------------------------------------

    def leave(self, owner: object) -> None:
        """Turn away an owner's requests that wait, and reckon no more with what it wants."""
        self._demands.pop(owner, None)
        leaving = [waiter for waiter in self._waiting if waiter[2] is owner]
        self._drop(leaving)
        _fail(leaving, lambda: UnreachableError(CLOSED))
        self._dispatch()

    def close(self) -> None:
        """Turn away all who wait."""
        self._closed = True
        self._ring_in(None)
        waiting, self._waiting = self._waiting, []
        _fail(waiting, lambda: UnreachableError(CLOSED))


def _fail(
    waiters: Iterable[_Waiter], error: Callable[[], RateLimitedError | UnreachableError]
) -> None:
    for _, _, _, turn in waiters:
        if not turn.done():
            turn.set_exception(error())
