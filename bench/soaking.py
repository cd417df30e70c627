"""Many accounts for a long time: whether anything grows, and what keeps the event loop."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from .blocking import TOO_LONG, table_rows
from .columns import LIMIT, Contestant
from .measures import Spread, Table, Target
from .processes import stub_vendor, worker
from .shape import Shape
from .soak import FIRST

WARM_UP_READS: Final = 25
"""Reads, each of which changes every value, before the hour begins.

Home Assistant deletes what an entity has worked out of its last value with each new one, and a
dictionary of Python only appends: after some twenty values that of each entity is laid out anew,
once, and then has room for good.
"""
ALL_CHANGE: Final = 1
GROWS: Final = ("MiB", "blocks", "objects", "tasks", "sockets")
MOST: Final = 1.02

type Soak = Mapping[str, Any]
"""What a worker tells of a soak."""


async def measure(
    shape: Shape, contestants: Sequence[Contestant], *, minutes: int, folder: Path
) -> dict[str, Soak]:
    """Return what was seen of each column, by its name. Each has a vendor of its own."""
    soaks = await asyncio.gather(
        *(_measure(shape, one, minutes, folder / one.name) for one in contestants)
    )
    return {one.name: soak for one, soak in zip(contestants, soaks, strict=True)}


async def _measure(shape: Shape, who: Contestant, minutes: int, folder: Path) -> Soak:
    async with stub_vendor(folder) as stub:
        await stub.become(shape)
        async with worker(who, stub, shape, folder) as process:
            await process.ask("set_up")
            for _ in range(WARM_UP_READS):
                await stub.step(ALL_CHANGE)
                await process.ask("refresh")
            every = shape.every if who.name == LIMIT else 0
            return await process.ask("soak", minutes=minutes, every=every)


def tables(shape: Shape, soaks: Mapping[str, Soak]) -> list[Table]:
    """Return what there was after each part, and what kept the event loop."""
    return [
        Table(
            title=f"{shape.size * shape.accounts:,} numbers of {shape.accounts} accounts, read"
            f" every {shape.every} s, for an hour of the loop's clock",
            rows={
                f"{name}, after {_minutes(soak, number)} minutes": look
                for name, soak in soaks.items()
                for number, look in enumerate(soak["looks"])
            },
        ),
        Table(
            title="What kept the event loop in that hour, in milliseconds of CPU",
            rows={name: _kept(soak) for name, soak in soaks.items()},
        ),
        Table(
            title="The callbacks that took longest without Python's garbage collector",
            rows={
                heading: row
                for name, soak in soaks.items()
                for heading, row in table_rows(name, soak["longest"]).items()
            },
        ),
    ]


def _minutes(soak: Soak, number: int) -> int:
    minutes: float = soak["minutes"]
    return round(minutes * number / (len(soak["looks"]) - 1))


def _kept(soak: Soak) -> dict[str, float]:
    collections = soak["collections"]
    return {
        "CPU s": soak["cpu"],
        "callbacks": soak["count"],
        f"above {TOO_LONG:.0f} ms": soak["too_long"],
        "longest": soak["longest"][0]["milliseconds"],
        "collections": len(collections),
        "longest collection": max(collections, default=0),
        "longest with them": soak["blocked"],
        "a collection at its end": soak["young"],
    }


def targets(soak: Soak) -> list[Target]:
    """Return what has to come out of a soak."""
    looks = soak["looks"]
    first, last = looks[FIRST], looks[-1]
    span = f"from minute {_minutes(soak, FIRST)} to {_minutes(soak, len(looks) - 1)}"
    return [
        *(_target(f"growth of {what} {span}", last[what] / first[what], MOST) for what in GROWS),
        _target(
            "the longest callback, without Python's garbage collector",
            soak["longest"][0]["milliseconds"],
            TOO_LONG,
            " ms",
        ),
        _target("the longest callback, with it", soak["blocked"], TOO_LONG, " ms"),
    ]


def _target(what: str, figure: float, most: float, unit: str = "") -> Target:
    return Target(what=what, figure=Spread(figure, figure, figure), most=most, unit=unit)
