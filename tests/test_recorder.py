"""What Home Assistant's recorder makes of observations, without anybody's help."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.db_schema import StateAttributes, States, StatesMeta
from homeassistant.components.recorder.statistics import statistics_during_period
from homeassistant.components.recorder.tasks import StatisticsTask, SynchronizeTask
from homeassistant.components.recorder.util import session_scope
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import json_loads
import pytest
from sqlalchemy import select

from custom_components.vendor_bridge.bridge.model import Entity

from .fakes import FakeClient, entity, pass_time, set_up, state_of
from .recording import mock_recorder_before_hass, recorder

__all__ = ["mock_recorder_before_hass", "recorder"]

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
FIVE_MINUTES = timedelta(minutes=5)


async def recorded(
    hass: HomeAssistant, recorder: Recorder, entity_id: str
) -> list[tuple[str | None, dict[str, Any]]]:
    """Return each state of an entity that is stored: what it is, and its attributes."""
    await recorder.async_block_till_done()

    def look() -> list[tuple[str | None, dict[str, Any]]]:
        query = (
            select(States.state, StateAttributes.shared_attrs)
            .join(StatesMeta, States.metadata_id == StatesMeta.metadata_id)
            .join(StateAttributes, States.attributes_id == StateAttributes.attributes_id)
            .where(StatesMeta.entity_id == entity_id)
            .order_by(States.state_id)
        )
        with session_scope(hass=hass, read_only=True) as session:
            found = session.execute(query).all()
        return [(state, dict(json_loads(attributes))) for state, attributes in found]  # type: ignore[arg-type]

    return await recorder.async_add_executor_job(look)


@pytest.mark.parametrize("platform", ["sensor", "binary_sensor"])
async def test_a_structured_value_is_shown_and_not_stored(
    recorder: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory, platform: str
) -> None:
    client = FakeClient()
    prices = {"hours": [{"from": f"{hour:02}:00", "price": hour / 100} for hour in range(24)]}
    client.add("meter", entity(f"{platform}.price", "Price", attributes=["state", "details"]))
    client.say("meter", f"{platform}.price.state", True if platform == "binary_sensor" else "low")
    client.say("meter", f"{platform}.price.details", prices)
    await set_up(hass, client)
    entity_id = f"{platform}.meter_price"
    assert state_of(hass, entity_id).attributes["details"] == prices
    client.say("meter", f"{platform}.price.details", {"hours": []})
    await pass_time(hass, freezer, 31)
    assert state_of(hass, entity_id).attributes["details"] == {"hours": []}
    stored = await recorded(hass, recorder, entity_id)
    assert stored
    assert all("details" not in attributes for _, attributes in stored)
    assert stored[-1][1]["friendly_name"] == "Meter Price", "the rest is"


async def compile_statistics(recorder: Recorder, start: datetime) -> None:
    """Have the recorder make the statistics of five minutes, and wait until they are stored."""
    await recorder.async_block_till_done()
    recorder.queue_task(StatisticsTask(start, fire_events=False))
    done = asyncio.get_running_loop().create_future()
    recorder.queue_task(SynchronizeTask(done))  # async_block_till_done overtakes what is in work
    await done


def total(*attributes: str, state_class: str = "total") -> Entity:
    return entity(
        "sensor.energy",
        "Energy",
        attributes=["state", *attributes],
        options={
            "device_class": "energy",
            "state_class": state_class,
            "unit_of_measurement": "kWh",
        },
    )


async def hours(
    hass: HomeAssistant,
    recorder: Recorder,
    freezer: FrozenDateTimeFactory,
    client: FakeClient,
    told: list[tuple[float, datetime | None]],
) -> list[Any]:
    """Let the vendor tell a total every five minutes, and return the statistics by the hour."""
    freezer.move_to(START)
    client.add(
        "meter", total("last_reset") if told[0][1] else total(state_class="total_increasing")
    )
    for place, (value, reset) in enumerate(told):
        client.say("meter", "sensor.energy.state", value)
        if reset is not None:
            client.say("meter", "sensor.energy.last_reset", reset)
        if place == 0:
            await set_up(hass, client)
        freezer.move_to(START + FIVE_MINUTES * place + timedelta(seconds=1))
        await pass_time(hass, freezer, 31)
        await recorder.async_block_till_done()
        freezer.move_to(START + FIVE_MINUTES * (place + 1))
        await compile_statistics(recorder, START + FIVE_MINUTES * place)
    found = await recorder.async_add_executor_job(
        statistics_during_period,
        hass,
        dt_util.utc_from_timestamp(0),
        None,
        {"sensor.meter_energy"},
        "hour",
        None,
        {"state", "sum", "last_reset"},
    )
    return found.get("sensor.meter_energy", [])


async def test_a_total_that_the_vendor_resets_goes_on(
    recorder: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """A counter of the day, 0.25 kWh in five minutes, that begins anew at 13:00.

    Right after the reset it shows more than before it: only ``last_reset`` tells.
    """
    midnight, one = START.replace(hour=0), START + timedelta(hours=1)
    told: list[tuple[float, datetime | None]] = [(0.25 * step, midnight) for step in range(1, 13)]
    told += [(8.0 + 0.25 * step, one) for step in range(12)]
    first, second = await hours(hass, recorder, freezer, FakeClient(), told)
    assert first["state"] == 3.0
    assert second["state"] == 10.75
    assert second["sum"] - first["sum"] == pytest.approx(10.75), "all that was counted since"
    assert second["last_reset"] == one.timestamp()


async def test_without_last_reset_a_fall_is_what_tells(
    recorder: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    told: list[tuple[float, datetime | None]] = [(5 + 0.25 * step, None) for step in range(1, 13)]
    told += [(0.25 * step, None) for step in range(12)]
    first, second = await hours(hass, recorder, freezer, FakeClient(), told)
    assert second["sum"] - first["sum"] == pytest.approx(2.75)
