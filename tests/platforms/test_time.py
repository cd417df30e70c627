from datetime import time

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from pytest_homeassistant_custom_component.common import snapshot_platform
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.errors import RefusedError

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, written

START = entity("time.start", "Start", attributes=["state"], commands={"set_value": ["value"]})
NOW = time(7, 30)


async def test_times(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("told", START, state=NOW)
    client.add("silent", START)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_state(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("told", START, state=NOW)
    client.add("unknown", START, state=None)
    await set_up(hass, client)
    assert state_of(hass, "time.told_start").state == "07:30:00"
    assert state_of(hass, "time.unknown_start").state == STATE_UNKNOWN


async def test_set_value(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("washer", START, state=NOW)
    await set_up(hass, client)
    await perform(hass, "time.set_value", "time.washer_start", time="08:15:00")
    assert written(client) == [("set_value", {"value": time(8, 15)})]
    assert state_of(hass, "time.washer_start").state == "08:15:00"


async def test_refusal_changes_nothing(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("washer", START, state=NOW)
    await set_up(hass, client)
    client.fail("write", RefusedError("it is running"))
    with pytest.raises(HomeAssistantError, match="it is running"):
        await perform(hass, "time.set_value", "time.washer_start", time="08:15:00")
    assert state_of(hass, "time.washer_start").state == "07:30:00"
