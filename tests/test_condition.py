"""Conditions, as automations and scripts use them."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConditionError
from homeassistant.helpers import (
    condition,
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.setup import async_setup_component
import pytest
import voluptuous as vol

from custom_components.vendor_bridge.bridge.errors import RefusedError, UnreachableError
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, Health
from custom_components.vendor_bridge.condition import CONDITIONS
from custom_components.vendor_bridge.const import DOMAIN

from .automations import set_up_automations
from .fakes import (
    ACCOUNT_ID,
    FakeClient,
    device_of,
    entity,
    monitor,
    pass_time,
    set_up,
    using,
)
from .integration_files import INTEGRATION, read_json

DOWN = UnreachableError("it does not answer")
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient()
    for vendor_id in ("lamp", "door"):
        client.add(
            vendor_id,
            entity("switch.main", attributes=["state"], available={"online": "status"}),
            state=True,
        )
        client.say(vendor_id, "switch.main.availability.online", True)
    client.add("remote", entity("button.press", commands={"press": ()}))  # nothing to observe
    return client


async def make(
    hass: HomeAssistant, key: str, target: dict[str, Any] | None = None, **options: Any
) -> condition.ConditionChecker:
    """Return a condition that was configured as in an automation."""
    config: dict[str, Any] = {"condition": f"{DOMAIN}.{key}"}
    if target is not None:
        config["target"] = target
    if options:
        config["options"] = options
    validated = await condition.async_validate_condition_config(hass, cv.CONDITION_SCHEMA(config))
    return await condition.async_from_config(hass, validated)


async def holds(
    hass: HomeAssistant, key: str, target: dict[str, Any] | None = None, **options: Any
) -> bool | None:
    """Return what a condition says now."""
    checker = await make(hass, key, target, **options)
    try:
        return checker.async_check()
    finally:
        checker.async_unload()


async def that_hold(
    hass: HomeAssistant, target: dict[str, Any] | None = None, **options: Any
) -> set[str]:
    """Return which of the conditions hold."""
    return {key for key in CONDITIONS if await holds(hass, key, target, **options)}


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_account(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    own = dr.async_get(hass).async_get_device_by_identifier((DOMAIN, ACCOUNT_ID), entry.entry_id)
    assert own is not None
    target = {"device_id": own.id}
    assert await that_hold(hass) == {"account_is_connected", "device_is_up"}
    client.fail("status", DOWN)
    client.fail(DEVICES_MONITOR, DOWN)
    await pass_time(hass, freezer, 300)
    assert await holds(hass, "account_is_disconnected", target)
    assert not await holds(hass, "account_is_connected", target)
    for _ in range(3):
        await pass_time(hass, freezer, 300)
    assert await that_hold(hass, target) == {"account_is_disconnected", "device_is_stale"}
    client.recover()
    for _ in range(3):
        await pass_time(hass, freezer, 300)
    assert await that_hold(hass, target) == {"account_is_connected", "device_is_up"}


async def test_account_that_is_not_loaded_is_not_connected(
    hass: HomeAssistant, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    lamp = {"entity_id": "switch.lamp"}
    with using(client):
        await hass.config_entries.async_unload(entry.entry_id)
        assert await that_hold(hass, lamp) == {"account_is_disconnected", "device_is_stale"}
        await hass.config_entries.async_setup(entry.entry_id)
    assert await that_hold(hass, lamp) == {"account_is_connected", "device_is_up"}


async def test_device_by_itself_any_and_all(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    lamp, door = ({"device_id": device_of(hass, entry, one).id} for one in ("lamp", "door"))
    both = {"device_id": [lamp["device_id"], door["device_id"]]}
    client.fail_device("lamp", RefusedError("no"))
    client.say("door", "switch.main.availability.online", False)
    for _ in range(4):
        await pass_time(hass, freezer, 300)
    assert await that_hold(hass, lamp) == {"account_is_connected", "device_is_stale"}
    assert await that_hold(hass, door) == {"account_is_connected", "device_is_offline"}
    devices = {"device_is_stale", "device_is_offline"}
    assert await that_hold(hass, both) >= devices
    assert not await that_hold(hass, both, behavior="all") & {*devices, "device_is_up"}
    client.fail_device("lamp", None)
    client.say("door", "switch.main.availability.online", True)
    await pass_time(hass, freezer, 300)
    assert await holds(hass, "device_is_up", both, behavior="all")
    assert await holds(hass, "device_is_up", behavior="all")
    assert await holds(hass, "device_is_stale") is False


async def test_device_of_which_nothing_is_known_is_left_out(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient(monitor("status"), monitor("extra", optional=True))
    client.add("lamp", entity("switch.main", attributes=["state"]), state=True)
    client.add("extra", entity("sensor.extra", attributes={"state": "extra"}), state=1)
    entry = await set_up(hass, client)
    extra = {"device_id": device_of(hass, entry, "extra").id}
    assert await that_hold(hass, extra, behavior="all") == {"account_is_connected"}
    assert await holds(hass, "device_is_up", behavior="all")


async def test_budget(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, client: FakeClient
) -> None:
    key = "budget_is_nearly_used"
    await set_up(hass, client)
    assert await holds(hass, key) is False  # nobody knows
    client.healthy = Health(remaining=9, limit=100)
    assert await holds(hass, key) is True
    assert await holds(hass, key, percentage=5) is False
    client.healthy = Health(remaining=10, limit=100)
    assert await holds(hass, key) is False


@pytest.mark.parametrize("key", CONDITIONS)
async def test_target_that_is_nothing_of_ours_is_an_error(
    hass: HomeAssistant, client: FakeClient, key: str
) -> None:
    with pytest.raises(ConditionError, match="there is no account or device of Vendor Bridge"):
        await holds(hass, key)
    entry = await set_up(hass, client)
    gone = device_of(hass, entry, "lamp").id
    other = er.async_get(hass).async_get_or_create("switch", "other", "1").entity_id
    checker = await make(hass, key, {"device_id": gone})
    checker.async_check()
    dr.async_get(hass).async_remove_device(gone)
    with pytest.raises(ConditionError, match=gone):
        checker.async_check()
    checker.async_unload()
    with pytest.raises(ConditionError, match=other):
        await holds(hass, key, {"entity_id": other})


@pytest.mark.parametrize(
    "options", [{"behavior": "some"}, {"percentage": 101}, {"percentage": "few"}, {"for": 1}]
)
async def test_what_makes_no_sense_is_refused(hass: HomeAssistant, options: dict[str, Any]) -> None:
    with pytest.raises(vol.Invalid):
        await make(hass, "budget_is_nearly_used", **options)


@pytest.mark.expects_warnings("there is no account or device of Vendor Bridge")
async def test_automation_goes_on_only_if_it_holds(hass: HomeAssistant, client: FakeClient) -> None:
    runs: list[Any] = []
    hass.bus.async_listen("ran", runs.append)
    await set_up_automations(
        hass,
        """
        alias: Only while connected
        triggers: {trigger: event, event_type: go}
        conditions: {condition: vendor_bridge.account_is_connected}
        actions: {event: ran}
        """,
    )
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert not runs
    await set_up(hass, client)
    hass.bus.async_fire("go")
    await hass.async_block_till_done()
    assert len(runs) == 1


async def test_every_condition_is_described(hass: HomeAssistant) -> None:
    await async_setup_component(hass, "automation", {})
    await set_up(hass, FakeClient())
    descriptions = {
        name.removeprefix(f"{DOMAIN}."): described
        for name, described in (await condition.async_get_all_descriptions(hass)).items()
        if name.startswith(f"{DOMAIN}.")
    }
    assert descriptions.keys() == CONDITIONS.keys()
    icons = read_json(INTEGRATION / "icons.json")["conditions"]
    texts = read_json(INTEGRATION / "translations/en.json")["conditions"]
    assert icons.keys() == texts.keys() == CONDITIONS.keys()
    for name, described in descriptions.items():
        assert described is not None
        assert "target" in described
        assert described["fields"].keys() == texts[name]["fields"].keys()
        own: dict[str, Any] = {"percentage": 10} if "percentage" in described["fields"] else {}
        assert (await make(hass, name, behavior="all", **own)).async_unload() is None
