"""kill -9 of Home Assistant at random moments."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
import contextlib
from dataclasses import dataclass, field
import os
from pathlib import Path
import random
import shutil
import sqlite3
import statistics
import time
from typing import Any

import pytest
import pytest_socket

from demo.home_assistant import HomeAssistantError

from .real import LAMP, WINDOW, HouseOfProcesses, changes
from .tls import Authority
from .world import Elsewhere

KILLS = int(os.environ.get("VENDOR_BRIDGE_KILLS", "3"))
SEED = int(os.environ.get("VENDOR_BRIDGE_KILL_SEED", str(random.SystemRandom().randrange(10**6))))
SECONDS_EACH = 60

pytestmark = [
    pytest.mark.faults,
    pytest.mark.timeout(120 + KILLS * SECONDS_EACH),
    pytest.mark.xdist_group("kills"),
]

TOKEN_SECONDS = "4"
LONGEST = 6.0
"""Seconds that Home Assistant runs at most before it is killed."""
DURING_START = 0.2
"""How many of the kills strike before Home Assistant has finished starting."""
UP_WITHIN = 30

type Recorded = Mapping[int, tuple[str, str | None, float | None]]
"""What the recorder holds, by its own number: entity, state, when that was."""


@dataclass(slots=True)
class Tally:
    """What the kills have shown."""

    during_start: int = 0
    recorded: int = 0
    commands: int = 0
    failed_commands: int = 0
    renewals: int = 0
    back_after: list[float] = field(default_factory=list)


@pytest.fixture
def house(thread: Elsewhere, authority: Authority, tmp_path: Path) -> Any:
    """Return a vendor whose tokens live seconds, and a Home Assistant to kill."""
    pytest_socket.enable_socket()
    made = HouseOfProcesses(tmp_path, authority, "--token-seconds", TOKEN_SECONDS)
    try:
        thread.wait(made.start())
        yield made
    finally:
        thread.wait(made.close())


async def test_kills(
    thread: Elsewhere,
    house: HouseOfProcesses,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    print(f"seed {SEED}")
    tally = Tally()
    began = time.monotonic()
    await thread.run(_kill_again_and_again(house, tmp_path / "copy", tally))
    record_property(
        "kills",
        {
            "kills": KILLS,
            "of which while it was still starting": tally.during_start,
            "seed": SEED,
            "devices, entities, names, areas and the account afterwards": "the same every time",
            "times that the user had to sign in again": 0,
            "observations that were committed and are still there": f"{tally.recorded:,}",
            "databases that were not whole": 0,
            "commands sent meanwhile, of which failed with their Home Assistant": (
                f"{tally.commands}, {tally.failed_commands}"
            ),
            "token renewals": tally.renewals,
            "seconds from its start until every entity was back: median, longest": (
                f"{statistics.median(tally.back_after):.1f}, {max(tally.back_after):.1f}"
            ),
            "minutes in all": f"{(time.monotonic() - began) / 60:.0f}",
        },
    )


async def _kill_again_and_again(house: HouseOfProcesses, copy: Path, tally: Tally) -> None:
    chance = random.Random(SEED)  # noqa: S311 - to be repeated, not to be secret
    # What is in memory only when the power goes is lost, by design: begin with all of it on disk.
    await house.home.stop()
    await house.start_home()
    await _all_there(house, "the beginning")
    before = await house.registered()
    committed: Recorded = {}
    for number in range(KILLS):
        at = f"kill {number + 1} of {KILLS}, seed {SEED}"
        async with _busy(house, tally):
            await asyncio.sleep(chance.uniform(0, LONGEST))
            await house.home.stop(kill=True)
        committed = _recorded(house.folder / "config", copy, at, committed)
        if chance.random() < DURING_START:
            tally.during_start += 1
            starting = asyncio.create_task(house.start_home())
            await asyncio.sleep(chance.uniform(0.3, LONGEST))
            await house.home.stop(kill=True)
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            committed = _recorded(house.folder / "config", copy, at, committed)
        began = time.monotonic()
        await house.start_home()
        running = time.monotonic() - began
        await _all_there(house, at)
        tally.back_after.append(time.monotonic() - began)
        await _as_before(house, before, at)
        assert not await house.reauths(), at
        assert not house.complaints(), at
        print(
            f"{at}: {len(committed)} recorded, running after {running:.1f} s,"
            f" all there after {tally.back_after[-1]:.1f} s",
            flush=True,
        )
    await house.home.stop()
    tally.recorded = len(_recorded(house.folder / "config", copy, "the end", committed))
    tally.renewals = sum(
        asked.path == "/v1/refresh" and status == 200 for asked, status in house.proxy.done
    )


@contextlib.asynccontextmanager
async def _busy(house: HouseOfProcesses, tally: Tally) -> AsyncIterator[None]:
    """Have things change at the vendor, and commands be sent, all the while."""

    async def change() -> None:
        is_open = False
        while True:
            is_open = not is_open
            await house.acme.pull(WINDOW, open=is_open)
            await asyncio.sleep(0.4)

    async def command() -> None:
        while True:
            tally.commands += 1
            try:
                await house.home.call("light.toggle", entity_id=house.entity(LAMP))
            except HomeAssistantError, OSError:
                tally.failed_commands += 1
            await asyncio.sleep(0.3)

    tasks = [asyncio.create_task(change()), asyncio.create_task(command())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _as_before(house: HouseOfProcesses, before: Mapping[str, Any], at: str) -> None:
    """Wait for the registries to be as before: the import of the past tells of itself later."""
    changed: Mapping[str, Any] = {}
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(30):
            while changed := changes(before, await house.registered()):  # noqa: ASYNC110
                await asyncio.sleep(0.5)
    assert not changed, at


async def _all_there(house: HouseOfProcesses, at: str) -> None:
    """Wait until every entity shows something, and a window what is true of it."""
    wanted = set(house.entities.values())
    async with asyncio.timeout(UP_WITHIN):
        while True:
            states = await house.home.states()
            missing = {
                entity_id
                for entity_id in wanted & states.keys()
                if states[entity_id]["state"] == "unavailable"
            }
            if not missing:
                break
            await asyncio.sleep(0.1)
    truth = (await house.acme.status(WINDOW))["open"]
    await house.shows(WINDOW, "contact", "on" if truth else "off", UP_WITHIN)
    assert not [one for one in states if one.endswith("_2") and one not in wanted], at


def _recorded(config: Path, copy: Path, at: str, before: Recorded) -> Recorded:
    """Return what the recorder has committed; check it whole, and that nothing of it has gone.

    Looked at in a copy: the next Home Assistant is to find the files as the kill has left them.
    """
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for name in ("home-assistant_v2.db", "home-assistant_v2.db-wal"):
        if (config / name).exists():
            shutil.copy(config / name, copy / name)
    with contextlib.closing(sqlite3.connect(copy / "home-assistant_v2.db")) as database:
        (whole,) = database.execute("PRAGMA integrity_check").fetchone()
        assert whole == "ok", f"{at}: {whole}"
        found = {
            number: (entity_id, state, when)
            for number, entity_id, state, when in database.execute(
                "SELECT state_id, states_meta.entity_id, state, last_updated_ts"
                " FROM states JOIN states_meta USING (metadata_id)"
            )
        }
    assert before.items() <= found.items(), f"{at}: observations have gone"
    return found
