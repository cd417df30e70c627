"""What an account costs the recorder in rows a day, beside writing everything each time.

One account with 2,000 numbers that are read every 30 seconds, of which 5 in 100 have changed. So
many reads are gone through without waiting, in a Home Assistant with a recorder on SQLite, and what
stands in its tables then is told for a day. So for two ways that are often seen: entities whose
attributes hold the time of the last read, and entities that force an update with each read.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
import sqlite3
import sys
import tempfile
from typing import Protocol

from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import async_initialize_recorder, get_instance
from homeassistant.setup import async_setup_component

from . import home
from .columns import OWN
from .columns.bridge import BridgeColumn
from .processes import Stub, stub_vendor
from .shape import Shape, Values, entity_id, state_attributes

SHAPE = Shape(devices=200, attributes=10, scope="account")
EVERY = timedelta(seconds=30)
ONE_IN = 20
"""One value in so many changes between two reads."""
READS = 60


class Account(Protocol):
    """Something that shows the vendor's values."""

    async def set_up(self) -> None:
        """Show them for the first time."""

    async def refresh(self) -> None:
        """Read once."""


class Naive:
    """Entities that are written with each read, whatever has come."""

    def __init__(self, hass: HomeAssistant, values: Values, *, force: bool) -> None:
        """Force an update with each read, or else tell its time in the attributes."""
        self._hass = hass
        self._values = values
        self._force = force
        self._now = datetime(2026, 11, 24, tzinfo=UTC)

    async def set_up(self) -> None:
        """Write all."""
        await self.refresh()

    async def refresh(self) -> None:
        """Write all."""
        self._values.step(ONE_IN)
        self._now += EVERY
        for number, device_id in enumerate(SHAPE.device_ids()):
            for key, value in self._values.of(number).items():
                attributes = state_attributes(device_id, key)
                if not self._force:
                    attributes["last_read"] = self._now.isoformat()
                self._hass.states.async_set(
                    entity_id(device_id, key), str(value), attributes, force_update=self._force
                )


class Bridge:
    """An account of this integration."""

    def __init__(self, hass: HomeAssistant, stub: Stub) -> None:
        """Take the vendor."""
        self._stub = stub
        self._column = BridgeColumn(hass, stub.url, SHAPE)

    async def set_up(self) -> None:
        """Add the account."""
        await self._column.set_up()

    async def refresh(self) -> None:
        """Let values change, and read them."""
        await self._stub.step(ONE_IN)
        await self._column.refresh()


@dataclass(frozen=True, slots=True)
class Cost:
    """What so many reads have cost: rows of states and of their attributes, and bytes."""

    states: int
    attributes: int
    size: int

    def a_day(self, reads: int) -> Cost:
        """Return what a day costs."""
        days = reads * EVERY / timedelta(days=1)
        return Cost(*(round(part / days) for part in (self.states, self.attributes, self.size)))

    def __sub__(self, other: Cost) -> Cost:
        """Return what has come since."""
        return Cost(
            self.states - other.states, self.attributes - other.attributes, self.size - other.size
        )


async def measure(folder: Path, reads: int, make: Callable[[HomeAssistant], Account]) -> Cost:
    """Return what reads cost, beside the first one."""
    hass = await home.start(folder)
    try:
        database = folder / "recorder.db"
        async_initialize_recorder(hass)
        settings = {"recorder": {"db_url": f"sqlite:///{database}", "commit_interval": 60}}
        if not await async_setup_component(hass, "recorder", settings):
            message = "the recorder could not be set up"
            raise RuntimeError(message)
        account = make(hass)
        await account.set_up()
        await _commit(hass)
        before = await asyncio.to_thread(_count, database)
        for _ in range(reads):
            await account.refresh()
            await _commit(hass)
        return await asyncio.to_thread(_count, database) - before
    finally:
        await hass.async_stop(force=True)


async def _commit(hass: HomeAssistant) -> None:
    await hass.async_block_till_done()
    done = hass.loop.create_future()
    get_instance(hass).queue_task(SynchronizeTask(done))
    await done


def _count(database: Path) -> Cost:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        (states,) = connection.execute("SELECT count(*) FROM states").fetchone()
        (attributes,) = connection.execute("SELECT count(*) FROM state_attributes").fetchone()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    finally:
        connection.close()
    return Cost(states, attributes, pages * size)


async def _run(reads: int) -> None:
    with tempfile.TemporaryDirectory(prefix="vendor-bridge-recorder-") as name:
        folder = Path(name)
        async with stub_vendor(folder) as stub:
            await stub.become(SHAPE)
            ways: dict[str, Callable[[HomeAssistant], Account]] = {
                "Vendor Bridge": lambda hass: Bridge(hass, stub),
                "the time of the read in the attributes": lambda hass: Naive(
                    hass, Values(SHAPE), force=False
                ),
                "an update forced with each read": lambda hass: Naive(
                    hass, Values(SHAPE), force=True
                ),
            }
            print(
                f"| {SHAPE.size} numbers, every 30 s, 5 % change | rows of states a day "
                "| rows of attributes a day | MB a day |"
            )
            print("| --- | ---: | ---: | ---: |")
            for number, (way, make) in enumerate(ways.items()):
                place = folder / str(number)
                await asyncio.to_thread(_prepare, place)
                cost = (await measure(place, reads, make)).a_day(reads)
                print(f"| {way} | {cost.states:,} | {cost.attributes:,} | {cost.size // 10**6:,} |")


def _prepare(folder: Path) -> None:
    folder.mkdir()
    OWN.prepare(folder, SHAPE)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.recorder", description=__doc__)
    parser.add_argument("--reads", type=int, default=READS, help=f"how many reads ({READS})")
    options = parser.parse_args(argv)
    asyncio.run(_run(options.reads))
    return 0


if __name__ == "__main__":
    sys.exit(main())
