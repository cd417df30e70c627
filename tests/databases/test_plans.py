"""The queries that this integration makes use the recorder's own indexes, in each database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
import re
from typing import Any

from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.db_schema import (
    States,
    StatesMeta,
    Statistics,
    StatisticsMeta,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
import pytest
from sqlalchemy import Connection, Engine, event, insert, text

from custom_components.vendor_bridge.actions.recorded import async_states, async_statistics
from custom_components.vendor_bridge.bridge.history import HOUR, hour_of
from custom_components.vendor_bridge.bridge.model import Point
from custom_components.vendor_bridge.const import CONF_FILL
from custom_components.vendor_bridge.history import HistoryImport

from ..fakes import FakeClient, account_entry, set_up
from ..recording import mock_recorder_before_hass, recorder
from ..test_history import KEY, meter

__all__ = ["mock_recorder_before_hass", "recorder"]

pytestmark = [pytest.mark.databases, pytest.mark.timeout(600)]

LARGE = ("statistics", "statistics_short_term", "states")
"""The tables that grow. Those of their names are so small that they are read as a whole."""
SERIES, HOURS, STATES = 30, 2000, 1000
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN ", "mysql": "EXPLAIN "}


@pytest.fixture
def recorder_db_url(hass_fixture_setup: list[bool], database: str | None) -> str:
    """Return the database that the tests' recorder uses."""
    assert not hass_fixture_setup
    return database or "sqlite://"


def grow(engine: Engine, now: datetime) -> None:
    """Fill the tables as those of a home are, and let the database look how large they are."""
    newest = now.timestamp()
    with engine.begin() as connection:
        for number in range(1000, 1000 + SERIES):
            _insert_series(connection, number, newest)
        analyze = {
            "sqlite": "ANALYZE",
            "postgresql": "ANALYZE",
            "mysql": "ANALYZE TABLE statistics, statistics_short_term, states",
        }
        connection.execute(text(analyze[engine.dialect.name]))


def _insert_series(connection: Connection, number: int, newest: float) -> None:
    connection.execute(
        insert(StatisticsMeta).values(
            id=number,
            statistic_id=f"sensor.other_{number}",
            source="recorder",
            unit_of_measurement="kWh",
            has_sum=True,
            mean_type=0,
            unit_class="energy",
        )
    )
    connection.execute(
        insert(Statistics),
        [
            {
                "metadata_id": number,
                "start_ts": newest - back * 3600,
                "created_ts": newest,
                "state": float(-back),
                "sum": float(-back),
            }
            for back in range(1, HOURS + 1)
        ],
    )
    connection.execute(
        insert(StatesMeta).values(metadata_id=number, entity_id=f"sensor.other_{number}")
    )
    connection.execute(
        insert(States),
        [
            {
                "metadata_id": number,
                "state": str(back),
                "last_updated_ts": newest - back * 60,
                "origin_idx": 0,
            }
            for back in range(1, STATES + 1)
        ],
    )


@contextmanager
def watched(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Collect the queries of large tables, each once, with the values that it was made with."""
    seen: dict[str, Any] = {}
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        table = re.search(r"\bFROM (\w+)", statement)
        if statement.startswith("SELECT") and table and statement not in seen:
            seen[statement] = values
            if any(re.search(rf"\b{name}\b\.", statement) for name in LARGE):
                found.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan_of(connection: Connection, statement: str, values: Any) -> list[str]:
    """Return the steps of a query's plan, as the database tells them."""
    rows = connection.exec_driver_sql(EXPLAIN[connection.dialect.name] + statement, values)
    if connection.dialect.name == "mysql":
        return [
            f"{row.table}: {row.type}, key {row.key}, {row.rows} rows ({row.Extra})" for row in rows
        ]
    return [str(row[-1]).strip() for row in rows]


def whole_table(step: str) -> bool:
    """Return whether a step of a plan reads all of a large table."""
    tables = "|".join(LARGE)
    return bool(
        re.search(rf"^SCAN ({tables})\b(?!.*INDEX)", step)
        or re.search(rf"Seq Scan on ({tables})\b", step)
        or re.search(rf"^({tables}): (ALL|index), ", step)
    )


async def test_no_query_reads_a_whole_table(recorder: Recorder, hass: HomeAssistant) -> None:
    engine = recorder.engine
    assert engine is not None
    now = hour_of(dt_util.utcnow())
    await get_instance(hass).async_add_executor_job(grow, engine, now)
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    client.remembered["meter", KEY] = [
        Point(now - back * HOUR, 990.0 - back) for back in range(100, 0, -1)
    ]
    entry = account_entry(**{CONF_FILL: True})
    entry.add_to_hass(hass)
    with watched(engine) as queries:
        await set_up(hass, client, entry)
        history: HistoryImport = entry.runtime_data.history
        await history.async_import()
        await history.async_backfill(start=now - timedelta(hours=50), fill=True)
        await history.async_plan_fill()
        ids = ["sensor.other_1000", "sensor.other_1001"]
        await async_states(hass, ids, now - timedelta(hours=2), now, 100)
        await async_statistics(hass, ids, now - timedelta(days=2), now, 100, "hour")
        await recorder.async_block_till_done()
    assert len(queries) >= 4

    def explain() -> dict[str, list[str]]:
        with engine.connect() as connection:
            return {
                statement: plan_of(connection, statement, values) for statement, values in queries
            }

    plans = await get_instance(hass).async_add_executor_job(explain)
    for statement, steps in plans.items():
        print(f"\n{engine.dialect.name}: {' '.join(statement.split())[:300]}")
        print("\n".join(f"    {step}" for step in steps))
    wrong = {step for steps in plans.values() for step in steps if whole_table(step)}
    assert not wrong


@pytest.mark.parametrize("table", LARGE)
async def test_one_that_does_is_noticed(
    recorder: Recorder, hass: HomeAssistant, table: str
) -> None:
    engine = recorder.engine
    assert engine is not None
    now = hour_of(dt_util.utcnow())
    await get_instance(hass).async_add_executor_job(grow, engine, now)
    column = "state_id" if table == "states" else "id"

    def explain() -> list[str]:
        query = f"SELECT {table}.{column} FROM {table} WHERE {table}.state = '5'"  # noqa: S608
        if engine.dialect.name != "mysql" and table != "states":
            query = f"SELECT {table}.{column} FROM {table} WHERE {table}.state = 5"  # noqa: S608
        with engine.connect() as connection:
            return plan_of(connection, query, ())

    steps = await get_instance(hass).async_add_executor_job(explain)
    assert any(whole_table(step) for step in steps), steps
