from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import snapshot_platform

COMMANDS = {"set_value": ["value"]}
TARGET = entity(
    "number.target",
    "Target",
    attributes=["state"],
    options={
        "device_class": "temperature",
        "unit_of_measurement": "°C",
        "min": 5,
        "max": 30,
        "step": 0.5,
        "mode": "box",
    },
    commands=COMMANDS,
)


async def test_numbers(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("room", TARGET, state=21.5)
    client.add("plain", entity("number.level", attributes=["state"], commands=COMMANDS), state=None)
    observed = entity(
        "number.level",
        attributes=["state", "min", "max", "step", "unit_of_measurement"],
        commands=COMMANDS,
    )
    client.add("own", observed, state=3, min=1, max=7, step=2, unit_of_measurement="l")
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_set_value(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("room", TARGET, state=21.5)
    await set_up(hass, client)
    data = {ATTR_ENTITY_ID: "number.room_target"}
    await hass.services.async_call("number", "set_value", data | {"value": 22}, blocking=True)
    assert [(one.name, one.data) for _, one in client.writes] == [("set_value", {"value": 22})]
    assert state_of(hass, "number.room_target").state == "22.0"
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call("number", "set_value", data | {"value": 31}, blocking=True)
