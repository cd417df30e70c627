"""Tasks: what is sent, what is kept, how one knows that it is done, and what goes wrong."""

import asyncio
from collections.abc import Iterator
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.errors import (
    BridgeError,
    CommandError,
    NotConfirmedError,
    OutageError,
    ProfileError,
    RefusedError,
    UnexpectedAnswerError,
)
from custom_components.vendor_bridge.bridge.model import Device
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile
from custom_components.vendor_bridge.bridge.profile.tasks import _options, _progress
from custom_components.vendor_bridge.bridge.tasks import FieldType, TaskProgress

from ..http.helpers import EagerClock
from .conftest import HEAD, MakeClient
from .vendor import Vendor

PROFILE = """
devices: {request: {get: /d}, id: id, type: type}
types:
  robot:
    tasks:
      clean:
        name: Clean rooms
        description: Cleans some rooms, one after the other.
        icon: mdi:broom
        when: can.clean
        fields:
          rooms: {type: texts, options: "can.clean[].{value: id, label: name}"}
          passes: {type: integer, min: 1, max: 3, default: 1}
        within: 30
        steps:
          - name: Starting
            post: "/d/{device.id}/tasks"
            json: {rooms: "{rooms}", passes: "{passes}"}
            keep: {id: task.id}
          - name: Cleaning
            get: "/tasks/{kept.id}"
            until: "state == 'done'"
            failed: "state == 'failed'"
            error: why
            progress: progress
            keep: {area: cleaned}
        result: "{area: kept.area, rooms: rooms, state: answer.state}"
tasks:
  holiday:
    fields:
      until: {type: date}
      note: {type: text, required: false}
      pin: {type: secret}
    data: {pin: {regex: "^([0-9]{4})$"}}
    steps:
      - {get: /account, keep: {version: version}}
      - put: /holiday
        json: {until: "{until:iso}", note: "{note}", pin: "{pin}", version: "{kept.version}"}
      - {post: /notify, when: "note != null", json: {about: "{answer.id}"}}
"""
ROBOT = Device(
    id="r 1",
    type="robot",
    data={"can": {"clean": [{"id": 16, "name": "Kitchen"}, {"id": 17, "name": "Hall"}]}},
)


@pytest.fixture
async def states(vendor: Vendor) -> list[Any]:
    """Return what the vendor says of the task, one after the other; the last one for good."""
    said: list[Any] = [{"state": "running", "progress": 40}, {"state": "done", "cleaned": 12.5}]
    vendor.answers["POST /d/r%201/tasks"] = (202, {"task": {"id": 7}})
    vendor.answers["GET /tasks/7"] = lambda _: said.pop(0) if len(said) > 1 else said[0]
    return said


def test_what_a_device_can_do() -> None:
    profile = parse_profile(HEAD + PROFILE, "tiny.yaml")
    task = profile.tasks_of(ROBOT)["clean"].task
    assert (task.name, task.icon, task.lasting) == ("Clean rooms", "mdi:broom", True)
    assert task.within.total_seconds() == 30
    holiday = profile.tasks_of(None)["holiday"].task
    assert (holiday.name, holiday.lasting) == ("Holiday", False)
    assert [(field.key, field.type, field.required) for field in holiday.fields] == [
        ("until", FieldType.DATE, True),
        ("note", FieldType.TEXT, False),
        ("pin", FieldType.SECRET, True),
    ]


async def test_the_options_are_those_of_the_device(make_client: MakeClient) -> None:
    client = await make_client(PROFILE)
    (task,) = client.tasks(ROBOT)
    assert [(option.value, option.label) for option in task.fields[0].options] == [
        (16, "Kitchen"),
        (17, "Hall"),
    ]
    assert client.tasks(Device(id="r2", type="robot", data={})) == []
    assert client.tasks(Device(id="x", type="lamp", data=ROBOT.data)) == []
    assert [task.key for task in client.tasks(None)] == ["holiday"]


