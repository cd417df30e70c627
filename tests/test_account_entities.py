"""What an account shows of itself, on a device of its own."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import PropertyMock, patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_OFF, STATE_ON, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.vendor_bridge.account_status import AccountStatus
from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.errors import (
    OutageError,
    RateLimitedError,
    RefusedError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, Health
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.loader import load_profile
from custom_components.vendor_bridge.const import DOMAIN

from .fakes import (
    ACCOUNT_ID,
    FakeClient,
    account_entities,
    account_entry,
    device_of,
    entity,
    monitor,
    pass_time,
    set_up,
    state_of,
)
from .own_profiles import profile
from .test_coordinator import writes

__all__ = ["writes"]

SWITCH = entity("switch.main", attributes=["state"], commands={"turn_on": [], "turn_off": []})
DOWN = UnreachableError("it does not answer", request="GET /v1/status")
CONNECTIVITY = "binary_sensor.acme_home_connectivity"
LEFT = "sensor.acme_home_requests_left"
FACTOR = "sensor.acme_home_polling_interval_stretched_by"
NOISY = ("last_success", "round_trip")


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    client.healthy = Health(
        address="https://api.acme.example",
        round_trip=0.0421,
        last_success=datetime(2026, 11, 24, 10, 0, 0, 123, tzinfo=UTC),
        remaining=90,
        limit=100,
        resets_at=datetime(2026, 11, 25, tzinfo=UTC),
    )
    return client


async def enable(hass: HomeAssistant, entry_id: str) -> None:
    """Enable what is disabled because it would be noisy."""
    registry = er.async_get(hass)
    for key, found in account_entities(registry, entry_id).items():
        if key in NOISY:
            registry.async_update_entity(found.entity_id, disabled_by=None)


async def test_an_account_has_a_device_of_its_own(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    device_registry: dr.DeviceRegistry,
    client: FakeClient,
) -> None:
    entry = await set_up(hass, client)
    own = device_registry.async_get_device_by_identifier((DOMAIN, ACCOUNT_ID), entry.entry_id)
    assert own is not None
    assert (own.name, own.manufacturer, own.model) == ("Acme Home", "Acme", "Acme Home")
    assert own.entry_type is dr.DeviceEntryType.SERVICE
    entities = account_entities(entity_registry, entry.entry_id)
    assert set(entities) == {"connectivity", "requests_left", "polling_factor", *NOISY}
    for key, found in entities.items():
        assert found.device_id == own.id
        assert found.entity_category is EntityCategory.DIAGNOSTIC
        disabled = found.disabled_by is er.RegistryEntryDisabler.INTEGRATION
        assert disabled == (key in NOISY)
    assert device_of(hass, entry, "lamp").via_device_id is None


async def test_what_is_noisy_is_shown_to_those_who_want_it(
    hass: HomeAssistant, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    await enable(hass, entry.entry_id)
    await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, client, entry)
    round_trip = state_of(hass, "sensor.acme_home_round_trip_time")
    assert (round_trip.state, round_trip.attributes["unit_of_measurement"]) == ("42.1", "ms")
    assert state_of(hass, "sensor.acme_home_last_success").state == "2026-11-24T10:00:00+00:00"
    client.healthy = Health()
    await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, client, entry)
    assert state_of(hass, "sensor.acme_home_round_trip_time").state == "unknown"
    assert state_of(hass, "sensor.acme_home_last_success").state != "unknown"


@pytest.mark.filterwarnings("ignore:It is recommended to use web")
async def test_the_accounts_device_is_neither_gone_nor_anybodys_to_remove(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
    hass_ws_client: WebSocketGenerator,
    client: FakeClient,
) -> None:
    assert await async_setup_component(hass, "config", {})
    # A vendor may call its devices what it likes, even what the account itself is called.
    client.add(ACCOUNT_ID, SWITCH, state=True)
    entry = await set_up(hass, client, chosen=[ACCOUNT_ID], add_new=False)
    identifier = (DOMAIN, ACCOUNT_ID)
    own = device_registry.async_get_device_by_identifier(identifier, entry.entry_id)
    assert own is not None
    assert device_of(hass, entry, ACCOUNT_ID).id != own.id
    connection = await hass_ws_client(hass)
    assert not (await connection.remove_device(own.id))["success"]
    client.devices.clear()
    await pass_time(hass, freezer, 301)
    await pass_time(hass, freezer, 61)
    assert [
        device.id for device in dr.async_entries_for_config_entry(device_registry, entry.entry_id)
    ] == [own.id]
    assert state_of(hass, CONNECTIVITY).state == STATE_ON


# --- connectivity ---------------------------------------------------------------------------------


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
@pytest.mark.parametrize("error", [DOWN, OutageError("503")])
async def test_connectivity_is_off_during_an_outage_and_says_why(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, error: Exception
) -> None:
    await set_up(hass, client)
    assert state_of(hass, CONNECTIVITY).state == STATE_ON
    for operation in ("status", DEVICES_MONITOR):
        client.fail(operation, error)
    await pass_time(hass, freezer, 31)
    state = state_of(hass, CONNECTIVITY)
    assert (state.state, state.attributes["reason"]) == (STATE_OFF, str(error))
    await pass_time(hass, freezer, 3600)
    assert state_of(hass, CONNECTIVITY).state == STATE_OFF
    client.recover()
    await pass_time(hass, freezer, 1000)
    state = state_of(hass, CONNECTIVITY)
    assert (state.state, state.attributes["reason"]) == (STATE_ON, None)


@pytest.mark.expects_warnings("Error fetching Acme Home (status|devices) data")
async def test_connectivity_is_on_while_anything_answers(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status", 30), monitor("meter", 30))
    client.add("lamp", SWITCH, entity("sensor.power", attributes={"state": "meter"}), state=True)
    await set_up(hass, client)
    client.fail("status", OutageError("503"))
    await pass_time(hass, freezer, 31)
    for _ in range(20):
        await pass_time(hass, freezer, 31)
        assert state_of(hass, CONNECTIVITY).state == STATE_ON
    client.fail("meter", OutageError("503"))
    await pass_time(hass, freezer, 31)
    assert state_of(hass, CONNECTIVITY).state == STATE_OFF


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
@pytest.mark.parametrize("error", [RateLimitedError("429"), RefusedError("404")])
async def test_vendor_that_answers_at_all_is_connected(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, error: Exception
) -> None:
    await set_up(hass, client)
    client.fail("status", error)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, CONNECTIVITY).state == STATE_ON


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_command_that_takes_effect_proves_a_connection(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    lasting = entity(
        "switch.main", attributes=["state"], commands={"turn_on": []}, expire_after=9000
    )
    client.add("lamp", lasting, state=False)
    await set_up(hass, client)
    client.fail("status", DOWN)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, CONNECTIVITY).state == STATE_OFF
    client.recover()
    await hass.services.async_call("switch", "turn_on", {"entity_id": "switch.lamp"}, blocking=True)
    assert state_of(hass, CONNECTIVITY).state == STATE_ON


# --- the budget -----------------------------------------------------------------------------------


async def test_the_remaining_budget_is_shown(hass: HomeAssistant, client: FakeClient) -> None:
    await set_up(hass, client)
    state = state_of(hass, LEFT)
    assert state.state == "90"
    assert state.attributes["limit"] == 100
    assert state.attributes["resets_at"] == datetime(2026, 11, 25, tzinfo=UTC)
    assert state_of(hass, FACTOR).state == "1.0"


async def test_a_budget_is_shown_as_soon_as_it_is_known(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    known, client.healthy = client.healthy, Health()
    await set_up(hass, client)
    assert hass.states.get(LEFT) is None
    assert hass.states.get(FACTOR) is None
    client.healthy = replace(known, limit=None, resets_at=None)
    await pass_time(hass, freezer, 31)
    state = state_of(hass, LEFT)
    assert (state.state, state.attributes["limit"]) == ("90", None)
    client.healthy = Health()
    await pass_time(hass, freezer, 61)
    assert state_of(hass, LEFT).state == "unknown"


async def test_what_changes_with_every_request_is_written_once_a_minute(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, writes: list[str]
) -> None:
    client = FakeClient(monitor("status", 5))
    client.add("lamp", SWITCH, state=True)
    client.healthy = Health(remaining=1000, limit=1000)
    await set_up(hass, client)
    writes.clear()
    for second in range(5, 601, 5):
        client.healthy = replace(client.healthy, remaining=1000 - second)
        await pass_time(hass, freezer, 5)
    assert set(writes) == {LEFT}
    assert len(writes) in {9, 10, 11}
    await pass_time(hass, freezer, 61)
    assert state_of(hass, LEFT).state == "400"


async def test_it_is_shown_by_how_much_intervals_are_stretched(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    client.healthy = Health()
    await set_up(hass, client)
    assert hass.states.get(FACTOR) is None
    client.stretched = 2.5
    await pass_time(hass, freezer, 31)
    await pass_time(hass, freezer, 80)
    state = state_of(hass, FACTOR)
    assert (state.state, state.attributes["unit_of_measurement"]) == ("2.5", "\u00d7")
    client.stretched = 1.0
    await pass_time(hass, freezer, 80)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, FACTOR).state == "1.0"


async def test_a_read_without_news_writes_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, writes: list[str]
) -> None:
    await set_up(hass, client)
    writes.clear()
    for _ in range(10):
        await pass_time(hass, freezer, 31)
    assert writes == []


# --- the address ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "several"),
    [("http://one.example", False), ('["http://one.example", "http://two.example"]', True)],
)
async def test_the_address_in_use_is_told_where_there_is_a_choice(
    hass: HomeAssistant, tmp_path: Path, base_url: str, *, several: bool
) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text(profile(setup="", account=None).replace("http://acme.example", base_url))
    context = Context(session=async_get_clientsession(hass), setup={})
    client = ProfileClient(load_profile(path), context)
    addresses = AccountStatus(hass, account_entry(), client, {}).addresses
    assert (len(addresses) > 1) is several


async def test_the_address_in_use_is_shown(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    with patch.object(AccountStatus, "addresses", PropertyMock(return_value=["one", "two"])):
        await set_up(hass, client)
    shown = "sensor.acme_home_address_in_use"
    assert state_of(hass, shown).state == "https://api.acme.example"
    client.healthy = replace(client.healthy, address="http://192.0.2.7:8080")
    await pass_time(hass, freezer, 31)
    assert state_of(hass, shown).state == "http://192.0.2.7:8080"
