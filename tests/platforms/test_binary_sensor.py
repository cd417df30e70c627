from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up
from .acting import snapshot_platform


async def test_binary_sensors(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    window = entity(
        "binary_sensor.contact", attributes=["state"], options={"device_class": "window"}
    )
    client.add("window", window, state=True)
    client.add(
        "door", entity("binary_sensor.contact", "Contact", attributes=["state"]), state=False
    )
    client.add("gate", entity("binary_sensor.contact", "Contact", attributes=["state"]), state=None)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)
