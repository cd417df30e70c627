"""The documentation says what is so: its examples work, its links lead somewhere."""

from collections.abc import Iterator, Mapping
from datetime import datetime
import json
from pathlib import Path
import re
import struct
import subprocess
from typing import Any
from urllib.parse import unquote

import aiohttp
from aioresponses import aioresponses
from homeassistant.core import HomeAssistant
from homeassistant.helpers.config_validation import SCRIPT_SCHEMA, TRIGGER_SCHEMA
from homeassistant.helpers.trigger import async_validate_trigger_config
import pytest
import yaml

from custom_components.vendor_bridge.bridge.cli.arguments import make_parser
from custom_components.vendor_bridge.bridge.client import Context, VendorClient
from custom_components.vendor_bridge.bridge.errors import (
    CommandError,
    NotConfirmedError,
    ProfileError,
)
from custom_components.vendor_bridge.bridge.model import Command, Device, Kind
from custom_components.vendor_bridge.bridge.platforms import PLATFORMS
from custom_components.vendor_bridge.bridge.profile.loader import (
    load_profile,
    parse_extension,
    parse_profile,
)
from custom_components.vendor_bridge.bridge.profile.schema.summary import anchor
from custom_components.vendor_bridge.bridge.profile.values import TRANSFORMS, compile_value
from custom_components.vendor_bridge.bridge.profile.values.picker import Picker
from custom_components.vendor_bridge.bridge.tasks import FieldType, TaskProgress

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [
        ROOT / "README.md",
        *(ROOT / "docs").glob("*.md"),
        *ROOT.glob("custom_components/vendor_bridge/vendors/*/README.md"),
    ]
)
PROFILE_PAGE = ROOT / "docs" / "profile.md"
ACME = ROOT / "demo" / "config" / "vendor_bridge" / "acme.yaml"
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
FIELDS = {
    **dict.fromkeys(("url", "host"), "url"),
    **dict.fromkeys(("password", "token", "api_key"), "secret"),
    **dict.fromkeys(("email", "username"), "text"),
}
FRAME: Mapping[str, Any] = {
    "profile": 1,
    "vendor": {"id": "example", "name": "Example"},
    "setup": {name: {"type": kind} for name, kind in FIELDS.items()},
    "api": {"base_url": "{setup.url}"},
    "devices": {"request": {"get": "/devices"}, "each": "data", "id": "id", "type": "kind"},
    "monitors": {"status": {"request": {"get": "/status"}, "each": "data", "device": "id"}},
    "types": {"any": {"sensor": {"value": {"value": "value", "from": "devices"}}}},
}
"""What stands around an example that shows only a part of a profile."""
FAR_REACHING = re.compile(r"nothing is read `from`|is used nowhere|no device can be of this type")
"""Mistakes that only the frame makes."""
BROKEN = """\
profile: 1
vendor: {id: acme, name: Acme Home}
setup:
  url: {type: url}
  email: {type: txt}
  password: {type: secret}
api:
  base_url: {setup.url}
  auth:
    type: login
    request: {post: /v1/login, json: {email: "{setup.mail}", password: "{setup.password}"}}
    token: access_token
devices:
  request: {get: /v1/devices}
  each: data
  id: serial
  type: kind
monitors:
  status: {every: 5, request: {get: /v1/status}, each: data, device: serial}
types:
  lamp:
    light:
      main:
        state: "on"
        brightness: {value: level, rnage: [1, 100]}
        commands:
          turn_on: {put: "/v1/devices/{device.id}/state", json: {"on": true}}
"""


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(page: Path, language: str) -> Iterator[tuple[int, str]]:
    """Yield the examples in a language, each with the line where it begins."""
    text = page.read_text()
    for found in BLOCK.finditer(text):
        if found[2] == language:
            indent = found[1]
            lines = [line.removeprefix(indent) for line in found[3].splitlines()]
            yield text.count("\n", 0, found.start()) + 1, "\n".join(lines) + "\n"


def examples(language: str) -> list[Any]:
    return [
        pytest.param(text, id=f"{name_of(page)}:{line}")
        for page in PAGES
        for line, text in blocks(page, language)
    ]


def prose(page: Path) -> str:
    """Return a page without its examples."""
    return BLOCK.sub("", page.read_text())


# --- examples of profiles -------------------------------------------------------------------------


def framed(text: str) -> str:
    """Return an example as a whole profile: what it leaves out comes from the frame."""
    part = yaml.safe_load(text)
    whole = {**FRAME, **part}
    for block in ("setup", "api"):
        whole[block] = {**FRAME[block], **part.get(block, {})}
    return json.dumps(whole)


