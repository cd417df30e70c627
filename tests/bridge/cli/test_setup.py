from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.vendor_bridge.bridge.cli import setup
from custom_components.vendor_bridge.bridge.cli.exits import MisuseError
from custom_components.vendor_bridge.bridge.cli.main import main
from custom_components.vendor_bridge.bridge.errors import SetupValueError
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

from .conftest import PROFILE, FakeClient, Lines


def gather(*given: str) -> Mapping[str, Any]:
    return setup.gather(parse_profile(PROFILE, "p"), given)


def test_the_command_line_wins_over_the_environment_and_that_over_defaults(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert gather() == {
        "url": "https://api.acme.example",
        "email": "me@acme.example",
        "password": "hunter2",
    }
    monkeypatch.setenv("VENDOR_BRIDGE_URL", "https://from.environment")
    assert gather()["url"] == "https://from.environment"
    assert gather("url=https://given?a=b")["url"] == "https://given?a=b"


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("port=8123", 8123),
        ("ratio=2", 2),
        ("ratio=-2.5", -2.5),
        ("fast=yes", True),
        ("fast=FALSE", False),
        ("region=europe", "europe"),
        ("email=12", "12"),
    ],
)
def test_values_have_their_fields_types(given: str, value: object) -> None:
    read = gather(given)[given.partition("=")[0]]

    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("port=0", "--set port: expected a port from 1 to 65535"),
        ("port=65536", "expected a port"),
        ("port=9999999999999999999999", "expected a port"),
        ("port=8_0", "expected a port"),
        ("ratio=much", "--set ratio: expected a number"),
        ("ratio=nan", "expected a number"),
        ("ratio=1e999", "expected a number"),
        ("fast=maybe", "--set fast: expected true or false"),
        ("region=europ", "--set region: expected one of europe, america; did you mean 'europe'?"),
        ("region=x", "--set region: expected one of europe, america"),
        ("emial=x", "--set emial: the profile does not ask for that; did you mean 'email'?"),
        ("xyz=1", "it asks for url, email, password, port, ratio, fast, region"),
        ("hunter2", "--set takes name=value"),
    ],
)
def test_values_that_do_not_fit(given: str, reason: str) -> None:
    with pytest.raises(MisuseError) as caught:
        gather(given)

    assert reason in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_what_is_missing_is_named_with_the_ways_to_give_it(
    monkeypatch: pytest.MonkeyPatch, profile: str, client: FakeClient, lines: Lines
) -> None:
    monkeypatch.delenv("VENDOR_BRIDGE_EMAIL")
    monkeypatch.delenv("VENDOR_BRIDGE_PASSWORD")

    assert main(["try", profile]) == 2
    assert lines() == (
        [],
        [
            (
                "error: email is missing: give --set email=... or set VENDOR_BRIDGE_EMAIL; "
                "password is missing: set VENDOR_BRIDGE_PASSWORD, give --set password=..., "
                "or run in a terminal"
            ),
        ],
    )
    assert client.context is None


def test_a_missing_secret_is_asked_for_in_a_terminal(
    monkeypatch: pytest.MonkeyPatch, profile: str, client: FakeClient, lines: Lines
) -> None:
    asked = []

    def prompt(text: str) -> str:
        asked.append(text)
        return "hunter2"

    monkeypatch.delenv("VENDOR_BRIDGE_PASSWORD")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", prompt)

    assert main(["try", profile]) == 0
    assert asked == ["Password: "]
    assert client.context is not None
    assert client.context.setup["password"] == "hunter2"
    lines()

    monkeypatch.setattr("getpass.getpass", lambda _: "")
    assert main(["try", profile]) == 2
    assert "password is missing" in lines()[1][0]


def test_leaving_the_prompt_with_ctrl_c(
    monkeypatch: pytest.MonkeyPatch, profile: str, client: FakeClient, lines: Lines
) -> None:
    def prompt(_text: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.delenv("VENDOR_BRIDGE_PASSWORD")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", prompt)

    assert main(["try", profile]) == 130
    assert lines() == ([], [])


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("url", "error: --set url: this is not an address"),
        ("base", "error: this is not an address"),
    ],
)
def test_what_the_client_cannot_use(
    monkeypatch: pytest.MonkeyPatch, profile: str, lines: Lines, field: str, message: str
) -> None:
    def refuse(*_: object) -> None:
        raise SetupValueError(field, "this is not an address")

    monkeypatch.setattr("custom_components.vendor_bridge.bridge.cli.session.create_client", refuse)

    assert main(["try", profile]) == 2
    assert lines()[1] == [message]
