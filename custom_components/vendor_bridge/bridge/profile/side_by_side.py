"""The requests of one read, as many at a time as the vendor bears."""

import asyncio
from collections.abc import Callable, Collection, Coroutine
from typing import Any

from ..errors import UnreachableError
from ..http.connection import Paused
from ..model import Reading

type Read = Callable[[str, Paused], Coroutine[Any, Any, Reading]]
"""Reads what is told at one place."""


async def side_by_side(
    places: Collection[str], read: Read, at_a_time: int
) -> dict[str, Reading | Exception]:
    """Read all places, so many at a time, and return what each told or how it failed.

    That is less work than to begin them all and let each wait for its turn. For one that pauses
    before it tries again, another goes on meanwhile, up to twice as many.
    """
    workers = _Workers(places, read, at_a_time)
    await workers.work_off()
    return workers.results


class _Workers:
    """They take one place after the other.

    None of their parts refers to another in a circle, unless something fails: what they have read
    would be in memory until Python's garbage collector comes.
    """

    def __init__(self, places: Collection[str], read: Read, at_a_time: int) -> None:
        self.results: dict[str, Reading | Exception] = {}
        self._waiting = iter(places)
        self._read = read
        self._spare = at_a_time
        self._first = min(len(places), at_a_time)
        self._tasks = asyncio.TaskGroup()

    async def work_off(self) -> None:
        async with self._tasks:
            for _ in range(self._first):
                self._tasks.create_task(self._work())

    async def _work(self) -> None:
        for place in self._waiting:
            try:
                self.results[place] = await self._read(place, self._stand_in)
            except asyncio.CancelledError:
                if (task := asyncio.current_task()) is not None and task.cancelling():
                    raise
                self.results[place] = UnreachableError("something that it needs was broken off")
            except Exception as error:  # noqa: BLE001 - whoever wants the results looks at it
                self.results[place] = error

    def _stand_in(self) -> None:
        if self._spare:
            self._spare -= 1
            self._tasks.create_task(self._work())
