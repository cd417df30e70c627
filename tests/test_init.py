from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.vendor_bridge.bridge.errors import (
    BridgeError,
    OutageError,
    RateLimitedError,
    RefusedError,
    SetupValueError,
    SignInError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import Device
from custom_components.vendor_bridge.const import CONF_TOKENS, DOMAIN

from .fakes import (
    ACCOUNT_ID,
    FakeClient,
    account_entry,
    device_of,
    entity,
    find_device,
    monitor,
    pass_time,
    reauths,
    set_up,
    state_of,
    using,
)

LAMP = entity("switch.main", attributes=["state"], commands={"turn_on": [], "turn_off": []})
POWER = entity("sensor.power", "Power", attributes={"state": "meter"})
DOWN = UnreachableError("it does not answer", request="GET /v1/devices")


async def test_account_becomes_devices_and_entities(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry, entity_registry: er.EntityRegistry
) -> None:
    client = FakeClient()
    hub = Device(
        id="hub",
        type="hub",
        name="Hub",
        manufacturer="Other",
        model="Hub 2",
        model_id="H2",
        serial_number="S1",
        sw_version="1.2",
        hw_version="B",
        suggested_area="Hall",
        configuration_url="http://192.0.2.1/",
        mac="AA-BB-CC-DD-EE-FF",
    )
    client.add(Device(id="lamp:1", type="lamp", via="hub", model="Lamp 1"), LAMP, state=True)
    client.add(hub)
    entry = await set_up(hass, client)
    assert entry.state is ConfigEntryState.LOADED

    registered = device_of(hass, entry, "hub")
    assert registered.name == "Hub"
    assert registered.manufacturer == "Other"
    assert registered.model == "Hub 2"
    assert registered.model_id == "H2"
    assert registered.serial_number == "S1"
    assert registered.sw_version == "1.2"
    assert registered.hw_version == "B"
    assert registered.area_id == "hall"
    assert registered.configuration_url == "http://192.0.2.1/"
    assert registered.connections == {(dr.CONNECTION_NETWORK_MAC, "aa:bb:cc:dd:ee:ff")}

    lamp = device_of(hass, entry, "lamp:1")
    assert lamp.name == "Lamp 1"
    assert lamp.manufacturer == "Acme"
    assert lamp.via_device_id == registered.id

    found = entity_registry.async_get("switch.lamp_1")
    assert found is not None
    assert found.unique_id == f"{ACCOUNT_ID}:lamp:1:main"
    assert found.device_id == lamp.id
    assert state_of(hass, "switch.lamp_1").state == "on"


async def test_unload_closes_the_client(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("lamp", LAMP, state=True)
    entry = await set_up(hass, client)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert client.closed == 1
    assert state_of(hass, "switch.lamp").state == STATE_UNAVAILABLE


async def test_failure_to_close_does_not_keep_an_account_from_unloading(
    hass: HomeAssistant,
) -> None:
    client = FakeClient()
    client.fail("close", DOWN)
    entry = await set_up(hass, client)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert entry.state is ConfigEntryState.NOT_LOADED


@pytest.mark.parametrize("operation", ["connect", "devices", "status"])
@pytest.mark.parametrize(
    ("error", "key"),
    [
        (DOWN, "account_not_reachable"),
        (OutageError("503"), "account_not_reachable"),
        (RateLimitedError("later", retry_after=5), "account_rate_limited"),
        (RefusedError("no"), "account_failed"),
    ],
)
async def test_vendor_that_is_down_at_start_is_asked_again(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    operation: str,
    error: BridgeError,
    key: str,
) -> None:
    client = FakeClient()
    client.add("lamp", LAMP, state=True)
    client.fail(operation, error)
    with reauths() as asked:
        entry = await set_up(hass, client)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == key
    assert entry.error_reason_translation_placeholders == {
        "account": "Acme Home",
        "reason": str(error),
    }
    assert client.closed == 1
    asked.assert_not_called()

    client.recover()
    with using(client):
        await pass_time(hass, freezer, 10)
    assert hass.config_entries.async_loaded_entries(DOMAIN) == [entry]
    assert state_of(hass, "switch.lamp").state == "on"


@pytest.mark.expects_warnings("could not authenticate")
@pytest.mark.parametrize("operation", ["connect", "devices", "status"])
async def test_wrong_credentials_at_start_ask_the_user(hass: HomeAssistant, operation: str) -> None:
    client = FakeClient()
    client.add("lamp", LAMP, state=True)
    client.fail(operation, SignInError("wrong password"))
    with reauths() as asked:
        entry = await set_up(hass, client)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "account_sign_in_failed"
    assert client.closed == 1
    asked.assert_called()


@pytest.mark.expects_warnings("Error setting up entry Acme Home|could not be set up")
async def test_account_without_a_usable_profile_says_so(hass: HomeAssistant) -> None:
    async def missing(hass: HomeAssistant, vendor_id: str, **_: Any) -> None:
        raise BridgeError("there is no profile for 'acme'")

    entry = account_entry()
    entry.add_to_hass(hass)
    with patch("custom_components.vendor_bridge.async_get_profile", missing):
        await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "profile_unusable"


@pytest.mark.expects_warnings("Error setting up entry Acme Home|could not be set up")
async def test_account_with_a_value_that_cannot_be_used_says_so(hass: HomeAssistant) -> None:
    entry = account_entry()
    entry.add_to_hass(hass)
    with (
        using(FakeClient()),
        patch(
            "custom_components.vendor_bridge.async_create_client",
            side_effect=SetupValueError("url", "no address"),
        ),
    ):
        await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_placeholders == {
        "vendor": "acme",
        "reason": "url: no address",
    }


async def test_what_was_configured_survives_an_outage_at_start(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    client = FakeClient()
    client.add("lamp", LAMP, state=True)
    entry = await set_up(hass, client)
    device = device_of(hass, entry, "lamp")
    device_registry.async_update_device(device.id, name_by_user="Reading lamp")
    entity_registry.async_update_entity("switch.lamp", new_entity_id="switch.reading")
    await hass.config_entries.async_unload(entry.entry_id)

    client.fail("devices", DOWN)
    await set_up(hass, client, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert device_of(hass, entry, "lamp").name_by_user == "Reading lamp"
    assert state_of(hass, "switch.reading").state == STATE_UNAVAILABLE

    client.recover()
    with using(client):
        await pass_time(hass, freezer, 10)
    assert device_of(hass, entry, "lamp").id == device.id
    assert state_of(hass, "switch.reading").state == "on"


async def test_identity_survives_removing_and_adding_the_account(
    hass: HomeAssistant, device_registry: dr.DeviceRegistry, entity_registry: er.EntityRegistry
) -> None:
    client = FakeClient()
    client.add("lamp", LAMP, state=True)
    entry = await set_up(hass, client)
    device = device_of(hass, entry, "lamp")
    device_registry.async_update_device(device.id, name_by_user="Reading lamp")
    entity_registry.async_update_entity("switch.lamp", new_entity_id="switch.reading")
    await hass.config_entries.async_remove(entry.entry_id)
    assert hass.states.get("switch.reading") is None

    entry = await set_up(hass, client)
    again = device_of(hass, entry, "lamp")
    assert again.id == device.id
    assert again.name_by_user == "Reading lamp"
    assert state_of(hass, "switch.reading").state == "on"


async def test_only_devices_that_the_user_took(hass: HomeAssistant) -> None:
    client = FakeClient()
    for device_id in ("lamp", "plug", "desk"):
        client.add(device_id, LAMP, state=True)
    entry = await set_up(hass, client, chosen=["lamp"], excluded=["plug"], add_new=False)
    assert set(hass.states.async_entity_ids("switch")) == {"switch.lamp"}
    assert find_device(hass, entry, "desk") is None
    assert client.reads[-1] == ("status", ("lamp",))


async def test_new_devices_come_by_themselves_unless_excluded(hass: HomeAssistant) -> None:
    client = FakeClient()
    for device_id in ("lamp", "plug", "desk"):
        client.add(device_id, LAMP, state=True)
    await set_up(hass, client, chosen=["lamp"], excluded=["plug"], add_new=True)
    assert set(hass.states.async_entity_ids("switch")) == {"switch.lamp", "switch.desk"}


async def test_device_that_the_user_gives_up_is_removed(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("lamp", LAMP, state=True)
    client.add("plug", LAMP, state=True)
    entry = await set_up(hass, client)
    await hass.config_entries.async_unload(entry.entry_id)
    hass.config_entries.async_update_entry(entry, options={"excluded": ["plug"]})
    await set_up(hass, client, entry)
    assert find_device(hass, entry, "plug") is None
    assert device_of(hass, entry, "lamp") is not None


async def test_part_of_a_device_that_was_not_taken_is_read_with_it(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("strip")
    client.add(Device(id="socket", type="socket", name="Socket", parent="strip"), LAMP, state=True)
    entry = await set_up(hass, client, chosen=["socket"], add_new=False)
    assert find_device(hass, entry, "strip") is None
    assert device_of(hass, entry, "socket").via_device_id is None
    assert client.reads[-1] == ("status", ("socket", "strip"))


async def test_devices_that_share_a_mac_stay_two(hass: HomeAssistant) -> None:
    client = FakeClient()
    for device_id in ("one", "two"):
        client.add(
            Device(id=device_id, type="lamp", name=device_id, mac="aabbccddeeff"), LAMP, state=True
        )
    client.add(Device(id="odd", type="lamp", name="odd", mac="unknown"))
    entry = await set_up(hass, client)
    one, two, odd = (device_of(hass, entry, key) for key in ("one", "two", "odd"))
    assert one.id != two.id
    assert not one.connections | two.connections | odd.connections


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://", "http://[", "lamp", "http://xn--/"]
)
async def test_address_that_is_none_is_left_out(hass: HomeAssistant, address: str) -> None:
    client = FakeClient()
    client.add(Device(id="lamp", type="lamp", name="Lamp", configuration_url=address))
    entry = await set_up(hass, client)
    assert device_of(hass, entry, "lamp").configuration_url is None


async def test_monitor_that_fails_at_start_takes_no_other_down(hass: HomeAssistant) -> None:
    client = FakeClient(monitor("status"), monitor("meter", optional=True))
    client.add("lamp", LAMP, POWER, state=True)
    client.say("lamp", "sensor.power.state", 12)
    client.fail("meter", RefusedError("no meters here"))
    entry = await set_up(hass, client)
    assert entry.state is ConfigEntryState.LOADED
    assert state_of(hass, "switch.lamp").state == "on"
    assert state_of(hass, "sensor.lamp_power").state == STATE_UNAVAILABLE


@pytest.mark.expects_warnings("Error fetching Acme Home meter data")
async def test_needed_monitor_that_fails_at_start_is_logged(hass: HomeAssistant) -> None:
    client = FakeClient(monitor("status"), monitor("meter"))
    client.add("lamp", LAMP, POWER, state=True)
    client.fail("meter", DOWN)
    entry = await set_up(hass, client)
    assert entry.state is ConfigEntryState.LOADED


async def test_account_with_nothing_but_optional_monitors_starts_without_them(
    hass: HomeAssistant,
) -> None:
    client = FakeClient(monitor("meter", optional=True))
    client.add("lamp", POWER)
    client.fail("meter", DOWN)
    entry = await set_up(hass, client)
    assert entry.state is ConfigEntryState.LOADED
    assert state_of(hass, "sensor.lamp_power").state == STATE_UNAVAILABLE


async def test_monitor_that_dawdles_delays_nothing_and_comes_up_later(
    hass: HomeAssistant,
) -> None:
    client = FakeClient(monitor("status"), monitor("meter"))
    client.add("lamp", LAMP, POWER, state=True)
    client.say("lamp", "sensor.power.state", 12)
    entry = account_entry()
    entry.add_to_hass(hass)
    with (
        using(client),
        client.hold("meter"),
        patch("custom_components.vendor_bridge.account.FIRST_READ_PATIENCE", 0.01),
    ):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        assert state_of(hass, "switch.lamp").state == "on"
        assert state_of(hass, "sensor.lamp_power").state == STATE_UNAVAILABLE
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "sensor.lamp_power").state == "12"


async def test_tokens_are_kept_without_a_reload(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("lamp", LAMP, state=True)
    entry = await set_up(hass, client)
    assert client.tokens is None
    tokens: Mapping[str, Any] = {"access": "invented"}
    client.save_tokens(tokens)
    await hass.async_block_till_done()
    assert entry.data[CONF_TOKENS] == tokens
    assert client.connected == 1

    await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, client, entry)
    assert client.tokens == tokens


@pytest.mark.filterwarnings("ignore:It is recommended to use web")
async def test_user_can_remove_only_what_the_vendor_no_longer_has(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    assert await async_setup_component(hass, "config", {})
    client = FakeClient()
    client.add("lamp", LAMP, state=True)
    client.add("plug", LAMP, state=True)
    entry = await set_up(hass, client)
    lamp, plug = (device_of(hass, entry, key) for key in ("lamp", "plug"))
    await hass.config_entries.async_unload(entry.entry_id)
    client.remove("plug")
    client.complete = False
    await set_up(hass, client, entry)
    connection = await hass_ws_client(hass)
    assert not (await connection.remove_device(lamp.id))["success"]
    assert (await connection.remove_device(plug.id))["success"]
    assert find_device(hass, entry, "plug") is None

    await hass.config_entries.async_unload(entry.entry_id)
    assert not (await connection.remove_device(lamp.id))["success"]
