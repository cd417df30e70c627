from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
from homeassistant.util import dt as dt_util
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.errors import UnreachableError

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import snapshot_platform


async def test_binary_sensors(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    window = entity(
        "binary_sensor.contact", attributes=["state"], options={"device_class": "window"}
    )
    client.add("window", window, state=True)
    client.add(
        "door", entity("binary_sensor.contact", "Contact", attributes=["state"]), state=False
    )
    client.add("gate", entity("binary_sensor.contact", "Contact", attributes=["state"]), state=None)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


MOTION = entity("binary_sensor.motion", attributes=["state"], options={"off_delay": 20})


async def test_motion_is_over_some_time_after_it_was_told(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("hall", MOTION, state=False)
    await set_up(hass, client)
    assert state_of(hass, "binary_sensor.hall").state == "off"
    client.say("hall", "binary_sensor.motion.state", True)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "binary_sensor.hall").state == "on"
    await pass_time(hass, freezer, 19)
    assert state_of(hass, "binary_sensor.hall").state == "on"
    await pass_time(hass, freezer, 2)
    assert state_of(hass, "binary_sensor.hall").state == "off"
    # The vendor goes on saying what it said, which is no news.
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "binary_sensor.hall").state == "off"
    client.say("hall", "binary_sensor.motion.state", False)
    await pass_time(hass, freezer, 31)
    client.say("hall", "binary_sensor.motion.state", True)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "binary_sensor.hall").state == "on"


async def test_motion_counts_from_the_vendors_own_time(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("hall", MOTION)
    now = dt_util.utcnow()
    client.say("hall", "binary_sensor.motion.state", True, now - timedelta(seconds=12))
    entry = await set_up(hass, client)
    assert state_of(hass, "binary_sensor.hall").state == "on"
    await pass_time(hass, freezer, 9)
    assert state_of(hass, "binary_sensor.hall").state == "off"

    client.say("hall", "binary_sensor.motion.state", True, now + timedelta(seconds=30))
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "binary_sensor.hall").state == "on"
    # Again before it was over, so that it lasts.
    client.say("hall", "binary_sensor.motion.state", True, now + timedelta(seconds=48))
    await pass_time(hass, freezer, 9)
    assert state_of(hass, "binary_sensor.hall").state == "on"
    await pass_time(hass, freezer, 22)
    assert state_of(hass, "binary_sensor.hall").state == "off"
    client.say("hall", "binary_sensor.motion.state", True, now + timedelta(hours=9))
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "binary_sensor.hall").state == "on"
    await pass_time(hass, freezer, 21)
    assert state_of(hass, "binary_sensor.hall").state == "off"
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_motion_of_nobody_knows_when_is_none_after_a_restart(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("hall", MOTION, state=True)
    client.add("attic", MOTION)
    client.say("attic", "binary_sensor.motion.state", True, dt_util.utcnow())
    client.add("cellar", MOTION, state=None)
    await set_up(hass, client)
    assert state_of(hass, "binary_sensor.hall").state == "off"
    assert state_of(hass, "binary_sensor.attic").state == "on"
    assert state_of(hass, "binary_sensor.cellar").state == "unknown"


@pytest.mark.expects_warnings("GET /status: no answer")
async def test_reading_that_says_the_same_is_an_update_if_wanted(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    for name, forced in (("meter", True), ("clock", False)):
        options = {"force_update": True} if forced else {}
        client.add(
            name,
            entity("sensor.main", attributes=["state"], options=options),
            entity("binary_sensor.main", attributes=["state"], options=options),
            state=7,
        )
        client.say(name, "binary_sensor.main.state", True)
    await set_up(hass, client)
    seen: list[str] = []
    hass.bus.async_listen("state_changed", lambda event: seen.append(event.data["entity_id"]))
    for _ in range(2):
        await pass_time(hass, freezer, 31)
        assert sorted(one for one in seen if "acme" not in one) == [
            "binary_sensor.meter",
            "sensor.meter",
        ]
        seen.clear()
    # Where nothing is told, there is no reading.
    client.fall_silent("meter", "sensor.main.state")
    await pass_time(hass, freezer, 31)
    assert [one for one in seen if "acme" not in one] == ["binary_sensor.meter"]
    seen.clear()
    client.fail("status", UnreachableError("no answer", request="GET /status"))
    await pass_time(hass, freezer, 31)
    assert [one for one in seen if "acme" not in one] == []
