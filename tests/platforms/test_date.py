from datetime import date

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

START = entity("date.start", "Start", attributes=["state"], commands={"set_value": ["value"]})
NOW = date(2026, 11, 24)


async def test_dates(
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
    assert state_of(hass, "date.told_start").state == "2026-11-24"
    assert state_of(hass, "date.unknown_start").state == STATE_UNKNOWN


async def test_set_value(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("washer", START, state=NOW)
    await set_up(hass, client)
    await perform(hass, "date.set_value", "date.washer_start", date="2026-12-01")
    assert written(client) == [("set_value", {"value": date(2026, 12, 1)})]
    assert state_of(hass, "date.washer_start").state == "2026-12-01"


async def test_refusal_changes_nothing(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("washer", START, state=NOW)
    await set_up(hass, client)
    client.fail("write", RefusedError("it is running"))
    with pytest.raises(HomeAssistantError, match="it is running"):
        await perform(hass, "date.set_value", "date.washer_start", date="2026-12-01")
    assert state_of(hass, "date.washer_start").state == "2026-11-24"
