"""Every example of docs/acme-api.md, run in order against a server."""

from dataclasses import dataclass
import json
from pathlib import Path
import re
import shlex
from typing import Any

import pytest

from demo.acme.errors import AcmeError
from demo.acme.fault_table import FAULTS
from demo.acme.kinds import COMMON_LEVERS

from .conftest import Acme

PAGE = (Path(__file__).parents[2] / "docs" / "acme-api.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```(?:\n```json\n(.*?)```)?", PAGE, re.DOTALL)


@dataclass
class Curl:
    """A curl command, taken apart."""

    method: str
    path: str
    headers: dict[str, str]
    body: str | None


def parse(line: str, values: dict[str, str]) -> Curl:
    """Take a line of an example apart; ``values`` are the shell's variables."""
    for name, value in values.items():
        line = line.replace(f"${name}", value)
    _, *words = shlex.split(line)
    method, path, headers, body = None, "", {}, None
    rest = iter(words)
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-H":
            name, _, value = next(rest).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(rest)
        elif word == "-o":
            next(rest)
        else:
            path = word
    return Curl(method or ("GET" if body is None else "POST"), path, headers, body)


def same_shape(documented: Any, real: Any, where: str = "") -> None:
    """Compare keys and types; numbers are numbers, null goes with anything."""
    if documented is None or real is None:
        return
    if isinstance(documented, dict):
        assert isinstance(real, dict), where
        assert list(documented) == list(real), where
        for key, value in documented.items():
            same_shape(value, real[key], f"{where}.{key}")
    elif isinstance(documented, list):
        assert isinstance(real, list), where
        assert len(documented) == len(real), where
        for number, (one, other) in enumerate(zip(documented, real, strict=True)):
            same_shape(one, other, f"{where}[{number}]")
    elif isinstance(documented, bool | str):
        assert type(documented) is type(real), where
    else:
        assert isinstance(real, int | float), where


async def test_every_example_answers_as_documented(acme: Acme) -> None:
    # So that there is an event to show.
    await acme.pull("DBL-0001", press=True)
    values = {
        "ACME": "",
        "TOKEN": acme.tokens["access_token"],
        "REFRESH_TOKEN": acme.tokens["refresh_token"],
    }
    ran = 0
    for commands, documented in BLOCKS:
        content: Any = None
        for line in commands.strip().splitlines():
            curl = parse(line, values)
            headers = {"Content-Type": "application/x-www-form-urlencoded", **curl.headers}
            answer = await acme.client.request(
                curl.method, curl.path, data=curl.body, headers=headers
            )
            content = await answer.json() if answer.content_type == "application/json" else None
            assert (answer.status >= 400) == ("error" in documented), (line, content)
            ran += 1
        if documented:
            same_shape(json.loads(documented), content, commands)
    assert ran == PAGE.count("\ncurl ")


def table(heading: str) -> dict[str, str]:
    """Return the table below a heading's first column, by its words in code."""
    section = PAGE.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    found = {}
    for row in section.splitlines()[1:]:
        if row.startswith("| ") and "---" not in row:
            first, _, rest = row.removeprefix("| ").partition(" |")
            for name in re.findall(r"`(\w+)`", first):
                found[name] = rest
    return found


async def test_every_field_of_every_kind_is_documented(acme: Acme) -> None:
    kinds = table("`kind`" + " | status (bold: can be written)")
    identify = PAGE.split("have the action **`identify`**", 1)[0].rsplit("\n", 1)[1]
    assert "Lamps, plugs, sockets, the lock, the ventilation and the hub" in identify
    for device in acme.house.devices.values():
        row = kinds[device.card.kind]
        for other in ("garage_door", "television"):
            row = row.replace(f"as `{other}`", kinds[other])
        words = set(re.findall(r"`(\w+)`", row))
        assert set(device.fields()) <= words, device.card.kind
        written = set(re.findall(r"\*\*`(\w+)`\*\*", row))
        assert set(device.settings()) - {"identify"} <= written, device.card.kind
        if device.settings().keys() & {"identify"}:
            assert device.card.kind in {
                *("lamp", "plug", "appliance_plug", "socket", "lock", "ventilation", "hub")
            }
        for field in device.settings().values():
            for option in field.describe().get("options", ()):
                assert option in words or f"`{option}`" in row or device.card.kind == "lamp", option


def test_every_lever_is_documented(acme: Acme) -> None:
    section = PAGE.split("| devices | levers |", 1)[1].split("\n\n", 1)[0]
    words = set(re.findall(r"`(\w+)`", section))
    assert set(COMMON_LEVERS) <= words
    for device in acme.house.devices.values():
        assert set(device.levers()) <= words


def test_every_fault_is_documented() -> None:
    section = PAGE.split("| `kind` | |", 1)[1].split("\n\n", 1)[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(FAULTS)


@pytest.mark.parametrize("code", sorted(error.code for error in AcmeError.__subclasses__()))
def test_every_error_is_documented(code: str) -> None:
    assert f"`{code}`" in PAGE