async def test_later_steps_use_earlier_answers_and_tell_how_it_goes(
    vendor: Vendor, make_client: MakeClient, states: list[Any]
) -> None:
    clock = EagerClock()
    client = await make_client(PROFILE, clock=clock)
    told: list[TaskProgress] = []
    outcome = await client.run_task(ROBOT, "clean", {"rooms": ["Hall", "16"]}, told.append)
    assert vendor.bodies("POST") == [{"rooms": [17, 16], "passes": 1}]
    assert outcome.result == {"area": 12.5, "rooms": [17, 16], "state": "done"}
    assert told == [
        TaskProgress(step="Starting"),
        TaskProgress(step="Cleaning"),
        TaskProgress(step="Cleaning", percentage=40),
    ]
    assert clock.slept == [5]


async def test_a_task_of_the_account(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers |= {
        "GET /account": {"version": 3},
        "PUT /holiday": {"id": "h1"},
        "POST /notify": {},
    }
    client = await make_client(PROFILE)
    outcome = await client.run_task(None, "holiday", {"until": "2026-12-24", "pin": "1234"})
    assert outcome.result is None
    assert vendor.bodies("PUT") == [{"until": "2026-12-24", "pin": "1234", "version": 3}]
    assert vendor.count("POST") == 0
    await client.run_task(None, "holiday", {"until": "2026-12-24", "pin": "1234", "note": "x"})
    assert vendor.bodies("POST") == [{"about": "h1"}]


@pytest.mark.parametrize(
    ("device", "task", "data", "reason"),
    [
        (ROBOT, "mop", {}, "the device has no task 'mop'"),
        (None, "clean", {}, "the account has no task 'clean'"),
        (Device(id="r2", type="robot"), "clean", {}, "the device has no task 'clean'"),
        (ROBOT, "clean", {}, "rooms: it has to be filled in"),
        (ROBOT, "clean", {"rooms": ["Attic"]}, "rooms: it is one of '16', '17', not 'Attic'"),
        (ROBOT, "clean", {"rooms": ["16"], "passes": 4}, "passes: it is at most 3"),
        (None, "holiday", {"until": "2026-12-24", "pin": "12345"}, "pin: it cannot be used"),
    ],
)
async def test_what_cannot_be_run(
    vendor: Vendor,
    make_client: MakeClient,
    device: Device | None,
    task: str,
    data: dict[str, Any],
    reason: str,
) -> None:
    client = await make_client(PROFILE)
    with pytest.raises(CommandError, match=reason) as raised:
        await client.run_task(device, task, data)
    assert "12345" not in str(raised.value)
    assert vendor.asked == []


async def test_a_task_that_the_vendor_says_has_failed(
    make_client: MakeClient, states: list[Any]
) -> None:
    states[-1] = {"state": "failed", "why": "stuck below the sofa"}
    client = await make_client(PROFILE, clock=EagerClock())
    with pytest.raises(RefusedError, match="stuck below the sofa"):
        await client.run_task(ROBOT, "clean", {"rooms": ["16"]})


async def test_what_passes_while_it_is_asked_after_is_waited_for(
    vendor: Vendor, make_client: MakeClient, states: list[Any]
) -> None:
    clock = EagerClock()
    states[:0] = [(500, {}), "garbage", (503, {}), {"state": 7, "progress": [1]}]
    states[0:0] = [(429, {})]
    client = await make_client(PROFILE, clock=clock)
    outcome = await client.run_task(ROBOT, "clean", {"rooms": ["16"]})
    assert outcome.result == {"area": 12.5, "rooms": [16], "state": "done"}
    assert vendor.count("POST") == 1


async def test_a_task_that_is_never_done_ends_at_its_deadline(
    vendor: Vendor, make_client: MakeClient, states: list[Any]
) -> None:
    states[:] = [{"state": "running"}, (500, {})]
    client = await make_client(PROFILE.replace("within: 30", "within: 1"), clock=EagerClock())
    with pytest.raises(NotConfirmedError, match="not done within 1 s; when it was last asked") as e:
        await client.run_task(ROBOT, "clean", {"rooms": ["16"]})
    assert "500" in str(e.value)
    assert vendor.count("POST") == 1


async def test_a_first_step_that_fails_is_not_sent_again(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["POST /d/r%201/tasks"] = (500, {})
    client = await make_client(PROFILE, clock=EagerClock())
    with pytest.raises(OutageError):
        await client.run_task(ROBOT, "clean", {"rooms": ["16"]})
    assert vendor.count("POST") == 1
    assert vendor.count("GET") == 0


@pytest.mark.parametrize("answer", [{}, {"task": None}, [], "t", {"task": {"id": None}}])
async def test_an_answer_without_what_is_kept_ends_the_task(
    vendor: Vendor, make_client: MakeClient, answer: object
) -> None:
    vendor.answers["POST /d/r%201/tasks"] = answer
    client = await make_client(PROFILE)
    with pytest.raises(UnexpectedAnswerError, match="nothing to keep as id"):
        await client.run_task(ROBOT, "clean", {"rooms": ["16"]})
    assert vendor.count("GET") == 0


async def test_who_cancels_it_sends_no_more_of_it(
    vendor: Vendor, make_client: MakeClient, states: list[Any]
) -> None:
    asked = asyncio.Event()

    def running_still(_: object) -> object:
        asked.set()
        return {"state": "running"}

    vendor.answers["GET /tasks/7"] = running_still
    client = await make_client(PROFILE)
    running = asyncio.create_task(client.run_task(ROBOT, "clean", {"rooms": ["16"]}))
    async with asyncio.timeout(5):
        await asked.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await asyncio.sleep(0.05)
    assert vendor.count("GET") == 1


@pytest.mark.parametrize("data", [{"at": "00:00"}, {"day": "2026-12-24"}])
async def test_conditions_see_times_as_the_vendor_is_told_them(
    vendor: Vendor, make_client: MakeClient, data: dict[str, str]
) -> None:
    client = await make_client("""
devices: {request: {get: /d}, id: id, type: type}
types:
  robot:
    tasks:
      plan:
        fields: {at: {type: time, required: false}, day: {type: date, required: false}}
        steps:
          - post: /night
            when: "at == '00:00:00' || starts_with(day, '2026-12')"
            json: {at: "{at}"}
""")
    vendor.answers["POST /night"] = {"ok": True}
    await client.run_task(ROBOT, "plan", data)
    assert len(vendor.bodies("POST")) == 1


async def test_none_of_the_steps_applies(make_client: MakeClient) -> None:
    profile = """
devices: {request: {get: /d}, id: id}
tasks: {t: {steps: [{post: /x, when: never}]}}
"""
    client = await make_client(profile)
    with pytest.raises(CommandError, match="none of its requests applies"):
        await client.run_task(None, "t", {})


async def test_a_task_asks_nobody_but_the_account_s_own_hosts(
    vendor: Vendor, make_client: MakeClient
) -> None:
    profile = """
devices: {request: {get: /d}, id: id}
tasks: {t: {fields: {where: {type: text}}, steps: [{get: "{where:path}"}]}}
"""
    client = await make_client(profile)
    with pytest.raises(BridgeError, match="leads to another host"):
        await client.run_task(None, "t", {"where": "http://evil.example/x"})
    assert vendor.asked == []


# --- what a profile can and cannot say ------------------------------------------------------------


def mistakes(task: str, *, device: bool = True) -> Iterator[str]:
    """Return what is wrong with a profile that has one task."""
    block = "types: {robot: {tasks: {t: %s}}}" if device else "tasks: {t: %s}"
    text = f"{HEAD}\ndevices: {{request: {{get: /d}}, id: id}}\n{block % task}\n"
    with pytest.raises(ProfileError) as raised:
        parse_profile(text, "tiny.yaml")
    return (str(mistake) for mistake in raised.value.mistakes)


def field(fields: str) -> str:
    """Return a task with some fields."""
    return f"{{steps: [{{get: /x}}], fields: {fields}}}"


@pytest.mark.parametrize(
    ("task", "mistake"),
    [
        ("{}", "needs 'steps'"),
        ("{steps: []}", "must have at least 1 item"),
        (f"{{steps: [{', '.join(['{get: /x}'] * 21)}]}}", "must have at most 20 items"),
        ("{steps: [{get: /x, keeps: {a: b}}]}", "unknown key 'keeps' (did you mean 'keep'?)"),
        ("{steps: [{post: '/{room}'}]}", "there is nothing called {room} here"),
        ("{steps: [{post: '/{kept.id}'}]}", "there is nothing called {kept.id} here"),
        ("{steps: [{post: '/{answer.id}'}]}", "there is nothing called {answer.id} here"),
        ("{steps: [{get: /x, pages: {next: n}}]}", "has one answer, and no use for this"),
        ("{steps: [{get: /x, progress: p}]}", "progress belongs to a step with until"),
        ("{steps: [{post: /x, until: done}]}", "is sent again and again"),
        ("{steps: [{get: /x, until: done, every: 0.5}]}", "must be at least 1"),
        ("{steps: [{get: /x}], within: 90000}", "must be at most 86400"),
        ("{steps: [{post: /toggle, idempotent: true}]}", "what toggles is not idempotent"),
        ("{steps: [{get: /x, keep: {a: b}}, {get: /y, keep: {a: c}}]}", "{kept.a} already means"),
        (field("{device: {type: text}}"), "'device' means something else"),
        (field("{area_id: {type: text}}"), "'area_id' means something else"),
        (field("{a: {type: select}}"), "a select needs options"),
        (field("{a: {type: text, min: 1}}"), "min belongs to a number"),
        (field("{a: {type: number, min: 2, max: 1}}"), "min is more than max"),
        (field("{a: {type: number, default: x}}"), "it is a number, not 'x'"),
        (field("{a: {type: secret, default: x}}"), "a secret has no default"),
        (field("{a: {type: device, types: [robbot]}}"), "no type 'robbot'"),
        ("{steps: [{get: /x}], data: {b: {scale: 2}}}", "the task has no field 'b'"),
        ("{steps: [{get: /x}], icon: broom}", "cannot be used"),
        ("{steps: [{get: /x}], result: '['}", ""),
    ],
)
def test_mistakes(task: str, mistake: str) -> None:
    found = list(mistakes(task))
    assert any(mistake in one for one in found), found
    assert all("tasks" in one for one in found), found


@pytest.mark.parametrize(
    ("task", "mistake"),
    [
        ("{steps: [{get: '/{device.id}'}]}", "there is nothing called {device.id} here"),
        ("{when: a, steps: [{get: /x}]}", "has no device that it could depend on"),
        (
            "{fields: {a: {type: select, options: b}}, steps: [{get: /x}]}",
            "write them down as a list",
        ),
    ],
)
def test_mistakes_of_the_accounts_own(task: str, mistake: str) -> None:
    assert any(mistake in one for one in mistakes(task, device=False))


def test_a_name_is_either_the_accounts_or_the_devices() -> None:
    text = f"""{HEAD}
devices: {{request: {{get: /d}}, id: id}}
types: {{robot: {{tasks: {{t: {{steps: [{{post: /x}}]}}}}}}}}
tasks: {{t: {{steps: [{{post: /x}}]}}}}
"""
    with pytest.raises(ProfileError, match="the account has a task of that name already"):
        parse_profile(text, "tiny.yaml")


# --- what strangers tell --------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=10,
)


@given(told=JSON | st.lists(st.fixed_dictionaries({"value": JSON, "label": JSON})))
def test_options_are_what_can_be_chosen_whatever_is_told(told: object) -> None:
    for option in _options(told):
        assert isinstance(option.value, str | int)
        assert not isinstance(option.value, bool)
        assert option.label
        assert len(option.label) <= 200


CLEANING = parse_profile(HEAD + PROFILE, "tiny.yaml").tasks_of(ROBOT)["clean"].steps[1]


@given(answer=JSON)
def test_progress_is_a_percentage_or_a_line_whatever_is_told(answer: object) -> None:
    told = _progress(CLEANING, {"progress": answer})  # type: ignore[dict-item]
    if told is not None:
        assert told.percentage is None or 0 <= told.percentage <= 100
        assert told.text is None or ("\n" not in told.text and len(told.text) <= 255)


@given(task=JSON, fields=JSON)
def test_whatever_is_written_is_a_profile_or_has_mistakes(task: object, fields: object) -> None:
    written = {"fields": {"a": fields}, "steps": [task, {"get": "/x", "keep": fields}]}
    text = HEAD + "devices: {request: {get: /d}, id: id}\n" + f"tasks: {{t: {json.dumps(written)}}}"
    wrong: BridgeError | None = None
    try:
        parse_profile(text, "tiny.yaml")
    except BridgeError as error:
        wrong = error
    assert wrong is None or (isinstance(wrong, ProfileError) and wrong.mistakes)
