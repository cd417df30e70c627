"""Budgets of an hour and longer, whose counts survive a restart and go by the time of day."""

from abc import abstractmethod
from collections import deque
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, override
from zoneinfo import ZoneInfo

from ..clock import Clock
from .budgets import Budget, Rate, Window, for_polls, strain_until

LONG: Final = 3600.0
"""Seconds from which on a rate is a quota."""

SLOTS: Final = 96
"""Parts that a quota's time is counted in: a quarter of an hour of each day."""

AHEAD: Final = 8
"""A quota without a reset is planned for this part of its time ahead."""

_MOST: Final = 10**12

type Counts = list[tuple[int, int]]


class Quota(Budget):
    """A budget whose count can be kept."""

    def __init__(self, rate: Rate, clock: Clock) -> None:
        self.limit = rate.requests
        self._clock = clock

    @property
    @abstractmethod
    def key(self) -> str:
        """Return the name under which the count is kept: it says for how long it counts."""

    @abstractmethod
    def counts(self) -> Counts:
        """Return the count, in parts: each is a number of its time, and how many there were."""

    @abstractmethod
    def restore(self, counts: Counts) -> None:
        """Take over a count, part by part where it is more than what is counted here."""

    def _wall(self) -> float:
        return self._clock.now().timestamp()

    def _allowed(self, *, command: bool) -> int:
        return self.limit if command else for_polls(self.limit)


class RollingQuota(Quota):
    """So many requests in any ``per`` seconds, counted in slots.

    A request counts until its whole slot has passed out of sight, and so a little longer than it
    needs to: by a ninety-sixth.
    """

    def __init__(self, rate: Rate, clock: Clock) -> None:
        super().__init__(rate, clock)
        self._per = rate.per
        self._width = rate.per / SLOTS
        self._slots: deque[list[int]] = deque()  # [number, count], the oldest first
        self._total = 0

    @property
    @override
    def key(self) -> str:
        return f"{self._per:g}"

    @override
    def delay(self, *, command: bool) -> float:
        self._forget()
        over = self._total - self._allowed(command=command) + 1
        for number, count in self._slots:
            if over <= 0:
                break
            over -= count
            if over <= 0:
                return self._gone_at(number) - self._wall()
        return 0.0

    @override
    def take(self) -> None:
        self._forget()
        number = int(self._wall() // self._width)
        if not self._slots or self._slots[-1][0] != number:
            self._slots.append([number, 0])
        self._slots[-1][1] += 1
        self._total += 1

    @property
    @override
    def left(self) -> int:
        self._forget()
        return max(self.limit - self._total, 0)

    @property
    @override
    def full_in(self) -> float:
        self._forget()
        return max(self._gone_at(self._slots[-1][0]) - self._wall(), 0.0) if self._slots else 0.0

    @override
    def strain(self, demand: float, shortest: float) -> float:
        lasting = demand * (self._per + self._width) / for_polls(self.limit)
        ahead = self._per / AHEAD
        until = self._wall() + ahead
        freed = sum(count for number, count in self._slots if self._gone_at(number) <= until)
        spare = for_polls(self.limit) - self._total + freed
        if spare <= 0:
            ahead = self.delay(command=False)
        return max(lasting, strain_until(demand, shortest, ahead, spare))

    @override
    def counts(self) -> Counts:
        self._forget()
        return [(number, count) for number, count in self._slots]

    @override
    def restore(self, counts: Counts) -> None:
        merged = {slot[0]: slot[1] for slot in self._slots}
        for number, count in counts:
            merged[number] = max(count, merged.get(number, 0))
        self._slots = deque([number, count] for number, count in sorted(merged.items()))
        self._total = sum(merged.values())
        self._forget()

    def _gone_at(self, number: int) -> float:
        return (number + 1) * self._width + self._per

    def _forget(self) -> None:
        """Drop what is too old; what a clock set back makes future counts as of now."""
        wall = self._wall()
        while self._slots and self._gone_at(self._slots[0][0]) <= wall:
            self._total -= self._slots.popleft()[1]
        current, future = int(wall // self._width), 0
        while self._slots and self._slots[-1][0] > current:
            future += self._slots.pop()[1]
        if future:
            if not self._slots or self._slots[-1][0] != current:
                self._slots.append([current, 0])
            self._slots[-1][1] += future


class DailyQuota(Quota):
    """So many requests on each day of a time zone: it is full again at midnight there."""

    def __init__(self, rate: Rate, zone: ZoneInfo, clock: Clock) -> None:
        super().__init__(rate, clock)
        self._zone = zone
        self._day = self._today()
        self._count = 0

    @property
    @override
    def key(self) -> str:
        return f"day {self._zone.key}"

    @override
    def delay(self, *, command: bool) -> float:
        self._turn()
        return self.full_in if self._count >= self._allowed(command=command) else 0.0

    @override
    def take(self) -> None:
        self._turn()
        self._count += 1

    @property
    @override
    def left(self) -> int:
        self._turn()
        return max(self.limit - self._count, 0)

    @property
    @override
    def full_in(self) -> float:
        self._turn()
        return max(self._midnight(self._day + timedelta(days=1)) - self._wall(), 0.0)

    @override
    def strain(self, demand: float, shortest: float) -> float:
        return strain_until(demand, shortest, self.full_in, self.spare)

    @override
    def counts(self) -> Counts:
        self._turn()
        return [(self._day.toordinal(), self._count)]

    @override
    def restore(self, counts: Counts) -> None:
        for number, count in counts:
            # A day to come is one that a clock set back has made of today.
            if number in {self._day.toordinal(), self._day.toordinal() + 1}:
                self._count = max(self._count, count)

    def _today(self) -> date:
        return self._clock.now().astimezone(self._zone).date()

    def _midnight(self, day: date) -> float:
        return datetime(day.year, day.month, day.day, tzinfo=self._zone).astimezone(UTC).timestamp()

    def _turn(self) -> None:
        """Begin anew on a new day. A clock that goes back a day does not."""
        today = self._today()
        if today > self._day:
            self._count = 0
        self._day = today


def budget_of(rate: Rate, clock: Clock) -> Budget:
    """Return what counts a rate."""
    if rate.zone is not None:
        return DailyQuota(rate, rate.zone, clock)
    return RollingQuota(rate, clock) if rate.per >= LONG else Window(rate, clock)


def counts_in(state: Mapping[str, Any], key: str) -> Counts:
    """Return the counts that were kept under a key; what makes no sense is left out."""
    kept = state.get(key)
    if not isinstance(kept, list):
        return []
    counts = []
    for part in kept[: SLOTS + 1]:
        match part:
            case [int() as number, int() as count] if 0 <= number < _MOST and 0 <= count < _MOST:
                counts.append((int(number), int(count)))
    return counts
