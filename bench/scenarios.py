"""The scenarios, and what has to come out of them."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from . import commanding, refreshing, soaking, starting
from .columns import BRIDGE, COMMAND_LINE, DOMAIN, ENTITIES, LIMIT, OWN, REST, SCRAPE, Contestant
from .measures import Report, Spread, Target
from .processes import Stub, stub_vendor
from .shape import FEW_CHANGE, Shape

NOTHING_CHANGES: Final = 0
STARTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a scenario works with; ``extra`` are the integrations that were given by path."""

    stub: Stub
    report: Report
    folder: Path
    rounds: int
    extra: Sequence[Contestant] = ()
    say: Callable[[str], None] = print

    def contestants(self, *names: str) -> list[Contestant]:
        """Return the columns of a table, this integration first."""
        return [OWN, *self.extra, *(Contestant(name=name) for name in names)]


async def devices(bench: Bench) -> None:
    """Measure 200 devices of 20 numbers, one request a device."""
    sides = await refreshing.measure(
        bench.stub,
        Shape(devices=200, attributes=20),
        bench.contestants(LIMIT, ENTITIES, REST, SCRAPE, COMMAND_LINE),
        changes=(FEW_CHANGE, NOTHING_CHANGES),
        rounds=bench.rounds,
        folder=bench.folder,
    )
    title = "200 devices of 20, one request a device"
    bench.report.tables += [
        refreshing.table(f"{title}, one value in five changed", sides, FEW_CHANGE),
        refreshing.table(f"{title}, nothing changed", sides, NOTHING_CHANGES),
    ]
    ours, limit = sides[BRIDGE].rounds, sides[LIMIT].rounds
    rest = sides[REST].rounds[FEW_CHANGE]
    bench.report.targets += [
        Target(
            what="CPU over the limit: 4,000 attributes of 200 devices, one in five changed",
            figure=ours[FEW_CHANGE].over(limit[FEW_CHANGE]),
            most=1.5,
        ),
        Target(what="CPU over rest's, likewise", figure=ours[FEW_CHANGE].over(rest), most=0.2),
        Target(
            what="CPU over the limit: 200 devices, nothing changed",
            figure=ours[NOTHING_CHANGES].over(limit[NOTHING_CHANGES]),
            most=1.1,
        ),
    ]


async def account(bench: Bench) -> None:
    """Measure the same 4,000 numbers in one answer."""
    sides = await refreshing.measure(
        bench.stub,
        Shape(devices=200, attributes=20, scope="account"),
        bench.contestants(LIMIT, ENTITIES, REST),
        changes=(FEW_CHANGE, NOTHING_CHANGES),
        rounds=bench.rounds,
        folder=bench.folder,
    )
    title = "4,000 attributes in one answer"
    bench.report.tables += [
        refreshing.table(f"{title}, one value in five changed", sides, FEW_CHANGE),
        refreshing.table(f"{title}, nothing changed", sides, NOTHING_CHANGES),
    ]
    ours, limit = sides[BRIDGE].rounds, sides[LIMIT].rounds
    bench.report.targets += [
        Target(
            what="CPU over the limit: 4,000 attributes in one answer, one in five changed",
            figure=ours[FEW_CHANGE].over(limit[FEW_CHANGE]),
            most=1.5,
        ),
        Target(
            what="CPU over the limit: one answer, nothing changed",
            figure=ours[NOTHING_CHANGES].over(limit[NOTHING_CHANGES]),
            most=1.1,
        ),
    ]


async def etag(bench: Bench) -> None:
    """Measure a vendor that can say that nothing has changed."""
    sides = await refreshing.measure(
        bench.stub,
        Shape(devices=200, attributes=20, etag=True),
        bench.contestants(LIMIT),
        changes=(NOTHING_CHANGES,),
        rounds=bench.rounds,
        folder=bench.folder,
    )
    title = "200 devices, one request a device with an ETag, nothing changed"
    bench.report.tables.append(refreshing.table(title, sides, NOTHING_CHANGES))
    ours = sides[BRIDGE].rounds[NOTHING_CHANGES]
    bodies = float(ours.counts.get("bodies", 0))
    bench.report.targets += [
        Target(
            what="CPU over the limit with an ETag: 200 devices, nothing changed",
            figure=ours.over(sides[LIMIT].rounds[NOTHING_CHANGES]),
            most=1.1,
        ),
        Target(
            what="bodies that are sent with an ETag", figure=Spread(bodies, bodies, bodies), most=0
        ),
    ]


