"""The story that the demo tells: each step does something and checks it on both sides."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
import re
from typing import Any

from .acme_server import EMAIL, PASSWORD
from .automations import automate, run_task, use_blueprint
from .chain import chain_actions
from .energy import choose_energy
from .every_kind import every_kind
from .home_assistant import HomeAssistant
from .stage import DOMAIN, PATIENCE, Stage, StepFailedError, expect, until
from .voice import talk


async def add_account(stage: Stage) -> str:
    """Add the account through the config flow, as a user does in the browser."""
    wrong = await stage.home.flow(
        DOMAIN,
        {"vendor": "acme"},
        {"url": stage.acme.url, "email": EMAIL, "password": "wrong"},
    )
    expect(wrong.get("errors"), f"a wrong password is accepted: {wrong}")
    form = await stage.home.flow(
        DOMAIN,
        {"vendor": "acme"},
        {"url": stage.acme.url, "email": EMAIL, "password": PASSWORD},
    )
    expect(form.get("step_id") == "devices", f"the flow does not show the devices: {form}")
    found = next(part["default"] for part in form["data_schema"] if part["name"] == "chosen")
    done = await stage.home.post(
        f"/api/config/config_entries/flow/{form['flow_id']}",
        {"chosen": found, "add_new": True},
    )
    expect(done.get("type") == "create_entry", f"the account is not added: {done}")
    stage.entry_id = done["result"]["entry_id"]
    return f"account {done['title']!r} with {len(found)} devices; a wrong password was refused"


def _things(registry: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the vendor's devices: all of ours but the one that stands for the account."""
    return [
        device
        for device in registry
        if device.get("entry_type") != "service"  # a part of a device has none
        and any(domain == DOMAIN for domain, _ in device["identifiers"])
    ]


async def see_devices(stage: Stage) -> str:
    """Look the devices and entities up in Home Assistant's registries."""
    registry = await stage.home.websocket(type="config/device_registry/list")
    stage.devices = {
        identifier[1].rpartition(":")[2]: device
        for device in _things(registry)
        for identifier in device["identifiers"]
        if identifier[0] == DOMAIN
    }
    entities = await stage.home.websocket(type="config/entity_registry/list")
    stage.entities = {
        entity["unique_id"]: entity["entity_id"]
        for entity in entities
        if entity["platform"] == DOMAIN
    }
    at_vendor = set((await stage.acme.house())["devices"])
    expect(
        at_vendor == set(stage.devices),
        f"devices differ: {at_vendor ^ set(stage.devices)} only once",
    )
    await stage.home.wait_for(stage.entity("LCK-0001"), "locked", PATIENCE)
    rooms = {
        device["area_id"] for device in stage.devices.values() if device.get("area_id") is not None
    }
    return f"{len(stage.devices)} devices in {len(rooms)} rooms, {len(stage.entities)} entities"


async def switch_lamp(stage: Stage) -> str:
    """Switch a lamp on in Home Assistant and look at the vendor."""
    lamp = stage.entity("LMP-0001")
    await stage.home.call("light.turn_on", entity_id=lamp, brightness_pct=40)
    truth = await stage.acme.status("LMP-0001")
    expect(truth["on"] is True, f"the vendor's lamp is off: {truth}")
    state = await stage.home.state(lamp)
    expect(state["state"] == "on", f"Home Assistant's lamp is {state['state']}")
    await stage.home.call("light.turn_off", entity_id=lamp)
    expect((await stage.acme.status("LMP-0001"))["on"] is False, "the vendor's lamp is still on")
    return f"{lamp} on at {truth['level']} % at the vendor, then off"


async def lock_door(stage: Stage) -> str:
    """Unlock and lock the front door, then find out that a jam is told."""
    lock = stage.entity("LCK-0001")
    await stage.acme.pull("LCK-0001", jam="never")
    await stage.home.call("lock.unlock", entity_id=lock)
    expect((await stage.acme.status("LCK-0001"))["state"] == "unlocked", "it is not unlocked")
    await stage.home.call("lock.lock", entity_id=lock)
    expect((await stage.acme.status("LCK-0001"))["state"] == "locked", "it is not locked")
    await stage.acme.pull("LCK-0001", jam="next")
    refusal = await _refusal(stage.home, "lock.unlock", entity_id=lock)
    await stage.acme.pull("LCK-0001", jam="never", state="locked")
    return f"unlocked, locked; a jam was told: {refusal}"


