"""The requests of one read, as many at a time as the vendor bears."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol

from ..model import Reading


class Read(Protocol):
    """A request of a read; ``paused`` is as ``Connection.send`` has it."""

    def __call__(self, *, paused: Callable[[], None]) -> Coroutine[Any, Any, Reading]:
        """Send it and return what the answer tells."""


async def side_by_side[IdT](
    reads: Mapping[IdT, Read], at_a_time: int
) -> dict[IdT, Reading | Exception]:
    """Run reads, so many at a time, and return what each told or how it failed.

    That is less work than to begin them all and let each wait for its turn. For one that pauses
    before it tries again, another goes on meanwhile, up to twice as many.
    """
    workers = _Workers(reads, at_a_time)
    await workers.work_off()
    return workers.results


class _Workers[IdT]:
    """They take one read after the other.

    None of their parts refers to another in a circle: what they have read would be in memory until
    Python's garbage collector comes.
    """

    def __init__(self, reads: Mapping[IdT, Read], at_a_time: int) -> None:
        self.results: dict[IdT, Reading | Exception] = {}
        self._waiting = iter(reads.items())
        self._spare = at_a_time
        self._first = min(len(reads), at_a_time)
        self._tasks = asyncio.TaskGroup()

    async def work_off(self) -> None:
        async with self._tasks:
            for _ in range(self._first):
                self._tasks.create_task(self._work())

    async def _work(self) -> None:
        for one, read in self._waiting:
            try:
                self.results[one] = await read(paused=self._stand_in)
            except Exception as error:  # noqa: BLE001 - whoever wants the results looks at it
                self.results[one] = error

    def _stand_in(self) -> None:
        if self._spare:
            self._spare -= 1
            self._tasks.create_task(self._work())
