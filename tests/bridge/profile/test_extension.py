"""A file of the user's own that adds tasks to a profile, and what it can't do."""

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.errors import ProfileError
from custom_components.vendor_bridge.bridge.model import Device
from custom_components.vendor_bridge.bridge.profile.loader import (
    extended_by,
    parse_extension,
    parse_profile,
)

from .conftest import HEAD, MakeClient
from .vendor import Vendor

PROFILE = """
devices: {request: {get: /d}, id: id, type: type}
types:
  robot:
    tasks: {clean: {steps: [{post: "/d/{device.id}/clean"}]}}
  lamp:
    light: {main: {state: "on", commands: {turn_on: {post: /on}, turn_off: {post: /off}}}}
tasks: {holiday: {steps: [{post: /holiday}]}}
"""
BASE = parse_profile(HEAD + PROFILE, "tiny.yaml")
EXTENSION = """
extends: tiny
types:
  robot:
    tasks:
      mop:
        fields: {room: {type: text}}
        steps: [{post: "/d/{device.id}/mop", json: {room: "{room}"}}]
tasks:
  panic: {steps: [{post: /panic}]}
"""


async def test_tasks_are_added_and_run(vendor: Vendor, make_client: MakeClient) -> None:
    extended = parse_extension(BASE, EXTENSION, "mine.yaml")
    robot, lamp = Device(id="r", type="robot"), Device(id="l", type="lamp")
    assert list(extended.tasks_of(robot)) == ["clean", "mop"]
    assert list(extended.tasks_of(lamp)) == []
    assert list(extended.tasks_of(None)) == ["holiday", "panic"]
    assert list(BASE.tasks_of(robot)) == ["clean"], "the profile itself stays as it is"
    assert extended.types == BASE.types

    client = await make_client(PROFILE, extend=EXTENSION)
    vendor.answers["POST /d/r/mop"] = {}
    await client.run_task(robot, "mop", {"room": "Hall"})
    assert vendor.bodies("POST /d/r/mop") == [{"room": "Hall"}]


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        (EXTENSION, "tiny"),
        ("extends: 'tiny'\n", "tiny"),
        ('"extends" : tiny # mine\n', "tiny"),
        ("extends:\n", ""),
        ("extends: [\n", "["),
        (HEAD + PROFILE, None),
        ("types:\n  extends: tiny\n", None),
        ("", None),
    ],
)
def test_which_file_is_one(text: str, vendor: str | None) -> None:
    assert extended_by(text) == vendor
    assert extended_by(text.encode()) == vendor


@given(st.text() | st.binary())
def test_any_file_is_one_or_is_not(text: str | bytes) -> None:
    vendor = extended_by(text)
    assert vendor is None or not set(vendor) & set(" \t\n#")


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("extends: tyni\n", "mine.yaml:1:10: extends: there is no profile for 'tyni'"),
        ("extends: tiny\ntypes: {robbot: {tasks: {}}}", "2:9: types.robbot: the profile of"),
        ("extends: tiny\ntypes: {robot: {light: {}}}", "unknown key 'light'"),
        ("extends: tiny\nmonitors: {}", "unknown key 'monitors'"),
        ("extends: tiny\napi: {base_url: http://evil.example}", "unknown key 'api'"),
        ("extends: tiny\ntasks: {holiday: {steps: [{post: /x}]}}", "task of that name already"),
        ("extends: tiny\ntasks: {clean: {steps: [{post: /x}]}}", "has a task of that name already"),
        (
            "extends: tiny\ntypes: {robot: {tasks: {holiday: {steps: [{post: /x}]}}}}",
            "has a task of that name already",
        ),
        ("extends: tiny\ntasks: {a: {steps: [{post: '/{setup.uri}'}]}}", "no field 'uri'"),
        ("extends: tiny\ntasks: {a: {steps: []}}", "2:20: tasks.a.steps: must have at least 1"),
        ("extends: tiny\n  tasks: [", ""),
    ],
)
def test_mistakes(text: str, mistake: str) -> None:
    with pytest.raises(ProfileError) as raised:
        parse_extension(BASE, text, "mine.yaml")
    assert mistake in str(raised.value)
