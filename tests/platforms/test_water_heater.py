from typing import Any

from homeassistant.components.water_heater import WaterHeaterEntityFeature
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, snapshot_platform, written

FULL = entity(
    "water_heater.main",
    attributes=[
        "operation_mode",
        "temperature",
        "target_temp_high",
        "target_temp_low",
        "current_temperature",
        "away_mode",
        "max_temp",
    ],
    options={
        "operation_list": ["off", "eco", "performance"],
        "min_temp": 35,
        "target_temp_step": 0.5,
        "precision": 0.5,
        "temperature_unit": "°C",
    },
    commands={
        "set_temperature": ["temperature"],
        "set_operation_mode": ["operation_mode"],
        "set_away_mode": ["away_mode"],
        "turn_on": [],
        "turn_off": [],
    },
)
VALUES: dict[str, Any] = {
    "operation_mode": "eco",
    "temperature": 55,
    "target_temp_high": 60,
    "target_temp_low": 50,
    "current_temperature": 48.3,
    "away_mode": False,
    "max_temp": 70,
}
AT_ONCE = entity(
    "water_heater.main",
    attributes=["operation_mode", "temperature"],
    options={"operation_list": ["off", "eco"]},
    commands={
        "set_temperature": ["temperature", "operation_mode"],
        "set_operation_mode": ["operation_mode"],
    },
)


async def test_water_heaters(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("full", FULL, **VALUES)
    client.add(
        "plain", entity("water_heater.main", attributes=["operation_mode"]), operation_mode="off"
    )
    client.add("silent", FULL)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("action", "given", "commands"),
    [
        ("set_temperature", {"temperature": 60}, [("set_temperature", {"temperature": 60})]),
        (
            "set_temperature",
            {"temperature": 60, "operation_mode": "performance"},
            [
                ("set_operation_mode", {"operation_mode": "performance"}),
                ("set_temperature", {"temperature": 60}),
            ],
        ),
        (
            "set_operation_mode",
            {"operation_mode": "performance"},
            [("set_operation_mode", {"operation_mode": "performance"})],
        ),
        ("set_away_mode", {"away_mode": True}, [("set_away_mode", {"away_mode": True})]),
        ("set_away_mode", {"away_mode": False}, [("set_away_mode", {"away_mode": False})]),
        ("turn_on", {}, [("turn_on", {})]),
        ("turn_off", {}, [("turn_off", {})]),
    ],
)
async def test_commands(
    hass: HomeAssistant,
    action: str,
    given: dict[str, Any],
    commands: list[tuple[str, dict[str, Any]]],
) -> None:
    client = FakeClient()
    client.add("boiler", FULL, **VALUES)
    entry = await set_up(hass, client)
    await perform(hass, f"water_heater.{action}", "water_heater.boiler", **given)
    assert written(client) == commands
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_command_shows_what_it_did(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("boiler", FULL, **VALUES)
    await set_up(hass, client)
    await perform(hass, "water_heater.set_away_mode", "water_heater.boiler", away_mode=True)
    assert state_of(hass, "water_heater.boiler").attributes["away_mode"] == "on"
    await perform(hass, "water_heater.turn_off", "water_heater.boiler")
    assert state_of(hass, "water_heater.boiler").state == "off"


async def test_mode_goes_along_where_the_vendor_takes_it(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("boiler", AT_ONCE, operation_mode="off", temperature=40)
    await set_up(hass, client)
    data = {"temperature": 50, "operation_mode": "eco"}
    await perform(hass, "water_heater.set_temperature", "water_heater.boiler", **data)
    assert written(client) == [("set_temperature", data)]
    state = state_of(hass, "water_heater.boiler")
    assert (state.state, state.attributes["temperature"]) == ("eco", 50)
    assert state.attributes["supported_features"] == (
        WaterHeaterEntityFeature.TARGET_TEMPERATURE | WaterHeaterEntityFeature.OPERATION_MODE
    )


async def test_mode_has_to_be_one(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("boiler", FULL, **VALUES)
    await set_up(hass, client)
    with pytest.raises(ServiceValidationError):
        await perform(
            hass,
            "water_heater.set_temperature",
            "water_heater.boiler",
            temperature=50,
            operation_mode="storm",
        )
    assert client.writes == []


async def test_water_heater_that_can_only_be_looked_at(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("boiler", entity("water_heater.main", attributes=["operation_mode"]))
    await set_up(hass, client)
    assert state_of(hass, "water_heater.boiler").state == STATE_UNKNOWN
    with pytest.raises(HomeAssistantError):
        await perform(hass, "water_heater.turn_on", "water_heater.boiler")
