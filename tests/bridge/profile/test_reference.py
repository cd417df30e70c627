from dataclasses import fields, is_dataclass
import importlib
from pathlib import Path
import pkgutil
import re
from typing import Any

import probatio
import pytest

from custom_components.vendor_bridge.bridge.model import Kind
from custom_components.vendor_bridge.bridge.platforms import PLATFORMS, PlatformRow
from custom_components.vendor_bridge.bridge.profile import schema
from custom_components.vendor_bridge.bridge.profile.reference import KINDS, reference_page
from custom_components.vendor_bridge.bridge.profile.schema.api import SetupField
from custom_components.vendor_bridge.bridge.profile.schema.entities import COMMON
from custom_components.vendor_bridge.bridge.profile.schema.extension import Extension
from custom_components.vendor_bridge.bridge.profile.schema.fields import NUMBER, one_or_more
from custom_components.vendor_bridge.bridge.profile.schema.requests import RequestSpec
from custom_components.vendor_bridge.bridge.profile.schema.root import Profile
from custom_components.vendor_bridge.bridge.profile.schema.summary import (
    Wording,
    blocks_of,
    json_of,
    json_of_block,
)
from custom_components.vendor_bridge.bridge.profile.schema.values import PICK_KEYS, SOURCE_KEYS
from custom_components.vendor_bridge.bridge.profile.templates import FORMATS
from custom_components.vendor_bridge.bridge.profile.values import TRANSFORMS

PAGE = Path(__file__).parents[3] / "docs" / "reference.md"
BLOCKS = {**blocks_of(Extension), **blocks_of(Profile)}
INTERNAL = {"TypeSpec", "EntitySpec", "Described", "Block"}
"""What the schema makes of what is written, or shares between blocks: nothing that one writes."""


@pytest.fixture(scope="module")
def page() -> str:
    return reference_page()


@pytest.fixture(scope="module")
def sections(page: str) -> dict[str, str]:
    """Return the page's text below each heading, by the heading."""
    parts = re.split(r"^#{1,3} (.+)$", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_page_in_the_documentation_is_this_one(page: str) -> None:
    assert PAGE.read_text() == page, "./scripts/bridge reference > docs/reference.md"


def rows(text: str) -> set[str]:
    """Return what stands in the first column of the tables in a text."""
    return set(re.findall(r"^\| `:?(.+?)` \|", text, re.MULTILINE))


def declared() -> list[type]:
    """Return the dataclasses of the declaration, wherever they are."""
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(schema.__path__, f"{schema.__name__}.")
    ]
    return [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type)
        and is_dataclass(thing)
        and thing.__module__ == module.__name__
        and thing.__name__ not in INTERNAL
    ]


@pytest.mark.parametrize("kind", declared(), ids=lambda kind: kind.__name__)
def test_block_is_described_with_every_field(kind: type, sections: dict[str, str]) -> None:
    block = BLOCKS[kind]
    own = {one.name for one in fields(kind)}
    bases = [base for base in kind.__mro__[1:] if base in BLOCKS]
    inherited = {one.name for base in bases for one in fields(base)}
    assert rows(sections[block.title]) == own - inherited
    for base in bases:
        assert f"(#{BLOCKS[base].anchor}) has, and:" in sections[block.title]


def test_every_field_says_what_it_is() -> None:
    silent = [
        f"{kind.__name__}.{name}"
        for kind in BLOCKS
        for name, part in json_of_block(kind)["properties"].items()
        if not part.get("description") and name != "type"  # the word by which shapes are told apart
    ]
    assert silent == []


def test_line_of_a_field(sections: dict[str, str]) -> None:
    assert (
        "| `within` | number (0.1 to 31622400) | `10` | The deadline, in seconds. |"
        in sections["Confirm"].splitlines()
    )
    assert (
        "| `request` | [request](#request) |  | The request that lists them. |"
        in sections["Devices"].splitlines()
    )


@pytest.mark.parametrize("platform", PLATFORMS.values(), ids=lambda row: row.name)
def test_platform_is_described_whole(platform: PlatformRow, sections: dict[str, str]) -> None:
    text = sections[platform.name]
    assert rows(text) == {
        *(row.name for row in platform.attributes),
        *(row.name for row in platform.options),
        *(row.name for row in platform.commands),
        *(field.name for row in platform.attributes for field in row.fields),
    }
    assert platform.help in text
    for help_text in (
        *(row.help for row in platform.attributes),
        *(row.help for row in platform.options),
        *(row.help for row in platform.commands),
    ):
        assert help_text in text
    for choices in (
        *(row.choices for row in platform.attributes),
        *(row.choices for row in platform.options),
    ):
        assert all(f"`{choice}`" in text for choice in choices)
    for command in platform.commands:
        (line,) = [line for line in text.splitlines() if command.help in line]
        assert all(f"`{part.name}`" in line for part in command.parameters)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_transform_is_described_with_its_example(name: str, sections: dict[str, str]) -> None:
    (line,) = [
        line for line in sections["Transforms"].splitlines() if line.startswith(f"| `{name}` |")
    ]
    assert TRANSFORMS[name].help.replace("|", "\\|") in line
    assert f"| `{name}: " in line
    assert line.endswith(("| yes |", "| one way |"))


def test_lists_are_whole(sections: dict[str, str]) -> None:
    assert rows(sections["Transforms"]) == set(TRANSFORMS)
    assert rows(sections["Kinds"]) == {str(kind) for kind in Kind} == {str(kind) for kind in KINDS}
    assert rows(sections["Placeholders"]) >= {*FORMATS, "%Y-%m-%d"}
    assert rows(sections["Entities"]) == {str(key) for key in COMMON}
    assert rows(sections["Attributes"]) == {str(key) for key in SOURCE_KEYS}
    assert rows(sections["Values"]) == {str(key) for key in PICK_KEYS} - set(TRANSFORMS)


def test_every_table_is_one(page: str) -> None:
    """Markdown shows a table only where its rows have as many cells as its head."""
    width = 0
    for line in page.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not width or not cells or cells == width, line
        width = cells


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (str, "text"),
        ([str], "list of texts"),
        (one_or_more(str), "text or a list of these"),
        (NUMBER, "number"),
        (probatio.All(int, probatio.Range(min=1)), "whole number (1 or more)"),
        (probatio.All(int, probatio.Range(max=9)), "whole number (9 or less)"),
        ([probatio.All(int, probatio.Range(min=1, max=9))], "list of whole numbers (1 to 9)"),
        (probatio.Any(None, bool), "null or true or false"),
        ({str: str}, "mapping of keys to text"),
        ({probatio.Match("^a"): int}, "mapping of keys to whole number"),
        (
            {probatio.Required("at"): int, probatio.Optional("in"): probatio.In(["a", "b"])},
            "mapping of `at`: whole number, `in`?: `a` or `b`",
        ),
        (probatio.DataclassSchema(SetupField), "field of a form"),
        (object, "anything"),
    ],
)
def test_words_for_what_a_field_takes(part: Any, words: str) -> None:
    assert Wording({"field of a form": json_of_block(SetupField)}).of_json(json_of(part)) == words


def test_a_block_knows_where_it_stands() -> None:
    places = {(kind.__name__, name) for kind, name in blocks_of(Profile)[RequestSpec].places}
    assert {("DevicesSpec", "request"), ("MonitorSpec", "request"), ("CommandSpec", "steps")} <= (
        places
    )
