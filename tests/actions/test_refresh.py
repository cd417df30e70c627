"""``refresh`` reads what it is asked for, once, and tells what became of it."""

import asyncio
from datetime import UTC, datetime

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.vendor_bridge.bridge.errors import (
    RefusedError,
    SignInError,
    UnreachableError,
)
from custom_components.vendor_bridge.const import DOMAIN

from ..fakes import FakeClient, device_of, entity, monitor, pass_time, reauths, set_up, state_of
from .acting import LAMP, act, house

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
DOWN = UnreachableError("it does not answer", request="GET /v1/status")


async def test_what_was_read_is_answered_and_shown(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to(AT)
    client = house()
    entry = await set_up(hass, client)
    plug = device_of(hass, entry, "plug")
    client.reads.clear()
    client.say("plug", "sensor.power.state", 99.5, datetime(2026, 11, 24, 11, 59, tzinfo=UTC))
    response = await act(hass, "refresh", device_id=plug.id)
    assert response == {
        "devices": [
            {
                "device_id": plug.id,
                "vendor_id": "plug",
                "entity_ids": ["sensor.plug_power", "switch.plug"],
                "observations": [
                    {
                        "entity_id": "sensor.plug_power",
                        "attribute": "state",
                        "value": 99.5,
                        "unit": "W",
                        "observed_at": "2026-11-24T11:59:00+00:00",
                    },
                    {
                        "entity_id": "switch.plug",
                        "attribute": "state",
                        "value": True,
                        "unit": None,
                        "observed_at": "2026-11-24T12:00:00+00:00",
                    },
                ],
            }
        ],
        "failed": [],
    }
    assert state_of(hass, "sensor.plug_power").state == "99.5"
    assert sorted(key for key, _ in client.reads) == ["meter", "status"]


async def test_only_the_monitors_of_the_target_are_read(hass: HomeAssistant) -> None:
    client = house()
    await set_up(hass, client)
    client.reads.clear()
    await act(hass, "refresh", entity_id="sensor.plug_power")
    assert client.reads == [("meter", ("plug",))]


async def test_an_entity_that_observes_nothing_is_refreshed_with_the_listing(
    hass: HomeAssistant,
) -> None:
    client = house()
    client.add("bell", entity("button.ring", commands={"press": []}))
    entry = await set_up(hass, client)
    client.reads.clear()
    response = await act(hass, "refresh", device_id=device_of(hass, entry, "bell").id)
    assert [key for key, _ in client.reads] == ["devices"]
    assert response["devices"][0]["observations"] == []


async def test_targets_at_the_same_time_share_a_request(hass: HomeAssistant) -> None:
    client = house()
    await set_up(hass, client)
    client.reads.clear()
    responses = await asyncio.gather(
        *(
            act(hass, "refresh", entity_id=entity_id)
            for entity_id in ("light.lamp", "light.reading_lamp", "switch.plug")
        )
    )
    assert client.reads == [("status", ("lamp", "reading_lamp", "plug"))]
    assert [one["devices"][0]["vendor_id"] for one in responses] == [
        "lamp",
        "reading_lamp",
        "plug",
    ]


async def test_a_read_that_is_under_way_is_no_answer_to_who_asks_later(
    hass: HomeAssistant,
) -> None:
    client = house()
    await set_up(hass, client)
    client.reads.clear()
    with client.hold("status"):
        first = hass.async_create_task(act(hass, "refresh", entity_id="light.lamp"))
        await asyncio.sleep(0.01)
        client.say("lamp", "light.main.state", value=False)
        later = [
            hass.async_create_task(act(hass, "refresh", entity_id="light.lamp")) for _ in range(3)
        ]
        await asyncio.sleep(0)
    values = [(await one)["devices"][0]["observations"][0]["value"] for one in (first, *later)]
    assert values == [True, False, False, False]
    assert len(client.reads) == 2


async def test_one_request_a_device_is_sent_for_the_target_alone(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = house(monitor("status", per_device=True), monitor("meter"))
    await set_up(hass, client)
    client.fail_device("plug", RefusedError("no"))
    await pass_time(hass, freezer, 31)
    client.reads.clear()
    client.say("lamp", "light.main.state", value=False)
    client.say("reading_lamp", "light.main.state", value=True)
    response = await act(hass, "refresh", entity_id="light.lamp")
    assert client.reads == [("status", ("lamp",))]
    assert response["devices"][0]["observations"][0]["value"] is False
    assert state_of(hass, "light.lamp").state == "off"
    # Nothing is concluded of the others.
    assert state_of(hass, "light.reading_lamp").state == "off"
    assert list(entry_failures(hass)) == ["plug"]
    client.fail_device("plug", None)
    await act(hass, "refresh", entity_id=["switch.plug", "light.reading_lamp"])
    assert state_of(hass, "light.reading_lamp").state == "on"
    assert list(entry_failures(hass)) == []


def entry_failures(hass: HomeAssistant) -> list[str]:
    (entry,) = hass.config_entries.async_loaded_entries(DOMAIN)
    failed: dict[str, int] = entry.runtime_data.coordinators["status"]._failed  # noqa: SLF001
    return list(failed)


async def test_what_is_not_read_by_itself_is_refreshed_all_the_same(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = house(monitor("status", per_device=True), monitor("meter"))
    never = {"status": ["never"], "meter": ["never"]}
    await set_up(hass, client, schedules=never)
    client.reads.clear()
    await pass_time(hass, freezer, 24 * 3600)
    assert [key for key, _ in client.reads if key != "devices"] == []
    client.say("lamp", "light.main.state", value=False)
    client.say("plug", "sensor.power.state", 77)
    await act(hass, "refresh", entity_id=["light.lamp", "sensor.plug_power"])
    assert state_of(hass, "light.lamp").state == "off"
    assert state_of(hass, "sensor.plug_power").state == "77"
    await pass_time(hass, freezer, 24 * 3600)
    assert state_of(hass, "light.lamp").state == "off"


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_while_nothing_can_be_read_all_devices_are(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = house(monitor("status", per_device=True), monitor("meter"))
    await set_up(hass, client)
    client.fail("status", DOWN)
    await pass_time(hass, freezer, 31)
    await pass_time(hass, freezer, 600)
    assert state_of(hass, "light.reading_lamp").state == "unavailable"
    client.recover()
    await act(hass, "refresh", entity_id="light.lamp")
    assert state_of(hass, "light.reading_lamp").state == "off"


async def test_a_device_that_cannot_be_read_is_told_beside_the_others(hass: HomeAssistant) -> None:
    client = house()
    entry = await set_up(hass, client)
    lamp = device_of(hass, entry, "lamp")
    client.fail_device("lamp", RefusedError("403 Forbidden", request="GET /v1/lamps"))
    both = ["light.lamp", "light.reading_lamp"]
    response = await act(hass, "refresh", entity_id=both)
    assert [one["vendor_id"] for one in response["devices"]] == ["reading_lamp"]
    assert response["failed"] == [
        {
            "device_id": lamp.id,
            "vendor_id": "lamp",
            "entity_id": None,
            "error": "Lamp cannot be read: GET /v1/lamps: 403 Forbidden",
            "error_key": "device_not_read",
        }
    ]
    # Who asks for no response is told by an error, once all the others have been read.
    client.say("reading_lamp", "light.main.state", value=True)
    with pytest.raises(HomeAssistantError) as caught:
        await hass.services.async_call(DOMAIN, "refresh", {"entity_id": both}, blocking=True)
    assert caught.value.translation_key == "devices_failed"
    assert str(caught.value) == (
        "1 of 2 did not succeed. Lamp: Lamp cannot be read: GET /v1/lamps: 403 Forbidden"
    )
    assert state_of(hass, "light.reading_lamp").state == "on"


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_where_all_fail_each_is_named(hass: HomeAssistant) -> None:
    client = house()
    await set_up(hass, client)
    client.fail("status", DOWN)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "refresh", entity_id=["light.lamp", "light.reading_lamp"])
    assert caught.value.translation_key == "devices_failed"
    assert "Lamp: " in str(caught.value)
    assert "Reading_lamp: " in str(caught.value)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "refresh", entity_id="light.lamp")
    assert caught.value.translation_key == "account_not_reachable"


async def test_credentials_that_are_not_accepted_ask_the_user(hass: HomeAssistant) -> None:
    client = house(monitor("status", per_device=True), monitor("meter"))
    await set_up(hass, client)
    client.fail("status", SignInError("401"))
    with reauths() as asked, pytest.raises(HomeAssistantError) as caught:
        await act(hass, "refresh", entity_id="light.lamp")
    assert caught.value.translation_key == "account_sign_in_failed"
    asked.assert_called_once()


@pytest.mark.expects_warnings("Error fetching Acme Home meter data")
async def test_a_part_of_a_device_that_could_be_read_is_told(hass: HomeAssistant) -> None:
    client = house()
    entry = await set_up(hass, client)
    client.fail("meter", DOWN)
    response = await act(hass, "refresh", device_id=device_of(hass, entry, "plug").id)
    assert [one["entity_id"] for one in response["devices"][0]["observations"]] == ["switch.plug"]
    assert [one["error_key"] for one in response["failed"]] == ["account_not_reachable"]


async def test_an_optional_monitor_may_fail(hass: HomeAssistant) -> None:
    client = house(monitor("status"), monitor("meter", optional=True))
    entry = await set_up(hass, client)
    client.fail("meter", DOWN)
    response = await act(hass, "refresh", device_id=device_of(hass, entry, "plug").id)
    assert response["failed"] == []
    with pytest.raises(HomeAssistantError):
        await act(hass, "refresh", entity_id="sensor.plug_power")


async def test_an_answer_that_tells_nothing_of_a_device_is_a_failure(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("lamp", LAMP)
    await set_up(hass, client)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "refresh", entity_id="light.lamp")
    assert caught.value.translation_key == "device_not_told"


async def test_a_vendor_that_is_too_slow_is_not_waited_for(hass: HomeAssistant) -> None:
    client = house()
    await set_up(hass, client)
    with client.hold("status"), pytest.raises(HomeAssistantError) as caught:
        await act(hass, "refresh", entity_id="light.lamp", timeout=1)
    assert caught.value.translation_key == "read_too_slow"
    assert caught.value.translation_placeholders == {"device": "Lamp", "seconds": "1"}
    await hass.async_block_till_done(wait_background_tasks=True)
    # The read went on for whoever else wants to know.
    assert (await act(hass, "refresh", entity_id="light.lamp"))["failed"] == []


async def test_an_account_that_is_unloaded_meanwhile_is_told(hass: HomeAssistant) -> None:
    client = house()
    entry = await set_up(hass, client)
    with client.hold("status"):
        refreshing = hass.async_create_task(act(hass, "refresh", entity_id="light.lamp"))
        await asyncio.sleep(0.01)
        await hass.config_entries.async_unload(entry.entry_id)
        with pytest.raises(HomeAssistantError) as caught:
            await refreshing
    assert caught.value.translation_key == "account_not_loaded"


async def test_a_device_that_goes_meanwhile_is_told(hass: HomeAssistant) -> None:
    client = house()
    client.add("bell", entity("button.ring", commands={"press": []}))
    entry = await set_up(hass, client)
    bell = device_of(hass, entry, "bell")
    client.remove("bell")
    entry.runtime_data.unlisted["bell"] = datetime(2000, 1, 1, tzinfo=UTC)
    with pytest.raises(HomeAssistantError) as caught:
        await act(hass, "refresh", device_id=bell.id)
    assert caught.value.translation_key == "device_has_gone"
