"""The bundled profiles, proven: a real Home Assistant controls and watches real servers with them.

Each test checks at the server that a command arrived, and in Home Assistant that a change made at
the server did.
"""

import asyncio
from collections.abc import AsyncIterator
import contextlib
from pathlib import Path

import pytest

from demo.home_assistant import HomeAssistant, HomeAssistantError
from demo.processes import free_port

from .servers import (
    HomeAssistantServer,
    HomebridgeServer,
    NodeWotServer,
    RealServer,
    WebThingServer,
)

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("profiles"), pytest.mark.timeout(600)]

OWNER = {"name": "Owner", "username": "owner", "password": "owner"}
CONFIGURATION = """
homeassistant: {unit_system: metric, time_zone: Europe/Berlin}
config:
history:
recorder: {commit_interval: 0}
logger: {default: warning}
"""
PATIENCE = 40
OUTAGE_LINES = ("Error fetching", "which has not been tested", "Error during service call")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[HomeAssistant]:
    """Return a Home Assistant with the integration and nothing else."""
    configuration = tmp_path / "configuration"
    configuration.mkdir()
    (configuration / "configuration.yaml").write_text(CONFIGURATION)
    instance = HomeAssistant(tmp_path / "config", free_port(), owner=OWNER)
    instance.prepare(configuration)
    async with instance:
        await instance.start()
        await instance.onboard()
        await instance.running()
        yield instance
        await instance.stop()
    log = instance.log.read_text(errors="replace")
    loud = [
        line
        for line in log.splitlines()
        if "vendor_bridge" in line
        and (" WARNING " in line or " ERROR " in line)
        and not any(expected in line for expected in OUTAGE_LINES)
    ]
    assert not loud, "\n".join(loud)


async def add(home: HomeAssistant, vendor: str, **setup: object) -> dict[str, str]:
    """Add an account through the config flow; return entity ids by what their unique ids end in."""
    form = await home.flow("vendor_bridge", {"vendor": vendor}, setup)
    assert form.get("step_id") == "devices", form
    found = next(part["default"] for part in form["data_schema"] if part["name"] == "chosen")
    done = await home.post(
        f"/api/config/config_entries/flow/{form['flow_id']}", {"chosen": found, "add_new": True}
    )
    assert done["type"] == "create_entry", done
    entities = await home.websocket(type="config/entity_registry/list")
    return {
        entity["unique_id"].split(":", 2)[-1]: entity["entity_id"]
        for entity in entities
        if entity["platform"] == "vendor_bridge"
    }


async def called(entities: dict[str, str], home: HomeAssistant) -> dict[str, str]:
    """Return entity ids by the names that people see."""
    states = await home.states()
    return {
        states[entity_id]["attributes"]["friendly_name"]: entity_id
        for entity_id in entities.values()
        if entity_id in states
    }


async def attribute(
    home: HomeAssistant, entity_id: str, name: str, wanted: object, seconds: float = PATIENCE
) -> None:
    """Wait until an attribute of a state has a value."""
    last: object = None
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                with contextlib.suppress(HomeAssistantError):
                    last = (await home.state(entity_id))["attributes"].get(name)
                    if last == wanted:
                        return
                await asyncio.sleep(0.3)
    pytest.fail(f"{name} of {entity_id} is {last!r}, not {wanted!r}")


async def survives(server: RealServer, home: HomeAssistant, entity_id: str) -> None:
    """Take the server down and bring it back; the entity is unavailable, then there again."""
    before = (await home.state(entity_id))["state"]
    await server.down(politely=True)
    await home.wait_for(entity_id, "unavailable", PATIENCE)
    await server.up()
    await home.wait_for(entity_id, before, 90)


