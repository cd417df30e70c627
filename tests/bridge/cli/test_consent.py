"""Signing in at the command line where only the user can do that."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aioresponses import CallbackResult, aioresponses
import pytest

from custom_components.vendor_bridge.bridge.cli.main import main

from .conftest import Lines

HEAD = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup:
  certificate: {type: pem, required: false}
api:
  base_url: https://api.tiny.example
  headers: {X-Certificate: "{setup.certificate}"}
  auth:
"""
DEVICES = """
devices: {request: {get: /devices}, each: "@", id: id}
types: {"*": {sensor: {x: {value: x, from: devices}}}}
"""
PAIRING = """
    type: pairing
    request: {post: /pair}
    instructions: Press the button.
    pending: [403]
    token: key
    every: 0.5
"""
CODE = """
    type: oauth2
    grant: device_code
    client_id: us
    token_url: https://login.example/token
    device_url: https://login.example/device
"""
BROWSER = """
    type: oauth2
    grant: authorization_code
    client_id: us
    token_url: https://login.example/token
    authorize_url: https://login.example/authorize
"""


def write(folder: Path, auth: str) -> str:
    path = folder / "tiny.yaml"
    path.write_text(HEAD + auth + DEVICES)
    return str(path)


@pytest.fixture
def vendor() -> Iterator[aioresponses]:
    with aioresponses() as vendor:
        vendor.get("https://api.tiny.example/devices", payload=[{"id": "d1", "x": 1}], repeat=True)
        yield vendor


def test_a_button_is_asked_for(tmp_path: Path, lines: Lines, vendor: aioresponses) -> None:
    vendor.post("https://api.tiny.example/pair", status=403)
    vendor.post("https://api.tiny.example/pair", payload={"key": "k"})
    assert main(["try", write(tmp_path, PAIRING), "--json"]) == 0
    out, err = lines()
    assert err == ["Press the button. (waiting for 60 seconds at most)"]
    assert "Press" not in "".join(out)


def test_a_code_is_shown(tmp_path: Path, lines: Lines, vendor: aioresponses) -> None:
    codes = {
        "device_code": "d",
        "user_code": "WDJB",
        "verification_uri": "https://login.example/enter",
        "expires_in": 90,
        "interval": 0.1,
    }
    vendor.post("https://login.example/device", payload=codes)
    vendor.post("https://login.example/token", payload={"access_token": "t"})
    assert main(["try", write(tmp_path, CODE)]) == 0
    assert lines()[1] == [
        "Open https://login.example/enter and enter the code WDJB (waiting for 90 seconds at most)"
    ]


def test_the_browser_needs_home_assistant(
    tmp_path: Path, lines: Lines, vendor: aioresponses
) -> None:
    assert main(["try", write(tmp_path, BROWSER)]) == 2
    assert "add the account in Home Assistant" in lines()[1][-1]


def test_a_certificate_is_read_from_its_file(
    tmp_path: Path, lines: Lines, vendor: aioresponses
) -> None:
    seen: list[str] = []

    def pair(url: object, **sent: Any) -> CallbackResult:
        seen.append(sent["headers"]["X-Certificate"])
        return CallbackResult(payload={"key": "k"})

    vendor.post("https://api.tiny.example/pair", callback=pair)
    (tmp_path / "me.pem").write_text("one line")
    profile = write(tmp_path, PAIRING)
    assert main(["try", profile, "--set", f"certificate=@{tmp_path / 'me.pem'}"]) == 0
    assert seen == ["one line"]
    assert main(["try", profile, "--set", f"certificate=@{tmp_path / 'nobody.pem'}"]) == 2
    assert "cannot be read (FileNotFoundError)" in lines()[1][-1]


@pytest.mark.parametrize("given", ["x", "ab" * 31])
def test_what_is_no_fingerprint(
    tmp_path: Path, lines: Lines, vendor: aioresponses, given: str
) -> None:
    assert main(["try", write(tmp_path, PAIRING), "--certificate", given]) == 2
    assert "64 hexadecimal digits" in lines()[1][-1]


def test_a_certificate_is_accepted_by_its_fingerprint(
    tmp_path: Path, lines: Lines, vendor: aioresponses
) -> None:
    seen: list[Any] = []

    def pair(url: object, **sent: Any) -> CallbackResult:
        seen.append(sent["ssl"])
        return CallbackResult(payload={"key": "k"})

    vendor.post("https://api.tiny.example/pair", callback=pair)
    given = ":".join(["AB"] * 32)
    assert main(["try", write(tmp_path, PAIRING), "--certificate", given]) == 0
    assert [check.fingerprint for check in seen] == [b"\xab" * 32]
