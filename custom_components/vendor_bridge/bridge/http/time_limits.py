"""Time limits for what is nearly always over long before: one timer for all of them."""

import asyncio
from types import TracebackType
from typing import Self


class TimeLimits:
    """Ends what takes too long, as ``asyncio.timeout`` does.

    That makes a timer each time, which takes as long as a tenth of a request to a device nearby.
    """

    def __init__(self) -> None:
        """Begin with nothing under way."""
        self._limits: set[TimeLimit] = set()
        self._timer: asyncio.TimerHandle | None = None

    def within(self, seconds: float) -> TimeLimit:
        """Return a context that raises TimeoutError when it takes longer than that."""
        return TimeLimit(self, seconds)

    def end_all(self) -> None:
        """Let all that is under way be over now."""
        for limit in self._limits:
            limit.expire()

    def begin(self, limit: TimeLimit) -> None:
        """Look after a limit from now on."""
        self._limits.add(limit)
        if self._timer is None or limit.ends_at < self._timer.when():
            self._look_at(limit.ends_at)

    def end(self, limit: TimeLimit) -> None:
        """Look after a limit no more."""
        self._limits.discard(limit)
        if not self._limits:
            self._look_at(None)

    def _look_at(self, time: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_at(time, self._look) if time is not None else None

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        for limit in self._limits:
            if limit.ends_at <= now:
                limit.expire()
        left = [limit.ends_at for limit in self._limits if limit.ends_at > now]
        self._look_at(min(left, default=None))


class TimeLimit:
    """A context within which a task is cancelled when it has taken too long."""

    __slots__ = ("_cancelling", "_has_expired", "_limits", "_task", "ends_at")

    def __init__(self, limits: TimeLimits, seconds: float) -> None:
        """Let the time begin now."""
        self._limits = limits
        self._has_expired = False
        self.ends_at = asyncio.get_running_loop().time() + seconds

    @property
    def left(self) -> float:
        """Return the seconds that are left."""
        return self.ends_at - asyncio.get_running_loop().time()

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
        self._limits.begin(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Raise TimeoutError where it is for the time that the task was cancelled."""
        self._limits.end(self)
        if not self._has_expired:
            return
        was_it = self._task.uncancel() <= self._cancelling
        if was_it and kind is not None and issubclass(kind, asyncio.CancelledError):
            raise TimeoutError from error