@pytest.mark.parametrize("text", examples("yaml"))
async def test_yaml_works(hass: HomeAssistant, text: str) -> None:
    part = yaml.safe_load(text)
    if "use_blueprint" in part:
        return  # tests/test_automation_examples.py runs it, as it does with the page's others
    if "sequence" in part:
        SCRIPT_SCHEMA(part["sequence"])
        return
    if "actions" in part:
        SCRIPT_SCHEMA(part["actions"])
        await async_validate_trigger_config(hass, TRIGGER_SCHEMA(part.get("triggers", [])))
        return
    if "extends" in part:
        parse_extension(load_profile(ACME), text, "example")
        return
    if "profile" in part:
        parse_profile(text, "example")
        return
    try:
        parse_profile(framed(text), "example")
    except ProfileError as error:
        wrong = [str(one) for one in error.mistakes if not FAR_REACHING.search(one.message)]
        assert wrong == []


def test_the_frame_lets_mistakes_through() -> None:
    text = framed("types: {lamp: {light: {main: {stat: 'on'}}}}")
    with pytest.raises(ProfileError, match="unknown key 'stat'"):
        parse_profile(text, "example")


@pytest.mark.parametrize("text", examples("json"))
def test_answers_are_json(text: str) -> None:
    assert json.loads(re.sub(r"\.\.\.(?=\")", "", text)) is not None


def test_mistakes_are_told_as_shown(tmp_path: Path) -> None:
    shown = [
        line
        for _, text in blocks(PROFILE_PAGE, "console")
        for line in text.splitlines()
        if line.startswith("broken.yaml:")
    ]
    mended = BROKEN.replace("txt", "text").replace("{setup.url}\n", '"{setup.url}"\n')
    told: list[str] = []
    for text in (BROKEN, mended.replace("rnage", "range")):
        with pytest.raises(ProfileError) as caught:
            parse_profile(text, "broken.yaml")
        told += [str(mistake) for mistake in caught.value.mistakes]
    assert shown == told
    assert "**25:36** types.lamp.light.main.brightness.rnage" in (ROOT / "README.md").read_text()


def test_every_type_of_field_is_explained() -> None:
    page = (ROOT / "docs" / "tasks.md").read_text()
    table = page.split("| `type` |", 1)[1].split("\n\n", 1)[0]
    first = "".join(row.partition(" | ")[0] for row in table.splitlines()[1:])
    assert set(re.findall(r"`(\w+)`", first)) == set(FieldType)


def test_every_message_in_the_tables_exists() -> None:
    """What a message says for one case alone is left out; the rest stands in the code."""
    code = "\n".join(path.read_text() for path in ROOT.glob("custom_components/**/*.py"))
    for fixed in (
        "says not which monitor reads it",
        "nothing is read `from` this monitor",
        "there is nothing called {",
        "can't be turned back into the vendor's own value",
        "no device can be of this type",
        "refuses the connection",
        "expected a list or a mapping at",
        "its answer tells nothing of",
        "are left out: the profile does not describe them",
        "a device of no type is left out: nothing is where `type` looks",
        "it did not take effect within",
        "was promised, but a web page came",
        "leads to another host",
    ):
        assert fixed in code, fixed
        assert fixed.rstrip("{").replace("`", "'") in PROFILE_PAGE.read_text().replace("`", "'")


# --- the table of transforms ----------------------------------------------------------------------


def transform_rows() -> list[Any]:
    text = PROFILE_PAGE.read_text()
    lines = text[text.index("| the vendor sends |") :].split("\n\n", 1)[0].splitlines()[2:]
    rows = [re.findall(r"`((?:[^`])+)`|\b(yes|no) \|", line) for line in lines]
    cells = [[code or word for code, word in row] for row in rows]
    return [pytest.param(row[0], row[1:-3], *row[-3:], id=" ".join(row[1:-3])) for row in cells]


def compiled(written: list[str], kind: str) -> Picker:
    spec: dict[str, Any] = {"value": "@"}
    for one in written:
        spec |= yaml.safe_load(one)
    return compile_value(spec, Kind(kind))


@pytest.mark.parametrize(("sent", "written", "kind", "gets", "back"), transform_rows())
def test_transforms_do_what_their_table_says(
    sent: str, written: list[str], kind: str, gets: str, back: str
) -> None:
    picker = compiled(written, kind)
    value = picker.pick(json.loads(sent))
    shown = value.isoformat() if isinstance(value, datetime) else value
    assert shown == json.loads(gets)
    assert picker.invertible is (back == "yes")


