import asyncio
from datetime import timedelta
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import (
    ATTR_ENTITY_ID,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    EntityCategory,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge import account
from custom_components.vendor_bridge.bridge.errors import (
    BridgeError,
    CommandError,
    NotConfirmedError,
    OutageError,
    RateLimitedError,
    RefusedError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, Observation, Outcome
from custom_components.vendor_bridge.const import DOMAIN

from .fakes import (
    ACCOUNT_ID,
    FakeClient,
    device_of,
    entity,
    monitor,
    pass_time,
    reauths,
    remove_account_entities,
    set_up,
    state_of,
)

COMMANDS: dict[str, list[str]] = {"turn_on": [], "turn_off": []}
SWITCH = entity("switch.main", attributes=["state"], commands=COMMANDS)
STATE = "switch.main.state"
DOWN = UnreachableError("it does not answer", request="PUT /v1/devices/{device.id}/state")


async def turn(hass: HomeAssistant, service: str, entity_id: str = "switch.lamp") -> None:
    await hass.services.async_call("switch", service, {ATTR_ENTITY_ID: entity_id}, blocking=True)


async def settle(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """End an account that still has a read in mind."""
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient()
    client.add("lamp", SWITCH, state=False)
    return client


# --- what it is -----------------------------------------------------------------------------------


async def test_names_and_options(hass: HomeAssistant, entity_registry: er.EntityRegistry) -> None:
    client = FakeClient()
    client.add(
        "lamp",
        SWITCH,
        entity(
            "sensor.signal",
            "Signal",
            attributes=["state"],
            options={"icon": "mdi:wifi", "entity_category": "diagnostic"},
        ),
        entity(
            "sensor.debug", "Debug", attributes=["state"], options={"enabled_by_default": False}
        ),
    )
    await set_up(hass, client)
    assert state_of(hass, "switch.lamp").name == "Lamp"
    signal = entity_registry.async_get("sensor.lamp_signal")
    assert signal is not None
    assert signal.entity_category is EntityCategory.DIAGNOSTIC
    assert state_of(hass, "sensor.lamp_signal").attributes["icon"] == "mdi:wifi"
    debug = entity_registry.async_get("sensor.lamp_debug")
    assert debug is not None
    assert debug.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    assert hass.states.get("sensor.lamp_debug") is None


async def test_entities_of_two_platforms_may_have_the_same_key(
    hass: HomeAssistant, entity_registry: er.EntityRegistry
) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH, entity("sensor.main", attributes=["state"]), state=True)
    entry = await set_up(hass, client)
    remove_account_entities(entity_registry, entry.entry_id)
    unique_ids = {
        one.unique_id for one in entity_registry.entities.values() if one.platform == DOMAIN
    }
    assert unique_ids == {f"{ACCOUNT_ID}:lamp:main"}
    assert len(hass.states.async_all()) == 2


async def test_observed_option_overrides_the_fixed_one(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    number = entity(
        "number.level",
        attributes=["state", "max", "min"],
        options={"max": 10, "min": -10},
        commands={"set_value": ["value"]},
    )
    client.add("lamp", number, state=3, max=20)
    await set_up(hass, client)
    attributes = state_of(hass, "number.lamp").attributes
    assert (attributes["max"], attributes["min"]) == (20, -10)
    client.say("lamp", "number.level.max", None)
    client.say("lamp", "number.level.min", 0)
    await pass_time(hass, freezer, 31)
    attributes = state_of(hass, "number.lamp").attributes
    assert (attributes["max"], attributes["min"]) == (20, 0)


async def test_no_observation_yet_is_unknown(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("lamp", SWITCH)
    await set_up(hass, client)
    assert state_of(hass, "switch.lamp").state == STATE_UNKNOWN


async def test_word_that_home_assistant_does_not_know_is_left_out(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add(
        "lamp",
        entity("switch.main", attributes=["state"], options={"device_class": "toaster"}),
        state=True,
    )
    await set_up(hass, client)
    state = state_of(hass, "switch.lamp")
    assert state.state == "on"
    assert "device_class" not in state.attributes


# --- when it can be used --------------------------------------------------------------------------


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_observation_that_is_too_old_shows_as_unavailable(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status", 30))
    client.add("lamp", entity("sensor.level", attributes=["state"], expire_after=100), state=5)
    await set_up(hass, client)
    await pass_time(hass, freezer, 31)
    client.fail("status", DOWN)
    for _ in range(3):
        await pass_time(hass, freezer, 31)
        assert state_of(hass, "sensor.lamp").state == "5"
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp").state == STATE_UNAVAILABLE
    client.recover()
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp").state == "5"


async def test_age_is_counted_from_when_it_was_observed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status", 1000))
    client.add("lamp", entity("sensor.level", attributes=["state"], expire_after=100))
    client.say("lamp", "sensor.level.state", 5, dt_util.utcnow() - timedelta(seconds=60))
    await set_up(hass, client)
    assert state_of(hass, "sensor.lamp").state == "5"
    await pass_time(hass, freezer, 35)
    assert state_of(hass, "sensor.lamp").state == "5"
    await pass_time(hass, freezer, 10)
    assert state_of(hass, "sensor.lamp").state == STATE_UNAVAILABLE
    client.say("lamp", "sensor.level.state", 5, dt_util.utcnow())
    await pass_time(hass, freezer, 1000)
    assert state_of(hass, "sensor.lamp").state == STATE_UNAVAILABLE


async def test_time_from_the_future_is_now(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status", 1000))
    client.add("lamp", entity("sensor.level", attributes=["state"], expire_after=100))
    client.say("lamp", "sensor.level.state", 5, dt_util.utcnow() + timedelta(hours=1))
    await set_up(hass, client)
    await pass_time(hass, freezer, 90)
    assert state_of(hass, "sensor.lamp").state == "5"


async def test_same_observation_told_again_makes_it_available_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status", 300))
    client.add("lamp", entity("sensor.level", attributes=["state"], expire_after=100), state=5)
    await set_up(hass, client)
    await pass_time(hass, freezer, 101)
    assert state_of(hass, "sensor.lamp").state == STATE_UNAVAILABLE
    await pass_time(hass, freezer, 200)
    assert state_of(hass, "sensor.lamp").state == "5"
    await pass_time(hass, freezer, 101)
    assert state_of(hass, "sensor.lamp").state == STATE_UNAVAILABLE


async def test_attribute_that_is_not_told_any_more_grows_old(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    level = entity("sensor.level", "Level", attributes=["state"], expire_after=100)
    client.add("lamp", SWITCH, level, state=True)
    client.say("lamp", "sensor.level.state", 5)
    await set_up(hass, client)
    await pass_time(hass, freezer, 31)
    client.fall_silent("lamp", "sensor.level.state")
    for _ in range(3):
        await pass_time(hass, freezer, 31)
        assert state_of(hass, "sensor.lamp_level").state == "5"
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp_level").state == STATE_UNAVAILABLE
    assert state_of(hass, "switch.lamp").state == "on"


@pytest.mark.parametrize(
    ("mode", "online", "ready", "usable"),
    [
        ("all", True, True, True),
        ("all", True, False, False),
        ("all", True, None, False),
        ("any", True, False, True),
        ("any", False, False, False),
        ("any", None, None, False),
    ],
)
async def test_vendor_says_whether_it_can_be_used(
    hass: HomeAssistant, mode: str, online: object, ready: object, *, usable: bool
) -> None:
    client = FakeClient()
    client.add(
        "lamp",
        entity(
            "switch.main",
            attributes=["state"],
            commands=COMMANDS,
            available={"online": "status", "ready": "status"},
            availability_mode=mode,
        ),
        state=True,
    )
    client.say("lamp", "switch.main.availability.online", online)
    client.say("lamp", "switch.main.availability.ready", ready)
    await set_up(hass, client)
    assert (state_of(hass, "switch.lamp").state == "on") is usable


async def test_latest_word_on_whether_it_can_be_used_counts(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add(
        "lamp",
        entity(
            "switch.main",
            attributes=["state"],
            available={"cloud": "status", "local": "status"},
            availability_mode="latest",
        ),
        state=True,
    )
    now = dt_util.utcnow()
    client.say("lamp", "switch.main.availability.cloud", False, now - timedelta(seconds=9))
    client.say("lamp", "switch.main.availability.local", True, now - timedelta(seconds=8))
    await set_up(hass, client)
    assert state_of(hass, "switch.lamp").state == "on"
    client.say("lamp", "switch.main.availability.cloud", False, now)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == STATE_UNAVAILABLE


async def test_availability_may_come_from_another_monitor(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add(
        "lamp",
        entity("switch.main", attributes=["state"], available={"online": DEVICES_MONITOR}),
        state=True,
    )
    client.say("lamp", "switch.main.availability.online", True)
    await set_up(hass, client)
    assert state_of(hass, "switch.lamp").state == "on"
    client.say("lamp", "switch.main.availability.online", False)
    await pass_time(hass, freezer, 301)
    assert state_of(hass, "switch.lamp").state == STATE_UNAVAILABLE


# --- commands -------------------------------------------------------------------------------------


async def test_command_is_shown_at_once_and_stays(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    await set_up(hass, client)
    await turn(hass, "turn_on")
    [(device_id, command)] = client.writes
    assert device_id == "lamp"
    assert (command.entity, command.name, command.data) == ("switch.main", "turn_on", {})
    assert state_of(hass, "switch.lamp").state == "on"
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == "on"


async def test_read_that_began_before_a_command_was_over_does_not_flip_it_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    level = entity("sensor.level", "Level", attributes=["state"])
    client.add("lamp", SWITCH, level, state=False)
    client.say("lamp", "sensor.level.state", 1)
    await set_up(hass, client)
    client.say("lamp", "sensor.level.state", 2)
    freezer.tick(31)
    with client.hold("status"):
        entry = hass.config_entries.async_entries(DOMAIN)[0]
        coordinator = entry.runtime_data.coordinators["status"]
        slow = hass.async_create_task(coordinator.async_refresh())
        await asyncio.sleep(0)
        assert client.reads[-1] == ("status", ("lamp",))
        await turn(hass, "turn_on")
        assert state_of(hass, "switch.lamp").state == "on"
    await slow
    assert state_of(hass, "switch.lamp").state == "on"
    assert state_of(hass, "sensor.lamp_level").state == "2"

    client.say("lamp", STATE, False)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == "off"


async def test_change_back_at_the_vendor_right_after_a_command_is_seen(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    client.outcome = lambda device, command: Outcome(observations={STATE: Observation(True)})
    await set_up(hass, client)
    await turn(hass, "turn_on")
    assert state_of(hass, "switch.lamp").state == "on"
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == "off"


async def test_old_observation_that_the_vendor_repeats_does_not_flip_it_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    client.say("lamp", STATE, False, dt_util.utcnow() - timedelta(minutes=1))
    client.outcome = lambda device, command: Outcome(observations={STATE: Observation(True)})
    await set_up(hass, client)
    await turn(hass, "turn_on")
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == "on"
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "switch.lamp").state == "off"


async def test_command_of_which_nothing_is_known_is_looked_after(
    hass: HomeAssistant, client: FakeClient
) -> None:
    client.effective = False
    entry = await set_up(hass, client)
    client.say("lamp", STATE, True)
    client.reads.clear()
    await turn(hass, "turn_on")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert client.reads == [("status", ("lamp",))]
    assert state_of(hass, "switch.lamp").state == "on"
    await settle(hass, entry)


@pytest.mark.parametrize(
    ("error", "raised", "key", "reason"),
    [
        (CommandError("no such level"), ServiceValidationError, "command_invalid", None),
        (NotConfirmedError("too slow"), HomeAssistantError, "command_not_confirmed", None),
        (DOWN, HomeAssistantError, "not_reachable", "it does not answer"),
        (OutageError("503"), HomeAssistantError, "not_reachable", "503"),
        (RateLimitedError("later"), HomeAssistantError, "rate_limited", "later"),
        (RefusedError("locked"), HomeAssistantError, "command_refused", "locked"),
        (UnexpectedAnswerError("html"), HomeAssistantError, "command_failed", "html"),
    ],
)
async def test_failure_names_device_command_and_reason(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    client: FakeClient,
    error: BridgeError,
    raised: type[HomeAssistantError],
    key: str,
    reason: str | None,
) -> None:
    entry = await set_up(hass, client)
    device_registry.async_update_device(
        device_of(hass, entry, "lamp").id, name_by_user="Reading lamp"
    )
    client.fail("write", error)
    with reauths() as asked, pytest.raises(HomeAssistantError) as failure:
        await turn(hass, "turn_on")
    assert type(failure.value) is raised
    assert failure.value.translation_domain == DOMAIN
    assert failure.value.translation_key == key
    assert failure.value.translation_placeholders == {
        "device": "Reading lamp",
        "command": "turn_on",
        "reason": reason or str(error),
    }
    assert "Reading lamp" in str(failure.value)
    asked.assert_not_called()
    assert state_of(hass, "switch.lamp").state == "off"
    await settle(hass, entry)


async def test_command_that_is_not_signed_in_asks_the_user(
    hass: HomeAssistant, client: FakeClient
) -> None:
    await set_up(hass, client)
    client.fail("write", SignInError("revoked"))
    with reauths() as asked, pytest.raises(HomeAssistantError) as failure:
        await turn(hass, "turn_on")
    assert failure.value.translation_key == "sign_in_failed"
    asked.assert_called_once()


async def test_unconfirmed_command_is_looked_after_before_it_fails(
    hass: HomeAssistant, client: FakeClient
) -> None:
    await set_up(hass, client)
    client.fail("write", NotConfirmedError("too slow"))
    client.say("lamp", STATE, True)
    with pytest.raises(HomeAssistantError):
        await turn(hass, "turn_on")
    assert state_of(hass, "switch.lamp").state == "on"


@pytest.mark.parametrize("error", [DOWN, OutageError("504"), UnexpectedAnswerError("html")])
async def test_what_became_of_a_command_without_a_good_answer_is_looked_up(
    hass: HomeAssistant, client: FakeClient, error: BridgeError
) -> None:
    await set_up(hass, client)
    client.fail("write", error)
    client.say("lamp", STATE, True)
    with pytest.raises(HomeAssistantError):
        await turn(hass, "turn_on")
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "switch.lamp").state == "on"


async def test_unconfirmed_command_does_not_wait_for_ever(
    hass: HomeAssistant, client: FakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "REREAD_PATIENCE", 0.01)
    await set_up(hass, client)
    client.fail("write", NotConfirmedError("too slow"))
    with client.hold("status"), pytest.raises(HomeAssistantError):
        await turn(hass, "turn_on")


async def test_command_that_the_entity_does_not_have(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("lamp", entity("switch.main", attributes=["state"]), state=False)
    await set_up(hass, client)
    with pytest.raises(ServiceValidationError) as failure:
        await turn(hass, "turn_on")
    assert failure.value.translation_key == "command_invalid"
    assert client.writes == []


async def test_command_of_one_entity_shows_on_another_of_its_device(
    hass: HomeAssistant, client: FakeClient
) -> None:
    client.add("lamp", SWITCH, entity("sensor.mode", "Mode", attributes=["state"]), state=False)
    client.outcome = lambda device, command: Outcome(
        observations={STATE: Observation(True), "sensor.mode.state": Observation("bright")}
    )
    await set_up(hass, client)
    await turn(hass, "turn_on")
    assert state_of(hass, "switch.lamp").state == "on"
    assert state_of(hass, "sensor.lamp_mode").state == "bright"


@pytest.mark.expects_warnings("cannot tell of device lamp")
async def test_entity_that_fails_to_update_does_not_stop_the_rest(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    client: FakeClient,
) -> None:
    client.add("lamp", SWITCH, entity("sensor.mode", "Mode", attributes=["state"]), state=False)
    entry = await set_up(hass, client)
    coordinator = entry.runtime_data.coordinators["status"]

    def fail(_keys: object = None, /) -> None:
        raise ValueError("a bug")

    stop = coordinator.async_listen(fail, "lamp")
    client.say("lamp", STATE, True)
    client.say("lamp", "sensor.mode.state", "bright")
    await pass_time(hass, freezer, 31)
    stop()
    assert state_of(hass, "switch.lamp").state == "on"
    assert state_of(hass, "sensor.lamp_mode").state == "bright"
    assert [record for record in caplog.records if record.levelno == logging.ERROR]


async def test_what_is_told_of_a_sensor_that_is_not_there_makes_it_no_more_available(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    client.add(
        "lamp",
        entity("sensor.power", "Power", attributes=["state"], available={"online": "status"}),
    )
    client.say("lamp", "sensor.power.state", "1")
    client.say("lamp", "sensor.power.availability.online", True)
    entry = await set_up(hass, client)
    for value, online, shown in (
        ("2", True, "2"),
        ("3", False, STATE_UNAVAILABLE),
        ("4", False, STATE_UNAVAILABLE),
        ("5", False, STATE_UNAVAILABLE),
        ("5", True, "5"),
        ("6", True, "6"),
    ):
        client.say("lamp", "sensor.power.state", value)
        client.say("lamp", "sensor.power.availability.online", online)
        await pass_time(hass, freezer, 31)
        assert state_of(hass, "sensor.lamp_power").state == shown
    await settle(hass, entry)