async def linear(bench: Bench) -> None:
    """Measure 1,000 attributes and 16,000: one answer an account, of 8,000 at most.

    Home Assistant takes no more than 10,000 entities of one account.
    """
    shapes = [
        Shape(devices=devices, attributes=20, scope="account", accounts=accounts)
        for devices, accounts in ((50, 1), (400, 2))
    ]
    each: dict[int, list[float]] = {}
    async with AsyncExitStack() as stack:
        races = []
        for shape in shapes:
            # A vendor for each size, so that they take turns: what slows one slows the other.
            folder = bench.folder / str(shape.devices)
            stub = await stack.enter_async_context(stub_vendor(folder))
            race = refreshing.race(stub, shape, bench.contestants(LIMIT), folder)
            races.append(await stack.enter_async_context(race))
        for running in races:
            await running.get_ready(FEW_CHANGE)
        for _ in range(bench.rounds):
            for running in races:
                await running.round(FEW_CHANGE)
    for shape, running in zip(shapes, races, strict=True):
        size = shape.size * shape.accounts
        title = f"{size:,} attributes in answers of {shape.size:,}, one value in five changed"
        bench.report.tables.append(refreshing.table(title, running.sides, FEW_CHANGE))
        each[size] = [one / size for one in running.sides[BRIDGE].rounds[FEW_CHANGE].cpu]
    few, many = each.values()
    bench.report.targets.append(
        Target(
            what="CPU of an attribute of 16,000 over that of one of 1,000",
            figure=Spread.of([large / small for large, small in zip(many, few, strict=True)]),
            most=1.25,
        )
    )


async def start(bench: Bench) -> None:
    """Measure set-up, memory, and a start from the registries."""
    starts = await starting.measure(
        bench.stub,
        Shape(devices=200, attributes=20),
        bench.contestants(ENTITIES, REST),
        times=STARTS,
        folder=bench.folder,
    )
    bench.report.tables.append(
        starting.table("Set-up of 4,000 entities, first and from the registries", starts)
    )
    ours, rest = starts[BRIDGE], starts[REST]
    memory = Spread.of(
        [mine / theirs for mine, theirs in zip(ours.memory, rest.memory, strict=True)]
    )
    bench.report.targets += [
        Target(what="CPU of set-up over rest's", figure=ours.first.over(rest.first), most=1),
        Target(what="memory of an entity over rest's", figure=memory, most=1),
        Target(
            what="CPU of a start from the registries over rest's",
            figure=ours.again.over(rest.again),
            most=1,
        ),
        Target(
            what="CPU of a start from the registries over the first set-up",
            figure=ours.again.over(ours.first),
            most=1,
        ),
    ]


async def command(bench: Bench) -> None:
    """Measure commands from the action call to the wire."""
    shape = Shape(devices=200, attributes=20, switches=True)
    await bench.stub.become(shape)
    others = [one for one in bench.extra if one.domain == DOMAIN]
    sides = await commanding.measure(
        bench.stub,
        shape,
        [OWN, *others, *(Contestant(name=name) for name in (ENTITIES, LIMIT))],
        folder=bench.folder,
    )
    bench.report.tables += commanding.tables(sides)
    bench.report.targets += commanding.targets(sides[BRIDGE], sides[LIMIT])


async def soak(bench: Bench) -> None:
    """Measure 16,000 entities in 100 accounts for an hour of the loop's clock."""
    shape = Shape(devices=8, attributes=20, scope="account", accounts=100, every=30, restless=100)
    soaks = await soaking.measure(
        shape, [OWN, Contestant(name=LIMIT)], minutes=60, folder=bench.folder
    )
    bench.report.tables += soaking.tables(shape, soaks)
    bench.report.targets += soaking.targets(soaks[BRIDGE])


SCENARIOS: Final[Mapping[str, Callable[[Bench], Coroutine[Any, Any, None]]]] = {
    "devices": devices,
    "account": account,
    "etag": etag,
    "linear": linear,
    "start": start,
    "command": command,
    "soak": soak,
}

LONG: Final = frozenset({"soak"})
"""What takes minutes, and is run only when it is asked for."""
