"""What it costs to start: for the first time, and again with the registries of the last time."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .columns import Contestant
from .measures import Rounds, Spread, Table
from .processes import Stub, worker
from .shape import Shape

ONE_DEVICE = Shape(devices=1, attributes=20)


@dataclass(slots=True)
class Start:
    """The starts of one column; ``memory`` is what an entity takes, in KiB."""

    first: Rounds = field(default_factory=Rounds)
    again: Rounds = field(default_factory=Rounds)
    memory: list[float] = field(default_factory=list)


async def measure(
    stub: Stub, shape: Shape, contestants: Sequence[Contestant], *, times: int, folder: Path
) -> dict[str, Start]:
    """Return what each column took, by its name."""
    starts = {one.name: Start() for one in contestants}
    places = {one.name: folder / one.name.replace("/", "_") for one in contestants}
    await stub.become(ONE_DEVICE)
    smalls = await asyncio.gather(
        *(_start(stub, ONE_DEVICE, one, places[one.name] / "small", None) for one in contestants)
    )
    await stub.become(shape)
    for number in range(times):
        for one, small in zip(contestants, smalls, strict=True):
            start, place = starts[one.name], places[one.name] / str(number)
            large = await _start(stub, shape, one, place, start.first)
            await _start(stub, shape, one, place, start.again)
            more = shape.size - ONE_DEVICE.size
            start.memory.append((large - small) * 1024 / more)
    return starts


async def _start(
    stub: Stub, shape: Shape, who: Contestant, folder: Path, rounds: Rounds | None
) -> float:
    """Start once and return by how much the process has grown since before set-up, in MiB."""
    async with worker(who, stub, shape, folder) as process:
        took = await process.ask("set_up")
    if rounds is not None:
        rounds.cpu.append(took["cpu"])
        rounds.wall.append(took["wall"])
    grown: float = took["grown"]
    return grown


def table(title: str, starts: dict[str, Start]) -> Table:
    """Return the table of starts."""
    return Table(
        title=title,
        rows={
            name: {
                "first CPU s": Spread.of(start.first.cpu),
                "first wall s": Spread.of(start.first.wall).median,
                "again CPU s": Spread.of(start.again.cpu),
                "again wall s": Spread.of(start.again.wall).median,
                "KiB an entity": Spread.of(start.memory),
            }
            for name, start in starts.items()
        },
    )
