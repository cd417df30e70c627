"""The past: Home Assistant was off for days, and has every hour of them all the same."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
import re
from typing import Any

from .acme_server import AcmeServer
from .home_assistant import HomeAssistant
from .meters import FIELDS, statistic_ids
from .processes import free_port
from .stage import DOMAIN, Stage, expect, until
from .story import add_account

DAYS_OFF = 3
PATIENCE = 600
LONGEST_LIFE = 3.0
"""Seconds between a start and the kill that ends it."""


@dataclass(frozen=True, slots=True)
class Series:
    """A series of statistics, and where the vendor says the same."""

    statistic_id: str
    serial: str
    field: str


async def live_through_days_off(
    folder: Path, owner: Mapping[str, str], configuration: Path, *, database: str | None = None
) -> str:
    """Stop Home Assistant for simulated days and compare every hour with what the vendor knows.

    The vendor's clock can be moved and Home Assistant's can't, so it starts some days behind and
    catches up while Home Assistant is off. ``database`` is the URL of the recorder's, by default
    a file of SQLite's. Raises StepFailedError.
    """
    acme = AcmeServer(folder / "acme", free_port(), "--quiet", "--behind-days", str(DAYS_OFF))
    home = HomeAssistant(folder / "config", free_port(), owner=owner)
    home.prepare(configuration)
    if database is not None:
        home.record_in(database)
    async with acme, home:
        await home.start()
        await home.onboard()
        await home.running()
        stage = Stage(acme, home)
        await add_account(stage)
        await _know_entities(stage)
        before = await _compare(stage)
        await home.stop()
        await acme.advance(timedelta(days=DAYS_OFF).total_seconds())
        await home.start()
        await home.onboard()
        await home.running()
        after = await _compare(stage)
        series = len(await _series(stage))
    return (
        f"{before} hours of {series} meters before, {after} after {DAYS_OFF} days off: "
        "none missing, none twice, each as the vendor says"
    )


async def survive_kills(
    folder: Path, owner: Mapping[str, str], configuration: Path, *, times: int, seed: int
) -> str:
    """Kill Home Assistant again and again while it imports, and compare every hour in the end.

    The past is asked for in small pieces, so that there is always some left to be killed at; what
    the vendor allows is all of it within a few minutes. Raises StepFailedError.
    """
    chance = Random(seed)  # noqa: S311 - moments, not secrets
    acme = AcmeServer(folder / "acme", free_port(), "--quiet", "--past-days", "30")
    home = HomeAssistant(folder / "config", free_port(), owner=owner)
    home.prepare(configuration)
    _ask_in_small_pieces(home.folder / "vendor_bridge" / "acme.yaml")
    async with acme, home:
        await home.start()
        await home.onboard()
        await home.running()
        stage = Stage(acme, home)
        await add_account(stage)
        await _know_entities(stage)
        await until(lambda: _is_stored(stage), "the account is stored")
        imported = []
        for _ in range(times):
            await asyncio.sleep(chance.uniform(0, LONGEST_LIFE))
            imported.append(await _imported(stage))
            await home.stop(kill=True)
            await home.start()
            await home.onboard()
            await home.running()
        hours = await _compare(stage)
    expect(max(imported) < hours, f"all was imported before the last kill: {imported} of {hours}")
    return (
        f"killed {times} times, with {imported[0]} to {imported[-1]} of {hours} hours imported: "
        "none missing, none twice, each as the vendor says"
    )


def _ask_in_small_pieces(profile: Path) -> None:
    text = profile.read_text()
    small = re.sub(r"(?m)^( +)(each: points)$", r"\1\2\n\1span: 21600", text)
    small = small.replace("{request: *past, ", "{request: *past, span: 21600, ")
    expect(small.count("span: 21600") == small.count("*past") + 1, "not every history is known")
    profile.write_text(small)


async def _is_stored(stage: Stage) -> bool:
    """Return whether Home Assistant has written the account down, which takes it a second."""
    file = stage.home.folder / ".storage" / "core.config_entries"
    return stage.entry_id in await asyncio.to_thread(file.read_text)


async def _imported(stage: Stage) -> int:
    start = datetime.fromisoformat((await stage.acme.house())["born"]).astimezone(UTC)
    return sum([len(await _rows(stage, series, start)) for series in await _series(stage)])


async def _know_entities(stage: Stage) -> None:
    registry = await stage.home.websocket(type="config/entity_registry/list")
    stage.entities = {
        entity["unique_id"]: entity["entity_id"]
        for entity in registry
        if entity["platform"] == DOMAIN and entity["disabled_by"] is None
    }


async def _series(stage: Stage) -> list[Series]:
    """Return the series that were imported."""
    return [
        Series(statistic_id, serial, FIELDS[key])
        for (serial, key), statistic_id in (await statistic_ids(stage)).items()
    ]


async def _compare(stage: Stage) -> int:
    """Wait until every hour that is over has arrived, and compare. Return how many there are."""
    house = await stage.acme.house()
    now = datetime.fromisoformat(house["now"]).astimezone(UTC)
    end = now.replace(minute=0, second=0, microsecond=0)
    start = datetime.fromisoformat(house["born"]).astimezone(UTC)
    count = 0
    metered = [key for key in stage.entities if key.rsplit(":", 1)[1] in FIELDS]

    async def all_there() -> bool:
        return len(await _series(stage)) == len(metered)

    await until(all_there, "every meter's past is imported", PATIENCE)
    for series in await _series(stage):
        truth = {
            datetime.fromisoformat(point["t"]).astimezone(UTC): point[series.field]
            for point in await stage.acme.history(series.serial, start, end)
        }

        async def complete(series: Series = series, truth: Mapping[Any, Any] = truth) -> bool:
            return len(await _rows(stage, series, start)) >= len(truth)

        await until(complete, f"all hours of {series.serial} are there", PATIENCE)
        rows = await _rows(stage, series, start)
        hours = [datetime.fromtimestamp(row["start"] / 1000, UTC) for row in rows]
        expect(
            hours == sorted(truth), f"{series.serial} has other hours: {set(hours) ^ set(truth)}"
        )
        for hour, row in zip(hours, rows, strict=True):
            told = (row["state"], row["sum"])
            expect(
                told == (truth[hour], truth[hour]),
                f"{series.serial} at {hour}: {told}, and the vendor says {truth[hour]}",
            )
        count += len(rows)
    return count


async def _rows(stage: Stage, series: Series, start: datetime) -> list[dict[str, Any]]:
    found = await stage.home.websocket(
        type="recorder/statistics_during_period",
        start_time=(start - timedelta(days=1)).isoformat(),
        statistic_ids=[series.statistic_id],
        period="hour",
        types=["state", "sum"],
    )
    rows: list[dict[str, Any]] = found.get(series.statistic_id, [])
    return rows
