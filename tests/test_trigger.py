"""Triggers, as automations use them."""

from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, STATE_UNAVAILABLE
from homeassistant.core import Context, CoreState, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import (
    area_registry as ar,
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.helpers.dispatcher import DATA_DISPATCHER
from homeassistant.helpers.trigger import (
    async_get_all_descriptions,
    async_validate_trigger_config,
)
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
import voluptuous as vol

from custom_components.vendor_bridge.bridge.errors import (
    CommandError,
    NotConfirmedError,
    ReadOnlyError,
    RefusedError,
    SignInError,
    UnreachableError,
    VendorError,
)
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, Health
from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_VENDOR,
    DOMAIN,
)
from custom_components.vendor_bridge.happenings import BUDGET_SEEN, HAPPENED
from custom_components.vendor_bridge.trigger import TRIGGERS

from .automations import Told
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
    using,
)
from .integration_files import INTEGRATION, read_json

DOWN = UnreachableError("it does not answer", request="GET /v1/status")
EVERYTHING = tuple(TRIGGERS)
INTERVAL = 30
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient()
    client.add("lamp", entity("switch.main", attributes=["state"], commands=COMMANDS), state=True)
    client.add("door", entity("switch.main", attributes=["state"], commands=COMMANDS), state=True)
    return client


COMMANDS = {"turn_on": (), "turn_off": ()}


@pytest.fixture
def told(hass: HomeAssistant) -> Told:
    return Told(hass)


async def read(hass: HomeAssistant, freezer: FrozenDateTimeFactory, times: int = 1) -> None:
    """Let every monitor be read that often, even when it is read less and less."""
    for _ in range(times):
        await pass_time(hass, freezer, 300)


def break_down(client: FakeClient, error: Exception = DOWN) -> None:
    for operation in (DEVICES_MONITOR, "status"):
        client.fail(operation, error)


