"""The scenarios, and what has to come out of them."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from . import refreshing
from .columns import BRIDGE, COMMAND_LINE, ENTITIES, LIMIT, OWN, REST, SCRAPE, Contestant
from .measures import Report, Target
from .processes import Stub
from .shape import Shape

FEW_CHANGE: Final = 5
NOTHING_CHANGES: Final = 0


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


SCENARIOS: Final[Mapping[str, Callable[[Bench], Coroutine[Any, Any, None]]]] = {
    "devices": devices,
    "account": account,
}
