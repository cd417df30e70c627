import json
from pathlib import Path

from aiohttp import ClientConnectionError
from aioresponses import aioresponses
import pytest

from custom_components.vendor_bridge.bridge.cli.main import main
from custom_components.vendor_bridge.bridge.errors import (
    NotFoundError,
    OutageError,
    SignInError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import Device, Listing, Reading

from .conftest import LAMP, FakeClient, Lines, monitor, reading


def test_devices_and_observations_are_printed(
    profile: str, client: FakeClient, lines: Lines
) -> None:
    assert main(["try", profile]) == 0
    out, err = lines()
    assert out == [
        "me@acme.example: 2 devices",
        "",
        "ID NAME TYPE MODEL",
        "a1 Desk lamp lamp L-1",
        "b2 Plug plug",
        "",
        "DEVICE ATTRIBUTE VALUE OBSERVED AT MONITOR",
        "b2 switch.fan.state true devices",
        "a1 light.main.state true status",
        "a1 light.main.brightness 128 status",
        "b2 sensor.power.state 7.5 W 2026-11-01 12:00:00+00:00 meter",
    ]
    assert err == []
    assert client.reads == [("status", ["a1"]), ("meter", ["b2"])]
    assert client.closed


def test_one_device_and_one_monitor(profile: str, client: FakeClient, lines: Lines) -> None:
    assert main(["try", profile, "--device", "a1", "--monitor", "status"]) == 0
    out, _ = lines()
    assert out[0] == "me@acme.example: 1 device"
    assert "a1 light.main.turn_on brightness, effect" in out
    assert "a1 light.main.turn_off" in out
    assert not any(line.startswith("b2") for line in out)
    assert client.reads == [("status", ["a1"])]


def test_json_has_it_all(profile: str, client: FakeClient, lines: Lines) -> None:
    client.answers["status"] = [reading({}, rejected={("a1", "light.main.state"): "expected a"})]

    assert main(["try", profile, "--json"]) == 1
    out, err = lines()
    printed = json.loads("\n".join(out))
    assert printed["account"] == {"id": "1", "name": "me@acme.example"}
    assert printed["devices"][0] == {
        "id": "a1",
        "name": "Desk lamp",
        "type": "lamp",
        "model": "L-1",
        "suggested_area": None,
        "parent": None,
        "via": None,
        "commands": ["light.main.turn_on", "light.main.turn_off"],
    }
    assert printed["observations"][-1] == {
        "device": "b2",
        "attribute": "sensor.power.state",
        "value": 7.5,
        "unit_of_measurement": "W",
        "observed_at": "2026-11-01T12:00:00+00:00",
        "monitor": "meter",
    }
    assert [problem["attribute"] for problem in printed["problems"]] == ["light.main.state", None]
    assert err[0] == "monitor status, device a1, attribute light.main.state: expected a"


def test_what_the_answers_do_not_tell_is_noted(
    profile: str, client: FakeClient, lines: Lines
) -> None:
    client.answers["status"] = [reading({"a1": {"light.main.state": None}})]

    assert main(["try", profile]) == 0
    out, err = lines()
    assert "a1 light.main.state unknown status" in out
    assert err == [
        "note: monitor status, device a1: its answer tells nothing of light.main.brightness"
    ]


def test_a_monitor_that_fails_does_not_hide_the_others(
    profile: str, client: FakeClient, lines: Lines
) -> None:
    client.answers["status"] = [OutageError("answers 503", request="GET /status", status=503)]
    client.answers["meter"] = [
        Reading(observations={}, failures={"b2": NotFoundError("not found", request="GET /m")})
    ]

    assert main(["try", profile]) == 1
    out, err = lines()
    assert "b2 switch.fan.state true devices" in out
    assert err == [
        "monitor status: GET /status: answers 503",
        "monitor meter, device b2: GET /m: not found",
    ]


def test_an_optional_monitor_may_fail(profile: str, client: FakeClient, lines: Lines) -> None:
    client.monitors["meter"] = monitor("meter", 300, optional=True)
    client.answers["meter"] = [OutageError("answers 503", request="GET /meter")]

    assert main(["try", profile]) == 0
    assert lines()[1] == ["note: monitor meter: GET /meter: answers 503"]


def test_a_list_that_is_not_complete(profile: str, client: FakeClient, lines: Lines) -> None:
    client.listings = [Listing(devices={"a1": LAMP}, complete=False)]

    assert main(["try", profile]) == 1
    assert lines()[1] == ["the list of devices is not complete"]


@pytest.mark.parametrize(
    "failure",
    [
        SignInError("the password is wrong", request="POST /login"),
        UnreachableError("no answer", request="POST /login"),
    ],
)
def test_an_account_that_cannot_be_connected(
    profile: str, client: FakeClient, lines: Lines, failure: SignInError | UnreachableError
) -> None:
    client.refused = failure

    assert main(["try", profile]) == 1
    assert lines() == ([], [f"error: {failure}"])
    assert client.closed


def test_credentials_that_are_rejected_while_reading(
    profile: str, client: FakeClient, lines: Lines
) -> None:
    client.answers["status"] = [SignInError("signed out")]

    assert main(["try", profile]) == 1
    assert lines()[1] == ["error: signed out"]


@pytest.mark.parametrize(
    ("vendor_id", "hint"),
    [("a11", ": did you mean 'a1'?"), ("Desk lamp", ": did you mean 'a1'?"), ("zzz", "")],
)
def test_a_device_that_the_account_does_not_have(
    profile: str, client: FakeClient, lines: Lines, vendor_id: str, hint: str
) -> None:
    assert main(["try", profile, "--device", vendor_id]) == 1
    assert lines()[1] == [f"error: the account has no device {vendor_id!r}{hint}"]


def test_a_monitor_that_the_profile_does_not_have(
    profile: str, client: FakeClient, lines: Lines
) -> None:
    assert main(["try", profile, "--monitor", "statsu"]) == 2
    assert lines()[1] == ["error: the profile has no monitor 'statsu': did you mean 'status'?"]


def test_what_a_vendor_sends_does_a_terminal_no_harm(
    profile: str, client: FakeClient, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = "\x1b]0;owned\x07\u202e\r\n\x9b2J"
    device = Device(id="a1", type="lamp", name=bad, model=bad)
    client.listings = [Listing(devices={"a1": device})]
    client.answers["status"] = [reading({"a1": {"light.main.state": bad}})]

    assert main(["try", profile]) == 0
    assert main(["try", profile, "--json"]) == 0
    printed = capsys.readouterr()
    assert all(char.isprintable() or char == "\n" for char in printed.out + printed.err)


def test_a_profile_with_mistakes_is_not_tried(
    tmp_path: Path, client: FakeClient, lines: Lines
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("profile: 1\nvendor: {id: a}\n")

    assert main(["try", str(path)]) == 2
    assert all(line.startswith(f"{path}:") for line in lines()[1])
    assert client.context is None


def test_a_folder_is_not_one_profile(tmp_path: Path, profile: str, lines: Lines) -> None:
    (tmp_path / "b.yaml").write_text("profile: 1")

    assert main(["try", str(tmp_path)]) == 2
    assert lines()[1] == [f"error: {tmp_path} holds 2 profiles: name one of them"]


DEVICES = "https://api.example.com/v1/devices"
"""Where the starter's devices are listed."""


@pytest.fixture
def starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write the profile to start from, and have the token that it asks for."""
    monkeypatch.setenv("VENDOR_BRIDGE_TOKEN", "hunter22")
    path = str(tmp_path / "x.yaml")
    assert main(["new", path]) == 0
    return path


def test_the_starter_works_with_a_real_client(starter: str, lines: Lines) -> None:
    """From the file to the request and back, with nothing replaced but the network."""
    item = {"serial": "a1", "label": "Desk lamp", "kind": "lamp", "room": "Office"}
    with aioresponses() as vendor:
        vendor.get(DEVICES, payload={"data": [item]}, repeat=True)
        vendor.get(f"{DEVICES}/a1/status", payload={"on": True, "level": 60, "watts": 7.5})
        assert main(["try", starter]) == 0

    out, err = lines()
    assert "a1 Desk lamp lamp Office" in out
    assert "a1 light.main.state true status" in out
    assert "a1 light.main.brightness 153 status" in out
    assert "a1 sensor.power.state 7.5 W status" in out
    assert err == []


def test_what_the_vendor_answered_can_be_seen(starter: str, lines: Lines) -> None:
    """Also where nothing fits, which is when one wants to see it; but no credentials."""
    item = {"serial": "a1", "label": "Lamp", "kind": "lamp", "echo": "Bearer hunter22"}
    with aioresponses() as vendor:
        vendor.get(DEVICES, payload={"data": [item]}, repeat=True)
        vendor.get(f"{DEVICES}/a1/status", status=404, body="<b>no</b>", content_type="text/html")
        assert main(["try", starter, "--answers"]) == 1
    with aioresponses() as vendor:
        vendor.get(DEVICES, payload={"things": [item]}, repeat=True)
        assert main(["try", starter, "--answers"]) == 1
    with aioresponses() as vendor:
        vendor.get(DEVICES, exception=ClientConnectionError(), repeat=True)
        assert main(["try", starter, "--answers"]) == 1

    _, err = lines()
    shown = "\n".join(err)
    assert f"GET /v1/devices: 200, 88 bytes, application/json, from {DEVICES}" in shown
    assert '"label": "Lamp",' in shown
    assert '"echo": "Bearer ***"' in shown
    assert f"404, 9 bytes, text/html, from {DEVICES}/a1/status\n<b>no</b>" in shown
    assert '"things": [' in shown
    assert "GET /v1/devices: the connection broke" in shown
    assert "hunter22" not in shown


def test_types_that_are_not_described_are_told_of_at_once(starter: str, lines: Lines) -> None:
    items = [{"serial": f"{kind}", "kind": kind} for kind in ("oven", "pool", None, "pool")]
    with aioresponses() as vendor:
        vendor.get(DEVICES, payload={"data": items}, repeat=True)
        assert main(["try", starter]) == 1, "there is no device at all"
    _, err = lines()
    assert err == [
        "a device of no type is left out: nothing is where `type` looks",
        "devices of the types 'oven', 'pool' are left out: the profile does not describe them",
    ]