# --- the account ----------------------------------------------------------------------------------


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_account_that_is_disconnected_and_connected_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    await told.on("account_disconnected", "account_connected")  # before there is any account
    entry = await set_up(hass, client)
    await read(hass, freezer)
    assert told.take() == []
    break_down(client)
    await read(hass, freezer, 3)
    [cut_off] = told.take()
    assert cut_off | {"idx": 0, "alias": None} == {
        "platform": "vendor_bridge.account_disconnected",
        "id": "0",
        "idx": 0,
        "alias": None,
        "description": "Acme Home was disconnected",
        "config_entry_id": entry.entry_id,
        "account": "Acme Home",
        "device_id": None,
        "vendor_id": None,
        "entity_id": None,
        "name": "Acme Home",
        "reason": "GET /v1/status: it does not answer",
        "for": "0:00:00",
    }
    client.recover()
    await read(hass, freezer)
    [again] = told.take()
    assert again["platform"] == "vendor_bridge.account_connected"
    assert 600 <= again["lasted"] <= 900


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_account_that_is_reloaded_has_not_been_disconnected(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    entry = await set_up(hass, client)
    await told.on(*EVERYTHING)
    with using(client):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert told.keys() == []
        # What changes while it is reloaded is told, though.
        client.fail("connect", DOWN)
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert told.keys() == ["account_disconnected"]
        client.recover()
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert told.keys() == ["account_connected"]
    break_down(client)
    await read(hass, freezer)
    assert told.keys()[0] == "account_disconnected"


@pytest.mark.expects_warnings("Authentication failed", "could not authenticate")
async def test_account_that_is_not_let_in_is_disconnected(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    entry = await set_up(hass, client)
    await told.on("account_disconnected")
    break_down(client, SignInError("wrong password"))
    await read(hass, freezer)
    assert told.keys() == ["account_disconnected"]
    client.recover()
    with using(client):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        client.fail("connect", SignInError("wrong password"))
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert [one["reason"] for one in told.take()] == ["wrong password"]


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_wait_ends_with_what_it_waits_for(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    await set_up(hass, client)
    await told.on({"trigger": "account_disconnected", "options": {"for": {"minutes": 12}}})
    break_down(client)
    await read(hass, freezer)
    client.recover()
    await read(hass, freezer, 5)
    assert told.keys() == []
    break_down(client)
    await read(hass, freezer)
    assert told.keys() == []
    await read(hass, freezer, 3)
    [late] = told.take()
    assert late["for"] == "0:12:00"


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_wait_for_an_account_that_is_removed_comes_to_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    entry = await set_up(hass, client)
    await told.on({"trigger": "account_disconnected", "options": {"for": {"minutes": 12}}})
    break_down(client)
    await read(hass, freezer)
    await hass.config_entries.async_remove(entry.entry_id)
    await read(hass, freezer, 5)
    assert told.keys() == []


# --- devices --------------------------------------------------------------------------------------


async def test_device_that_goes_stale_and_comes_back(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    client.add(
        "meter",
        entity("sensor.power", "Power", attributes=["state"]),
        entity("sensor.energy", "Energy", attributes=["state"]),
        state=1,
    )
    client.say("meter", "sensor.energy.state", 2)
    entry = await set_up(hass, client)
    await told.on(*EVERYTHING)
    await read(hass, freezer)
    client.fail_device("meter", RefusedError("no"))
    await pass_time(hass, freezer, INTERVAL)
    assert told.keys() == []  # once is a hiccup
    await read(hass, freezer, 3)
    [stale] = told.take()
    assert stale["platform"] == "vendor_bridge.device_went_stale"
    assert stale["device_id"] == device_of(hass, entry, "meter").id
    assert stale["vendor_id"] == "meter"
    assert stale["name"] == "Meter"
    assert stale["entity_ids"] == ["sensor.meter_energy", "sensor.meter_power"]
    assert stale["config_entry_id"] == entry.entry_id
    assert stale["description"] == "Meter went stale"
    assert stale["with_account"] is False
    client.fail_device("meter", None)
    await read(hass, freezer)
    [back] = told.take()
    assert back["platform"] == "vendor_bridge.device_came_back"
    assert back["vendor_id"] == "meter"
    assert back["with_account"] is False
    assert 300 <= back["lasted"] <= 1200


async def test_device_whose_values_expire_goes_stale(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    client.add("meter", entity("sensor.power", attributes=["state"], expire_after=600), state=1)
    client.add("new", entity("sensor.power", attributes=["state"], expire_after=600))
    await set_up(hass, client)
    await told.on("device_went_stale", "device_came_back")
    await read(hass, freezer)
    client.fall_silent("meter", "sensor.power.state")
    await read(hass, freezer, 4)
    # What never told anything has nothing that could be too old.
    assert [(one["platform"], one["vendor_id"]) for one in told.take()] == [
        ("vendor_bridge.device_went_stale", "meter")
    ]
    client.say("meter", "sensor.power.state", 2)
    await read(hass, freezer)
    assert told.keys() == ["device_came_back"]


async def test_what_is_not_needed_makes_no_device_stale(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, told: Told
) -> None:
    client = FakeClient(monitor("status"), monitor("extra", optional=True))
    client.add(
        "lamp",
        entity("switch.main", attributes={"state": "status"}),
        entity("sensor.extra", "Extra", attributes={"state": "extra"}),
        state=True,
    )
    client.say("lamp", "sensor.extra.state", 1)
    await set_up(hass, client)
    await told.on(*EVERYTHING)
    client.fail("extra", RefusedError("no"))
    await read(hass, freezer, 5)
    assert told.keys() == []


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_device_that_was_stale_when_it_began_is_not_told(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    client.fail_device("lamp", RefusedError("no"))
    await told.on(*EVERYTHING)
    entry = await set_up(hass, client)
    await read(hass, freezer, 3)
    assert told.keys() == []
    client.fail_device("lamp", None)
    await read(hass, freezer)
    assert told.keys() == ["device_came_back"]
    # A reload in between changes nothing of what is known to have been told.
    break_down(client)
    await read(hass, freezer, 4)
    down = told.take()
    assert [one.get("with_account") for one in down] == [None, True, True]
    assert [one["platform"] for one in down] == [
        "vendor_bridge.account_disconnected",
        "vendor_bridge.device_went_stale",
        "vendor_bridge.device_went_stale",
    ]
    client.recover()
    with using(client):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    up = sorted(told.take(), key=lambda one: str(one["platform"]))
    assert [one["platform"].partition(".")[2] for one in up] == [
        "account_connected",
        "device_came_back",
        "device_came_back",
    ]
    assert [one.get("with_account") for one in up] == [None, True, True]


async def test_slow_first_read_is_no_reason_to_be_stale(
    hass: HomeAssistant, client: FakeClient, told: Told
) -> None:
    await told.on(*EVERYTHING)
    entry = account_entry()
    entry.add_to_hass(hass)
    with (
        using(client),
        client.hold("status"),
        patch("custom_components.vendor_bridge.account.FIRST_READ_PATIENCE", 0.01),
    ):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        assert state_of(hass, "switch.lamp").state == STATE_UNAVAILABLE
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "switch.lamp").state == "on"
    assert told.keys() == []


async def test_device_that_the_vendor_says_is_offline(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    for vendor_id in ("plug", "other"):
        client.add(
            vendor_id,
            entity("switch.main", attributes=["state"], available={"online": "status"}),
            entity("sensor.power", "Power", attributes=["state"], available={"online": "status"}),
            state=True,
        )
        client.say(vendor_id, "sensor.power.state", 1)
        for one in ("switch.main", "sensor.power"):
            client.say(vendor_id, f"{one}.availability.online", True)
    await set_up(hass, client)
    await told.on(*EVERYTHING)
    client.say("plug", "switch.main.availability.online", False)
    await read(hass, freezer)
    assert told.keys() == []  # a part of it can be used
    client.say("plug", "sensor.power.availability.online", False)
    await read(hass, freezer)
    [offline] = told.take()
    assert offline["platform"] == "vendor_bridge.device_went_offline"
    assert offline["vendor_id"] == "plug"
    assert offline["entity_ids"] == ["sensor.plug_power", "switch.plug"]
    client.fail_device("plug", RefusedError("no"))
    await read(hass, freezer, 4)
    assert told.keys() == ["device_went_stale"]
    client.fail_device("plug", None)
    await read(hass, freezer)
    assert told.keys() == ["device_went_offline"]
    for one in ("switch.main", "sensor.power"):
        client.say("plug", f"{one}.availability.online", True)
    await read(hass, freezer)
    assert told.keys() == ["device_came_back"]


async def test_device_that_appears_and_disappears(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    await told.on(*EVERYTHING)
    entry = await set_up(hass, client)
    assert told.keys() == []  # it is the account that is new
    client.add("fan", entity("switch.main", attributes=["state"]), state=True)
    await read(hass, freezer)
    [new] = told.take()
    assert new["platform"] == "vendor_bridge.device_appeared"
    device_id = device_of(hass, entry, "fan").id
    assert (new["device_id"], new["vendor_id"], new["name"]) == (device_id, "fan", "Fan")
    client.remove("fan")
    await read(hass, freezer)
    await read(hass, freezer)
    [gone] = told.take()
    assert gone["platform"] == "vendor_bridge.device_disappeared"
    assert (gone["device_id"], gone["vendor_id"], gone["name"]) == (device_id, "fan", "Fan")


async def test_device_that_came_while_home_assistant_was_down_is_told_when_it_has_started(
    hass: HomeAssistant, client: FakeClient, told: Told
) -> None:
    entry = await set_up(hass, client)
    with using(client):
        assert await hass.config_entries.async_unload(entry.entry_id)
        hass.set_state(CoreState.starting)
        client.add("fan", entity("switch.main", attributes=["state"]), state=True)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    await told.on("device_appeared")
    assert told.take() == []
    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [one["vendor_id"] for one in told.take()] == ["fan"]


# --- commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "key", "reason"),
    [
        (NotConfirmedError("it stays off"), "command_not_confirmed", "it stays off"),
        (ReadOnlyError("the child lock is on"), "command_read_only", "the child lock is on"),
        (RefusedError("no", request="PUT /v1/x"), "command_refused", "no"),
        (DOWN, "not_reachable", "it does not answer"),
        (VendorError("strange"), "command_failed", "strange"),
    ],
)
async def test_command_that_fails(
    hass: HomeAssistant,
    client: FakeClient,
    told: Told,
    error: Exception,
    key: str,
    reason: str,
) -> None:
    entry = await set_up(hass, client)
    await told.on("command_failed")
    client.fail("write", error)
    events: list[Any] = []
    hass.bus.async_listen("vendor_bridge_command_failed", events.append)
    context = Context()
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            "switch", "turn_off", {"entity_id": "switch.lamp"}, blocking=True, context=context
        )
    await hass.async_block_till_done(wait_background_tasks=True)
    [failed] = told.take()
    values = {
        "config_entry_id": entry.entry_id,
        "account": "Acme Home",
        "device_id": device_of(hass, entry, "lamp").id,
        "vendor_id": "lamp",
        "entity_id": "switch.lamp",
        "name": "Lamp",
        "command": "turn_off",
        "error": key,
        "reason": reason,
    }
    assert failed.items() >= values.items()
    [event] = events
    assert event.data == values
    assert event.context is context


async def test_code_is_in_nothing_that_is_kept(
    hass: HomeAssistant, client: FakeClient, told: Told
) -> None:
    door = entity("lock.main", attributes=["state"], commands={"unlock": ("code",)})
    client.add("gate", door, state="locked")
    await set_up(hass, client)
    await told.on("command_failed")
    client.fail("write", RefusedError("4711 is not the code"))
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            "lock", "unlock", {"entity_id": "lock.gate", "code": "4711"}, blocking=True
        )
    await hass.async_block_till_done()
    [failed] = told.take()
    assert failed["reason"] == "*** is not the code"


async def test_mistake_of_the_caller_is_no_command_that_failed(
    hass: HomeAssistant, client: FakeClient, told: Told
) -> None:
    await set_up(hass, client)
    await told.on(*EVERYTHING)
    client.fail("write", CommandError("not like that"))
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            "switch", "turn_off", {"entity_id": "switch.lamp"}, blocking=True
        )
    client.recover()
    await hass.services.async_call(
        "switch", "turn_off", {"entity_id": "switch.lamp"}, blocking=True
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert told.keys() == []


# --- the budget -----------------------------------------------------------------------------------


async def test_budget_that_is_nearly_used(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    await told.on("budget_nearly_used")
    client.healthy = Health(remaining=5, limit=100)
    entry = await set_up(hass, client)
    await read(hass, freezer)
    assert told.take() == []  # it was so before anybody looked
    found: list[dict[str, Any]] = []
    for remaining, little in ((50, 0), (10, 0), (9, 1), (3, 0), (None, 0), (4, 0), (60, 0), (1, 1)):
        client.healthy = Health(remaining=remaining, limit=100)
        await read(hass, freezer)
        found = told.take()
        assert len(found) == little, remaining
    assert found[0]["remaining"] == 1
    assert found[0]["limit"] == 100
    assert found[0]["config_entry_id"] == entry.entry_id
    assert found[0]["description"] == "Acme Home has 1 of 100 requests left"


async def test_budget_has_a_limit_of_the_users_own_and_begins_with_what_is_left_now(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    client.healthy = Health(remaining=30, limit=100)
    await set_up(hass, client)
    await told.on(
        {"trigger": "budget_nearly_used", "options": {"percentage": 50}},
        {"trigger": "budget_nearly_used", "options": {"percentage": 20}},
    )
    client.healthy = Health(remaining=15, limit=100)
    await read(hass, freezer)
    assert [one["idx"] for one in told.take()] == ["1"]


# --- targets --------------------------------------------------------------------------------------


async def stale(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> list[tuple[str, str]]:
    """Let both devices go stale and come back; return which trigger heard of which."""
    for vendor_id in ("lamp", "door"):
        client.fail_device(vendor_id, RefusedError("no"))
    await read(hass, freezer, 4)
    for vendor_id in ("lamp", "door"):
        client.fail_device(vendor_id, None)
    await read(hass, freezer)
    return sorted((one["idx"], one["vendor_id"]) for one in told.take())


async def test_targets(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    entry = await set_up(hass, client)
    devices = dr.async_get(hass)
    area = ar.async_get(hass).async_create("Hall")
    label = lr.async_get(hass).async_create("Important")
    lamp, door = device_of(hass, entry, "lamp"), device_of(hass, entry, "door")
    devices.async_update_device(lamp.id, area_id=area.id)
    devices.async_update_device(door.id, labels={label.label_id})
    account = devices.async_get_device_by_identifier((DOMAIN, ACCOUNT_ID), entry.entry_id)
    assert account is not None
    targets: list[tuple[dict[str, str], list[str]]] = [
        ({"device_id": lamp.id}, ["lamp"]),
        ({"entity_id": "switch.door"}, ["door"]),
        ({"area_id": area.id}, ["lamp"]),
        ({"label_id": label.label_id}, ["door"]),
        ({"device_id": account.id}, ["door", "lamp"]),
        ({"device_id": "no_such_device"}, []),
        ({}, ["door", "lamp"]),
    ]
    await told.on(*({"trigger": "device_went_stale", "target": target} for target, _ in targets))
    assert await stale(hass, freezer, client, told) == [
        (str(index), vendor_id)
        for index, (_, vendor_ids) in enumerate(targets)
        for vendor_id in vendor_ids
    ]


async def test_not_every_device_is_looked_through_for_each_that_something_happens_to(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    entry = await set_up(hass, client)
    account = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, ACCOUNT_ID), entry.entry_id
    )
    assert account is not None
    targets: list[dict[str, str]] = [{}, {"device_id": account.id}]
    await told.on(*({"trigger": "device_went_stale", "target": target} for target in targets))
    where = "custom_components.vendor_bridge.target_choice.registered_devices"
    with patch(where, side_effect=AssertionError("looked through all devices")):
        heard = await stale(hass, freezer, client, told)
    assert heard == [("0", "door"), ("0", "lamp"), ("1", "door"), ("1", "lamp")]


def second_entry() -> MockConfigEntry:
    """Return another account, whose own device and devices are not those of the first."""
    return MockConfigEntry(
        domain=DOMAIN,
        title="Second",
        unique_id="acme-2",
        data={CONF_VENDOR: "acme", CONF_ACCOUNT_ID: "acme-2", CONF_SETUP: {}},
    )


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_account_is_meant_by_its_own_device_and_by_those_it_has(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    first = await set_up(hass, client)
    other = FakeClient()
    other.add("hall", entity("switch.main", attributes=["state"]), state=True)
    second = second_entry()
    second.add_to_hass(hass)
    await set_up(hass, other, second)
    devices = dr.async_get(hass)
    own = {
        account_id: devices.async_get_device_by_identifier((DOMAIN, account_id), entry.entry_id)
        for account_id, entry in ((ACCOUNT_ID, first), ("acme-2", second))
    }
    connectivity = account_entities(er.async_get(hass), first.entry_id)["connectivity"]
    targets = [
        {"device_id": own_device.id} for own_device in own.values() if own_device is not None
    ]
    targets += [
        {"device_id": device_of(hass, first, "lamp").id},
        {"entity_id": connectivity.entity_id},
        {"entity_id": "switch.hall"},
        {},
    ]
    await told.on(*({"trigger": "account_disconnected", "target": target} for target in targets))
    break_down(client)
    await read(hass, freezer)
    assert sorted(one["idx"] for one in told.take()) == ["0", "2", "3", "5"]


async def test_nothing_is_left_of_automations_that_are_switched_off(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient, told: Told
) -> None:
    await set_up(hass, client)
    await told.on(
        *EVERYTHING, {"trigger": "device_went_stale", "options": {"for": {"minutes": 20}}}
    )
    signals = hass.data[DATA_DISPATCHER]
    assert signals[HAPPENED]
    assert signals[BUDGET_SEEN]
    client.fail_device("lamp", RefusedError("no"))
    await read(hass, freezer, 4)
    assert told.keys() == ["device_went_stale"]
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.told"}, blocking=True
    )
    assert not signals.get(HAPPENED)
    assert not signals.get(BUDGET_SEEN)
    await read(hass, freezer, 6)
    client.fail_device("lamp", None)
    await read(hass, freezer)
    assert told.keys() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"trigger": "command_failed", "options": {"for": {"minutes": 1}}},
        {"trigger": "budget_nearly_used", "options": {"percentage": 101}},
        {"trigger": "device_went_stale", "options": {"for": "soon"}},
        {"trigger": "device_went_stale", "target": {"device": "lamp"}},
    ],
)
async def test_what_makes_no_sense_is_refused(hass: HomeAssistant, wrong: dict[str, Any]) -> None:
    config = cv.TRIGGER_SCHEMA([wrong | {"trigger": f"{DOMAIN}.{wrong['trigger']}"}])
    with pytest.raises(vol.Invalid):
        await async_validate_trigger_config(hass, config)


# --- what the editor shows ------------------------------------------------------------------------


async def test_every_trigger_is_described(hass: HomeAssistant) -> None:
    await async_setup_component(hass, "automation", {})
    await set_up(hass, FakeClient())
    descriptions = {
        name.removeprefix(f"{DOMAIN}."): described
        for name, described in (await async_get_all_descriptions(hass)).items()
        if name.startswith(f"{DOMAIN}.")
    }
    assert descriptions.keys() == TRIGGERS.keys()
    icons = read_json(INTEGRATION / "icons.json")["triggers"]
    texts = read_json(INTEGRATION / "translations/en.json")["triggers"]
    assert icons.keys() == texts.keys() == TRIGGERS.keys()
    for name, described in descriptions.items():
        assert described is not None
        assert "target" in described
        assert described.get("fields", {}).keys() == texts[name].get("fields", {}).keys()
        options = getattr(TRIGGERS[name], "options")  # noqa: B009 - Home Assistant's base has none
        assert {str(option) for option in options} == described.get("fields", {}).keys()


async def test_the_editor_offers_them_for_our_devices_and_no_others(
    hass: HomeAssistant, client: FakeClient, hass_ws_client: WebSocketGenerator
) -> None:
    entry = await set_up(hass, client)
    connection = await hass_ws_client(hass)
    er.async_get(hass).async_get_or_create("switch", "other", "1")
    wanted = {f"{DOMAIN}.{name}" for name in TRIGGERS}
    account = account_entities(er.async_get(hass), entry.entry_id)["connectivity"].device_id
    for target, offered in (
        ({"device_id": [device_of(hass, entry, "lamp").id]}, wanted),
        ({"device_id": [account]}, wanted),
        ({"entity_id": ["switch.other_1"]}, set()),
    ):
        await connection.send_json_auto_id({"type": "get_triggers_for_target", "target": target})
        answer = await connection.receive_json()
        found = {name for name in answer["result"] if name.startswith(f"{DOMAIN}.")}
        assert found == offered
