import pytest

from .conftest import Acme

PATH = "/v1/devices/VAC-0001/tasks"


async def test_a_task_has_progress_and_ends(acme: Acme) -> None:
    answer = await acme.ask("POST", PATH, {"task": "clean", "rooms": ["Kitchen", "Hall"]})
    made = await answer.json()
    assert answer.status == 202
    assert (made["state"], made["progress"], made["passes"]) == ("running", 0, 1)
    where = answer.headers["Location"]
    assert await acme.get(where) == made

    acme.wait(2 * 60)
    assert (await acme.get(where))["progress"] == 25
    vacuum = await acme.status("VAC-0001")
    assert (vacuum["state"], vacuum["room"]) == ("cleaning", "Kitchen")
    acme.wait(4 * 60)
    assert (await acme.status("VAC-0001"))["room"] == "Hall"
    acme.wait(2 * 60)
    done = await acme.get(where)
    assert (done["state"], done["progress"], done["reason"]) == ("done", 100, None)
    assert done["finished"] == "2026-11-02T08:38:00.000+01:00"
    assert (await acme.status("VAC-0001"))["state"] == "returning"
    acme.wait(20)
    vacuum = await acme.status("VAC-0001")
    assert (vacuum["state"], vacuum["battery"]) == ("docked", 94)
    acme.wait(3600)
    assert (await acme.status("VAC-0001"))["battery"] == 100


async def test_a_task_can_be_paused_and_cancelled(acme: Acme) -> None:
    made = await acme.json("POST", PATH, {"task": "clean", "rooms": ["Hall"]}, status=202)
    acme.wait(60)
    await acme.put("VAC-0001", do="pause", speed="quiet")
    acme.wait(3600)
    task = await acme.get(f"/v1/tasks/{made['id']}")
    assert (task["state"], task["progress"]) == ("paused", 25)
    await acme.put("VAC-0001", do="start")
    acme.wait(60)
    assert (await acme.get(f"/v1/tasks/{made['id']}"))["progress"] == 50
    vacuum = await acme.put("VAC-0001", do="return")
    assert (vacuum["state"], vacuum["speed"]) == ("returning", "quiet")
    assert (await acme.get(f"/v1/tasks/{made['id']}"))["state"] == "cancelled"


async def test_a_vacuum_gets_stuck_or_tired(acme: Acme) -> None:
    made = await acme.json("POST", PATH, {"task": "clean", "rooms": ["Hall"]}, status=202)
    await acme.pull("VAC-0001", state="stuck")
    task = await acme.get(f"/v1/tasks/{made['id']}")
    assert (task["state"], task["reason"]) == ("failed", "stuck")
    assert (await acme.get("/v1/events"))["data"][-1]["type"] == "stuck"

    await acme.pull("VAC-0001", state="idle", battery=6)
    await acme.put("VAC-0001", do="start")
    acme.wait(120)
    task = await acme.get("/v1/tasks/t-000002")
    assert (task["state"], task["reason"]) == ("failed", "battery_low")
    vacuum = await acme.put("VAC-0001", do="locate")
    assert vacuum["state"] in {"returning", "docked"}
    assert (await acme.truth("VAC-0001"))["identified"] == 1


async def test_one_task_at_a_time(acme: Acme) -> None:
    await acme.json("POST", PATH, {"task": "clean", "rooms": ["Hall"]}, status=202)
    refused = await acme.json("POST", PATH, {"task": "clean", "rooms": ["Hall"]}, status=409)
    assert refused["error"]["code"] == "device_busy"
    assert (await acme.get("/v1/tasks/t-000002", status=404))["error"]["code"] == "unknown_task"


@pytest.mark.parametrize(
    ("serial", "body", "field"),
    [
        ("VAC-0001", {"task": "mop", "rooms": ["Hall"]}, "task"),
        ("VAC-0001", {"rooms": ["Hall"]}, "task"),
        ("VAC-0001", {"task": {}, "rooms": ["Hall"]}, "task"),
        ("VAC-0001", {"task": "clean"}, None),
        ("VAC-0001", {"task": "clean", "passes": 2}, "rooms"),
        ("VAC-0001", {"task": "clean", "rooms": ["Attic"]}, "rooms"),
        ("VAC-0001", {"task": "clean", "rooms": ["Hall"], "passes": 4}, "passes"),
        ("LMP-0001", {"task": "clean", "rooms": ["Hall"]}, "task"),
    ],
)
async def test_refuses_wrong_tasks(
    acme: Acme, serial: str, body: object, field: str | None
) -> None:
    refused = await acme.json("POST", f"/v1/devices/{serial}/tasks", body, status=422)
    assert refused["error"].get("field") == field
