from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.fan import FanEntityFeature, NotValidPresetModeError
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import perform, snapshot_platform, written

FULL = entity(
    "fan.main",
    attributes=["state", "percentage", "preset_mode", "oscillating", "direction"],
    options={"preset_modes": ["auto", "sleep"], "speed_count": 4},
    commands={
        "turn_on": [],
        "turn_off": [],
        "set_percentage": ["percentage"],
        "set_preset_mode": ["preset_mode"],
        "oscillate": ["oscillating"],
        "set_direction": ["direction"],
    },
)
VALUES: dict[str, Any] = {
    "state": True,
    "percentage": 50,
    "preset_mode": "auto",
    "oscillating": False,
    "direction": "forward",
}
AT_ONCE = entity(
    "fan.main",
    attributes=["state", "percentage"],
    commands={"turn_on": ["percentage"], "turn_off": [], "set_percentage": ["percentage"]},
)
BY_SPEED = entity(
    "fan.main", attributes=["percentage"], commands={"set_percentage": ["percentage"]}
)


async def test_fans(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("full", FULL, **VALUES)
    client.add("by speed", BY_SPEED, percentage=33.3)
    client.add("plain", entity("fan.main", "Fan", attributes=["state"]), state=False)
    client.add("silent", FULL)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("observed", "shown"),
    [
        ({"state": True, "percentage": 0}, "on"),
        ({"state": False, "percentage": 40}, "off"),
        ({"state": None, "percentage": 40}, STATE_UNKNOWN),
        ({"percentage": 1}, "on"),
        ({"percentage": 0}, "off"),
        ({"percentage": None}, STATE_UNKNOWN),
    ],
)
async def test_state(hass: HomeAssistant, observed: dict[str, Any], shown: str) -> None:
    client = FakeClient()
    client.add("air", entity("fan.main", attributes=list(observed)), **observed)
    await set_up(hass, client)
    assert state_of(hass, "fan.air").state == shown


@pytest.mark.parametrize(
    ("action", "given", "commands"),
    [
        ("turn_on", {}, [("turn_on", {})]),
        (
            "turn_on",
            {"percentage": 75},
            [("turn_on", {}), ("set_percentage", {"percentage": 75})],
        ),
        (
            "turn_on",
            {"preset_mode": "sleep"},
            [("turn_on", {}), ("set_preset_mode", {"preset_mode": "sleep"})],
        ),
        ("turn_on", {"percentage": 0}, [("turn_off", {})]),
        ("turn_off", {}, [("turn_off", {})]),
        ("toggle", {}, [("turn_off", {})]),
        ("set_percentage", {"percentage": 25}, [("set_percentage", {"percentage": 25})]),
        ("set_percentage", {"percentage": 0}, [("turn_off", {})]),
        ("increase_speed", {}, [("set_percentage", {"percentage": 75})]),
        ("decrease_speed", {"percentage_step": 10}, [("set_percentage", {"percentage": 40})]),
        (
            "set_preset_mode",
            {"preset_mode": "sleep"},
            [("set_preset_mode", {"preset_mode": "sleep"})],
        ),
        ("oscillate", {"oscillating": True}, [("oscillate", {"oscillating": True})]),
        ("set_direction", {"direction": "reverse"}, [("set_direction", {"direction": "reverse"})]),
    ],
)
async def test_commands(
    hass: HomeAssistant,
    action: str,
    given: dict[str, Any],
    commands: list[tuple[str, dict[str, Any]]],
) -> None:
    client = FakeClient()
    client.add("air", FULL, **VALUES)
    await set_up(hass, client)
    await perform(hass, f"fan.{action}", "fan.air", **given)
    assert written(client) == commands
    attributes = state_of(hass, "fan.air").attributes
    for name, value in commands[-1][1].items():
        assert attributes[name] == value


async def test_speed_goes_along_where_the_vendor_takes_it(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("air", AT_ONCE, state=False, percentage=0)
    await set_up(hass, client)
    await perform(hass, "fan.turn_on", "fan.air", percentage=30)
    assert written(client) == [("turn_on", {"percentage": 30})]
    state = state_of(hass, "fan.air")
    assert (state.state, state.attributes["percentage"]) == ("on", 30)


async def test_fan_that_cannot_be_switched_stops_at_speed_nought(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("air", BY_SPEED, percentage=30)
    await set_up(hass, client)
    await perform(hass, "fan.set_percentage", "fan.air", percentage=0)
    assert written(client) == [("set_percentage", {"percentage": 0})]
    state = state_of(hass, "fan.air")
    assert state.state == "off"
    assert state.attributes["supported_features"] == FanEntityFeature.SET_SPEED


async def test_preset_has_to_be_one(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("air", FULL, **VALUES)
    await set_up(hass, client)
    with pytest.raises(NotValidPresetModeError):
        await perform(hass, "fan.set_preset_mode", "fan.air", preset_mode="storm")
    assert client.writes == []


async def test_speeds_may_change_while_running(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    fan = entity(
        "fan.main",
        attributes=["percentage", "speed_count"],
        commands={"set_percentage": ["percentage"]},
    )
    client.add("air", fan, percentage=50, speed_count=2)
    await set_up(hass, client)
    assert state_of(hass, "fan.air").attributes["percentage_step"] == 50
    client.say("air", "fan.main.speed_count", 5)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "fan.air").attributes["percentage_step"] == 20
    client.say("air", "fan.main.speed_count", 0)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "fan.air").attributes["percentage_step"] == 100
