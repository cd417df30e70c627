"""``send_command`` sends what the profile declares, and nothing else."""

import asyncio
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.helpers import area_registry as ar, device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockUser
import voluptuous as vol

from custom_components.vendor_bridge.bridge.errors import (
    NotConfirmedError,
    ReadOnlyError,
    RefusedError,
)
from custom_components.vendor_bridge.bridge.model import Command

from ..fakes import FakeClient, device_of, entity, set_up, state_of
from .acting import LAMP, act, house

LOCK = entity("lock.door", attributes=["state"], commands={"lock": [], "unlock": ["code"]})
CHILD_LOCK = entity(
    "switch.child_lock",
    "Child lock",
    attributes=["state"],
    commands={"turn_on": [], "turn_off": []},
    options={"entity_category": "config"},
)


async def send(hass: HomeAssistant, command: str, target: dict[str, Any], /, **data: Any) -> Any:
    return await act(hass, "send_command", target, command=command, data=data)


async def test_a_command_is_sent_and_what_is_known_since_is_answered(hass: HomeAssistant) -> None:
    client = house()
    entry = await set_up(hass, client)
    lamp = device_of(hass, entry, "lamp")
    response = await send(hass, "turn_on", {"device_id": lamp.id}, brightness="7")
    assert client.writes == [
        ("lamp", Command(entity="light.main", name="turn_on", data={"brightness": 7}))
    ]
    assert response["failed"] == []
    (device,) = response["devices"]
    seen = {one["attribute"]: one["value"] for one in device.pop("observations")}
    assert device == {"device_id": lamp.id, "vendor_id": "lamp", "entity_ids": ["light.lamp"]}
    assert seen["brightness"] == 7
    assert state_of(hass, "light.lamp").attributes["brightness"] == 7


async def test_a_command_may_be_written_with_the_key_of_its_entity(hass: HomeAssistant) -> None:
    client = house()
    entry = await set_up(hass, client)
    lamp = device_of(hass, entry, "lamp")
    await send(hass, "light.main.turn_off", {"device_id": lamp.id})
    assert [command.name for _, command in client.writes] == ["turn_off"]


async def test_the_entity_that_a_device_is_for_comes_first(
    hass: HomeAssistant, entity_registry: er.EntityRegistry
) -> None:
    client = house()
    client.add(
        "fan", entity("fan.main", attributes=["state"], commands={"turn_off": []}), CHILD_LOCK
    )
    client.say("fan", "fan.main.state", value=True)
    client.say("fan", "switch.child_lock.state", value=True)
    entry = await set_up(hass, client)
    fan = {"device_id": device_of(hass, entry, "fan").id}
    await send(hass, "turn_off", fan)
    await send(hass, "switch.child_lock.turn_off", fan)
    await send(hass, "turn_on", fan)  # only its setting has that
    assert [(command.entity, command.name) for _, command in client.writes] == [
        ("fan.main", "turn_off"),
        ("switch.child_lock", "turn_off"),
        ("switch.child_lock", "turn_on"),
    ]


async def test_a_command_that_several_entities_have_is_not_guessed(hass: HomeAssistant) -> None:
    client = house()
    strip = [
        entity(f"switch.{one}", one.capitalize(), attributes=["state"], commands={"turn_off": []})
        for one in ("first", "second")
    ]
    client.add("strip", *strip, state=True)
    client.say("strip", "switch.second.state", value=True)
    entry = await set_up(hass, client)
    with pytest.raises(ServiceValidationError) as caught:
        await send(hass, "turn_off", {"device_id": device_of(hass, entry, "strip").id})
    assert str(caught.value) == (
        "Strip has several entities with the command turn_off. Choose one of them: "
        "switch.strip_first, switch.strip_second"
    )
    assert client.writes == []
    response = await send(
        hass, "turn_off", {"entity_id": ["switch.strip_first", "switch.strip_second"]}
    )
    assert len(client.writes) == 2
    (device,) = response["devices"]
    assert device["entity_ids"] == ["switch.strip_first", "switch.strip_second"]


async def test_what_an_area_has_besides_is_left_alone(
    hass: HomeAssistant, area_registry: ar.AreaRegistry, device_registry: dr.DeviceRegistry
) -> None:
    client = house()
    client.add("door", LOCK, state="locked")
    entry = await set_up(hass, client)
    area = area_registry.async_create("Hall")
    for vendor_id in ("lamp", "plug", "door"):
        device_registry.async_update_device(device_of(hass, entry, vendor_id).id, area_id=area.id)
    response = await send(hass, "turn_off", {"area_id": area.id})
    assert [one["vendor_id"] for one in response["devices"]] == ["lamp", "plug"]
    assert response["failed"] == []
    with pytest.raises(ServiceValidationError) as caught:
        await send(hass, "start", {"area_id": area.id})
    assert caught.value.translation_key == "command_nowhere"


