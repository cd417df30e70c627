from typing import Any

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, snapshot_platform, written

FULL = entity(
    "humidifier.main",
    attributes=["state", "humidity", "current_humidity", "mode", "action", "max_humidity"],
    options={
        "device_class": "humidifier",
        "available_modes": ["normal", "baby"],
        "min_humidity": 30,
        "target_humidity_step": 5,
    },
    commands={
        "turn_on": [],
        "turn_off": [],
        "set_humidity": ["humidity"],
        "set_mode": ["mode"],
    },
)
VALUES: dict[str, Any] = {
    "state": True,
    "humidity": 50,
    "current_humidity": 41.5,
    "mode": "normal",
    "action": "humidifying",
    "max_humidity": 80,
}
PLAIN = entity(
    "humidifier.main", "Dryer", attributes=["state"], commands={"turn_on": [], "turn_off": []}
)


async def test_humidifiers(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("full", FULL, **VALUES)
    client.add("plain", PLAIN, state=False)
    client.add("silent", FULL)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("action", "given", "command", "shown"),
    [
        ("turn_on", {}, "turn_on", {}),
        ("turn_off", {}, "turn_off", {}),
        ("toggle", {}, "turn_off", {}),
        ("set_humidity", {"humidity": 60}, "set_humidity", {"humidity": 60}),
        ("set_mode", {"mode": "baby"}, "set_mode", {"mode": "baby"}),
    ],
)
async def test_commands(
    hass: HomeAssistant,
    action: str,
    given: dict[str, Any],
    command: str,
    shown: dict[str, Any],
) -> None:
    client = FakeClient()
    client.add("air", FULL, **VALUES)
    await set_up(hass, client)
    await perform(hass, f"humidifier.{action}", "humidifier.air", **given)
    assert written(client) == [(command, given)]
    state = state_of(hass, "humidifier.air")
    assert state.state == ("off" if command == "turn_off" else "on")
    assert shown.items() <= state.attributes.items()


async def test_humidity_has_to_be_within_its_range(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("air", FULL, **VALUES)
    await set_up(hass, client)
    with pytest.raises(ServiceValidationError):
        await perform(hass, "humidifier.set_humidity", "humidifier.air", humidity=85)
    assert client.writes == []


async def test_what_the_vendor_does_not_know(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("air", FULL, **(VALUES | {"state": None, "action": "steaming", "mode": None}))
    await set_up(hass, client)
    state = state_of(hass, "humidifier.air")
    assert state.state == STATE_UNKNOWN
    assert "action" not in state.attributes
    assert state.attributes["mode"] is None
