import json
from typing import Any

import pytest

from custom_components.vendor_bridge.bridge.cli.main import main
from custom_components.vendor_bridge.bridge.errors import NotConfirmedError, RefusedError
from custom_components.vendor_bridge.bridge.tasks import (
    FieldType,
    Task,
    TaskField,
    TaskOption,
    TaskOutcome,
    TaskProgress,
)

from .conftest import FakeClient, Lines

ROOMS = (TaskOption(value=16, label="Kitchen"), TaskOption(value="hall", label="Hall"))
CLEAN = Task(
    key="clean",
    name="Clean rooms",
    fields=(
        TaskField(key="rooms", type=FieldType.TEXTS, name="Rooms", required=True, options=ROOMS),
        TaskField(key="passes", type=FieldType.INTEGER, name="Passes", min=1, max=3, default=1),
        TaskField(key="note", type=FieldType.TEXT, name="Note"),
    ),
)
HOLIDAY = Task(key="holiday", name="Holiday")


@pytest.fixture(autouse=True)
def offers(client: FakeClient) -> None:
    client.offers = {"a1": [CLEAN], None: [HOLIDAY]}


def test_tasks_are_listed(profile: str, lines: Lines) -> None:
    assert main(["task", profile]) == 0
    assert lines()[0] == [
        "DEVICE TASK NAME TAKES",
        "(account) holiday Holiday",
        "a1 clean Clean rooms rooms: texts of 16 | hall, passes?: integer 1..3, note?: text",
    ]
    assert main(["task", profile, "--device", "b2"]) == 0
    assert lines()[0] == ["there are no tasks"]
    assert main(["task", profile, "--device", "a1", "--json"]) == 0
    (listed,) = json.loads("\n".join(lines()[0]))["tasks"]
    assert (listed["device"], listed["task"]) == ("a1", "clean")
    assert listed["fields"][0]["options"] == [16, "hall"]


@pytest.mark.parametrize(
    ("given", "data"),
    [
        (["rooms=hall"], {"rooms": ["hall"], "passes": 1}),
        (["rooms=hall", "rooms=16", "passes=2"], {"rooms": ["hall", 16], "passes": 2}),
        (
            ['{"rooms": ["hall", "16"]}', "note=7"],
            {"rooms": ["hall", 16], "passes": 1, "note": "7"},
        ),
    ],
)
def test_a_task_is_run_and_tells_how_it_goes(
    profile: str, client: FakeClient, lines: Lines, given: list[str], data: dict[str, Any]
) -> None:
    client.tells = [TaskProgress(step="Cleaning", percentage=40, text="in the hall")]
    client.ends = TaskOutcome(result={"area": 12.5})
    arguments = [part for text in given for part in ("--data", text)]
    assert main(["task", profile, "--device", "a1", "--task", "clean", *arguments]) == 0
    assert client.runs == [("a1", "clean", data)]
    assert lines() == (
        ["a1: clean is done", "{", '"area": 12.5', "}"],
        ["Cleaning: 40 %: in the hall"],
    )


def test_json(profile: str, client: FakeClient, lines: Lines) -> None:
    client.ends = TaskOutcome(result=7)
    assert main(["task", profile, "--task", "holiday", "--json"]) == 0
    assert json.loads("\n".join(lines()[0])) == {
        "device": None,
        "task": "holiday",
        "result": 7,
        "observations": [],
    }


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["--task", "clean"], 2, "the account has no task 'clean': it has holiday"),
        (["--device", "a1", "--task", "cleen"], 2, "did you mean 'clean'?"),
        (["--device", "b2", "--task", "clean"], 2, "the device has no tasks"),
        (["--device", "a1", "--task", "clean"], 1, "rooms: it has to be filled in"),
        (
            ["--device", "a1", "--task", "clean", "--data", "rooms=x"],
            1,
            "it is one of '16', 'hall'",
        ),
        (["--device", "a1", "--task", "clean", "--data", "rooms"], 2, "--data takes name=value"),
        (["--device", "x", "--task", "clean"], 1, "the account has no device 'x'"),
    ],
)
def test_what_cannot_be_run(
    profile: str, client: FakeClient, lines: Lines, arguments: list[str], code: int, reason: str
) -> None:
    assert main(["task", profile, *arguments]) == code
    out, err = lines()
    assert (out, len(err)) == ([], 1)
    assert reason in err[0]
    assert client.runs == []


@pytest.mark.parametrize(
    "failure", [RefusedError("stuck", status=409), NotConfirmedError("not done within 60 s")]
)
def test_a_task_that_fails(
    profile: str, client: FakeClient, lines: Lines, failure: Exception
) -> None:
    client.ends = failure
    assert main(["task", profile, "--task", "holiday"]) == 1
    assert lines() == ([], [f"error: {failure}"])
    assert client.closed
