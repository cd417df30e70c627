from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.climate import ClimateEntityFeature
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_registry import EntityRegistry
from homeassistant.util.unit_system import US_CUSTOMARY_SYSTEM
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import snapshot_platform

MODES = ("fan_mode", "preset_mode", "swing_mode", "swing_horizontal_mode")
FULL = entity(
    "climate.main",
    attributes=[
        "hvac_mode",
        "hvac_action",
        "temperature",
        "target_temp_high",
        "target_temp_low",
        "current_temperature",
        "humidity",
        "current_humidity",
        *MODES,
        "min_temp",
    ],
    options={
        "hvac_modes": ["off", "heat", "cool", "heat_cool"],
        "fan_modes": ["low", "high"],
        "preset_modes": ["eco", "comfort"],
        "swing_modes": ["on", "off"],
        "swing_horizontal_modes": ["left", "right"],
        "min_temp": 5,
        "max_temp": 30,
        "target_temp_step": 0.5,
        "min_humidity": 20,
        "max_humidity": 80,
        "precision": 0.1,
        "temperature_unit": "°C",
    },
    commands={
        "set_hvac_mode": ["hvac_mode"],
        "set_temperature": ["temperature", "target_temp_high", "target_temp_low"],
        "set_humidity": ["humidity"],
        **{f"set_{mode}": [mode] for mode in MODES},
        "turn_on": [],
        "turn_off": [],
    },
)
VALUES = {
    "hvac_mode": "heat",
    "hvac_action": "heating",
    "temperature": 21,
    "target_temp_high": 24,
    "target_temp_low": 18,
    "current_temperature": 19.26,
    "humidity": 50,
    "current_humidity": 45,
    "fan_mode": "low",
    "preset_mode": "eco",
    "swing_mode": "off",
    "swing_horizontal_mode": "left",
    "min_temp": 7,
}
SIMPLE = entity(
    "climate.main",
    attributes=["hvac_mode", "hvac_modes", "temperature"],
    commands={"set_hvac_mode": ["hvac_mode"], "set_temperature": ["temperature"]},
)


async def test_thermostats(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("full", FULL, **VALUES)
    client.add("simple", SIMPLE, hvac_mode="off", hvac_modes=["off", "heat", "warm"])
    client.add("looked at", entity("climate.main", attributes=["hvac_mode"]), hvac_mode="dry")
    client.add("silent", SIMPLE)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("service", "given", "written"),
    [
        ("set_hvac_mode", {"hvac_mode": "cool"}, [("set_hvac_mode", {"hvac_mode": "cool"})]),
        ("set_temperature", {"temperature": 22}, [("set_temperature", {"temperature": 22})]),
        (
            "set_temperature",
            {"target_temp_high": 25, "target_temp_low": 17},
            [("set_temperature", {"target_temp_high": 25, "target_temp_low": 17})],
        ),
        (
            "set_temperature",
            {"temperature": 22, "hvac_mode": "cool"},
            [("set_hvac_mode", {"hvac_mode": "cool"}), ("set_temperature", {"temperature": 22})],
        ),
        ("set_humidity", {"humidity": 40}, [("set_humidity", {"humidity": 40})]),
        ("set_fan_mode", {"fan_mode": "high"}, [("set_fan_mode", {"fan_mode": "high"})]),
        (
            "set_preset_mode",
            {"preset_mode": "comfort"},
            [("set_preset_mode", {"preset_mode": "comfort"})],
        ),
        ("set_swing_mode", {"swing_mode": "on"}, [("set_swing_mode", {"swing_mode": "on"})]),
        (
            "set_swing_horizontal_mode",
            {"swing_horizontal_mode": "right"},
            [("set_swing_horizontal_mode", {"swing_horizontal_mode": "right"})],
        ),
        ("turn_on", {}, [("turn_on", {})]),
        ("turn_off", {}, [("turn_off", {})]),
        ("toggle", {}, [("turn_off", {})]),
    ],
)
async def test_commands(
    hass: HomeAssistant,
    service: str,
    given: dict[str, Any],
    written: list[tuple[str, dict[str, Any]]],
) -> None:
    client = FakeClient()
    client.add("full", FULL, **VALUES)
    entry = await set_up(hass, client)
    await hass.services.async_call(
        "climate", service, {ATTR_ENTITY_ID: "climate.full"} | given, blocking=True
    )
    assert [(one.name, one.data) for _, one in client.writes] == written
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_vendor_that_takes_mode_and_temperature_together(hass: HomeAssistant) -> None:
    client = FakeClient()
    together = entity(
        "climate.main",
        attributes=["hvac_mode", "temperature"],
        options={"hvac_modes": ["off", "heat"]},
        commands={"set_temperature": ["temperature", "hvac_mode"]},
    )
    client.add("room", together, hvac_mode="off", temperature=20)
    await set_up(hass, client)
    await hass.services.async_call(
        "climate",
        "set_temperature",
        {ATTR_ENTITY_ID: "climate.room", "temperature": 21, "hvac_mode": "heat"},
        blocking=True,
    )
    [(_, command)] = client.writes
    assert command.data == {"temperature": 21, "hvac_mode": "heat"}
    assert type(command.data["hvac_mode"]) is str
    state = state_of(hass, "climate.room")
    assert (state.state, state.attributes["temperature"]) == ("heat", 21)


