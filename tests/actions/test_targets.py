"""What an action is for: every kind of target, and what is wrong with one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    label_registry as lr,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.vendor_bridge.bridge.errors import UnreachableError
from custom_components.vendor_bridge.const import DOMAIN

from ..fakes import ACCOUNT_ID, device_of, part_of, set_up
from .acting import act, house


def vendor_ids(response: Mapping[str, Any]) -> list[str]:
    return [device["vendor_id"] for device in response["devices"]]


async def test_every_kind_of_target(
    hass: HomeAssistant,
    area_registry: ar.AreaRegistry,
    floor_registry: fr.FloorRegistry,
    label_registry: lr.LabelRegistry,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    entry = await set_up(hass, house())
    floor = floor_registry.async_create("Ground")
    area = area_registry.async_create("Hall", floor_id=floor.floor_id)
    label = label_registry.async_create("Night")
    lamp = device_of(hass, entry, "lamp")
    plug = device_of(hass, entry, "plug")
    device_registry.async_update_device(lamp.id, area_id=area.id)
    entity_registry.async_update_entity("sensor.plug_power", labels={label.label_id})

    for target in (
        {"device_id": lamp.id},
        {"device_id": [lamp.id]},
        {"entity_id": "light.lamp"},
        {"area_id": area.id},
        {"floor_id": floor.floor_id},
    ):
        response = await act(hass, "refresh", target)
        assert response["failed"] == []
        (device,) = response["devices"]
        assert device["device_id"] == lamp.id
        assert device["vendor_id"] == "lamp"
        assert device["entity_ids"] == ["light.lamp"]

    response = await act(hass, "refresh", label_id=label.label_id)
    (device,) = response["devices"]
    assert device["device_id"] == plug.id
    assert device["entity_ids"] == ["sensor.plug_power"]

    assert vendor_ids(await act(hass, "refresh", entity_id="all")) == [
        "lamp",
        "plug",
        "reading_lamp",
    ]
    both = await act(hass, "refresh", entity_id="light.lamp", label_id=label.label_id)
    assert vendor_ids(both) == ["lamp", "plug"]


async def test_a_device_stands_for_its_parts_and_a_part_for_itself(hass: HomeAssistant) -> None:
    client = house()
    client.devices["plug"] = replace(client.devices["plug"], parent="lamp")
    entry = await set_up(hass, client)
    lamp, plug = device_of(hass, entry, "lamp"), part_of(hass, entry, "plug")
    assert vendor_ids(await act(hass, "refresh", device_id=lamp.id)) == ["lamp", "plug"]
    response = await act(hass, "refresh", device_id=plug.id)
    assert vendor_ids(response) == ["plug"]
    assert response["failed"] == []


async def test_the_device_of_an_account_stands_for_all_of_its_devices(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry
) -> None:
    entry = await set_up(hass, house())
    account = device_registry.async_get_device_by_identifier((DOMAIN, ACCOUNT_ID), entry.entry_id)
    assert account is not None
    response = await act(hass, "refresh", device_id=account.id)
    assert vendor_ids(response) == ["lamp", "plug", "reading_lamp"]


async def test_what_cannot_be_used_is_told_beside_what_can(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry, entity_registry: er.EntityRegistry
) -> None:
    entry = await set_up(hass, house())
    other = MockConfigEntry(domain="other")
    other.add_to_hass(hass)
    foreign = device_registry.async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("other", "1")}, name="Foreign"
    )
    hass.states.async_set("light.foreign", "on")
    plug = device_of(hass, entry, "plug")
    lamp = device_of(hass, entry, "lamp")
    entity_registry.async_update_entity(
        "sensor.plug_power", disabled_by=er.RegistryEntryDisabler.USER
    )
    connectivity = entity_registry.async_get_entity_id(
        "binary_sensor", DOMAIN, f"{ACCOUNT_ID}::connectivity"
    )
    response = await act(
        hass,
        "refresh",
        device_id=[lamp.id, "nonsense", foreign.id],
        entity_id=["light.none", "light.foreign", "sensor.plug_power", connectivity],
    )
    assert vendor_ids(response) == ["lamp"]
    failed = {one["entity_id"] or one["device_id"]: one for one in response["failed"]}
    assert {key: one["error_key"] for key, one in failed.items()} == {
        "nonsense": "unknown_device",
        foreign.id: "not_our_device",
        "light.none": "unknown_entity",
        "light.foreign": "not_our_entity",
        "sensor.plug_power": "entity_disabled",
        connectivity: "account_device",
    }
    assert failed["sensor.plug_power"]["device_id"] == plug.id
    assert failed["sensor.plug_power"]["vendor_id"] == "plug"
    assert failed["light.none"]["error"] == "There is no entity light.none."
    assert failed[foreign.id]["vendor_id"] is None


async def test_errors_are_told_in_the_language_of_home_assistant(hass: HomeAssistant) -> None:
    entry = await set_up(hass, house())
    lamp = device_of(hass, entry, "lamp")
    hass.config.language = "de"
    response = await act(hass, "refresh", device_id=lamp.id, entity_id="light.none")
    assert response["failed"][0]["error"] == "Es gibt keine Entität light.none."


@pytest.mark.parametrize(
    ("target", "key"),
    [
        ({"area_id": "nowhere"}, "unknown_target"),
        ({"floor_id": "nowhere"}, "unknown_target"),
        ({"label_id": "nothing"}, "unknown_target"),
        ({"device_id": "nonsense"}, "unknown_device"),
        ({"entity_id": "light.none"}, "unknown_entity"),
        ({"area_id": "empty"}, "nothing_targeted"),
        ({"entity_id": "none"}, "nothing_targeted"),
        ({"entity_id": ["light.none", "light.neither"]}, "devices_failed"),
    ],
)
async def test_mistakes_of_the_caller_are_told(
    hass: HomeAssistant, area_registry: ar.AreaRegistry, target: dict[str, Any], key: str
) -> None:
    await set_up(hass, house())
    area_registry.async_create("Empty")
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "refresh", target)
    assert caught.value.translation_key == key


async def test_an_account_that_is_not_set_up_is_named_once_for_each_device(
    hass: HomeAssistant, area_registry: ar.AreaRegistry, device_registry: dr.DeviceRegistry
) -> None:
    client = house()
    entry = await set_up(hass, client)
    area = area_registry.async_create("Hall")
    plug = device_of(hass, entry, "plug")
    device_registry.async_update_device(plug.id, area_id=area.id)
    client.fail("connect", UnreachableError("it does not answer"))
    await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, client, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    for target in ({"device_id": plug.id}, {"area_id": area.id}, {"entity_id": "switch.plug"}):
        with pytest.raises(HomeAssistantError) as caught:
            await act(hass, "refresh", target)
        assert caught.value.translation_key == "account_not_loaded"
        assert caught.value.translation_placeholders == {"account": "Acme Home"}
        assert not isinstance(caught.value, ServiceValidationError)


async def test_a_device_that_the_vendor_does_not_list_just_now_is_told(
    hass: HomeAssistant,
) -> None:
    entry = await set_up(hass, house())
    lamp = device_of(hass, entry, "lamp")
    del entry.runtime_data.devices["lamp"]
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "refresh", device_id=lamp.id)
    assert caught.value.translation_key == "device_has_gone"


async def test_users_get_at_what_they_may_see(
    hass: HomeAssistant, hass_read_only_user: MockUser
) -> None:
    entry = await set_up(hass, house())
    plug = device_of(hass, entry, "plug")
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {"switch.plug": {"read": True}}}})
    response = await act(hass, "refresh", device_id=plug.id, user=hass_read_only_user.id)
    assert response["devices"][0]["entity_ids"] == ["switch.plug"]
    with pytest.raises(Unauthorized):
        await act(hass, "refresh", entity_id="light.lamp", user=hass_read_only_user.id)
