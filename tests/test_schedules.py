"""Monitors that are read by the clock and the sun, and what becomes of runs that were missed."""

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant import (
    DOMAIN as HOME_ASSISTANT,
    SERVICE_UPDATE_ENTITY,
)
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge import pace
from custom_components.vendor_bridge.bridge.errors import UnreachableError
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, AtStart, Monitor
from custom_components.vendor_bridge.bridge.schedule import parse_schedule
from custom_components.vendor_bridge.const import CONF_SCHEDULES
from custom_components.vendor_bridge.timetable import Timetable

from .fakes import FakeClient, account_entry, entity, monitor, pass_time, set_up, state_of

POWER = entity("sensor.power", "Power", attributes={"state": "meter"})
DOWN = UnreachableError("it does not answer", request="GET /v1/meter")
NOON = datetime(2026, 6, 1, 12, 0, 5, tzinfo=dt_util.get_time_zone("Europe/Berlin"))
OFTEN = ["*/15 6-21 * * *", "0 22,23,0-5 * * *"]
MINUTE, HOUR = 60, 3600


@pytest.fixture(autouse=True)
async def at_home(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Be in Berlin at noon, where nothing is a moment late."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    hass.config.latitude, hass.config.longitude = 52.5, 13.4
    freezer.move_to(NOON)
    monkeypatch.setattr(pace, "uniform", lambda least, _most: least)


def scheduled(*lines: str, at_start: AtStart = AtStart.ALWAYS, every: float = 60) -> FakeClient:
    """Return a vendor whose meter is read on a schedule."""
    meter = monitor("meter", every)
    schedule = parse_schedule(lines) if lines else None
    client = FakeClient(
        Monitor(key="meter", every=meter.every, schedule=schedule, at_start=at_start)
    )
    client.add("plug", POWER, state=5)
    return client


async def start(
    hass: HomeAssistant, client: FakeClient, entry: MockConfigEntry | None = None, **options: Any
) -> MockConfigEntry:
    return (
        await set_up(hass, client, entry, intervals={DEVICES_MONITOR: 10_000_000.0}, **options)
        if entry is None
        else await set_up(hass, client, entry)
    )


async def runs(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, hours: float
) -> list[str]:
    """Let time pass, and return at which local minutes the meter was read."""
    found = []
    known = len(client.reads)
    for _ in range(int(hours * 60)):
        await pass_time(hass, freezer, MINUTE)
        found += [f"{dt_util.now():%H:%M}"] * (len(client.reads) - known)
        known = len(client.reads)
    return found


async def test_a_profiles_schedule(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    client = scheduled("*/30 * * * *", "13:10")
    await start(hass, client)
    assert await runs(hass, freezer, client, 2) == ["12:30", "13:00", "13:10", "13:30", "14:00"]


async def test_the_sun_of_the_place(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    client = scheduled("sunset-00:30")
    await start(hass, client)
    found = await runs(hass, freezer, client, 12)
    assert len(found) == 1
    assert found[0][:3] == "20:"  # the sun sets at 21:18 in Berlin then


@pytest.mark.parametrize("every", ["*/5", "*/15"])
async def test_the_sun_comes_back_after_weeks(hass: HomeAssistant, every: str) -> None:
    """In polar night it does not rise for seven weeks, and in summer not set for ten."""
    await hass.config.async_set_time_zone("Europe/Oslo")
    hass.config.latitude, hass.config.longitude = 69.65, 18.96
    table = Timetable(hass, parse_schedule([f"{every} * * * * between sunrise and sunset"]))
    for month, day, comes_back in ((11, 28, 1), (5, 25, 7)):
        due = table.next_after(
            datetime(2026, month, day, 12, tzinfo=dt_util.get_default_time_zone())
        )
        assert due is not None
        assert due.month == comes_back


async def test_a_window_beside_the_date_line(hass: HomeAssistant) -> None:
    """There the sun's day is not the one of the clock."""
    await hass.config.async_set_time_zone("Pacific/Tongatapu")
    hass.config.latitude, hass.config.longitude = -21.1, -175.2
    zone = dt_util.get_default_time_zone()
    table = Timetable(hass, parse_schedule(["0 * * * * between 06:00 and sunset"]))
    due = table.next_after(datetime(2026, 6, 10, 19, 30, tzinfo=zone))
    assert due is not None
    assert due.astimezone(zone) == datetime(2026, 6, 11, 6, tzinfo=zone)


async def test_the_users_schedule_comes_first(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = scheduled("0 * * * *")
    entry = await start(hass, client, schedules={"meter": ["40 * * * *"]})
    assert await runs(hass, freezer, client, 1) == ["12:40"]
    hass.config_entries.async_update_entry(
        entry, options={**entry.options, CONF_SCHEDULES: {"meter": []}}
    )
    await hass.config_entries.async_unload(entry.entry_id)
    await start(hass, client, entry)
    assert len(await runs(hass, freezer, client, 0.1)) == 6  # on its interval: once a minute


@pytest.mark.expects_warnings("The schedule of meter is not used")
async def test_a_schedule_that_was_spoilt_by_hand_stops_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = scheduled("40 * * * *")
    await start(hass, client, schedules={"meter": ["at some time"]})
    assert await runs(hass, freezer, client, 1) == ["12:40"]


async def test_polling_that_is_switched_off_reads_at_the_start_and_when_asked(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    assert await async_setup_component(hass, HOME_ASSISTANT, {})
    client = scheduled("never")
    await start(hass, client)
    assert state_of(hass, "sensor.plug_power").state == "5"
    client.say("plug", "sensor.power.state", 6)
    assert await runs(hass, freezer, client, 30) == []
    assert state_of(hass, "sensor.plug_power").state == "5"
    await hass.services.async_call(
        HOME_ASSISTANT, SERVICE_UPDATE_ENTITY, {ATTR_ENTITY_ID: "sensor.plug_power"}, blocking=True
    )
    assert state_of(hass, "sensor.plug_power").state == "6"
    assert await runs(hass, freezer, client, 1) == []


@pytest.mark.expects_warnings("Error fetching Acme Home meter data")
async def test_a_run_that_fails_is_tried_again_before_the_next_is_due(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = scheduled("0 */6 * * *")
    await start(hass, client)
    client.fail("meter", DOWN)
    tried = await runs(hass, freezer, client, 7)
    assert tried[:4] == ["18:00", "18:01", "18:02", "18:04"]
    assert state_of(hass, "sensor.plug_power").state == "5"
    client.recover()
    await runs(hass, freezer, client, 0.5)
    assert await runs(hass, freezer, client, 5) == ["00:00"]


@pytest.mark.expects_warnings("Error fetching Acme Home meter data")
async def test_what_was_read_is_trusted_until_three_runs_failed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = scheduled("0 * * * *")
    await start(hass, client)
    client.fail("meter", DOWN)
    await runs(hass, freezer, client, 2.9)
    assert state_of(hass, "sensor.plug_power").state == "5"
    await runs(hass, freezer, client, 0.3)
    assert state_of(hass, "sensor.plug_power").state == STATE_UNAVAILABLE


async def test_runs_are_left_out_where_the_budget_is_short(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = scheduled("*/10 * * * *")
    client.stretched = 3.0
    await start(hass, client)
    assert await runs(hass, freezer, client, 2) == ["12:30", "13:00", "13:30", "14:00"]


async def test_a_monitor_that_is_never_read_costs_nothing_of_the_budget(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = scheduled("never")
    asked: list[dict[str, float]] = []

    def stretch(wanted: dict[str, float]) -> float:
        asked.append(dict(wanted))
        return 1.0

    monkeypatch.setattr(client, "stretch", stretch)
    await start(hass, client)
    assert asked
    assert all(set(wanted) <= {DEVICES_MONITOR} for wanted in asked)


@pytest.mark.parametrize(
    ("at_start", "down_for", "reads"),
    [
        (AtStart.ALWAYS, 0.1, 1),
        (AtStart.MISSED, 0.1, 0),  # 13:00 is still to come
        (AtStart.MISSED, 2, 1),
        (AtStart.NEVER, 2, 0),
    ],
)
async def test_a_missed_run_is_made_up_for_as_the_profile_says(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    hass_storage: dict[str, Any],
    at_start: AtStart,
    down_for: float,
    reads: int,
) -> None:
    client = scheduled("0 * * * *", at_start=at_start)
    entry = await start(hass, client)
    assert client.reads.count(("meter", ("plug",))) == (0 if at_start is AtStart.NEVER else 1)
    await hass.config_entries.async_unload(entry.entry_id)
    freezer.tick(down_for * HOUR)
    client.reads.clear()
    await start(hass, client, entry)
    assert [key for key, _ in client.reads if key == "meter"] == ["meter"] * reads
    entity_state = state_of(hass, "sensor.plug_power").state
    assert entity_state == ("5" if reads else STATE_UNAVAILABLE)
    assert len(await runs(hass, freezer, client, 1)) == 1
    assert state_of(hass, "sensor.plug_power").state == "5"


async def test_a_wrong_clock_does_not_hide_a_missed_run(hass: HomeAssistant) -> None:
    """The last read seems to lie ahead: the clock was wrong then, or is now."""
    entry = await start(hass, scheduled("0 * * * *", at_start=AtStart.MISSED))
    reading = entry.runtime_data.coordinators["meter"].pace
    now = dt_util.utcnow()
    assert not reading.is_due_at_start(now)
    assert reading.is_due_at_start(now + timedelta(days=400))


async def test_what_was_kept_goes_with_the_account(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    entry = account_entry(intervals={})
    entry.add_to_hass(hass)
    await start(hass, scheduled("0 * * * *", at_start=AtStart.MISSED), entry)
    await hass.config_entries.async_unload(entry.entry_id)
    key = f"vendor_bridge.reads.{entry.entry_id}"
    assert set(hass_storage[key]["data"]) == {"meter"}
    await hass.config_entries.async_remove(entry.entry_id)
    assert key not in hass_storage


@pytest.mark.expects_warnings("Error fetching Acme Home meter data")
async def test_a_first_read_that_fails_is_tried_again_where_nothing_is_ever_due(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """Another monitor succeeds, so that the account starts."""
    meter = monitor("meter", 60)
    client = FakeClient(
        Monitor(key="meter", every=meter.every, schedule=parse_schedule(["never"])),
        monitor("other", 10_000_000),
    )
    other = entity("sensor.other", "Other", attributes={"state": "other"})
    client.add("plug", POWER, other, state=5)
    client.say("plug", "sensor.other.state", 1)
    client.fail("meter", DOWN)
    await start(hass, client)
    assert state_of(hass, "sensor.plug_power").state == STATE_UNAVAILABLE
    client.recover("meter")
    assert await runs(hass, freezer, client, 3) == ["12:01"]
    assert state_of(hass, "sensor.plug_power").state == "5"


async def test_another_time_zone_counts_at_once(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = scheduled("0 18 * * *")
    await start(hass, client)
    await hass.config.async_update(time_zone="America/New_York")
    await hass.async_block_till_done()
    # Noon in Berlin is six in the morning there.
    assert await runs(hass, freezer, client, 13) == ["18:00"]
