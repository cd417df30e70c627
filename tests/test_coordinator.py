from collections.abc import Iterator
from datetime import timedelta
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import (
    EVENT_STATE_CHANGED,
    EVENT_STATE_REPORTED,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest

from custom_components.vendor_bridge.bridge.errors import (
    OutageError,
    RateLimitedError,
    RefusedError,
    SignInError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import (
    DEVICES_MONITOR,
    Device,
    Observation,
    Outcome,
)
from custom_components.vendor_bridge.pace import FORGIVEN
from custom_components.vendor_bridge.turns import Turns

from .fakes import (
    FakeClient,
    device_of,
    entity,
    find_device,
    monitor,
    pass_time,
    reauths,
    set_up,
    state_of,
)

SWITCH = entity("switch.main", attributes=["state"], commands={"turn_on": [], "turn_off": []})
POWER = entity("sensor.power", "Power", attributes={"state": "meter"})
LISTED = entity("sensor.room", "Room", attributes={"state": DEVICES_MONITOR})
DOWN = UnreachableError("it does not answer", request="GET /v1/status")


@pytest.fixture
def writes(hass: HomeAssistant) -> Iterator[list[str]]:
    """Return the ids of the devices' entities whose state is written, changed or not."""
    written: list[str] = []

    @callback
    def note(event: Event[Any]) -> None:
        if event.data["entity_id"] != "binary_sensor.acme_home_connectivity":
            written.append(event.data["entity_id"])

    @callback
    def always(_data: object) -> bool:
        return True

    stop = [
        hass.bus.async_listen(EVENT_STATE_CHANGED, note),
        hass.bus.async_listen(EVENT_STATE_REPORTED, note, event_filter=always),
    ]
    yield written
    for unsubscribe in stop:
        unsubscribe()


def logged(caplog: pytest.LogCaptureFixture, level: int, text: str) -> int:
    return sum(record.levelno == level and text in record.getMessage() for record in caplog.records)


async def test_devices_that_share_a_monitor_share_the_request(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status"), monitor("meter", 300))
    client.add("lamp", SWITCH, state=True)
    client.add("plug", SWITCH, POWER, state=False)
    client.say("plug", "sensor.power.state", 3)
    await set_up(hass, client)
    assert client.reads == [
        ("devices", ("lamp", "plug")),
        ("status", ("lamp", "plug")),
        ("meter", ("plug",)),
    ]
    client.reads.clear()
    await pass_time(hass, freezer, 31)
    assert client.reads == [("status", ("lamp", "plug"))]


async def test_interval_that_the_user_wants(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    await set_up(hass, client, intervals={"status": 90})
    client.reads.clear()
    await pass_time(hass, freezer, 80)
    assert client.reads == []
    await pass_time(hass, freezer, 12)
    assert client.reads == [("status", ("lamp",))]


async def test_monitor_that_no_enabled_entity_needs_is_not_read(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status"), monitor("meter"))
    hidden = entity(
        "sensor.power", attributes={"state": "meter"}, options={"enabled_by_default": False}
    )
    client.add("lamp", SWITCH, state=True)
    client.add("plug", hidden, state=3)
    await set_up(hass, client)
    client.reads.clear()
    await pass_time(hass, freezer, 31)
    assert client.reads == [("status", ("lamp",))]


async def test_device_without_enabled_entities_is_not_read(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    hidden = entity("sensor.power", attributes=["state"], options={"enabled_by_default": False})
    client.add("lamp", SWITCH, state=True)
    client.add("plug", hidden, state=3)
    await set_up(hass, client)
    client.reads.clear()
    await pass_time(hass, freezer, 31)
    assert client.reads == [("status", ("lamp",))]


async def test_only_what_changed_is_written(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, writes: list[str]
) -> None:
    client = FakeClient()
    level = entity("sensor.level", "Level", attributes=["state"])
    for number in range(5):
        client.add(f"lamp{number}", SWITCH, level, state=True)
        client.say(f"lamp{number}", "sensor.level.state", 1)
    await set_up(hass, client)
    writes.clear()

    await pass_time(hass, freezer, 31)
    assert writes == []

    client.say("lamp3", "sensor.level.state", 2)
    await pass_time(hass, freezer, 31)
    assert writes == ["sensor.lamp3_level"]
    writes.clear()

    later = state_of(hass, "sensor.lamp3_level").last_updated + timedelta(seconds=5)
    client.say("lamp3", "sensor.level.state", 2, later)
    await pass_time(hass, freezer, 31)
    assert writes == []


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
@pytest.mark.parametrize(
    ("error", "again"),
    [
        (DOWN, "Fetching Acme Home data recovered"),
        (OutageError("503"), "Fetching Acme Home data recovered"),
        (RefusedError("no"), "Fetching Acme Home status data recovered"),
    ],
)
async def test_outage_is_logged_once_and_ends_by_itself(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    writes: list[str],
    error: Exception,
    again: str,
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    entry = await set_up(hass, client)
    writes.clear()
    client.fail("status", error)
    with reauths() as asked:
        for _ in range(FORGIVEN):
            assert state_of(hass, "switch.lamp").state == "on"
            await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == STATE_UNAVAILABLE
    assert writes == ["switch.lamp"]
    assert logged(caplog, logging.ERROR, "Error fetching Acme Home status data") == 1
    assert find_device(hass, entry, "lamp") is not None
    asked.assert_not_called()

    client.recover()
    await pass_time(hass, freezer, 61)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == "on"
    assert writes == ["switch.lamp"] * 2
    assert logged(caplog, logging.INFO, again) == 1


@pytest.mark.expects_warnings("Authentication failed while fetching Acme Home status data")
async def test_rejected_sign_in_asks_the_user(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    await set_up(hass, client)
    client.fail("status", SignInError("the token was revoked"))
    with reauths() as asked:
        await pass_time(hass, freezer, 31)
    asked.assert_called_once()
    await pass_time(hass, freezer, 61)
    assert state_of(hass, "switch.lamp").state == STATE_UNAVAILABLE


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
@pytest.mark.parametrize(
    ("retry_after", "too_early", "in_time"), [(600.0, 590, 75), (-5.0, 21, 10), (None, 21, 10)]
)
async def test_vendor_that_asks_for_patience_gets_it(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    retry_after: float | None,
    too_early: float,
    in_time: float,
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    await set_up(hass, client, intervals={DEVICES_MONITOR: 100_000})
    client.fail("status", RateLimitedError("too many requests", retry_after=retry_after))
    await pass_time(hass, freezer, 31)
    client.recover()
    client.reads.clear()
    await pass_time(hass, freezer, too_early)
    assert client.reads == []
    await pass_time(hass, freezer, in_time)
    assert client.reads == [("status", ("lamp",))]
    assert state_of(hass, "switch.lamp").state == "on"


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_patience_has_an_end(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    await set_up(hass, client, intervals={DEVICES_MONITOR: 1_000_000})
    client.fail("status", RateLimitedError("later", retry_after=float("inf")))
    await pass_time(hass, freezer, 31)
    client.recover()
    await pass_time(hass, freezer, 1.1 * 24 * 60 * 60 + 5)
    assert state_of(hass, "switch.lamp").state == "on"


async def test_device_that_fails_takes_no_other_down(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    writes: list[str],
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    client.add("plug", SWITCH, state=True)
    await set_up(hass, client)
    writes.clear()
    client.fail_device("plug", DOWN)
    for _ in range(FORGIVEN):
        assert state_of(hass, "switch.plug").state == "on"
        await pass_time(hass, freezer, 31)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == "on"
    assert state_of(hass, "switch.plug").state == STATE_UNAVAILABLE
    assert writes == ["switch.plug"]
    assert logged(caplog, logging.INFO, "device plug cannot be read") == 1

    client.fail_device("plug", None)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.plug").state == "on"
    assert writes == ["switch.plug"] * 2
    assert logged(caplog, logging.INFO, "device plug can be read again") == 1


@pytest.mark.expects_warnings("Error fetching Acme Home meter data")
async def test_monitors_fail_one_by_one(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status"), monitor("meter"))
    client.add("plug", SWITCH, POWER, state=True)
    client.say("plug", "sensor.power.state", 3)
    await set_up(hass, client)
    client.fail("meter", DOWN)
    for _ in range(FORGIVEN):
        assert state_of(hass, "sensor.plug_power").state == "3"
        await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.plug").state == "on"
    assert state_of(hass, "sensor.plug_power").state == STATE_UNAVAILABLE
    client.recover()
    await pass_time(hass, freezer, 61)
    assert state_of(hass, "sensor.plug_power").state == "3"


async def test_optional_monitor_does_not_tell_on_an_entity_that_has_another(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status"), monitor("extra", optional=True))
    climate = entity(
        "climate.main",
        attributes={"hvac_mode": "status", "current_humidity": "extra"},
        options={"hvac_modes": ["off", "heat"]},
    )
    client.add("room", climate, hvac_mode="heat", current_humidity=40)
    await set_up(hass, client)
    assert state_of(hass, "climate.room").attributes["current_humidity"] == 40
    client.fail("extra", DOWN)
    for _ in range(FORGIVEN):
        await pass_time(hass, freezer, 31)
    state = state_of(hass, "climate.room")
    assert state.state == "heat"
    assert "current_humidity" not in state.attributes
    client.recover()
    await pass_time(hass, freezer, 61)
    assert state_of(hass, "climate.room").attributes["current_humidity"] == 40


@pytest.mark.expects_warnings("device lamp: sensor.level.state was not understood: no number")
async def test_what_was_not_understood_is_reported_once(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    client = FakeClient()
    client.add("lamp", entity("sensor.level", attributes=["state"]), state=4)
    entry = await set_up(hass, client)
    client.reject("lamp", "sensor.level.state", "no number: 'x'")
    await pass_time(hass, freezer, 31)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp").state == "4"
    rejected = entry.runtime_data.rejected
    assert rejected == {("lamp", "sensor.level.state"): "no number: 'x'"}
    client.reject("lamp", "sensor.level.state", None)
    await pass_time(hass, freezer, 31)
    assert rejected == {}
    client.reject("lamp", "sensor.level.state", "no number: 'x'")
    await pass_time(hass, freezer, 31)
    assert logged(caplog, logging.WARNING, "was not understood") == 1


async def test_what_an_answer_does_not_tell_stands(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    await set_up(hass, client)
    client.fall_silent("lamp", "switch.main.state")
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == "on"
    client.say("lamp", "switch.main.state", None)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == STATE_UNKNOWN


async def test_older_observation_never_replaces_a_newer_one(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", entity("sensor.level", attributes=["state"]))
    now = dt_util.utcnow()
    client.say("lamp", "sensor.level.state", 5, now)
    await set_up(hass, client)
    client.say("lamp", "sensor.level.state", 4, now - timedelta(seconds=1))
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp").state == "5"
    client.say("lamp", "sensor.level.state", 6, now + timedelta(seconds=1))
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp").state == "6"


# --- the listing ----------------------------------------------------------------------------------


async def test_listing_tells_of_attributes(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", LISTED, state="Hall")
    await set_up(hass, client)
    assert state_of(hass, "sensor.lamp_room").state == "Hall"
    client.say("lamp", "sensor.room.state", "Attic")
    await pass_time(hass, freezer, 301)
    assert state_of(hass, "sensor.lamp_room").state == "Attic"


async def test_device_that_appears_is_added_while_running(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, writes: list[str]
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    entry = await set_up(hass, client)
    client.add("plug", SWITCH, state=True)
    writes.clear()
    await pass_time(hass, freezer, 301)
    assert state_of(hass, "switch.plug").state == "on"
    assert writes == ["switch.plug"]
    assert find_device(hass, entry, "plug") is not None
    client.say("plug", "switch.main.state", False)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.plug").state == "off"


async def test_account_that_starts_without_devices_gets_them_later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    await set_up(hass, client)
    client.add("plug", SWITCH, state=True)
    await pass_time(hass, freezer, 301)
    assert state_of(hass, "switch.plug").state == "on"
    client.say("plug", "switch.main.state", False)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.plug").state == "off"


async def test_device_that_the_user_does_not_want_is_not_added_while_running(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    entry = await set_up(hass, client, chosen=["lamp"], add_new=False)
    client.add("plug", SWITCH, state=True)
    await pass_time(hass, freezer, 301)
    assert find_device(hass, entry, "plug") is None


async def test_vendor_renames_but_the_user_has_the_last_word(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, device_registry: dr.DeviceRegistry
) -> None:
    client = FakeClient()
    for device_id in ("lamp", "plug"):
        client.add(Device(id=device_id, type="thing", name=device_id, sw_version="1"), SWITCH)
    entry = await set_up(hass, client)
    device_registry.async_update_device(
        device_of(hass, entry, "plug").id, name_by_user="Mine", area_id="attic"
    )
    for device_id in ("lamp", "plug"):
        client.add(
            Device(
                id=device_id,
                type="thing",
                name="New name",
                model="M2",
                sw_version="2",
                suggested_area="Hall",
            ),
            SWITCH,
        )
    await pass_time(hass, freezer, 301)
    lamp, plug = device_of(hass, entry, "lamp"), device_of(hass, entry, "plug")
    assert (lamp.name, lamp.model, lamp.sw_version) == ("New name", "M2", "2")
    assert (plug.name, plug.name_by_user, plug.area_id) == ("New name", "Mine", "attic")
    assert state_of(hass, "switch.lamp").name == "New name"
    assert state_of(hass, "switch.plug").name == "Mine"


async def test_device_that_two_complete_listings_lack_is_removed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entity_registry: er.EntityRegistry
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    client.add("plug", SWITCH, state=True)
    entry = await set_up(hass, client)
    client.remove("plug")
    await pass_time(hass, freezer, 301)
    assert find_device(hass, entry, "plug") is not None
    assert state_of(hass, "switch.plug").state == "on"
    await pass_time(hass, freezer, 62)
    assert find_device(hass, entry, "plug") is None
    assert hass.states.get("switch.plug") is None
    assert entity_registry.async_get("switch.plug") is None
    assert state_of(hass, "switch.lamp").state == "on"
    client.reads.clear()
    await pass_time(hass, freezer, 31)
    assert client.reads == [("status", ("lamp",))]

    client.add("plug", SWITCH, state=True)
    await pass_time(hass, freezer, 301)
    assert state_of(hass, "switch.plug").state == "on"


async def test_vendor_that_lists_nothing_for_a_moment_loses_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    client.add("plug", SWITCH, state=True)
    entry = await set_up(hass, client)
    listing = entry.runtime_data.coordinators[DEVICES_MONITOR]
    devices, client.devices = client.devices, {}
    await listing.async_refresh()
    await listing.async_refresh()  # so soon after the first one this says no more than that
    client.devices = devices
    await pass_time(hass, freezer, 62)
    client.devices = {}
    await pass_time(hass, freezer, 301)
    assert find_device(hass, entry, "lamp") is not None
    assert find_device(hass, entry, "plug") is not None
    client.complete = False
    await pass_time(hass, freezer, 62)
    assert find_device(hass, entry, "lamp") is not None
    client.complete = True
    await pass_time(hass, freezer, 301)
    assert find_device(hass, entry, "lamp") is None
    assert find_device(hass, entry, "plug") is None


async def test_device_that_went_while_home_assistant_was_off_is_removed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    client.add("plug", SWITCH, state=True)
    entry = await set_up(hass, client)
    await hass.config_entries.async_unload(entry.entry_id)
    client.remove("plug")
    await set_up(hass, client, entry)
    assert find_device(hass, entry, "plug") is not None
    await pass_time(hass, freezer, 62)
    assert find_device(hass, entry, "plug") is None
    assert find_device(hass, entry, "lamp") is not None


async def test_device_of_a_type_that_is_not_described_any_more_stays(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    client.add("plug", SWITCH, state=True)
    entry = await set_up(hass, client)
    client.remove("plug")
    client.unknown = frozenset({"plug"})
    await pass_time(hass, freezer, 301)
    assert find_device(hass, entry, "plug") is not None
    await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, client, entry)
    assert find_device(hass, entry, "plug") is not None
    client.unknown = frozenset()
    await pass_time(hass, freezer, 301)
    await pass_time(hass, freezer, 62)
    assert find_device(hass, entry, "plug") is None


@pytest.mark.parametrize("restart", [False, True])
async def test_incomplete_listing_removes_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, *, restart: bool
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    client.add("plug", SWITCH, state=True)
    entry = await set_up(hass, client)
    client.complete = False
    client.remove("plug")
    if restart:
        await hass.config_entries.async_unload(entry.entry_id)
        await set_up(hass, client, entry)
    else:
        await pass_time(hass, freezer, 301)
    assert find_device(hass, entry, "plug") is not None
    assert (state_of(hass, "switch.plug").state == STATE_UNAVAILABLE) == restart


@pytest.mark.expects_warnings("Error fetching Acme Home devices data")
async def test_listing_that_fails_removes_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    entry = await set_up(hass, client)
    client.remove("lamp")
    client.fail("devices", DOWN)
    await pass_time(hass, freezer, 301)
    assert find_device(hass, entry, "lamp") is not None
    assert state_of(hass, "switch.lamp").state == "on"


async def test_entities_of_a_device_come_and_go_with_what_the_vendor_says_of_it(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entity_registry: er.EntityRegistry
) -> None:
    client = FakeClient()
    level = entity("sensor.level", "Level", attributes=["state"])
    client.add("lamp", SWITCH, state=True)
    await set_up(hass, client)

    client.add(Device(id="lamp", type="better", name="Lamp"), SWITCH, level)
    client.say("lamp", "sensor.level.state", 7)
    await pass_time(hass, freezer, 301)
    assert state_of(hass, "sensor.lamp_level").state == "7"

    client.add(Device(id="lamp", type="thing", name="Lamp"), SWITCH)
    await pass_time(hass, freezer, 301)
    assert state_of(hass, "switch.lamp").state == "on"
    assert state_of(hass, "sensor.lamp_level").state == STATE_UNAVAILABLE
    assert entity_registry.async_get("sensor.lamp_level") is not None

    client.add(Device(id="lamp", type="better", name="Lamp"), SWITCH, level)
    await pass_time(hass, freezer, 301)
    assert state_of(hass, "sensor.lamp_level").state == "7"


async def test_entity_that_is_described_anew_is_made_anew(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", entity("sensor.level", attributes=["state"]), state=7)
    await set_up(hass, client)
    better = entity("sensor.level", attributes=["state"], options={"unit_of_measurement": "lx"})
    client.add(Device(id="lamp", type="thing", name="Lamp", data={"v": 2}), better)
    await pass_time(hass, freezer, 301)
    state = state_of(hass, "sensor.lamp")
    assert state.state == "7"
    assert state.attributes["unit_of_measurement"] == "lx"


async def test_device_that_goes_before_its_entities_are_added(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entity_registry: er.EntityRegistry
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, state=True)
    entry = await set_up(hass, client)
    listing = entry.runtime_data.coordinators[DEVICES_MONITOR]
    client.add("plug", SWITCH, state=True)
    with client.hold("status"):
        await listing.async_refresh()
        assert find_device(hass, entry, "plug") is not None
        client.remove("plug")
        await listing.async_refresh()
        freezer.tick(61)
        await listing.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert find_device(hass, entry, "plug") is None
    assert entity_registry.async_get("switch.plug") is None
    assert state_of(hass, "switch.lamp").state == "on"


@pytest.mark.expects_warnings("device plug: sensor.mode.state was not understood")
async def test_nothing_is_kept_of_a_device_that_has_gone(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("plug", entity("sensor.mode", attributes=["state"]), state={"a": 1})
    entry = await set_up(hass, client)
    account = entry.runtime_data
    assert account.observation("plug", "sensor.mode.state").value == {"a": 1}
    assert account.rejected
    client.remove("plug")
    await pass_time(hass, freezer, 301)
    await pass_time(hass, freezer, 62)
    assert account.observation("plug", "sensor.mode.state") is None
    assert account.rejected == {}
    assert account.devices == {}


async def test_device_of_the_account_that_is_not_the_vendors_is_left_alone(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, device_registry: dr.DeviceRegistry
) -> None:
    client = FakeClient()
    entry = await set_up(hass, client)
    own = device_registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("vendor_bridge", "something else")}
    )
    await pass_time(hass, freezer, 301)
    assert device_registry.async_get(own.id) is not None


@pytest.mark.parametrize("pause", [1, 2])
async def test_a_command_that_is_over_while_a_read_is_taken_over_is_not_believed_for_ever(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch, pause: int
) -> None:
    """The vendor said that it would, and did not: the next read shows that."""
    client = FakeClient()
    client.add("lamp", SWITCH, entity("sensor.level", "Level", attributes=["state"]))
    client.say("lamp", "switch.main.state", False)
    client.say("lamp", "sensor.level.state", 1)
    await set_up(hass, client)
    on = Observation(value=True)
    client.outcome = lambda *_: Outcome(observations={"switch.main.state": on})
    pauses = 0

    async def give(_turns: Turns) -> None:
        nonlocal pauses
        pauses += 1
        if pauses == pause:
            await hass.services.async_call(
                "switch", "turn_on", {"entity_id": "switch.lamp"}, blocking=True
            )

    monkeypatch.setattr(Turns, "are_due", True)
    monkeypatch.setattr(Turns, "give", give)
    client.say("lamp", "sensor.level.state", 2)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp_level").state == "2"
    assert state_of(hass, "switch.lamp").state == "on"
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == "off"
