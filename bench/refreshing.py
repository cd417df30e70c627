"""What a refresh costs: all columns side by side, in turn, round after round."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .columns import LIMIT, Contestant
from .measures import Rounds, Spread, Table
from .processes import Process, Stub, workers
from .shape import Shape

WARM_UP = 1
SLOW = 2
"""Rounds of a column that takes long for one."""
TOO_LONG = 1.0
"""Seconds of CPU."""


@dataclass(slots=True)
class Side:
    """One column that is running."""

    process: Process
    set_up: Mapping[str, Any]
    rounds: dict[int, Rounds] = field(default_factory=dict)
    memory: Mapping[str, float] = field(default_factory=dict)


class Race:
    """Columns that are running beside each other, all at one stub vendor."""

    def __init__(self, stub: Stub, sides: dict[str, Side]) -> None:
        """Take who takes part, by name."""
        self.sides = sides
        self._stub = stub

    async def get_ready(self, one_in: int) -> None:
        """Fill all caches, and count what a refresh writes and asks for."""
        for _ in range(WARM_UP):
            await self._stub.step(one_in)
            await self._refresh(one_in)
        await self._stub.step(one_in)
        for name, side in self.sides.items():
            await self._stub.tell()
            written = await side.process.ask("count")
            asked = (await self._stub.tell())["counts"]
            side.rounds[one_in] = Rounds(counts={**written, **asked})
            if name == LIMIT and written["reported"]:
                message = "the limit writes what has not changed"
                raise RuntimeError(message)

    async def round(self, one_in: int) -> None:
        """Refresh every column once, with other values."""
        await self._stub.step(one_in)
        await self._refresh(one_in)

    async def _refresh(self, one_in: int) -> None:
        """Refresh every column; one that takes seconds is left out after a few times."""
        for side in self.sides.values():
            known = side.rounds.get(one_in)
            if known is not None and len(known.cpu) >= SLOW and known.cpu[-1] > TOO_LONG:
                continue
            took = await side.process.ask("refresh")
            if known is not None:
                known.cpu.append(took["cpu"])
                known.wall.append(took["wall"])


@asynccontextmanager
async def race(
    stub: Stub, shape: Shape, contestants: Sequence[Contestant], folder: Path
) -> AsyncIterator[Race]:
    """Set all columns up, each in a process of its own."""
    await stub.become(shape)
    async with workers(contestants, stub, shape, folder) as processes:
        running = Race(
            stub, {name: Side(process, told) for name, (process, told) in processes.items()}
        )
        yield running
        for side in running.sides.values():
            side.memory = await side.process.ask("memory")


async def measure(
    stub: Stub,
    shape: Shape,
    contestants: Sequence[Contestant],
    *,
    changes: Sequence[int],
    rounds: int,
    folder: Path,
) -> dict[str, Side]:
    """Return what each column took, by its name; ``changes`` are how few values change a round."""
    async with race(stub, shape, contestants, folder) as running:
        for one_in in changes:
            await running.get_ready(one_in)
            for _ in range(rounds):
                await running.round(one_in)
    return running.sides


def table(title: str, sides: Mapping[str, Side], one_in: int) -> Table:
    """Return the table of a refresh."""
    limit = sides[LIMIT].rounds[one_in]
    rows = {}
    for name, side in sides.items():
        rounds = side.rounds[one_in]
        rows[name] = {
            "CPU ms": Spread.of([seconds * 1000 for seconds in rounds.cpu]),
            "of the limit": rounds.over(limit) if name != LIMIT else 1,
            "wall ms": Spread.of([seconds * 1000 for seconds in rounds.wall]).median,
            "requests": rounds.counts.get("requests", 0),
            "bodies": rounds.counts.get("bodies", 0),
            "changed": rounds.counts["changed"],
            "rewritten": rounds.counts["reported"],
            "peak MiB": side.memory["peak"],
        }
    return Table(title=title, rows=rows)
