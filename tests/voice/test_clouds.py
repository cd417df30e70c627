"""What Google Assistant and Alexa make of the devices, by Home Assistant's own code for them."""

from collections.abc import Mapping
from pathlib import Path
import re
from typing import Any

from homeassistant.auth.const import GROUP_ID_ADMIN
from homeassistant.components.alexa import SMART_HOME_SCHEMA
from homeassistant.components.alexa.smart_home import AlexaConfig, async_handle_message
from homeassistant.components.google_assistant import GOOGLE_ASSISTANT_SCHEMA, smart_home
from homeassistant.components.google_assistant.http import GoogleConfig
from homeassistant.core import HomeAssistant
import pytest

from .conftest import Home

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web")

PAGE = Path(__file__).parents[2] / "docs/voice.md"
TRAITS: Mapping[str, set[str]] = {
    "Kitchen lamp": {"OnOff", "Brightness"},
    "Dishwasher": {"OnOff"},
    "Living room thermostat": {"TemperatureSetting", "OnOff"},
    "Front door": {"LockUnlock"},
    "Garage door": {"OpenClose"},
    "Bedroom blind": {"OpenClose"},
    "Ceiling fan": {"OnOff", "FanSpeed", "Modes"},
    "Vacuum": {"StartStop", "Dock", "Locator"},
    "Humidifier": {"OnOff", "HumiditySetting", "Modes"},
    "Speaker": {"OnOff", "Volume", "MediaState", "TransportControl", "InputSelector"},
}
"""Some of what Google lets people do with a device, by its name."""


def rows() -> list[tuple[str, str, str]]:
    """Return what the page says that the two make of each device."""
    _, table = PAGE.read_text().split("| Device | Google | Alexa |")
    found = re.findall(r"^\| ([^|]+) \| ([\w-]+) \| (\w+) \|$", table, re.MULTILINE)
    return [(name, google, alexa) for name, google, alexa in found]


async def google(hass: HomeAssistant, intent: str, **payload: Any) -> Any:
    """Ask Home Assistant what Google asks it."""
    options = {"project_id": "acme", "report_state": False, "secure_devices_pin": "1"}
    config = GoogleConfig(hass, GOOGLE_ASSISTANT_SCHEMA(options))  # type: ignore[no-untyped-call]
    await config.async_initialize()  # type: ignore[no-untyped-call]
    user = await hass.auth.async_create_system_user("Google", group_ids=[GROUP_ID_ADMIN])
    asked = {"intent": f"action.devices.{intent}", **({"payload": payload} if payload else {})}
    answer = await smart_home.async_handle_message(  # type: ignore[no-untyped-call]
        hass, config, "agent", user.id, {"requestId": "1", "inputs": [asked]}, "cloud"
    )
    await hass.async_block_till_done()
    config.async_deinitialize()
    return answer["payload"]


async def google_does(home: Home, serial: str, command: str, **params: Any) -> Any:
    """Have Google do something to a device, and return what it is told of it."""
    execution = {"command": f"action.devices.commands.{command}", "params": params}
    challenge = params.pop("pin", None)
    if challenge is not None:
        execution["challenge"] = {"pin": challenge}
    commands = [{"devices": [{"id": home.entity_id(serial)}], "execution": [execution]}]
    payload = await google(home.hass, "EXECUTE", commands=commands)
    return payload["commands"][0]


async def alexa(hass: HomeAssistant, namespace: str, name: str, **directive: Any) -> Any:
    """Ask Home Assistant what Alexa asks it."""
    config = AlexaConfig(hass, SMART_HOME_SCHEMA({}))
    await config.async_initialize()
    header = {
        "namespace": namespace,
        "name": name,
        "payloadVersion": "3",
        "messageId": "1",
        "correlationToken": "1",
    }
    request = {"directive": {"header": header, "payload": {}, **directive}}
    answer = await async_handle_message(hass, config, request)
    await hass.async_block_till_done()
    return answer["event"]


def endpoint(home: Home, serial: str) -> Mapping[str, Any]:
    """Return how Alexa calls a device's main entity."""
    return {"endpointId": home.entity_id(serial).replace(".", "#"), "scope": {}, "cookie": {}}


async def test_google_knows_every_device_of_the_page(home: Home) -> None:
    devices = (await google(home.hass, "SYNC"))["devices"]
    found = {device["name"]["name"]: device for device in devices}
    types = {name: device["type"].rpartition(".")[2] for name, device in found.items()}
    assert {name: types.get(name, "-") for name, _, _ in rows()} == {n: g for n, g, _ in rows()}
    for name, wanted in TRAITS.items():
        traits = {trait.rpartition(".")[2] for trait in found[name]["traits"]}
        assert wanted <= traits, (name, traits)
    assert found["Front door"]["roomHint"] == "Hall"
    assert found["Garage door"]["name"]["nicknames"] == ["Garage door", "Garage"]


async def test_google_switches_a_lamp_at_the_vendor(home: Home) -> None:
    told = await google_does(home, "LMP-0001", "OnOff", on=True)
    assert (told["status"], told["states"]["on"]) == ("SUCCESS", True)
    assert home.truth("LMP-0001")["on"] is True


async def test_google_unlocks_with_its_pin_alone(home: Home) -> None:
    refused = await google_does(home, "LCK-0001", "LockUnlock", lock=False)
    assert (refused["status"], refused["errorCode"]) == ("ERROR", "challengeNeeded")
    assert home.truth("LCK-0001")["state"] == "locked"
    await google_does(home, "LCK-0001", "LockUnlock", lock=False, pin="1")
    assert home.truth("LCK-0001")["state"] == "unlocked"


async def test_alexa_discovers_every_device_of_the_page(home: Home) -> None:
    event = await alexa(
        home.hass, "Alexa.Discovery", "Discover", payload={"scope": {"type": "BearerToken"}}
    )
    found = {
        one["friendlyName"]: (one["displayCategories"] or [None])[0]
        for one in event["payload"]["endpoints"]
    }
    assert {name: found.get(name) for name, _, _ in rows()} == {n: a for n, _, a in rows()}


async def test_alexa_sets_a_thermostat_and_locks_at_the_vendor(home: Home) -> None:
    event = await alexa(
        home.hass,
        "Alexa.ThermostatController",
        "SetTargetTemperature",
        endpoint=endpoint(home, "THM-0001"),
        payload={"targetSetpoint": {"value": 22, "scale": "CELSIUS"}},
    )
    assert event["header"]["name"] == "Response", event
    assert home.truth("THM-0001")["target"] == 22
    home.pull("LCK-0001", state="unlocked")
    event = await alexa(
        home.hass, "Alexa.LockController", "Lock", endpoint=endpoint(home, "LCK-0001")
    )
    assert event["header"]["name"] == "Response", event
    assert home.truth("LCK-0001")["state"] == "locked"
