from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import snapshot_platform

OUTLET = entity(
    "switch.outlet",
    attributes=["state"],
    options={"device_class": "outlet"},
    commands={"turn_on": [], "turn_off": []},
)


async def test_switches(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("plug", OUTLET, state=True)
    client.add("strip", OUTLET, state=None)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("before", "service", "command", "after"),
    [
        (False, "turn_on", "turn_on", "on"),
        (True, "turn_off", "turn_off", "off"),
        (True, "toggle", "turn_off", "off"),
    ],
)
async def test_commands(
    hass: HomeAssistant, service: str, command: str, after: str, *, before: bool
) -> None:
    client = FakeClient()
    client.add("plug", OUTLET, state=before)
    await set_up(hass, client)
    await hass.services.async_call(
        "switch", service, {ATTR_ENTITY_ID: "switch.plug"}, blocking=True
    )
    assert [(one.name, one.data) for _, one in client.writes] == [(command, {})]
    assert state_of(hass, "switch.plug").state == after