@pytest.mark.parametrize(
    ("modes", "turns_on", "turns_off", "on"),
    [
        (["off", "heat"], True, True, "heat"),
        (["off", "dry"], True, True, "dry"),
        (["off", "dry", "cool"], True, True, "cool"),
        (["off", "dry", "auto"], False, True, None),
        (["heat"], False, False, None),
        (None, False, False, None),
    ],
)
async def test_switching_by_mode(
    hass: HomeAssistant,
    modes: list[str] | None,
    on: str | None,
    *,
    turns_on: bool,
    turns_off: bool,
) -> None:
    client = FakeClient()
    client.add("room", SIMPLE, hvac_mode="off", hvac_modes=modes)
    await set_up(hass, client)
    features = state_of(hass, "climate.room").attributes["supported_features"]
    assert bool(features & ClimateEntityFeature.TURN_ON) is turns_on
    assert bool(features & ClimateEntityFeature.TURN_OFF) is turns_off
    if on is not None:
        for service, mode in (("turn_on", on), ("turn_off", "off")):
            await hass.services.async_call(
                "climate", service, {ATTR_ENTITY_ID: "climate.room"}, blocking=True
            )
            assert state_of(hass, "climate.room").state == mode


async def test_modes_may_change_while_running(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("room", SIMPLE, hvac_mode="heat", hvac_modes=["heat"])
    await set_up(hass, client)
    client.say("room", "climate.main.hvac_modes", ["off", "heat"])
    await pass_time(hass, freezer, 31)
    attributes = state_of(hass, "climate.room").attributes
    assert attributes["hvac_modes"] == ["off", "heat"]
    assert attributes["supported_features"] & ClimateEntityFeature.TURN_OFF


async def test_word_that_home_assistant_does_not_know(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("room", SIMPLE, hvac_mode="warm", hvac_modes=["heat"])
    await set_up(hass, client)
    assert state_of(hass, "climate.room").state == STATE_UNKNOWN


async def test_units_of_the_vendor_are_converted(hass: HomeAssistant) -> None:
    hass.config.units = US_CUSTOMARY_SYSTEM
    client = FakeClient()
    client.add("full", FULL, **VALUES)
    client.add("simple", SIMPLE, hvac_mode="heat", hvac_modes=["heat"], temperature=70)
    await set_up(hass, client)
    assert state_of(hass, "climate.full").attributes["temperature"] == 69.8
    assert state_of(hass, "climate.simple").attributes["temperature"] == 70
    await hass.services.async_call(
        "climate",
        "set_temperature",
        {ATTR_ENTITY_ID: "climate.full", "temperature": 68},
        blocking=True,
    )
    assert client.writes[-1][1].data == {"temperature": 20}


async def test_out_of_range(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("full", FULL, **VALUES)
    await set_up(hass, client)
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            "climate",
            "set_temperature",
            {ATTR_ENTITY_ID: "climate.full", "temperature": 6},
            blocking=True,
        )
    assert client.writes == []


async def test_what_can_be_set_but_is_not_observed(hass: HomeAssistant) -> None:
    """Home Assistant's own class fails for features whose attributes nobody has set."""
    client = FakeClient()
    taken = ["temperature", "target_temp_high", "target_temp_low"]
    blind = entity(
        "climate.main",
        attributes=["hvac_mode"],
        commands={
            "set_temperature": taken,
            **{f"set_{name}": [name] for name in ("fan_mode", "preset_mode", "swing_mode")},
            "set_swing_horizontal_mode": ["swing_horizontal_mode"],
        },
        options={"hvac_modes": ["off", "heat"]},
    )
    client.add("room", blind, hvac_mode="heat")
    await set_up(hass, client)
    assert state_of(hass, "climate.room").state == "heat"
