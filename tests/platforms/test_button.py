from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.errors import NotConfirmedError, UnreachableError
from custom_components.vendor_bridge.pace import FORGIVEN

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import snapshot_platform

RESTART = entity(
    "button.restart", "Restart", options={"device_class": "restart"}, commands={"press": []}
)


async def test_buttons(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("hub", RESTART)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_press(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    client = FakeClient()
    client.add("hub", RESTART)
    await set_up(hass, client)
    assert state_of(hass, "button.hub_restart").state == STATE_UNKNOWN
    freezer.move_to("2026-11-20T10:00:00+00:00")
    await hass.services.async_call(
        "button", "press", {ATTR_ENTITY_ID: "button.hub_restart"}, blocking=True
    )
    assert [(one.name, one.data) for _, one in client.writes] == [("press", {})]
    assert state_of(hass, "button.hub_restart").state == "2026-11-20T10:00:00+00:00"


@pytest.mark.expects_warnings("Error fetching Acme Home devices data")
async def test_button_is_as_available_as_the_vendor(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("hub", RESTART)
    await set_up(hass, client)
    client.fail("devices", UnreachableError("down"))
    for _ in range(FORGIVEN):
        assert state_of(hass, "button.hub_restart").state == STATE_UNKNOWN
        await pass_time(hass, freezer, 301)
    assert state_of(hass, "button.hub_restart").state == STATE_UNAVAILABLE
    client.recover()
    await pass_time(hass, freezer, 601)
    assert state_of(hass, "button.hub_restart").state == STATE_UNKNOWN


async def test_press_that_is_not_confirmed(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("hub", RESTART)
    await set_up(hass, client)
    client.reads.clear()
    client.fail("write", NotConfirmedError("no sign of it"))
    with pytest.raises(HomeAssistantError, match="no sign of it"):
        await hass.services.async_call(
            "button", "press", {ATTR_ENTITY_ID: "button.hub_restart"}, blocking=True
        )
    assert client.reads == []
