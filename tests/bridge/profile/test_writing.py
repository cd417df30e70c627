"""Commands: what is sent, in which order, and how one knows that it took effect."""

import asyncio
from typing import Any

import pytest

from custom_components.vendor_bridge.bridge.errors import (
    CommandError,
    NotConfirmedError,
    OutageError,
    ReadOnlyError,
    RefusedError,
    UnexpectedAnswerError,
)
from custom_components.vendor_bridge.bridge.model import Command, Device, Outcome
from custom_components.vendor_bridge.bridge.profile import line
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient

from .conftest import MakeClient
from .vendor import Vendor

MONITORS = """
devices: {request: {get: /d}, id: id, type: type}
monitors: {status: {request: {get: "/s/{device.id}"}}}
"""


def lamp(
    confirm: str = "answer",
    on: str = '{put: "/s/{device.id}", json: {"on": true, level: "{brightness}"}}',
) -> str:
    return f"""
{MONITORS}
types:
  lamp:
    confirm: {confirm}
    light:
      main:
        state: "on"
        brightness: {{value: level, range: [0, 100]}}
        commands:
          turn_on: {on}
          turn_off: {{put: "/s/{{device.id}}", json: {{"on": false}}}}
"""


LAMP = Device(id="l 1", type="lamp", data={"serial": "é/x"})


async def write(client: ProfileClient, name: str, **data: Any) -> Outcome:
    return await client.write(LAMP, Command(entity="light.main", name=name, data=data))


def seen(outcome: Outcome) -> dict[str, object]:
    return {key.rpartition(".")[2]: one.value for key, one in outcome.observations.items()}