def test_table_has_every_transform() -> None:
    text = PROFILE_PAGE.read_text()
    table = text[text.index("| the vendor sends |") :].split("\n\n", 1)[0]
    assert [name for name in TRANSFORMS if f"`{name}: " not in table] == []


# --- links, commands, lists -----------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {anchor(re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", title)) for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"https?:", target):
            continue
        path, _, fragment = target.partition("#")
        there = (page.parent / unquote(path)).resolve() if path else page
        assert there.exists(), f"{target} is not there"
        assert there.is_relative_to(ROOT), f"{target} leads out of the repository"
        if fragment:
            assert fragment in anchors(there), f"{target} has no such heading"


@pytest.fixture(scope="module")
def helps() -> Mapping[str, str]:
    """Return what each script, and each command of the command line, says of itself."""
    texts = {
        name: subprocess.run(  # noqa: S603 - the repository's own scripts
            [ROOT / "scripts" / name, "--help"], capture_output=True, text=True, check=True
        ).stdout
        for name in ("acme", "bench", "demo", "test", "screenshots")
    }
    (commands,) = [
        action.choices
        for action in make_parser()._actions  # noqa: SLF001 - argparse has no other door
        if isinstance(action.choices, dict)
    ]
    texts |= {f"bridge {name}": parser.format_help() for name, parser in commands.items()}
    return texts | {"bridge": make_parser().format_help(), "lock": "", "brand": "", "classes": ""}


def shown_commands() -> list[Any]:
    return [
        pytest.param(found[1], found[2], id=f"{name_of(page)}: {found[0]}")
        for page in PAGES
        for found in re.finditer(r"\./scripts/(\w+)((?: [^\n`#>|]*)?)", page.read_text())
    ]


@pytest.mark.parametrize(("script", "arguments"), shown_commands())
def test_commands_exist(script: str, arguments: str, helps: Mapping[str, str]) -> None:
    words = arguments.split()
    if script == "bridge" and words and not words[0].startswith("-"):
        script = f"bridge {words[0]}"
    assert (ROOT / "scripts" / script.split()[0]).is_file()
    assert script in helps, f"there is no {script}"
    own = words[: words.index("--")] if "--" in words else words
    for option in (word for word in own if word.startswith("--") and word != "--help"):
        assert option in helps[script], f"{script} has no {option}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_say_all_that_the_demo_asks_for(page: Path) -> None:
    """What an account of Acme Home needs is on the line or was set further up."""
    text = page.read_text()
    for found in re.finditer(rf"\./scripts/bridge (?:try|command|task) {name_of(ACME)}.*", text):
        for field in ("url", "email", "password"):
            above = f"VENDOR_BRIDGE_{field.upper()}=" in text[: found.start()]
            assert f"--set {field}=" in found[0] or above, f"{found[0]} has no {field}"


def test_the_token_is_set_before_it_is_used() -> None:
    text = PROFILE_PAGE.read_text()
    assert 0 < text.index("\nTOKEN=$(curl ") < text.index("Bearer $TOKEN")


def test_the_clone_is_of_this_repository() -> None:
    manifest = ROOT / "custom_components" / "vendor_bridge" / "manifest.json"
    address = json.loads(manifest.read_text())["documentation"]
    assert f"git clone {address}\n" in (ROOT / "README.md").read_text()


def test_readme_names_every_vendor_and_platform() -> None:
    readme = (ROOT / "README.md").read_text()
    functions = readme[readme.index("## Supported functions") : readme.index("## How data")]
    assert set(re.findall(r"`([a-z_]+)`", functions)) >= set(PLATFORMS)
    for profile in ROOT.glob("custom_components/vendor_bridge/vendors/*/profile.yaml"):
        name = yaml.safe_load(profile.read_text())["vendor"]["name"]
        assert f"| {name} |" in readme
        assert f"vendors/{profile.parent.name}/README.md" in readme


def test_pictures_are_small_and_shown() -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    for picture in (ROOT / "docs" / "images").glob("*.png"):
        raw = picture.read_bytes()
        width, height = struct.unpack(">II", raw[16:24])
        assert width <= 1640, picture.name
        assert height <= 1440, picture.name
        assert len(raw) < 250_000, picture.name
        assert f"images/{picture.name}" in text, f"{picture.name} is shown nowhere"