async def _refusal(home: HomeAssistant, action: str, **data: Any) -> str:  # noqa: ANN401
    """Perform an action that has to fail, and return the reason that Home Assistant gives."""
    domain, service = action.split(".")
    try:
        await home.websocket(type="call_service", domain=domain, service=service, service_data=data)
    except Exception as error:  # noqa: BLE001 - whatever says why
        found = re.search(r"'message': [\"'](.+?)[\"'](?:,|})", str(error))
        return found[1] if found else str(error)
    message = f"{action} succeeded, though it can't have"
    raise StepFailedError(message)


async def change_at_vendor(stage: Stage) -> str:
    """Change something at the vendor and see it arrive."""
    window = stage.entity("CON-0002", "contact")
    await stage.acme.pull("CON-0002", open=True)
    await stage.home.wait_for(window, "on", PATIENCE)
    await stage.acme.pull("CON-0002", open=False)
    await stage.home.wait_for(window, "off", PATIENCE)
    return f"{window} opened and closed at the vendor, and so it did here"


async def go_down(stage: Stage) -> str:
    """Kill the vendor: a command fails loudly, and nothing is claimed to be known."""
    lamp = stage.entity("LMP-0001")
    await stage.acme.stop(kill=True)
    refusal = await _refusal(stage.home, "light.turn_on", entity_id=lamp)
    await stage.home.wait_for(lamp, "unavailable", 60)
    connected = stage.own_entity("connectivity")
    state = await stage.home.state(connected)
    expect(state["state"] == "off", f"{connected} is {state['state']}")
    return f"the vendor was killed; a command says: {refusal}; {lamp} is unavailable"


async def come_back(stage: Stage) -> str:
    """Bring the vendor back and see that everything is as before."""
    await stage.acme.start()
    await stage.home.wait_for(stage.entity("LMP-0001"), "off", 90)
    await stage.home.wait_for(stage.own_entity("connectivity"), "on", PATIENCE)
    registry = await stage.home.websocket(type="config/device_registry/list")
    still = _things(registry)
    expect(len(still) == len(stage.devices), "devices were lost on the way")
    return f"all {len(still)} devices are there again"


async def read_history(stage: Stage) -> str:
    """Read what the recorder kept of all this."""
    start = datetime.now(UTC) - timedelta(hours=1)
    lock = stage.entity("LCK-0001")
    path = f"/api/history/period/{start.isoformat().replace('+00:00', 'Z')}"
    states: list[str] = []

    async def recorded() -> bool:
        history = await stage.home.get(f"{path}?filter_entity_id={lock}&minimal_response")
        states[:] = [entry["state"] for entry in history[0]] if history else []
        return "unlocked" in states and "unavailable" in states

    await until(recorded, "the recorder has the lock's history", PATIENCE)
    return f"{lock}: {' > '.join(states)}"


async def restart(stage: Stage) -> str:
    """Restart Home Assistant and find everything again."""
    before = dict(stage.entities)
    await stage.home.stop()
    await stage.home.start()
    await stage.home.onboard()
    await stage.home.running()
    await see_devices(stage)
    # The account's own may come later than those of its devices.
    lost = before.items() - stage.entities.items()
    expect(not lost, f"entities are not the same after a restart: {sorted(lost)}")
    return f"{len(before)} entities are the same"


async def quiet_log(stage: Stage) -> str:
    """Find no warning about the integration in the log that an outage does not explain."""
    expected = re.compile(
        r"Error fetching|Error during service call|custom integration vendor_bridge which has not"
    )
    lines = [
        line
        for line in stage.home.log.read_text(errors="replace").splitlines()
        if re.search(r" (WARNING|ERROR|CRITICAL) ", line)
        and "vendor_bridge" in line
        and not expected.search(line)
    ]
    expect(not lines, "Home Assistant warns:\n" + "\n".join(lines[:10]))
    return "no warning about the integration but for the outage"


STEPS: tuple[Callable[[Stage], Awaitable[str]], ...] = (
    add_account,
    see_devices,
    choose_energy,
    switch_lamp,
    lock_door,
    change_at_vendor,
    talk,
    chain_actions,
    automate,
    run_task,
    use_blueprint,
    every_kind,
    go_down,
    come_back,
    read_history,
    restart,
    quiet_log,
)