async def test_success_in_the_answer_is_enough(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["PUT /s/l%201"] = (204, None)
    client = await make_client(
        lamp(on='{put: "/s/{device.id}", json: {"on": true, level: "{brightness}"}, answer: none}')
    )
    assert seen(await write(client, "turn_on", brightness=128)) == {
        "state": True,
        "brightness": 128,
    }
    assert seen(await write(client, "turn_on")) == {"state": True}
    assert vendor.bodies("PUT") == [{"on": True, "level": 50}, {"on": True}]


async def test_the_answer_tells_the_new_state(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["PUT /s/l%201"] = {"on": True, "level": 49}
    client = await make_client(lamp("{answer: status}"))
    assert seen(await write(client, "turn_on", brightness=128)) == {
        "state": True,
        "brightness": 125,
    }
    with pytest.raises(NotConfirmedError, match="did not take effect"):
        await write(client, "turn_off")


async def test_an_answer_that_does_not_tell_the_new_state_is_no_confirmation(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["PUT /s/l%201"] = {"command": 7}
    client = await make_client(lamp("{answer: status}"))
    with pytest.raises(UnexpectedAnswerError, match="does not tell the new state"):
        await write(client, "turn_on")


async def test_a_command_cannot_set_what_the_device_has_not(make_client: MakeClient) -> None:
    client = await make_client(lamp().replace("{value: level, ", "{value: level, when: can.dim, "))
    told = {
        dims: client.describe(Device(id="l", type="lamp", data={"can": {"dim": dims}}))[0]
        for dims in (True, False)
    }
    assert [part.name for part in told[True].commands["turn_on"]] == ["brightness"]
    assert not told[False].commands["turn_on"]


async def test_reading_back_until_it_took_effect(vendor: Vendor, make_client: MakeClient) -> None:
    states: list[object] = [{"on": False, "level": 0}, (500, {}), {"on": True, "level": 50}]
    reads = iter(states)
    vendor.answers["PUT /s/l%201"] = {}
    vendor.answers["GET /s/l%201"] = lambda _: next(reads)
    client = await make_client(lamp("{within: 5, every: 0.1}"))
    assert seen(await write(client, "turn_on", brightness=128)) == {
        "state": True,
        "brightness": 128,
    }


async def test_a_command_that_takes_no_effect_fails(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["PUT /s/l%201"] = {"success": True}
    vendor.answers["GET /s/l%201"] = {"on": False, "level": 0}
    client = await make_client(lamp("{within: 0.3, every: 0.1}"))
    with pytest.raises(NotConfirmedError, match=r"within 0\.3 s"):
        await write(client, "turn_on")
    assert vendor.count("PUT") == 1


async def test_following_a_request(vendor: Vendor, make_client: MakeClient) -> None:
    answers = iter([{"state": "pending"}, {"state": "done"}])
    vendor.answers["PUT /s/l%201"] = (202, {"id": "c7"})
    vendor.answers["GET /c/c7"] = lambda _: next(answers)
    client = await make_client(
        lamp(
            "{request: {get: '/c/{answer.id}'}, until: \"state == 'done'\", "
            "failed: \"state == 'failed'\", reason: why, every: 0.1}"
        )
    )
    assert seen(await write(client, "turn_off")) == {"state": False}
    vendor.answers["GET /c/c7"] = {"state": "failed", "why": "jammed"}
    with pytest.raises(NotConfirmedError, match="jammed"):
        await write(client, "turn_off")


async def test_several_steps_each_if_it_applies(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers |= {"POST /a": {"token": "t1"}, "POST /b": {}, "POST /c": {}}
    client = await make_client(
        lamp(
            on=(
                "[{post: /a}, {post: /b, when: brightness, json: {l: '{brightness}'}}, "
                "{post: /c, json: {t: '{answer.token}', id: '{device.data.serial}'}}]"
            )
        )
    )
    await write(client, "turn_on")
    assert vendor.asked == [("POST /a", None), ("POST /c", {"t": "t1", "id": "é/x"})]
    vendor.asked.clear()
    await write(client, "turn_on", brightness=255)
    assert vendor.asked[1] == ("POST /b", {"l": 100})


async def test_what_is_known_now_can_be_sent_along(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers |= {"GET /s/l%201": {"on": True, "level": 30}, "PUT /s/l%201": {}}
    client = await make_client(
        lamp(on='{put: "/s/{device.id}", json: {"on": true, level: "{now.brightness}"}}')
    )
    await client.read("status", [LAMP])
    await write(client, "turn_on")
    assert vendor.bodies("PUT") == [{"on": True, "level": 30}]


async def test_a_remote_s_device_is_another_than_the_profile_s(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["POST /keys/l%201"] = {}
    client = await make_client(f"""
{MONITORS}
types:
  lamp:
    remote:
      main:
        state: "on"
        commands:
          send_command:
            post: "/keys/{{device.id}}"
            json: {{key: "{{command}}", of: "{{device}}"}}
          delete_command: {{post: "/keys/{{device.id}}", json: {{key: "{{command}}"}}}}
""")
    for name, data in (
        ("send_command", {"command": "up", "device": "tv"}),
        ("send_command", {"command": "up"}),
        ("delete_command", {"command": "up"}),
    ):
        _ = await client.write(LAMP, Command(entity="remote.main", name=name, data=data))
    assert vendor.bodies("POST") == [{"key": "up", "of": "tv"}, {"key": "up"}, {"key": "up"}]
    (remote,) = client.describe(LAMP)
    taken = {name: [one.name for one in parts] for name, parts in remote.commands.items()}
    assert taken == {"send_command": ["command", "device"], "delete_command": ["command"]}


async def test_refusals_are_told(vendor: Vendor, make_client: MakeClient) -> None:
    client = await make_client(lamp())
    vendor.answers["PUT /s/l%201"] = (422, {"error": "the lamp is broken"})
    with pytest.raises(RefusedError, match="the lamp is broken"):
        await write(client, "turn_on")
    vendor.answers["PUT /s/l%201"] = (500, {})
    with pytest.raises(OutageError):
        await write(client, "turn_on")
    assert vendor.count("PUT") == 2


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("open", {}, "no command"),
        ("turn_off", {"speed": 3}, "takes no 'speed'"),
        ("turn_on", {"brightness": "bright"}, "brightness: expected"),
        ("turn_on", {"brightness": 300}, "brightness: expected"),
    ],
)
async def test_data_that_does_not_fit_is_not_sent(
    vendor: Vendor, make_client: MakeClient, name: str, data: dict[str, object], why: str
) -> None:
    client = await make_client(lamp())
    with pytest.raises(CommandError, match=why):
        await write(client, name, **data)
    assert vendor.asked == []


async def test_commands_to_a_device_keep_their_order(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["PUT /s/l%201"] = {}
    client = await make_client(lamp())
    await asyncio.gather(
        write(client, "turn_on", brightness=255),
        write(client, "turn_off"),
        write(client, "turn_on"),
    )
    assert vendor.bodies("PUT") == [{"on": True, "level": 100}, {"on": False}, {"on": True}]


async def test_a_slider_sends_the_first_and_the_last(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["PUT /s/l%201"] = {}
    client = await make_client(lamp())
    first = asyncio.create_task(write(client, "turn_on", brightness=1))
    while not vendor.asked:
        await asyncio.sleep(0)
        if first.done():
            break
    outcomes = await asyncio.gather(
        first, *(write(client, "turn_on", brightness=level) for level in range(2, 42))
    )
    levels = [body["level"] for body in vendor.bodies("PUT")]
    assert levels == [1, 16]
    assert {seen(outcome)["brightness"] for outcome in outcomes[1:]} == {41}


async def test_a_slider_at_a_quick_vendor_sends_the_first_and_the_last(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["PUT /s/l%201"] = {}
    client = await make_client(lamp())
    asked = []
    for level in range(51, 255, 51):
        asked.append(asyncio.create_task(write(client, "turn_on", brightness=level)))
        await asyncio.sleep(0.05)
    await asyncio.gather(*asked)
    assert [body["level"] for body in vendor.bodies("PUT")] == [20, 80]


async def test_whoever_is_next_in_line_does_not_wait_for_a_slider(
    vendor: Vendor, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "QUIET", 5.0)
    vendor.answers["PUT /s/l%201"] = {}
    client = await make_client(lamp())
    await write(client, "turn_on", brightness=51)
    async with asyncio.timeout(3):
        await asyncio.gather(write(client, "turn_on", brightness=102), write(client, "turn_off"))
    assert vendor.bodies("PUT") == [
        {"on": True, "level": 20},
        {"on": True, "level": 40},
        {"on": False},
    ]


async def test_a_slider_that_never_rests_is_sent_now_and_then(
    vendor: Vendor, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line, "LONGEST_DRAG", 0.2)
    vendor.answers["PUT /s/l%201"] = {}
    client = await make_client(lamp())
    asked = []
    for level in range(100, 112):
        asked.append(asyncio.create_task(write(client, "turn_on", brightness=level)))
        await asyncio.sleep(0.05)
    await asyncio.gather(*asked)
    assert 3 <= len(vendor.bodies("PUT")) <= 6


async def test_a_command_that_nobody_waits_for_is_never_sent(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["PUT /s/l%201"] = {}
    client = await make_client(lamp())
    first = asyncio.create_task(write(client, "turn_on"))
    second = asyncio.create_task(write(client, "turn_off"))
    await asyncio.sleep(0)
    second.cancel()
    await first
    with pytest.raises(asyncio.CancelledError):
        await second
    await asyncio.sleep(0.05)
    assert vendor.bodies("PUT") == [{"on": True}]


async def test_after_a_command_the_vendor_is_believed_again(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers |= {"GET /s/l%201": {"on": False, "level": 0}, "PUT /s/l%201": {}}
    client = await make_client(lamp())
    before = await client.read("status", [LAMP])
    await write(client, "turn_on")
    after = await client.read("status", [LAMP])
    assert after.observations[LAMP.id] is not before.observations[LAMP.id]
    assert after.observations[LAMP.id]["light.main.state"].value is False


async def test_a_lock_that_jams_fails_at_once(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers |= {"POST /s/k": {}, "GET /s/k": {"state": "jammed"}}
    client = await make_client(
        MONITORS
        + """
types:
  lock:
    lock:
      main:
        state: state
        confirm: {within: 30, every: 0.1}
        commands: {lock: {post: "/s/{device.id}"}, unlock: {post: "/s/{device.id}"}}
"""
    )
    key = Device(id="k", type="lock", data={})
    with pytest.raises(NotConfirmedError, match="jammed"):
        await client.write(key, Command(entity="lock.main", name="lock"))
    assert vendor.count("POST") == 1


async def test_a_cover_that_was_told_to_move_is_not_there_yet(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["POST /s/c"] = {}
    client = await make_client(
        MONITORS
        + """
types:
  cover:
    cover:
      main:
        position: pos
        commands:
          set_position: {post: "/s/{device.id}", json: {to: "{position}"}}
"""
    )
    cover = Device(id="c", type="cover", data={})
    outcome = await client.write(
        cover, Command(entity="cover.main", name="set_position", data={"position": 30})
    )
    assert outcome.observations == {}


@pytest.mark.parametrize("confirm", ["{answer: status}", "{read: [status], within: 1}"])
async def test_a_clock_that_was_set_back_does_not_hide_the_effect(
    vendor: Vendor, make_client: MakeClient, confirm: str
) -> None:
    state = {"on": False, "level": 1, "at": "2026-11-24T12:00:00Z"}

    def switch(request: Any) -> object:
        state.update(request["body"], at="2026-11-24T11:00:00Z")
        return state

    vendor.answers["GET /s/l%201"] = lambda _: state
    vendor.answers["PUT /s/l%201"] = switch
    profile = lamp(confirm).replace('{device.id}"}}}', '{device.id}"}, observed_at: at}}', 1)
    client = await make_client(profile)
    await client.read("status", [LAMP])
    assert seen(await write(client, "turn_off"))["state"] is False
    state.update(on=True, at="2026-11-24T12:30:00Z")
    await client.read("status", [LAMP])
    assert seen(await write(client, "turn_off"))["state"] is False


async def test_nothing_is_sent_while_a_device_takes_no_commands(
    vendor: Vendor, make_client: MakeClient
) -> None:
    state = {"on": False, "level": 1, "locked": True}
    vendor.answers["GET /s/l%201"] = lambda _: dict(state)
    vendor.answers["PUT /s/l%201"] = (204, None)
    off = '{put: "/s/{device.id}", json: {"on": false}, answer: none}'
    profile = lamp().replace(
        '          turn_off: {put: "/s/{device.id}", json: {"on": false}}',
        f"          turn_off: {off}\n        writable: {{value: locked, invert: true}}",
    )
    client = await make_client(profile)
    await write(client, "turn_off")  # nothing is known yet
    await client.read("status", [LAMP])
    with pytest.raises(ReadOnlyError, match="just now"):
        await write(client, "turn_off")
    assert vendor.count("PUT") == 1
    state["locked"] = False
    await client.read("status", [LAMP])
    await write(client, "turn_off")
    assert vendor.count("PUT") == 2
