from collections.abc import Callable
from dataclasses import replace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import (
    WebSocketGenerator,
)

from custom_components.vendor_bridge.bridge.model import Device
from custom_components.vendor_bridge.const import DOMAIN

from .fakes import (
    ACCOUNT_ID,
    FakeClient,
    device_of,
    entity,
    find_device,
    find_part,
    part_of,
    pass_time,
    set_up,
    state_of,
)

SOCKET = entity("switch.main", attributes=["state"], commands={"turn_on": [], "turn_off": []})
POWER = entity("sensor.power", "Power", attributes=["state"])
STRIP = Device(id="strip", type="strip", name="Strip", sw_version="1")
LISTED = 301
"""Seconds after which the devices have been listed again."""


def socket(vendor_id: str = "one", **said: Any) -> Device:
    said = {"name": f"Socket {vendor_id}", "parent": "strip"} | said
    return Device(id=vendor_id, type="socket", **said)


def vendor(*devices: Device) -> FakeClient:
    client = FakeClient()
    for device in devices:
        client.add(device, SOCKET, POWER, state=True)
    return client


def switch_of(hass: HomeAssistant, vendor_id: str, key: str = "switch.main") -> str:
    """Return an entity of a device: what Home Assistant calls it differs by version."""
    platform, _, name = key.partition(".")
    found = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{ACCOUNT_ID}:{vendor_id}:{name}"
    )
    assert found is not None, f"{vendor_id} has no {key}"
    return found


@pytest.fixture
def made_mine(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry, entity_registry: er.EntityRegistry
) -> Callable[[dr.AnyDeviceEntry], Callable[[dr.AnyDeviceEntry], None]]:
    """Return what gives a device all that a user gives, and returns a check that it is there."""

    def give(entry: dr.AnyDeviceEntry) -> Callable[[dr.AnyDeviceEntry], None]:
        given: dict[str, Any] = {"area_id": "attic", "name_by_user": "Mine", "labels": {"good"}}
        if isinstance(entry, dr.ChildDeviceEntry):
            device_registry.async_update_child_device(entry.id, **given)
        else:
            device_registry.async_update_device(entry.id, **given)
        entities = er.async_entries_for_device(entity_registry, entry.id)
        switch, power = sorted(entities, key=lambda one: one.domain, reverse=True)
        entity_registry.async_update_entity(
            switch.entity_id, new_entity_id="switch.mine", name="Lever", area_id="cellar"
        )

        def check(now: dr.AnyDeviceEntry) -> None:
            assert now.id == entry.id
            assert (now.area_id, now.name_by_user, now.labels) == ("attic", "Mine", {"good"})
            left = er.async_entries_for_device(
                entity_registry, entry.id, include_disabled_entities=True
            )
            assert {one.entity_id: one.id for one in left} == {
                "switch.mine": switch.id,
                power.entity_id: power.id,
            }
            mine = entity_registry.async_get("switch.mine")
            assert mine is not None
            assert (mine.name, mine.area_id) == ("Lever", "cellar")
            assert mine.unique_id == switch.unique_id
            assert state_of(hass, "switch.mine").state == "on"
            assert state_of(hass, power.entity_id).state is not None

        return check

    return give


async def test_part_is_a_child_device(
    hass: HomeAssistant, entity_registry: er.EntityRegistry
) -> None:
    client = vendor(
        socket("two", suggested_area="Kitchen", model="S", sw_version="2", mac="aabbccddeeff"),
        socket(),
        replace(STRIP, suggested_area="Hall"),
    )
    entry = await set_up(hass, client)
    strip = device_of(hass, entry, "strip")
    one, two = part_of(hass, entry, "one"), part_of(hass, entry, "two")
    assert (one.parent_device_id, two.parent_device_id) == (strip.id, strip.id)
    assert (one.name, two.name) == ("Socket one", "Socket two")
    assert (strip.area_id, one.area_id, two.area_id) == ("hall", None, "kitchen")
    assert dr.async_get_effective_area_id(hass, one) == "hall"
    found = switch_of(hass, "one")
    assert state_of(hass, found).attributes["friendly_name"] == "Socket one"
    power = switch_of(hass, "one", "sensor.power")
    assert state_of(hass, power).attributes["friendly_name"] == "Socket one Power"
    registered = entity_registry.async_get(found)
    assert registered is not None
    assert registered.device_id == one.id
    await hass.services.async_call("switch", "turn_off", {"entity_id": found}, blocking=True)
    assert client.writes[-1][0] == "one"


