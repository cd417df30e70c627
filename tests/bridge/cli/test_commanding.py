import json
from pathlib import Path
from typing import Any

from aioresponses import aioresponses
import pytest

from custom_components.vendor_bridge.bridge.cli.main import main
from custom_components.vendor_bridge.bridge.errors import (
    CommandError,
    NotConfirmedError,
    RefusedError,
)
from custom_components.vendor_bridge.bridge.model import Command, Listing, Observation, Outcome

from .conftest import AT, LAMP, PLUG, FakeClient, Lines


def send(profile: str, device: str, name: str, *more: str) -> int:
    return main(["command", profile, "--device", device, "--command", name, *more])


@pytest.mark.parametrize("name", ["light.main.turn_on", "turn_on", "main.turn_on"])
def test_a_command_is_sent_and_its_outcome_printed(
    profile: str, client: FakeClient, lines: Lines, name: str
) -> None:
    client.outcome = Outcome(observations={"light.main.state": Observation(True, AT)})

    assert send(profile, "a1", name, "--data", "brightness=128") == 0
    assert client.written == [
        ("a1", Command(entity="light.main", name="turn_on", data={"brightness": 128}))
    ]
    assert lines() == (
        ["a1: light.main.turn_on took effect", "", "ATTRIBUTE VALUE", "light.main.state true"],
        [],
    )
    assert client.closed


def test_what_is_only_accepted_is_not_said_to_have_happened(
    profile: str, client: FakeClient, lines: Lines
) -> None:
    supposed = {"light.main.state": Observation(True)}
    client.outcome = Outcome(observations=supposed, confirmed=False)

    assert send(profile, "a1", "turn_on") == 0
    assert lines()[0] == [
        "a1: light.main.turn_on was accepted (it has no `confirm`)",
        "",
        "ATTRIBUTE VALUE, SUPPOSEDLY",
        "light.main.state true",
    ]


@pytest.mark.parametrize(
    ("command", "data", "reason"),
    [
        ("number.target.set_value", "value=950", "number.target takes 40 to 100"),
        ("number.target.set_value", "value=39.9", "number.target takes 40 to 100"),
        ("number.target.set_value", "value=40", None),
        ("number.free.set_value", "value=950", None),
        ("select.mode.select_option", "option=boyl", "has no 'boyl'; did you mean 'boil'?"),
        ("select.mode.select_option", "option=x", "has no 'x'; it takes eco, boil"),
        ("select.mode.select_option", "option=eco", None),
    ],
)
def test_what_the_profile_does_not_allow_is_not_sent(
    tmp_path: Path, lines: Lines, command: str, data: str, reason: str | None
) -> None:
    path = tmp_path / "kettle.yaml"
    path.write_text("""\
profile: 1
vendor: {id: tiny, name: Tiny}
setup: {url: {type: url, default: "http://kettle.example"}}
api: {base_url: "{setup.url}"}
devices: {request: {get: /devices}, id: id}
types:
  "*":
    number:
      target: {state: {const: 50}, min: 40, max: 100, commands: {set_value: {put: /set}}}
      free: {state: {const: 50}, commands: {set_value: {put: /set}}}
    select:
      mode: {state: {const: eco}, options: [eco, boil], commands: {select_option: {put: /set}}}
""")
    with aioresponses() as vendor:
        vendor.get("http://kettle.example/devices", payload=[{"id": "k1"}], repeat=True)
        vendor.put("http://kettle.example/set", payload={})
        code = send(str(path), "k1", command, "--data", data)
    out, err = lines()
    if reason is None:
        assert (code, err) == (0, [])
        assert out[0].startswith(f"k1: {command} was accepted")
    else:
        assert (code, out) == (2, [])
        assert reason in err[0]


