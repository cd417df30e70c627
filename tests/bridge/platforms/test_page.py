"""The page of the platforms is what the table says, and has all that MQTT discovery has."""

import importlib
from pathlib import Path
import re

from awesomeversion import AwesomeVersion
from homeassistant.components.mqtt.const import SUPPORTED_COMPONENTS
from homeassistant.const import __version__ as home_assistant_version
import pytest

from custom_components.vendor_bridge.bridge.platforms import PLATFORMS, PlatformRow
from custom_components.vendor_bridge.bridge.platforms.page import (
    BEYOND,
    INSTEAD,
    MQTT,
    platforms_page,
)

PAGE = Path(__file__).parents[3] / "docs" / "platforms.md"


def features(row: PlatformRow) -> set[str]:
    """Return every flag that a platform's parts can bring."""
    found = {
        *(part.feature for part in row.attributes),
        *(part.feature for part in row.options),
        *(command.feature for command in row.commands),
        *(part.feature for command in row.commands for part in command.parameters),
    }
    return {feature for feature in found if feature}


def test_page_is_made_from_the_table() -> None:
    assert PAGE.read_text() == platforms_page(), "./scripts/bridge platforms > docs/platforms.md"


def test_list_beside_is_home_assistants() -> None:
    assert sorted(MQTT) == sorted(SUPPORTED_COMPONENTS)
    page = PAGE.read_text()
    for name in SUPPORTED_COMPONENTS:
        assert re.search(rf"^\| `{name}` \| .*\w.* \|$", page, re.MULTILINE)
        assert (name in PLATFORMS) != (name in INSTEAD)


@pytest.mark.skipif(
    AwesomeVersion(home_assistant_version) < "2026.10", reason="the page is of a newer version"
)
@pytest.mark.parametrize("row", PLATFORMS.values(), ids=lambda row: row.name)
def test_features_are_home_assistants(row: PlatformRow) -> None:
    """All of them can be described, but for those that the page names.

    Those of a version to come are left out when an entity is made; here they have to exist.
    """
    given = features(row)
    module = importlib.import_module(f"homeassistant.components.{row.name}")
    words = (*row.name.split("_"), *(["list"] if row.name == "todo" else []))
    name = "".join(word.capitalize() for word in words) + "EntityFeature"
    known = {flag.name for flag in getattr(module, name, ())}
    assert given <= known
    assert known - given <= set(BEYOND.get(row.name, ((), ""))[0])
    page = PAGE.read_text()
    section = page[page.index(f"\n## {row.name}\n") :].split("\n## ", 2)[1]
    assert {flag for flag in given if f"`{flag}`" in section} == given


def test_what_takes_the_place_is_not_there_itself() -> None:
    assert set(INSTEAD) & set(PLATFORMS) == set()
