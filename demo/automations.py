"""What automations do with it: a trigger of ours, a task that takes a while, and a blueprint."""

import asyncio
from collections.abc import Mapping
from typing import Any

from .stage import PATIENCE, Stage, expect, until

LAMP, LOCK, VACUUM = "LMP-0001", "LCK-0001", "VAC-0001"
ROOMS = ("Kitchen", "Hall")
CLEANING_TAKES = 600.0
"""Seconds after which two rooms are clean at the vendor, and then some."""


async def _automate(stage: Stage, name: str, automation: Mapping[str, Any]) -> str:
    """Save an automation, as the editor does, and return its entity id once it runs."""
    await stage.home.post(
        f"/api/config/automation/config/{name}", {"alias": f"Demo {name}", **automation}
    )
    entity_id = f"automation.demo_{name}"
    await stage.home.wait_for(entity_id, "on", PATIENCE)
    return entity_id


async def automate(stage: Stage) -> str:
    """Have a lamp switched on when a lock did not do what it was told, and jam the lock."""
    lamp, lock = stage.entity(LAMP), stage.entity(LOCK)
    await stage.home.call("light.turn_off", entity_id=lamp)
    automation = await _automate(
        stage,
        "jammed_lock",
        {
            "triggers": [
                {"trigger": "vendor_bridge.command_failed", "target": {"entity_id": lock}}
            ],
            "actions": [
                {
                    "action": "vendor_bridge.send_command",
                    "target": {"entity_id": lamp},
                    "data": {"command": "turn_on", "data": {"brightness": 255}},
                }
            ],
        },
    )
    await stage.acme.pull(LOCK, jam="next", state="locked")
    # That it fails is told by the trigger: nobody waits for the answer.
    asking = asyncio.create_task(
        stage.home.websocket(
            type="call_service",
            domain="lock",
            service="unlock",
            service_data={"entity_id": lock},
        )
    )
    try:

        async def is_on() -> bool:
            return bool((await stage.acme.status(LAMP))["on"])

        await until(is_on, "the automation has not switched the lamp on", PATIENCE)
    finally:
        await asyncio.gather(asking, return_exceptions=True)
    await stage.home.call("automation.turn_off", entity_id=automation)
    await stage.acme.pull(LOCK, jam="never", state="locked")
    await stage.home.wait_for(lock, "locked", PATIENCE)
    return "a jammed lock switched a lamp on, at the vendor as well"


async def run_task(stage: Stage) -> str:
    """Have two rooms cleaned and watch how far it is, while the vendor's clock hurries on."""
    vacuum, sensor = stage.entity(VACUUM), stage.entity(VACUUM, ".task")
    await stage.acme.pull(VACUUM, state="docked", battery=100)
    running = asyncio.create_task(
        stage.home.websocket(
            type="call_service",
            domain="vendor_bridge",
            service="acme_clean_rooms",
            target={"entity_id": vacuum},
            service_data={"rooms": list(ROOMS)},
            return_response=True,
        )
    )
    seen: set[int] = set()

    async def is_on_its_way() -> bool:
        progress = (await stage.home.state(sensor))["attributes"]["progress"]
        if progress:
            seen.add(progress)
        return bool(progress) or running.done()

    try:
        await stage.home.wait_for(sensor, "running", PATIENCE)
        await stage.acme.advance(CLEANING_TAKES / 5)
        await until(is_on_its_way, "no progress is shown", PATIENCE)
        await stage.acme.advance(CLEANING_TAKES)
        async with asyncio.timeout(PATIENCE):
            answer = (await running)["response"]
    finally:
        running.cancel()
    expect(not answer["failed"], f"the task failed: {answer}")
    result = answer["devices"][0]["result"]
    expect(result["rooms"] == list(ROOMS), f"other rooms are clean: {result}")
    expect(any(0 < progress < 100 for progress in seen), f"the progress was {sorted(seen)}")  # noqa: PLR2004
    truth = await stage.acme.status(VACUUM)
    expect(truth["state"] in {"returning", "docked"}, f"the vacuum is {truth['state']}")
    await stage.home.wait_for(sensor, "done", PATIENCE)
    shown = ", ".join(f"{progress} %" for progress in sorted(seen))
    return f"{' and '.join(ROOMS)} cleaned; on the way: {shown}"


async def use_blueprint(stage: Stage) -> str:
    """Check the locks with the blueprint that does so at night, one of them open."""
    locks = {
        unique_id.split(":")[-2]: entity_id
        for unique_id, entity_id in stage.entities.items()
        if entity_id.startswith("lock.") and unique_id.endswith(":main")
    }
    await stage.acme.pull(LOCK, state="unlocked", jam="never")
    automation = await _automate(
        stage,
        "lock_up",
        {
            "use_blueprint": {
                "path": "vendor_bridge/lock_up_check.yaml",
                "input": {
                    "locks": list(locks.values()),
                    "tell": [
                        {
                            "action": "notify.persistent_notification",
                            "data": {"title": "{{ title }}", "message": "{{ message }}"},
                        }
                    ],
                },
            }
        },
    )
    await stage.home.call("automation.trigger", entity_id=automation, skip_condition=True)

    async def said() -> str | None:
        told = await stage.home.websocket(type="persistent_notification/get")
        return next((one["message"] for one in told if "locked" in one["title"]), None)

    await until(said, "the blueprint says nothing", PATIENCE)
    for serial in locks:
        truth = (await stage.acme.status(serial))["state"]
        expect(truth == "locked", f"{serial} is {truth} at the vendor")
    await stage.home.call("automation.turn_off", entity_id=automation)
    return f"{len(locks)} locks checked at the vendor; it says: {await said()}"
