from typing import Any

from homeassistant.components.valve import ValveEntityFeature
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, snapshot_platform, written

BY_POSITION = entity(
    "valve.main",
    attributes=["state", "position"],
    options={"device_class": "water"},
    commands={"stop": [], "set_position": ["position"]},
)
BY_BOTH = entity(
    "valve.main",
    attributes=["state", "position"],
    commands={"open": [], "close": [], "set_position": ["position"]},
)
BY_WORD = entity("valve.main", attributes=["state"], commands={"open": [], "close": [], "stop": []})


async def test_valves(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("garden", BY_POSITION, state="open", position=40.4)
    client.add("house", BY_WORD, state="closed")
    client.add("gas", entity("valve.main", "Gas", attributes=["is_closed"]), is_closed=False)
    client.add("silent", BY_WORD)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("observed", "shown"),
    [
        ({"state": "open"}, "open"),
        ({"state": "closed"}, "closed"),
        ({"state": "opening"}, "opening"),
        ({"state": "closing"}, "closing"),
        ({"state": None}, STATE_UNKNOWN),
        ({"state": "closed", "position": None}, "closed"),
        ({"state": "opening", "position": 10}, "opening"),
        ({"position": 0}, "closed"),
        ({"position": 1}, "open"),
        ({"position": None}, STATE_UNKNOWN),
        ({"is_closed": True}, "closed"),
        ({"is_closed": False, "is_closing": True}, "closing"),
        ({"is_closed": None}, STATE_UNKNOWN),
    ],
)
async def test_state(hass: HomeAssistant, observed: dict[str, Any], shown: str) -> None:
    client = FakeClient()
    client.add("tap", entity("valve.main", attributes=list(observed)), **observed)
    await set_up(hass, client)
    assert state_of(hass, "valve.tap").state == shown


@pytest.mark.parametrize(
    ("valve", "action", "given", "command"),
    [
        (BY_WORD, "open_valve", {}, ("open", {})),
        (BY_WORD, "close_valve", {}, ("close", {})),
        (BY_WORD, "stop_valve", {}, ("stop", {})),
        (BY_WORD, "toggle", {}, ("close", {})),
        (BY_POSITION, "open_valve", {}, ("set_position", {"position": 100})),
        (BY_POSITION, "close_valve", {}, ("set_position", {"position": 0})),
        (BY_POSITION, "set_valve_position", {"position": 30}, ("set_position", {"position": 30})),
        (BY_BOTH, "open_valve", {}, ("open", {})),
        (BY_BOTH, "close_valve", {}, ("close", {})),
        (BY_BOTH, "set_valve_position", {"position": 30}, ("set_position", {"position": 30})),
    ],
)
async def test_commands(
    hass: HomeAssistant, valve: Any, action: str, given: dict[str, Any], command: tuple[str, Any]
) -> None:
    client = FakeClient()
    client.add("tap", valve, state="open")
    entry = await set_up(hass, client)
    await perform(hass, f"valve.{action}", "valve.tap", **given)
    assert written(client) == [command]
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_features_follow_from_the_commands(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("one", BY_POSITION)
    client.add("two", entity("valve.main", attributes=["state"], commands={"close": []}))
    await set_up(hass, client)
    assert state_of(hass, "valve.one").attributes["supported_features"] == 15
    assert state_of(hass, "valve.two").attributes["supported_features"] == ValveEntityFeature.CLOSE