def test_json(profile: str, client: FakeClient, lines: Lines) -> None:
    client.outcome = Outcome(observations={"light.main.state": Observation(True, AT)})

    assert send(profile, "a1", "turn_off", "--json") == 0
    assert json.loads("\n".join(lines()[0])) == {
        "device": "a1",
        "command": "light.main.turn_off",
        "confirmed": True,
        "observations": [
            {"attribute": "light.main.state", "value": True, "observed_at": AT.isoformat()}
        ],
    }


@pytest.mark.parametrize(
    ("given", "data"),
    [
        ([], {}),
        (["brightness=12.5"], {"brightness": 12.5}),
        (["brightness=[1, 2]"], {"brightness": [1, 2]}),
        (["brightness=half"], {"brightness": "half"}),
        (["effect=12"], {"effect": "12"}),
        (["effect=a=b"], {"effect": "a=b"}),
        (['{"brightness": 5, "effect": "x"}'], {"brightness": 5, "effect": "x"}),
        (['{"brightness": 5}', "brightness=6"], {"brightness": 6}),
    ],
)
def test_data_is_json_where_it_can_be_and_text_where_a_text_is_wanted(
    profile: str, client: FakeClient, given: list[str], data: dict[str, Any]
) -> None:
    arguments = [part for text in given for part in ("--data", text)]

    assert send(profile, "a1", "turn_on", *arguments) == 0
    assert client.written[0][1].data == data


@pytest.mark.parametrize(
    ("device", "name", "data", "reason"),
    [
        ("a1", "turn_onn", (), "the device has no command 'turn_onn': did you mean"),
        ("a1", "xyz", (), "it has light.main.turn_on, light.main.turn_off"),
        ("a1", "turn_on", ("brightnes=1",), "does not take that; did you mean 'brightness'?"),
        ("a1", "turn_on", ("xyz=1",), "it takes brightness, effect"),
        ("a1", "turn_off", ("xyz=1",), "it takes none"),
        ("a1", "turn_on", ("brightness",), "--data takes name=value or a JSON object"),
        ("a1", "turn_on", ("{brightness: 1}",), "--data is not JSON"),
        ("b2", "set", (), "the command needs --data speed=..."),
    ],
)
def test_what_cannot_be_sent(
    profile: str,
    client: FakeClient,
    lines: Lines,
    device: str,
    name: str,
    data: tuple[str, ...],
    reason: str,
) -> None:
    arguments = [part for text in data for part in ("--data", text)]

    assert send(profile, device, name, *arguments) == 2
    out, err = lines()
    assert out == []
    assert len(err) == 1
    assert err[0].startswith("error: ")
    assert reason in err[0]
    assert client.written == []


def test_a_name_that_is_not_clear(
    profile: str, client: FakeClient, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    entities = [*client.describe(LAMP), *client.describe(PLUG)]
    monkeypatch.setattr(client, "describe", lambda device: entities)

    assert send(profile, "a1", "turn_on") == 2
    assert lines()[1] == [
        "error: --command turn_on is not clear: write light.main.turn_on or switch.fan.turn_on"
    ]


def test_a_device_without_commands(
    profile: str, client: FakeClient, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "describe", lambda device: ())

    assert send(profile, "a1", "turn_on") == 2
    assert lines()[1] == ["error: the device has no commands"]


@pytest.mark.parametrize(
    "failure",
    [
        NotConfirmedError("it did not take effect within 10 seconds"),
        CommandError("brightness must be at most 255"),
        RefusedError("the door is open", request="PUT /v1/state", status=409),
    ],
)
def test_a_command_that_fails(
    profile: str, client: FakeClient, lines: Lines, failure: Exception
) -> None:
    client.outcome = failure

    assert send(profile, "a1", "turn_on") == 1
    assert lines() == ([], [f"error: {failure}"])
    assert client.closed


def test_an_unknown_device(profile: str, client: FakeClient, lines: Lines) -> None:
    client.listings = [Listing(devices={})]

    assert send(profile, "a1", "turn_on") == 1
    assert lines()[1] == ["error: the account has no device 'a1'"]