async def test_home_assistant(
    home: HomeAssistant, home_assistant_server: HomeAssistantServer
) -> None:
    server = home_assistant_server
    wrong = await home.flow(
        "vendor_bridge", {"vendor": "home_assistant"}, {"url": server.url, "token": "no"}
    )
    assert wrong["errors"], wrong
    entities = await add(home, "home_assistant", url=server.url, token=server.token)
    assert len(entities) > 50

    lamp = entities["light.bed_light:main"]
    await home.call("light.turn_on", entity_id=lamp, brightness=77)
    state = await server.state("light.bed_light")
    assert (state["state"], state["attributes"]["brightness"]) == ("on", 77)
    assert (await home.state(lamp))["attributes"]["brightness"] == 77

    await server.call("light.turn_off", "light.bed_light")
    await home.wait_for(lamp, "off", PATIENCE)

    door = entities["lock.front_door:main"]
    await home.call("lock.unlock", entity_id=door)
    assert (await server.state("lock.front_door"))["state"] == "unlocked"
    assert (await home.state(door))["state"] == "unlocked"

    await home.call(
        "climate.set_temperature", entity_id=entities["climate.heatpump:main"], temperature=23
    )
    assert (await server.state("climate.heatpump"))["attributes"]["temperature"] == 23

    await server.measure("sensor.outside_temperature", "-3.5")
    await home.wait_for(entities["sensor.outside_temperature:main"], "-3.5", PATIENCE)
    await survives(server, home, lamp)


async def test_homebridge(home: HomeAssistant, homebridge_server: HomebridgeServer) -> None:
    server = homebridge_server
    entities = await add(
        home, "homebridge", url=server.url, username=server.username, password=server.password
    )
    names = await called(entities, home)

    lamp = names["Reading Lamp"]
    await home.call("light.turn_on", entity_id=lamp, brightness_pct=42)
    assert await server.values("Reading Lamp") == {"On": 1, "Brightness": 42}
    await home.call("light.turn_off", entity_id=lamp)
    assert (await server.values("Reading Lamp"))["On"] == 0
    await server.set("Reading Lamp", "On", value=True)
    await home.wait_for(lamp, "on", PATIENCE)

    door = names["Front Door"]
    await home.call("lock.unlock", entity_id=door)
    assert (await server.values("Front Door"))["LockCurrentState"] == 0
    await home.call("lock.lock", entity_id=door)
    assert (await home.state(door))["state"] == "locked"

    await home.call(
        "climate.set_hvac_mode", entity_id=names["Living Room Heating"], hvac_mode="heat"
    )
    assert (await server.values("Living Room Heating"))["TargetHeatingCoolingState"] == 1

    await server.measure("Balcony Temperature", "CurrentTemperature", 21.5)
    await home.wait_for(names["Balcony Temperature"], "21.5", PATIENCE)
    await survives(server, home, lamp)


async def test_wot_thing(home: HomeAssistant, node_wot_server: NodeWotServer) -> None:
    server = node_wot_server
    lamp_url, heating_url = f"{server.url}/{server.lamp}", f"{server.url}/{server.heating}"
    wrong = await home.flow(
        "vendor_bridge",
        {"vendor": "wot_thing"},
        {"url": lamp_url, "username": "wot", "password": "wrong"},
    )
    assert wrong["errors"], wrong
    signed = {"username": server.username, "password": server.password}
    await add(home, "wot_thing", url=lamp_url, **signed)
    names = await called(await add(home, "wot_thing", url=heating_url, **signed), home)

    lamp = names["Living Room Lamp"]
    await home.call("light.turn_on", entity_id=lamp, brightness_pct=50, color_temp_kelvin=3000)
    properties = await server.properties(server.lamp)
    assert (properties["on"], properties["brightness"], properties["colorTemperature"]) == (
        True,
        50,
        3000,
    )
    await server.set(server.lamp, "on", value=False)
    await home.wait_for(lamp, "off", PATIENCE)

    heating = names["Hallway Heating"]
    await home.call("climate.set_temperature", entity_id=heating, temperature=22.5)
    assert (await server.properties(server.heating))["targetTemperature"] == 22.5
    server.measure(server.heating, "temperature", 7.25)
    await attribute(home, heating, "current_temperature", 7.2)
    await survives(server, home, lamp)


async def test_webthing(home: HomeAssistant, webthing_server: WebThingServer) -> None:
    server = webthing_server
    entities = await add(home, "webthing", url=server.url)
    names = await called(entities, home)

    lamp = names["Kitchen Lamp"]
    await home.call("light.turn_on", entity_id=lamp, brightness_pct=80)
    properties = await server.properties(server.lamp)
    assert (properties["on"], properties["brightness"]) == (True, 80)
    await server.set(server.lamp, "on", value=False)
    await home.wait_for(lamp, "off", PATIENCE)

    server.measure(server.weather, "temperature", -7.25)
    await home.wait_for(names["Balcony Weather Temperature"], "-7.25", PATIENCE)
    await survives(server, home, lamp)
