"""Each real server starts, answers, can be changed, goes down, comes back, and leaves nothing."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from .servers import (
    HomeAssistantServer,
    HomebridgeServer,
    NodeWotServer,
    RealServer,
    WebThingServer,
)

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("servers"), pytest.mark.timeout(900)]


async def outage(server: RealServer, path: str, *, politely: bool = False) -> None:
    """Take a server down and bring it back at the same address, with the same credentials."""
    await server.down(politely=politely)
    with pytest.raises(aiohttp.ClientConnectorError):
        await server.ask("GET", path)
    await server.up()
    assert (await server.ask("GET", path)).status == 200


async def test_home_assistant(home_assistant_server: HomeAssistantServer) -> None:
    server = home_assistant_server
    assert len(await server.states()) > 100

    await server.call("light.turn_on", "light.bed_light", brightness=77)
    state = await server.state("light.bed_light")
    assert (state["state"], state["attributes"]["brightness"]) == ("on", 77)

    await server.measure("sensor.outside_temperature", "-3.5")
    state = await server.state("sensor.outside_temperature")
    assert (state["state"], state["attributes"]["unit_of_measurement"]) == ("-3.5", "°C")

    token = {"Authorization": f"Bearer {await server.new_token('to be revoked')}"}
    assert (await server.ask("GET", "/api/", headers=token)).status == 200
    await server.revoke("to be revoked")
    assert (await server.ask("GET", "/api/", headers=token)).status == 401

    assert (await server.command("http/config"))["pending"] is None, "the port is on trial"
    await outage(server, "/api/")


async def test_homebridge(homebridge_server: HomebridgeServer) -> None:
    server = homebridge_server
    await server.set("Reading Lamp", "On", value=True)
    await server.set("Reading Lamp", "Brightness", 42)
    assert await server.values("Reading Lamp") == {"On": 1, "Brightness": 42}

    await server.set("Front Door", "LockTargetState", 0)
    assert (await server.values("Front Door"))["LockCurrentState"] == 0

    await server.measure("Balcony Temperature", "CurrentTemperature", 21.5)
    assert await server.values("Balcony Temperature") == {"CurrentTemperature": 21.5}

    body = {"username": server.username, "password": "wrong"}
    assert (await server.ask("POST", "/api/auth/login", body=body)).status == 403
    known = {name: service["uniqueId"] for name, service in (await server.accessories()).items()}
    # After a power cut Homebridge gives the accessory that was added last another id.
    await outage(server, "/api/accessories", politely=True)
    after = {name: service["uniqueId"] for name, service in (await server.accessories()).items()}
    assert after == known


async def test_node_wot(node_wot_server: NodeWotServer) -> None:
    server = node_wot_server
    await server.set(server.lamp, "on", value=True)
    await server.set(server.lamp, "brightness", 50)
    properties = await server.properties(server.lamp)
    assert (properties["on"], properties["brightness"], properties["power"]) == (True, 50, 4.5)
    assert await server.invoke(server.lamp, "toggle") is False

    server.measure(server.heating, "temperature", 7.25)
    await eventually(server.properties, server.heating, "temperature", 7.25)

    nobody = {"Authorization": "Basic d290Ondyb25n"}
    path = f"/{server.lamp}/properties"
    assert (await server.ask("GET", path, headers=nobody)).status == 401
    await outage(server, path)


async def test_webthing(webthing_server: WebThingServer) -> None:
    server = webthing_server
    await server.set(server.lamp, "on", value=True)
    await server.set(server.lamp, "brightness", 50)
    properties = await server.properties(server.lamp)
    assert (properties["on"], properties["brightness"], properties["power"]) == (True, 50, 4.5)
    await server.invoke(server.lamp, "fade", {"brightness": 10, "duration": 200})
    await eventually(server.properties, server.lamp, "brightness", 10)

    server.measure(server.weather, "temperature", -7.25)
    await eventually(server.properties, server.weather, "temperature", -7.25)
    await outage(server, "/0/properties")


async def test_a_frozen_server_hangs_and_goes_on(webthing_server: WebThingServer) -> None:
    webthing_server.freeze()
    try:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await webthing_server.ask("GET", "/0/properties")
    finally:
        webthing_server.thaw()
    assert (await webthing_server.ask("GET", "/0/properties")).status == 200


@pytest.mark.parametrize(
    "kind", [HomeAssistantServer, HomebridgeServer, NodeWotServer, WebThingServer]
)
async def test_nothing_is_left(kind: type[RealServer]) -> None:
    async with kind() as server:
        folder = server.folder
        assert folder.is_dir()
        assert processes_in(folder), "the server does not run in its folder"
    assert not folder.exists()
    assert not processes_in(folder)


async def eventually(read: Any, thing: Any, name: str, value: Any) -> None:
    """Wait until a property has a value; pytest's timeout is not what should end this."""
    async with asyncio.timeout(5):
        while (await read(thing))[name] != value:  # noqa: ASYNC110 - servers tell of no change
            await asyncio.sleep(0.05)


def processes_in(folder: Path) -> list[str]:
    """Return the processes whose working folder or command line has to do with `folder`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            inside = str((process / "cwd").readlink()).startswith(str(folder))
            command = (process / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if inside or str(folder) in command:
            found.append(command)
    return found
