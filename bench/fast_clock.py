"""An event loop whose clock jumps over the time in which nothing is done."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
import selectors
import time
from typing import Any, override

PATIENCE = 0.2
"""Seconds that what is under way is given, before it counts as waiting for a timer, or for good."""


class FastLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock is as fast as time until it is to ``hurry``.

    Then it jumps to the next timer whenever nothing is under way, which is when there are no more
    tasks than those that are always there. What is done takes as long as it does, so that accounts
    do not crowd each other more than they would in an hour that is real.
    """

    def __init__(self) -> None:
        self._waits = _Selector(self)
        self._ahead = 0.0
        self._stopped_at: float | None = None
        self._always: int | None = None
        super().__init__(self._waits)

    @override
    def time(self) -> float:
        return time.monotonic() + self._ahead if self._stopped_at is None else self._stopped_at

    def hurry(self) -> None:
        """Be fast from now on. The tasks that there are now are always there."""
        self._always = len(asyncio.all_tasks(self))

    def walk(self) -> None:
        """Be as fast as time again."""
        self._always = None

    @property
    def hurries(self) -> bool:
        """Return whether the clock runs faster than time."""
        return self._always is not None and self._stopped_at is None

    @property
    def is_idle(self) -> bool:
        """Return whether nothing is under way."""
        return self._always is not None and len(asyncio.all_tasks(self)) <= self._always

    def gain(self, seconds: float) -> None:
        """Put the clock forward."""
        self._ahead += seconds

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Let the clock stand still: what has begun goes on, and nothing begins in its turn."""
        self._stopped_at = self.time()
        try:
            yield
        finally:
            self._ahead = self._stopped_at - time.monotonic()
            self._stopped_at = None


class _Selector(selectors.DefaultSelector):
    """Waits less for timers than there is to wait, and has the clock put forward instead."""

    def __init__(self, loop: FastLoop) -> None:
        super().__init__()
        self._loop = loop

    @override
    def select(self, timeout: float | None = None) -> Any:
        if not timeout or not self._loop.hurries:
            return super().select(timeout)
        wait = 0.0 if self._loop.is_idle else min(timeout, PATIENCE)
        ready = super().select(wait)
        if not ready:
            self._loop.gain(timeout - wait)
        return ready