@pytest.mark.parametrize(
    ("command", "data", "key", "text"),
    [
        ("turn_of", {}, "unknown_command", "turn_off', 'turn_on'; did you mean 'turn_off'"),
        ("turn_on", {"level": 1}, "command_invalid", "turn_on takes no 'level' here; it takes"),
        (
            "turn_on",
            {"brightness": "x"},
            "command_invalid",
            "brightness takes a number from 0 to 255",
        ),
    ],
)
async def test_mistakes_of_the_caller_reach_no_vendor(
    hass: HomeAssistant, command: str, data: dict[str, Any], key: str, text: str
) -> None:
    client = house()
    entry = await set_up(hass, client)
    for target in ({"entity_id": "light.lamp"}, {"device_id": device_of(hass, entry, "lamp").id}):
        with pytest.raises(ServiceValidationError) as caught:
            await send(hass, command, target, **data)
        assert caught.value.translation_key == key
        assert text in str(caught.value)
    assert client.writes == []


async def test_a_device_without_commands_says_so(hass: HomeAssistant) -> None:
    client = house()
    client.add("meter", entity("sensor.power", attributes=["state"]), state=1)
    await set_up(hass, client)
    with pytest.raises(ServiceValidationError) as caught:
        await send(hass, "turn_on", {"entity_id": "sensor.meter"})
    assert str(caught.value) == "sensor.meter has no command turn_on, nor any other"


async def test_an_unavailable_entity_is_an_error(hass: HomeAssistant) -> None:
    client = house()
    client.add("dark", LAMP)  # nothing is told of it
    await set_up(hass, client)
    client.fail_device("lamp", RefusedError("no"))
    for _ in range(5):
        await act(hass, "refresh", entity_id=["light.lamp", "light.reading_lamp"])
    assert state_of(hass, "light.lamp").state == "unavailable"
    with pytest.raises(HomeAssistantError) as caught:
        await send(hass, "turn_on", {"entity_id": "light.lamp"})
    assert caught.value.translation_key == "entity_unavailable"
    assert not isinstance(caught.value, ServiceValidationError)
    assert client.writes == []
    response = await send(hass, "turn_on", {"entity_id": ["light.lamp", "light.reading_lamp"]})
    assert [one["vendor_id"] for one in response["devices"]] == ["reading_lamp"]
    assert [(one["entity_id"], one["error_key"]) for one in response["failed"]] == [
        ("light.lamp", "entity_unavailable")
    ]


@pytest.mark.parametrize(
    ("error", "key", "mistake"),
    [
        (RefusedError("the battery is empty", request="PUT /v1"), "command_refused", False),
        (NotConfirmedError("it did not take effect within 5 s"), "command_not_confirmed", False),
        (ReadOnlyError("it cannot be changed just now"), "command_read_only", True),
    ],
)
async def test_what_the_vendor_makes_of_it_is_told(
    hass: HomeAssistant, error: Exception, key: str, mistake: bool
) -> None:
    client = house()
    await set_up(hass, client)
    client.fail("write", error)
    with pytest.raises(HomeAssistantError) as caught:
        await send(hass, "turn_on", {"entity_id": "light.lamp"})
    assert caught.value.translation_key == key
    assert isinstance(caught.value, ServiceValidationError) is mistake


async def test_one_command_does_not_wait_for_another_device(hass: HomeAssistant) -> None:
    client = house()
    await set_up(hass, client)
    with client.hold("write"):
        sending = hass.async_create_task(
            send(hass, "turn_on", {"entity_id": ["light.lamp", "light.reading_lamp"]})
        )
        await asyncio.sleep(0.01)
        assert len(client.writes) == 2
    assert len((await sending)["devices"]) == 2


@pytest.mark.parametrize("code", ["4711", 4711])
async def test_a_code_is_told_to_the_vendor_and_to_nobody_else(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture, code: str | int
) -> None:
    caplog.set_level(logging.DEBUG, "custom_components")
    client = FakeClient()
    client.add("door", LOCK, state="locked")
    await set_up(hass, client)
    response = await send(hass, "unlock", {"entity_id": "lock.door"}, code=code)
    assert client.writes[0][1].data == {"code": "4711"}
    assert "4711" not in str(response)
    client.fail("write", RefusedError("code 4711 is wrong"))
    with pytest.raises(HomeAssistantError) as caught:
        await send(hass, "unlock", {"entity_id": "lock.door"}, code=code)
    assert str(caught.value) == "Door refused unlock: code *** is wrong"
    assert caught.value.__cause__ is None
    with pytest.raises(ServiceValidationError) as mistaken:
        await send(hass, "unlock", {"entity_id": "lock.door"}, code=[code])
    assert "4711" not in str(mistaken.value)
    assert "4711" not in caplog.text


async def test_users_control_what_they_may(
    hass: HomeAssistant, hass_read_only_user: MockUser
) -> None:
    client = house()
    await set_up(hass, client)
    with pytest.raises(Unauthorized):
        await act(
            hass,
            "send_command",
            {"entity_id": "light.lamp"},
            command="turn_on",
            user=hass_read_only_user.id,
        )
    assert client.writes == []


@pytest.mark.parametrize(
    "data",
    [
        {"command": "turn_on"},
        {"entity_id": "light.lamp"},
        {"entity_id": "light.lamp", "command": ""},
        {"entity_id": "light.lamp", "command": "turn_on", "data": [1]},
        {"entity_id": "light.lamp", "command": "turn_on", "brightness": 1},
    ],
)
async def test_the_action_takes_what_it_says(hass: HomeAssistant, data: dict[str, Any]) -> None:
    await set_up(hass, house())
    with pytest.raises(vol.Invalid):
        await act(hass, "send_command", data)
