"""``list_devices`` tells of what there is, by the ids that the other actions take."""

import json

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceNotSupported, ServiceValidationError
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.vendor_bridge.bridge.errors import RefusedError
from custom_components.vendor_bridge.bridge.model import Device
from custom_components.vendor_bridge.const import DOMAIN

from ..fakes import FakeClient, device_of, entity, set_up
from .acting import act, house

CLIMATE = entity(
    "climate.main",
    attributes=["hvac_mode", "max_temp"],
    commands={"set_temperature": ["temperature"], "set_hvac_mode": ["hvac_mode"]},
    options={"hvac_modes": ["off", "heat"], "min_temp": 5},
)


async def test_a_device_is_told_with_all_that_it_takes_to_use_it(
    hass: HomeAssistant, area_registry: ar.AreaRegistry, device_registry: dr.DeviceRegistry
) -> None:
    client = FakeClient()
    client.add(
        Device(id="t:1", type="thermostat", name="Thermostat", model="T1", data={"pin": "4711"}),
        CLIMATE,
        hvac_mode="heat",
        max_temp=30,
    )
    entry = await set_up(hass, client)
    device = device_of(hass, entry, "t:1")
    area = area_registry.async_create("Hall")
    device_registry.async_update_device(device.id, area_id=area.id, name_by_user="Warmth")
    response = await act(hass, "list_devices")
    assert response == {
        "devices": [
            {
                "device_id": device.id,
                "vendor_id": "t:1",
                "entity_ids": ["climate.thermostat"],
                "config_entry_id": entry.entry_id,
                "type": "thermostat",
                "name": "Warmth",
                "manufacturer": "Acme",
                "model": "T1",
                "area_id": "hall",
                "area": "Hall",
                "available": True,
                "entities": [
                    {
                        "entity_id": "climate.thermostat",
                        "key": "climate.main",
                        "platform": "climate",
                        "name": None,
                        "available": True,
                        "attributes": ["hvac_mode", "max_temp"],
                        "commands": [
                            {
                                "name": "set_temperature",
                                "parameters": [
                                    {
                                        "name": "temperature",
                                        "kind": "number",
                                        "required": False,
                                        "choices": [],
                                        "min": 5,
                                        "max": 30,
                                    }
                                ],
                            },
                            {
                                "name": "set_hvac_mode",
                                "parameters": [
                                    {
                                        "name": "hvac_mode",
                                        "kind": "text",
                                        "required": True,
                                        "choices": ["off", "heat"],
                                        "min": None,
                                        "max": None,
                                    }
                                ],
                            },
                        ],
                    }
                ],
                "tasks": [],
            }
        ],
        "failed": [],
    }
    assert json.loads(json.dumps(response)) == response


async def test_filters_leave_what_fits_all_of_them(
    hass: HomeAssistant, area_registry: ar.AreaRegistry, device_registry: dr.DeviceRegistry
) -> None:
    client = house()
    client.add(Device(id="bell", type="bell"), entity("button.ring", commands={"press": []}))
    entry = await set_up(hass, client)
    area = area_registry.async_create("Hall")
    device_registry.async_update_device(device_of(hass, entry, "lamp").id, area_id=area.id)

    async def listed(**filters: str | list[str]) -> list[str]:
        response = await act(hass, "list_devices", filters)
        return [one["vendor_id"] for one in response["devices"]]

    assert await listed() == ["bell", "lamp", "plug", "reading_lamp"]
    assert await listed(type="thing") == ["lamp", "plug", "reading_lamp"]
    assert await listed(type=["bell", "none"]) == ["bell"]
    assert await listed(type="none") == []
    assert await listed(config_entry_id=entry.entry_id, type="bell") == ["bell"]
    assert await listed(area_id=area.id) == ["lamp"]
    assert await listed(area_id=area.id, type="bell") == []
    area_registry.async_create("Empty")
    assert await listed(area_id="empty") == []


async def test_an_account_that_cannot_be_meant_is_refused(hass: HomeAssistant) -> None:
    await set_up(hass, house())
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    for entry_id in ("none", other.entry_id):
        with pytest.raises(ServiceValidationError):
            await act(hass, "list_devices", config_entry_id=entry_id)


async def test_what_is_unavailable_or_has_no_entities_is_told_so(
    hass: HomeAssistant, entity_registry: er.EntityRegistry
) -> None:
    client = house()
    client.add("dark")
    client.add("bell", entity("button.ring", commands={"press": []}))
    await set_up(hass, client)
    entity_registry.async_update_entity("button.bell", disabled_by=er.RegistryEntryDisabler.USER)
    client.fail_device("lamp", RefusedError("no"))
    for _ in range(5):
        await act(hass, "refresh", entity_id=["light.lamp", "switch.plug"])
    response = await act(hass, "list_devices")
    assert {one["vendor_id"]: one["available"] for one in response["devices"]} == {
        "bell": True,
        "dark": True,
        "lamp": False,
        "plug": True,
        "reading_lamp": True,
    }
    assert {one["vendor_id"]: one["entity_ids"] for one in response["devices"]}["bell"] == []


async def test_users_are_told_of_what_they_may_see(
    hass: HomeAssistant, hass_read_only_user: MockUser
) -> None:
    await set_up(hass, house())
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {"switch.plug": {"read": True}}}})
    response = await act(hass, "list_devices", user=hass_read_only_user.id)
    assert [one["entity_ids"] for one in response["devices"]] == [["switch.plug"]]


async def test_it_is_asked_for_its_answer_alone(hass: HomeAssistant) -> None:
    await set_up(hass, house())
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(DOMAIN, "list_devices", {}, blocking=True)
    assert not isinstance(caught.value, ServiceNotSupported)
    assert caught.value.translation_key == "service_lacks_response_request"
