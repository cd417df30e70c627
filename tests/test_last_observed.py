"""When a device was observed last: shown for whoever wants it, written only when there is news."""

from datetime import UTC, datetime, timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge.bridge.errors import UnreachableError

from .fakes import FakeClient, account_entry, entity, pass_time, set_up, state_of, using

NOON = datetime(2026, 11, 24, 12, 0, 0, 750_000, tzinfo=UTC)
KEY = "sensor.power.state"
ID = "sensor.plug_last_observed"


def plug(client: FakeClient, vendor_id: str = "plug") -> None:
    client.add(
        vendor_id,
        entity("sensor.power", "Power", attributes=["state"]),
        entity("sensor.voltage", "Voltage", attributes=["state"]),
    )


async def with_it_enabled(hass: HomeAssistant, client: FakeClient) -> MockConfigEntry:
    entry = account_entry()
    entry.add_to_hass(hass)
    er.async_get(hass).async_get_or_create(
        "sensor",
        "vendor_bridge",
        "acme-1:plug:.last_observed",
        config_entry=entry,
        suggested_object_id="plug_last_observed",
        disabled_by=None,
    )
    return await set_up(hass, client, entry)


async def test_it_is_there_for_whoever_enables_it(hass: HomeAssistant) -> None:
    client = FakeClient()
    plug(client)
    client.say("plug", KEY, 5, NOON)
    await set_up(hass, client)
    registered = er.async_get(hass).async_get(ID)
    assert registered is not None
    assert registered.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    assert registered.entity_category == "diagnostic"
    assert registered.device_id is not None
    assert hass.states.get(ID) is None


async def test_the_newest_observation_of_the_device_counts(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(NOON + timedelta(minutes=5))
    client = FakeClient()
    plug(client)
    client.say("plug", KEY, 5, NOON)
    client.say("plug", "sensor.voltage.state", 230, NOON - timedelta(minutes=2))
    await with_it_enabled(hass, client)
    state = state_of(hass, ID)
    assert state.state == "2026-11-24T12:00:00+00:00"
    assert state.attributes["device_class"] == "timestamp"
    client.say("plug", "sensor.voltage.state", 231, NOON + timedelta(minutes=4))
    await pass_time(hass, freezer, 31)
    assert state_of(hass, ID).state == "2026-11-24T12:04:00+00:00"


async def test_what_is_told_again_is_not_written_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    plug(client)
    client.say("plug", KEY, 5, NOON)
    await with_it_enabled(hass, client)
    before = state_of(hass, ID).last_reported_timestamp
    reads = len(client.reads)
    for _ in range(5):
        await pass_time(hass, freezer, 31)
    assert len(client.reads) > reads
    assert state_of(hass, ID).last_reported_timestamp == before
    client.say("plug", "sensor.voltage.state", 229, NOON - timedelta(minutes=1))
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.plug_voltage").state == "229", "that is news"
    assert state_of(hass, ID).last_reported_timestamp == before, "but not of a later time"


async def test_it_stays_while_the_device_cannot_be_read(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    plug(client)
    client.say("plug", KEY, 5, NOON)
    await with_it_enabled(hass, client)
    client.fail_device("plug", UnreachableError("is away"))
    for _ in range(5):
        await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.plug_power").state == "unavailable"
    assert state_of(hass, ID).state == "2026-11-24T12:00:00+00:00"


async def test_without_times_of_the_vendor_there_is_none(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    plug(client)
    client.say("plug", KEY, 5)
    await set_up(hass, client)
    registry = er.async_get(hass)
    assert registry.async_get(ID) is None
    client.say("plug", KEY, 6, NOON)
    await pass_time(hass, freezer, 31)
    assert registry.async_get(ID) is not None, "once the vendor tells one, there is"


async def test_a_device_that_comes_later_has_one_too(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    plug(client)
    client.say("plug", KEY, 5, NOON)
    entry = await set_up(hass, client)
    plug(client, "other")
    client.say("other", KEY, 5, NOON)
    await pass_time(hass, freezer, 301)
    registry = er.async_get(hass)
    assert registry.async_get("sensor.other_last_observed") is not None
    with using(client):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    ids = [one.unique_id for one in er.async_entries_for_config_entry(registry, entry.entry_id)]
    assert sum(one.endswith(":.last_observed") for one in ids) == 2
