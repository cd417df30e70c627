"""When monitors are read: less and less during an outage, stretched while a budget is short."""

from itertools import pairwise
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.homeassistant import (
    DOMAIN as HOME_ASSISTANT,
    SERVICE_UPDATE_ENTITY,
)
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.vendor_bridge import pace
from custom_components.vendor_bridge.bridge.errors import RateLimitedError, UnreachableError
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR

from .fakes import FakeClient, entity, monitor, pass_time, set_up, state_of
from .test_coordinator import logged

COMMANDS: dict[str, list[str]] = {"turn_on": [], "turn_off": []}
SWITCH = entity("switch.main", attributes=["state"], commands=COMMANDS)
POWER = entity("sensor.power", "Power", attributes={"state": "meter"})
DOWN = UnreachableError("it does not answer", request="GET /v1/status")
EVERY = 30
HOUR = 3600


@pytest.fixture(autouse=True)
def no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every wait be the longest that it can be, so that times are the same in every run."""
    monkeypatch.setattr(pace, "uniform", lambda _least, most: most)


async def pass_time_while_it_reads(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass without waiting for what is under way."""
    freezer.tick(seconds)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient(monitor("status", EVERY))
    client.add("lamp", SWITCH, state=True)
    return client


async def reads(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    client: FakeClient,
    *,
    seconds: float,
    key: str = "status",
) -> list[float]:
    """Let time pass, and return after how many seconds each a monitor was read."""
    began = dt_util.utcnow()
    known = len(client.reads)
    at = [0.0]
    while (now := (dt_util.utcnow() - began).total_seconds()) < seconds:
        await pass_time(hass, freezer, 5)
        at += [now + 5] * sum(read == key for read, _ in client.reads[known:])
        known = len(client.reads)
    return [later - earlier for earlier, later in pairwise(at)]


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_a_vendor_that_stays_down_is_asked_less_and_less(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    await set_up(hass, client, intervals={DEVICES_MONITOR: 100_000})
    client.fail("status", DOWN)
    waits = await reads(hass, freezer, client, seconds=2 * HOUR)
    expected = [30, 30, 30, 60, 120, 240, 480, 900, 900, 900]
    assert [pytest.approx(wait, abs=6) for wait in expected] == waits[: len(expected)]

    client.recover()
    waits = await reads(hass, freezer, client, seconds=1200)
    assert len(waits) > 5
    assert waits[1:] == [pytest.approx(EVERY, abs=6)] * (len(waits) - 1)
    assert state_of(hass, "switch.lamp").state == "on"


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_user_and_command_do_not_wait_for_a_vendor_that_is_down(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status", EVERY))
    lasting = entity("switch.main", attributes=["state"], commands=COMMANDS, expire_after=2 * HOUR)
    client.add("lamp", lasting, state=True)
    assert await async_setup_component(hass, HOME_ASSISTANT, {})
    entry = await set_up(hass, client, intervals={DEVICES_MONITOR: 100_000})
    client.fail("status", DOWN)
    client.fail("write", DOWN)
    await reads(hass, freezer, client, seconds=HOUR)
    client.reads.clear()
    lamp = {ATTR_ENTITY_ID: "switch.lamp"}
    await hass.services.async_call(HOME_ASSISTANT, SERVICE_UPDATE_ENTITY, lamp, blocking=True)
    assert client.reads == [("status", ("lamp",))]
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call("switch", "turn_off", lamp, blocking=True)
    assert [device_id for device_id, _ in client.writes] == ["lamp"]

    client.recover()
    await pass_time(hass, freezer, 15)
    await hass.services.async_call(HOME_ASSISTANT, SERVICE_UPDATE_ENTITY, lamp, blocking=True)
    assert state_of(hass, "switch.lamp").state == "on"
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.expects_warnings("Error fetching Acme Home (status|meter) data")
async def test_monitor_that_can_be_read_again_brings_the_others_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status", EVERY), monitor("meter", EVERY))
    client.add("lamp", SWITCH, POWER, state=True)
    client.say("lamp", "sensor.power.state", 3)
    entry = await set_up(hass, client, intervals={DEVICES_MONITOR: 100_000})
    for key in ("status", "meter"):
        client.fail(key, DOWN)
    await reads(hass, freezer, client, seconds=HOUR)
    assert state_of(hass, "sensor.lamp_power").state == STATE_UNAVAILABLE
    client.recover()
    await entry.runtime_data.coordinators["status"].async_refresh()
    await pass_time(hass, freezer, 7)
    assert state_of(hass, "sensor.lamp_power").state == "3"


@pytest.mark.expects_warnings("Error fetching Acme Home (status|meter) data")
async def test_monitor_that_is_held_back_at_the_vendors_wish_does_not_hurry(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status", EVERY), monitor("meter", EVERY))
    client.add("lamp", SWITCH, POWER, state=True)
    entry = await set_up(hass, client, intervals={DEVICES_MONITOR: 100_000})
    client.fail("status", DOWN)
    client.fail("meter", RateLimitedError("later", retry_after=600))
    await pass_time(hass, freezer, 31)
    client.recover()
    client.reads.clear()
    await entry.runtime_data.coordinators["status"].async_refresh()
    await pass_time(hass, freezer, 20)
    assert client.reads == [("status", ("lamp",))]


# --- how long what was read is believed -----------------------------------------------------------


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_a_hiccup_does_not_show(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    await set_up(hass, client, intervals={DEVICES_MONITOR: 100_000})
    for _ in range(3):
        client.fail("status", DOWN)
        for _ in range(2):
            await pass_time(hass, freezer, 31)
            assert state_of(hass, "switch.lamp").state == "on"
        client.recover()
        await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == "on"


async def test_a_vendor_that_does_not_answer_at_all_is_not_believed_for_ever(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    await set_up(hass, client, intervals={DEVICES_MONITOR: 100_000})
    with client.hold("status"):
        await pass_time_while_it_reads(hass, freezer, 31)
        assert client.reads[-1] == ("status", ("lamp",))
        await pass_time_while_it_reads(hass, freezer, 50)
        assert state_of(hass, "switch.lamp").state == "on"
        await pass_time_while_it_reads(hass, freezer, 15)
        assert state_of(hass, "switch.lamp").state == STATE_UNAVAILABLE
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "switch.lamp").state == "on"


async def test_what_nobody_reads_stays_as_it_was(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    await pass_time(hass, freezer, 31)
    await pass_time(hass, freezer, HOUR)
    assert state_of(hass, "switch.lamp").state == "on"


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_stretched_intervals_are_believed_as_long(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    client.stretched = 4.0
    await set_up(hass, client, intervals={DEVICES_MONITOR: 100_000})
    client.fail("status", DOWN)
    for _ in range(2):
        await pass_time(hass, freezer, 4 * EVERY + 1)
        assert state_of(hass, "switch.lamp").state == "on"
    await pass_time(hass, freezer, 4 * EVERY + 1)
    assert state_of(hass, "switch.lamp").state == STATE_UNAVAILABLE


# --- stretching -----------------------------------------------------------------------------------


async def test_intervals_are_stretched_while_the_budget_is_short(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    client: FakeClient,
) -> None:
    await set_up(hass, client, intervals={DEVICES_MONITOR: 100_000})
    waits = await reads(hass, freezer, client, seconds=120)
    assert waits[1:] == [pytest.approx(EVERY, abs=6)] * (len(waits) - 1)
    client.stretched = 3.0
    waits = await reads(hass, freezer, client, seconds=600)
    client.stretched = 2.0
    assert waits[1:] == [pytest.approx(3 * EVERY, abs=6)] * (len(waits) - 1)
    await reads(hass, freezer, client, seconds=300)
    assert logged(caplog, logging.INFO, "polling intervals are stretched, by 3.0 now") == 1
    client.stretched = 1.0
    await reads(hass, freezer, client, seconds=300)
    assert logged(caplog, logging.INFO, "polling intervals are no longer stretched") == 1


async def test_only_what_is_read_counts_for_the_budget(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = FakeClient(monitor("status", EVERY), monitor("meter", EVERY))
    hidden = entity(
        "sensor.power", attributes={"state": "meter"}, options={"enabled_by_default": False}
    )
    client.add("lamp", SWITCH, state=True)
    client.add("plug", hidden)
    asked: list[dict[str, float]] = []

    def stretch(intervals: dict[str, float]) -> float:
        asked.append(intervals)
        return 1.0

    monkeypatch.setattr(client, "stretch", stretch)
    await set_up(hass, client, intervals={"status": 45})
    assert asked[-1] == {DEVICES_MONITOR: 300, "status": 45}
