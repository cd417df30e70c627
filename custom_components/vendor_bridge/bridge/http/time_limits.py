"""Time limits for what is nearly always over long before: one timer for all of them."""

import asyncio
import math
from types import TracebackType
from typing import Self


class TimeLimits:
    """Ends what takes too long, as ``asyncio.timeout`` does.

    That makes a timer each time, which takes as long as a tenth of a request to a device nearby.
    """

    def __init__(self) -> None:
        """Begin with nothing under way; each limit enters and leaves that by itself."""
        self.under_way: set[TimeLimit] = set()
        self.next_look = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def end_all(self) -> None:
        """Let all that is under way be over now."""
        for limit in self.under_way:
            limit.expire()

    def look_at(self, time: float) -> None:
        """Look at that time of the loop's next whether something takes too long; inf for never."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self.next_look = time
        if time < math.inf:
            self._timer = asyncio.get_running_loop().call_at(time, self._look)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        for limit in self.under_way:
            if limit.ends_at <= now:
                limit.expire()
        left = [limit.ends_at for limit in self.under_way if limit.ends_at > now]
        self.look_at(min(left, default=math.inf))


class TimeLimit:
    """A context within which a task is cancelled when it has taken too long.

    It raises TimeoutError then. ``took`` are the seconds that passed within, known at its end.
    """

    __slots__ = (
        "_cancelling",
        "_has_expired",
        "_limits",
        "_loop",
        "_seconds",
        "_task",
        "ends_at",
        "took",
    )

    def __init__(self, limits: TimeLimits, seconds: float) -> None:
        """Take what looks after it; the time begins with the context."""
        self._limits = limits
        self._seconds = seconds
        self._has_expired = False
        self.took = 0.0

    def expire(self) -> None:
        """End what is done within."""
        if not self._has_expired:
            self._has_expired = True
            self._task.cancel()

    def __enter__(self) -> Self:
        """Begin, in the task that it is about."""
        task = asyncio.current_task()
        if task is None:
            message = "only a task can be ended"
            raise RuntimeError(message)
        self._task = task
        self._cancelling = task.cancelling()
        self._loop = asyncio.get_running_loop()
        self.ends_at = self._loop.time() + self._seconds
        self._limits.under_way.add(self)
        if self.ends_at < self._limits.next_look:
            self._limits.look_at(self.ends_at)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Raise TimeoutError where it is for the time that the task was cancelled."""
        self._limits.under_way.discard(self)
        if not self._limits.under_way:
            self._limits.look_at(math.inf)
        # In this order, one that has expired has taken no less than it had.
        self.took = self._seconds + (self._loop.time() - self.ends_at)
        if not self._has_expired:
            return
        was_it = self._task.uncancel() <= self._cancelling
        if was_it and kind is not None and issubclass(kind, asyncio.CancelledError):
            raise TimeoutError from error