async def test_devices_of_a_bridge_stay_devices(hass: HomeAssistant) -> None:
    lamp = Device(id="lamp", type="lamp", name="Lamp", via="one", model="L", mac="aabbccddeeff")
    entry = await set_up(hass, vendor(lamp, socket(), STRIP))
    found = device_of(hass, entry, "lamp")
    assert found.via_device_id == device_of(hass, entry, "strip").id
    assert found.model == "L"
    assert found.connections == {(dr.CONNECTION_NETWORK_MAC, "aa:bb:cc:dd:ee:ff")}


async def test_upgrade_makes_parts_of_devices_and_keeps_what_the_user_gave(
    hass: HomeAssistant,
    made_mine: Callable[[dr.AnyDeviceEntry], Callable[[dr.AnyDeviceEntry], None]],
) -> None:
    """Until now, parts were devices that were connected through that which they are parts of."""
    entry = await set_up(hass, vendor(socket(parent=None, via="strip"), STRIP))
    check = made_mine(device_of(hass, entry, "one"))
    assert await hass.config_entries.async_unload(entry.entry_id)
    seen: set[str] = set()
    hass.bus.async_listen(
        dr.EVENT_DEVICE_REGISTRY_UPDATED, lambda event: seen.add(event.data["action"])
    )
    await set_up(hass, vendor(socket(), STRIP), entry)
    assert seen == {"update"}
    one = part_of(hass, entry, "one")
    assert one.parent_device_id == device_of(hass, entry, "strip").id
    assert find_device(hass, entry, "one") is None
    check(one)
    # And back, should a profile say so.
    assert await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, vendor(socket(parent=None, via="strip", model="S"), STRIP), entry)
    now = device_of(hass, entry, "one")
    assert now.via_device_id == device_of(hass, entry, "strip").id
    assert now.model == "S"
    check(now)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"parent": "strip"}, {"parent": "other"}),
        ({"parent": "strip"}, {"parent": None}),
        ({"parent": None}, {"parent": "strip"}),
        ({"parent": None, "via": "strip"}, {"parent": "other"}),
    ],
)
async def test_part_moves_while_the_account_runs(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    made_mine: Callable[[dr.AnyDeviceEntry], Callable[[dr.AnyDeviceEntry], None]],
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    other = Device(id="other", type="strip", name="Other")
    client = vendor(STRIP, other, socket(**before))
    entry = await set_up(hass, client)
    found = find_part(hass, entry, "one") or device_of(hass, entry, "one")
    check = made_mine(found)
    client.devices["one"] = socket(**after)
    await pass_time(hass, freezer, LISTED)
    if after["parent"] is None:
        now: dr.AnyDeviceEntry = device_of(hass, entry, "one")
    else:
        part = now = part_of(hass, entry, "one")
        assert part.parent_device_id == device_of(hass, entry, after["parent"]).id
    check(now)
    client.say("one", "switch.main.state", False)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.mine").state == "off"


async def test_whole_that_becomes_a_part_gives_its_parts_away(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = vendor(STRIP, socket(), Device(id="rack", type="rack", name="Rack"))
    entry = await set_up(hass, client)
    one = part_of(hass, entry, "one")
    client.devices["strip"] = replace(STRIP, parent="rack")
    await pass_time(hass, freezer, LISTED)
    rack = device_of(hass, entry, "rack")
    assert part_of(hass, entry, "strip").parent_device_id == rack.id
    now = part_of(hass, entry, "one")
    assert (now.id, now.parent_device_id) == (one.id, rack.id)
    assert state_of(hass, switch_of(hass, "one")).state == "on"


async def test_part_stays_when_that_which_it_is_of_goes(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    made_mine: Callable[[dr.AnyDeviceEntry], Callable[[dr.AnyDeviceEntry], None]],
) -> None:
    client = vendor(STRIP, socket())
    entry = await set_up(hass, client)
    check = made_mine(part_of(hass, entry, "one"))
    client.remove("strip")
    await pass_time(hass, freezer, LISTED)
    assert part_of(hass, entry, "one").parent_device_id == device_of(hass, entry, "strip").id
    await pass_time(hass, freezer, LISTED)
    assert find_device(hass, entry, "strip") is None
    check(device_of(hass, entry, "one"))
    client.add(STRIP, SOCKET, POWER, state=True)
    await pass_time(hass, freezer, LISTED)
    now = part_of(hass, entry, "one")
    assert now.parent_device_id == device_of(hass, entry, "strip").id
    check(now)


async def test_part_that_is_not_listed_stays_when_that_which_it_is_of_goes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """The vendor says that it is there, as something that the profile does not describe."""
    client = vendor(STRIP, socket())
    entry = await set_up(hass, client)
    one = part_of(hass, entry, "one")
    client.remove("strip")
    client.remove("one")
    client.unknown = frozenset({"one"})
    for _ in range(2):
        await pass_time(hass, freezer, LISTED)
    assert find_device(hass, entry, "strip") is None
    assert device_of(hass, entry, "one").id == one.id


async def test_parts_go_with_that_which_they_are_of(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entity_registry: er.EntityRegistry
) -> None:
    client = vendor(STRIP, socket(), Device(id="lamp", type="lamp", name="Lamp"))
    entry = await set_up(hass, client)
    switch = switch_of(hass, "one")
    client.remove("strip")
    client.remove("one")
    for _ in range(2):
        await pass_time(hass, freezer, LISTED)
    assert find_device(hass, entry, "strip") is None
    assert find_part(hass, entry, "one") is None
    assert find_device(hass, entry, "one") is None
    assert hass.states.async_entity_ids("switch") == ["switch.lamp"]
    assert switch not in entity_registry.entities


async def test_part_alone_goes(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    client = vendor(STRIP, socket())
    entry = await set_up(hass, client)
    client.remove("one")
    for _ in range(2):
        await pass_time(hass, freezer, LISTED)
    assert find_part(hass, entry, "one") is None
    assert hass.states.async_entity_ids("switch") == ["switch.strip"]


async def test_part_without_its_whole_is_a_device(hass: HomeAssistant) -> None:
    client = vendor(STRIP, socket())
    entry = await set_up(hass, client, chosen=["one"], add_new=False)
    one = device_of(hass, entry, "one")
    assert find_device(hass, entry, "strip") is None
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass.config_entries.async_update_entry(entry, options={"chosen": ["one", "strip"]})
    await set_up(hass, client, entry)
    now = part_of(hass, entry, "one")
    assert (now.id, now.parent_device_id) == (one.id, device_of(hass, entry, "strip").id)
    assert await hass.config_entries.async_unload(entry.entry_id)
    hass.config_entries.async_update_entry(entry, options={"excluded": ["strip"]})
    await set_up(hass, client, entry)
    assert device_of(hass, entry, "one").id == one.id
    assert find_device(hass, entry, "strip") is None
    assert state_of(hass, "switch.socket_one").state == "on"


async def test_incomplete_listing_moves_no_part(hass: HomeAssistant) -> None:
    client = vendor(STRIP, socket())
    entry = await set_up(hass, client)
    assert await hass.config_entries.async_unload(entry.entry_id)
    seen: list[str] = []
    hass.bus.async_listen(
        dr.EVENT_DEVICE_REGISTRY_UPDATED, lambda event: seen.append(event.data["action"])
    )
    client.remove("strip")
    client.complete = False
    await set_up(hass, client, entry)
    assert part_of(hass, entry, "one").parent_device_id == device_of(hass, entry, "strip").id
    assert seen == []


async def test_disabled_whole_disables_its_parts_and_lets_them_go(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    client = vendor(STRIP, socket())
    entry = await set_up(hass, client)
    strip = device_of(hass, entry, "strip")
    device_registry.async_update_device(strip.id, disabled_by=dr.DeviceEntryDisabler.USER)
    await hass.async_block_till_done()
    one = part_of(hass, entry, "one")
    assert one.disabled_by is dr.DeviceEntryDisabler.DEVICE
    assert hass.states.async_entity_ids("switch") == []

    client.devices["two"] = socket("two")
    client.add(socket("two"), SOCKET, POWER, state=True)
    client.devices["three"] = socket("three", parent=None)
    client.add(client.devices["three"], SOCKET, POWER, state=True)
    await pass_time(hass, freezer, LISTED)
    assert part_of(hass, entry, "two").disabled_by is dr.DeviceEntryDisabler.DEVICE
    assert hass.states.async_entity_ids("switch") == ["switch.socket_three"]

    # What comes to a disabled device is disabled with it, and what leaves it is not any more.
    client.devices["three"] = socket("three")
    client.devices["one"] = socket(parent=None)
    await pass_time(hass, freezer, LISTED)
    three = part_of(hass, entry, "three")
    assert three.disabled_by is dr.DeviceEntryDisabler.DEVICE
    found = er.async_entries_for_device(entity_registry, three.id, include_disabled_entities=True)
    assert {one.disabled_by for one in found} == {er.RegistryEntryDisabler.DEVICE}
    assert not device_of(hass, entry, "one").disabled
    found = er.async_entries_for_device(entity_registry, one.id, include_disabled_entities=True)
    assert {entity.disabled_by for entity in found} == {None}

    device_registry.async_update_device(strip.id, disabled_by=None)
    assert not part_of(hass, entry, "three").disabled


@pytest.mark.filterwarnings("ignore:It is recommended to use web")
async def test_user_removes_a_whole_that_has_gone_and_keeps_its_parts(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hass_ws_client: WebSocketGenerator
) -> None:
    client = vendor(STRIP, socket())
    entry = await set_up(hass, client)
    strip, one = device_of(hass, entry, "strip"), part_of(hass, entry, "one")
    assert await async_setup_component(hass, "config", {})

    async def remove(device_id: str) -> bool:
        websocket = await hass_ws_client(hass)
        answer = await websocket.remove_device(device_id)
        return bool(answer["success"])

    assert not await remove(strip.id)
    assert not await remove(one.id)
    client.remove("strip")
    await pass_time(hass, freezer, LISTED)
    assert await remove(strip.id)
    assert find_device(hass, entry, "strip") is None
    assert device_of(hass, entry, "one").id == one.id
    assert state_of(hass, switch_of(hass, "one")).state == "on"
    client.add(STRIP, SOCKET, POWER, state=True)
    await pass_time(hass, freezer, LISTED)
    assert device_of(hass, entry, "strip").id == strip.id
    assert state_of(hass, "switch.strip").state == "on"
    client.remove("one")
    await pass_time(hass, freezer, LISTED)
    assert await remove(one.id)
    assert find_part(hass, entry, "one") is None


async def test_account_that_is_removed_takes_its_parts_along(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry
) -> None:
    entry = await set_up(hass, vendor(STRIP, socket()))
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert not list(device_registry.devices)
    assert not list(device_registry.child_devices)


async def test_device_that_was_paired_anew_meanwhile_stays(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """It has another vendor id and the same MAC address; which of several ids counts is chance."""
    macs = [f"aabbccddee{number:02x}" for number in range(8)]
    old = [Device(id=f"old{mac}", type="socket", name=mac, mac=mac) for mac in macs]
    new = [replace(device, id=f"new{device.mac}") for device in old]
    entry = await set_up(hass, vendor(*old))
    await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, vendor(*new), entry)
    for _ in range(3):
        await pass_time(hass, freezer, LISTED)
    assert all(find_device(hass, entry, device.id) for device in new)
    assert not any(find_device(hass, entry, device.id) for device in old)
    assert len(hass.states.async_all("switch")) == len(macs)


async def test_mac_that_moves_to_another_device_breaks_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    one = Device(id="one", type="socket", name="One", mac="aabbccddee01")
    two = Device(id="two", type="socket", name="Two", mac="aabbccddee02")
    client = vendor(one, two)
    entry = await set_up(hass, client)
    client.add(replace(one, mac="aabbccddee03", sw_version="7"), SOCKET, POWER, state=True)
    client.add(replace(two, mac="aabbccddee01", sw_version="7"), SOCKET, POWER, state=True)
    await pass_time(hass, freezer, LISTED)
    assert entry.runtime_data.coordinators["devices"].last_update_success
    assert device_of(hass, entry, "one").sw_version == "7"
    assert device_of(hass, entry, "two").sw_version == "7"