# --- the example of a Python client ---------------------------------------------------------------


@pytest.fixture
def example() -> tuple[str, dict[str, Any]]:
    """Return the profile of docs/client.md, and what its client's module defines."""
    page = ROOT / "docs" / "client.md"
    ((_, profile),) = [block for block in blocks(page, "yaml") if "profile: 1" in block[1]]
    _, code = next(blocks(page, "python"))
    package = "custom_components.vendor_bridge.vendors.example"
    module: dict[str, Any] = {"__name__": f"{package}.client", "__package__": package}
    exec(compile(code, str(page), "exec"), module)  # noqa: S102 - the documentation's own
    return profile, module


async def test_the_example_of_a_client_works(example: tuple[str, dict[str, Any]]) -> None:
    profile, module = example
    lamp = {"label": "Desk lamp", "kind": "lamp", "on": False}
    base = "http://192.168.1.20"
    async with aiohttp.ClientSession() as session:
        with aioresponses() as vendor:
            vendor.get(f"{base}/devices", payload=["7", "8/9"], repeat=True)
            vendor.get(f"{base}/devices/7", payload=lamp)
            vendor.get(f"{base}/devices/8%2F9", payload=lamp)
            client: VendorClient = module["Client"](
                parse_profile(profile, "profile.yaml"),
                Context(session=session, setup={"url": base}),
            )
            await client.connect()
            listing = await client.list_devices()
            assert {device.id: device.name for device in listing.devices.values()} == {
                "7": "Desk lamp",
                "8/9": "Desk lamp",
            }
            assert listing.complete
            device = listing.devices["7"]
            vendor.get(f"{base}/devices/7", payload=lamp)
            reading = await client.read("state", [device])
            assert reading.observations["7"]["light.main.state"].value is False
            vendor.put(f"{base}/devices/7", payload={})
            vendor.get(f"{base}/devices/7", payload={**lamp, "on": True})
            outcome = await client.write(device, Command(entity="light.main", name="turn_on"))
            assert outcome.observations["light.main.state"].value is True
            await client.close()


async def test_the_example_of_a_client_with_a_task_works(
    example: tuple[str, dict[str, Any]],
) -> None:
    page = ROOT / "docs" / "client.md"
    _, (_, code) = blocks(page, "python")
    package = "custom_components.vendor_bridge.vendors.example"
    module: dict[str, Any] = {"__name__": f"{package}.client", "__package__": package}
    exec(compile(code, str(page), "exec"), module)  # noqa: S102 - the documentation's own
    base, robot = "http://192.168.1.20", Device(id="r", type="robot")
    told: list[TaskProgress] = []
    async with aiohttp.ClientSession() as session:
        with aioresponses() as vendor:
            client: VendorClient = module["Client"](
                parse_profile(example[0], "profile.yaml"),
                Context(session=session, setup={"url": base}),
            )
            assert [task.key for task in client.tasks(robot)] == ["patrol"]
            assert not client.tasks(Device(id="l", type="lamp"))
            assert not client.tasks(None)
            vendor.post(f"{base}/patrol", payload={"home": True}, repeat=2)
            outcome = await client.run_task(robot, "patrol", {"rounds": 2}, told.append)
            assert outcome.result == {"rounds": 2}
            assert [one.percentage for one in told] == [0, 50]
            vendor.post(f"{base}/patrol", payload={"home": False})
            with pytest.raises(NotConfirmedError, match="has not come home"):
                await client.run_task(robot, "patrol", {})
            with pytest.raises(CommandError, match="no task 'dance'"):
                await client.run_task(robot, "dance", {})
            await client.close()


async def test_the_example_of_a_client_refuses_nonsense(
    example: tuple[str, dict[str, Any]],
) -> None:
    profile, module = example
    async with aiohttp.ClientSession() as session:
        with aioresponses() as vendor:
            client = module["Client"](
                parse_profile(profile, "profile.yaml"),
                Context(session=session, setup={"url": "http://192.168.1.20"}),
            )
            vendor.get("http://192.168.1.20/devices", payload={"7": {}})
            with pytest.raises(module["UnexpectedAnswerError"], match="a list of ids"):
                await client.list_devices()
            vendor.get("http://192.168.1.20/devices", payload=["7"])
            vendor.get("http://192.168.1.20/devices/7", payload={"label": "Desk lamp"})
            with pytest.raises(module["UnexpectedAnswerError"], match="a device with its kind"):
                await client.list_devices()
            await client.close()
