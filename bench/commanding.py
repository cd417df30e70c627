"""How long commands take: all columns in turn, alone and while devices are polled."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .blocking import table_rows
from .columns import Contestant
from .measures import Spread, Table, Target, percentile
from .processes import Process, Stub, workers
from .shape import FEW_CHANGE, Shape

BATCHES: Final = 5
COMMANDS: Final = 60
"""Commands of a batch."""
ALONE: Final = "alone"
POLLING: Final = "while polling"
PERCENTS: Final = (50, 99)


@dataclass(slots=True)
class Side:
    """One column: the milliseconds of each batch's commands, and its longest callbacks."""

    process: Process
    batches: dict[str, list[Sequence[float]]] = field(default_factory=dict)
    longest: Sequence[Mapping[str, Any]] = ()

    def spread(self, heading: str, percent: int) -> Spread:
        """Return what so many percent of the commands were not above, batch by batch."""
        return Spread.of([percentile(one, percent) for one in self.batches[heading]])


async def measure(
    stub: Stub, shape: Shape, contestants: Sequence[Contestant], *, folder: Path
) -> dict[str, Side]:
    """Return what each column took, by its name.

    The last batch of each is looked at callback by callback, and counts for nothing else.
    """
    async with workers(contestants, stub, shape, folder) as processes:
        sides = {name: Side(process) for name, (process, _) in processes.items()}
        for _ in range(BATCHES):
            for side in sides.values():
                for heading in (ALONE, POLLING):
                    told = await _batch(stub, side.process, polling=heading == POLLING)
                    side.batches.setdefault(heading, []).append(told["milliseconds"])
        for side in sides.values():
            told = await _batch(stub, side.process, polling=True, watched=True)
            side.longest = told["longest"]
    return sides


async def _batch(
    stub: Stub, process: Process, *, polling: bool, watched: bool = False
) -> Mapping[str, Any]:
    """Have commands sent, while one value in five changes all the time."""
    order = asyncio.create_task(
        process.ask("commands", times=COMMANDS, polling=polling, watched=watched)
    )
    while not order.done():
        await stub.step(FEW_CHANGE)
        await asyncio.wait([order], timeout=0.05)
    return await order


def tables(sides: Mapping[str, Side]) -> list[Table]:
    """Return how long the commands took, and what kept the loop meanwhile."""
    return [
        Table(
            title="Milliseconds from the action call to the request on the wire,"
            f" in {BATCHES} batches of {COMMANDS} commands",
            rows={
                name: {
                    f"{heading}, {percent} %": side.spread(heading, percent)
                    for heading in (ALONE, POLLING)
                    for percent in PERCENTS
                }
                for name, side in sides.items()
            },
        ),
        Table(
            title="The callbacks that took longest while polling, in milliseconds of CPU",
            rows={
                heading: row
                for name, side in sides.items()
                for heading, row in table_rows(name, side.longest).items()
            },
        ),
    ]


def targets(ours: Side, limit: Side) -> list[Target]:
    """Return what has to come out of it."""
    pairs = zip(ours.batches[ALONE], limit.batches[ALONE], strict=True)
    return [
        Target(
            what="a command over a bare request, at the median",
            figure=Spread.of([percentile(a, 50) - percentile(b, 50) for a, b in pairs]),
            most=1,
            unit=" ms",
        ),
        Target(
            what="a command while 200 devices are polled without a pause, 99 %",
            figure=ours.spread(POLLING, 99),
            most=5,
            unit=" ms",
        ),
    ]
