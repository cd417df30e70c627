"""When a monitor is read next, and for how long what it told may still be shown."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from random import uniform
from typing import TYPE_CHECKING, Final, override

from homeassistant.util import dt as dt_util

from .bridge.model import AtStart
from .bridge.pacing import next_interval
from .const import LOGGER

if TYPE_CHECKING:
    from .bridge.client import VendorClient
    from .timetable import Timetable

FORGIVEN: Final = 3
"""Intervals without a good read after which what was read before is too old to trust.

One read that fails is a hiccup, two are bad luck; whoever fails three times in a row is down.
"""

SOON: Final = 5.0
"""Seconds within which the monitors of an account are read that has just answered again."""

RETRY: Final = 60.0
"""Seconds after which what failed on a schedule is tried again, unless it is due before."""

LATE: Final = (1.5, 10.0)
"""Between how many seconds after it is due something on a schedule is read: not to the second, so
that the homes of one vendor do not all ask at once, and never a moment early."""


class Stretch:
    """By how much the intervals of an account are stretched, so that its budget lasts."""

    def __init__(self, account: str, client: VendorClient) -> None:
        """Start with the intervals as they are."""
        self._account = account
        self._client = client
        self.factor = 1.0

    def look(self, intervals: Mapping[str, float]) -> None:
        """Ask the client anew, and say once that intervals are stretched and once that they aren't.

        ``intervals`` maps each monitor that is read to the seconds that are wanted.
        """
        before, self.factor = self.factor, max(self._client.stretch(intervals), 1.0)
        if before == 1.0 < self.factor:
            LOGGER.info(
                "%s: the vendor's limit leaves too few requests; polling intervals are stretched,"
                " by %.1f now",
                self._account,
                self.factor,
            )
        elif before > 1.0 == self.factor:
            LOGGER.info("%s: polling intervals are no longer stretched", self._account)


class Pace:
    """How often one monitor is read: on its interval, and less and less while that fails.

    All times are in seconds. ``wanted`` is the interval that the user or the profile wants,
    ``failures`` how many reads have failed in a row, ``asked_for`` how long the vendor asked to be
    left alone when the last one failed.
    """

    def __init__(self, wanted: float, stretch: Stretch) -> None:
        """Start without failures."""
        self._wanted = wanted
        self.failures = 0
        self.asked_for = 0.0
        self._stretch = stretch
        self._soon = False

    @property
    def polls(self) -> bool:
        """Return whether it is read by itself at all."""
        return True

    def is_due_at_start(self, _last: datetime | None) -> bool:
        """Return whether to read when its account starts; it was read ``last`` before."""
        return True

    @property
    def wanted(self) -> float:
        """Return the interval that is wanted."""
        return self._wanted

    @property
    def every(self) -> float:
        """Return the interval at which it is read while all goes well."""
        return self.wanted * self._stretch.factor

    @property
    def trusted(self) -> float:
        """Return for how long a good read is believed when those after it fail."""
        return FORGIVEN * self.every

    def look_anew(self) -> None:
        """Find out when it is due: the time zone or the place may be another."""

    def succeeded(self) -> None:
        """Go back to the interval."""
        self.failures = 0
        self.asked_for = 0.0

    def failed(self, retry_after: float | None) -> None:
        """Count a read that failed; ``retry_after`` is the vendor's own wish."""
        self.failures += 1
        self.asked_for = retry_after or 0.0

    def hurry(self) -> None:
        """Wait only a moment next time, not as long as the failures before would have it."""
        self._soon = True

    def next_wait(self) -> float | None:
        """Return after how long to read next; None for not by itself."""
        if self._soon:
            self._soon = False
            return uniform(0.0, min(self.every, SOON))  # noqa: S311 - to spread requests
        return self._wait()

    def _wait(self) -> float | None:
        return next_interval(self.every, self.failures, jitter=uniform, at_least=self.asked_for)


class ScheduledPace(Pace):
    """When a monitor with a schedule is read: when it is due, and meanwhile where that failed.

    It is not read by itself where its schedule is "never". Where a budget is short, runs are left
    out.
    """

    def __init__(
        self, timetable: Timetable, at_start: AtStart, fallback: float, stretch: Stretch
    ) -> None:
        """Take ``fallback`` seconds for an interval where nothing is ever due."""
        super().__init__(fallback, stretch)
        self._at_start = at_start
        self._timetable = timetable
        self._was_read = False
        self.look_anew()

    @override
    def look_anew(self) -> None:
        """Find out how far apart the next runs are, and when those are missed that are forgiven."""
        last = now = dt_util.utcnow()
        due = []
        for _ in range(FORGIVEN):
            if (at := self._timetable.next_after(last)) is None:
                break
            due.append(at)
            last = at
        self._polls = bool(due)
        pairs = list(pairwise(due))
        gap = min((later - at).total_seconds() for at, later in pairs) if pairs else None
        self._gap = gap if gap is not None else self._wanted
        forgiven = len(due) == FORGIVEN
        self._trusted = (due[-1] - now).total_seconds() + RETRY if forgiven else 0.0

    @property
    @override
    def polls(self) -> bool:
        """Return whether anything is ever due."""
        return self._polls

    @property
    @override
    def wanted(self) -> float:
        """Return how far apart the next runs are."""
        return self._gap

    @property
    @override
    def trusted(self) -> float:
        """Return for how long a good read is believed: until too many runs after it failed."""
        return max(self._trusted, super().trusted)

    @override
    def is_due_at_start(self, last: datetime | None) -> bool:
        """Return whether it is read at every start, or for a run that was missed since ``last``."""
        if self._at_start is not AtStart.MISSED:
            return self._at_start is AtStart.ALWAYS
        if last is None or last > dt_util.utcnow():  # the clock was wrong then, or is now
            return True
        due = self._timetable.next_after(last)
        return due is not None and due <= dt_util.utcnow()

    @override
    def succeeded(self) -> None:
        """Look what is next."""
        super().succeeded()
        self._was_read = True
        self.look_anew()

    @override
    def _wait(self) -> float | None:
        now = dt_util.utcnow()
        left_out = timedelta(seconds=self._gap * (self._stretch.factor - 1.0))
        due = self._timetable.next_after(now + left_out)
        again = next_interval(
            min(RETRY, self._gap), self.failures, jitter=uniform, at_least=self.asked_for
        )
        if due is None:  # the read at the start has to succeed all the same
            return again if self.failures and not self._was_read else None
        wait = (due - now).total_seconds() + uniform(*LATE)  # noqa: S311 - to spread requests
        if self.failures == 0:
            return wait
        return again if self.asked_for > wait else min(again, wait)
