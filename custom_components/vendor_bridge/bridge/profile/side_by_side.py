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
    results: dict[IdT, Reading | Exception] = {}
    waiting = iter(reads.items())
    spare = iter(range(at_a_time))

    async def work() -> None:
        for one, read in waiting:
            try:
                results[one] = await read(paused=stand_in)
            except Exception as error:  # noqa: BLE001 - whoever wants the results looks at it
                results[one] = error

    async with asyncio.TaskGroup() as workers:

        def stand_in() -> None:
            if next(spare, None) is not None:
                workers.create_task(work())

        for _ in range(min(len(reads), at_a_time)):
            workers.create_task(work())
    return results
