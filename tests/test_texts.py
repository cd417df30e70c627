"""What hassfest checks of texts: translations, icons, and the descriptions of actions."""

import ast
from collections.abc import Iterator
from pathlib import Path
import re
from string import Formatter
from typing import Any

import hass_frontend
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
import yaml

from .integration_files import INTEGRATION, leaves, python_files, read_json

DOMAIN = "vendor_bridge"
ENGLISH: dict[str, Any] = read_json(INTEGRATION / "translations/en.json")
OTHER_LANGUAGES = sorted(
    file for file in (INTEGRATION / "translations").glob("*.json") if file.stem != "en"
)
SECTIONS = {
    "application_credentials",
    "common",
    "conditions",
    "config",
    "config_subentries",
    "device",
    "device_automation",
    "entity",
    "entity_component",
    "exceptions",
    "issues",
    "options",
    "selector",
    "services",
    "system_health",
    "title",
    "triggers",
}
URL = re.compile(r"\b(https?|ftp|wss?)://|\bwww\.", re.IGNORECASE)
HTML = re.compile(r"</?[a-z][^>]*>|&[a-z]+;", re.IGNORECASE)


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def optional_json(name: str) -> dict[str, Any]:
    file = INTEGRATION / name
    content: dict[str, Any] = read_json(file) if file.exists() else {}
    return content


def actions() -> dict[str, Any]:
    """Return the actions that services.yaml describes."""
    file = INTEGRATION / "services.yaml"
    content: dict[str, Any] = yaml.safe_load(file.read_text()) if file.exists() else {}
    return content


def mappings(data: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(data, dict):
        yield path, data
        for key, value in data.items():
            yield from mappings(value, f"{path}.{key}".lstrip("."))


def calls(*, keyword: str) -> Iterator[tuple[Path, str]]:
    """Return each text that Home Assistant's half gives to a parameter of that name."""
    for file in python_files(home_assistant_half=True):
        for node in ast.walk(ast.parse(file.read_text(), file)):
            if not isinstance(node, ast.Call):
                continue
            for given in node.keywords:
                if (
                    given.arg == keyword
                    and isinstance(given.value, ast.Constant)
                    and isinstance(given.value.value, str)
                ):
                    yield file, given.value.value


def test_texts_are_plain() -> None:
    for path, text in leaves(ENGLISH):
        where = ".".join(path)
        assert isinstance(text, str), where
        assert text, where
        assert text == text.strip(), where
        assert not HTML.search(text), where
        assert not URL.search(text), where
        names = placeholders(text)
        assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in names), where
        assert not any(f"'{{{name}}}'" in text for name in names), f"{where}: quoted"
        if set(path) & {"state", "unit_of_measurement", "state_attributes"}:
            assert not names, where


def test_sections_and_keys_are_known() -> None:
    assert set(ENGLISH) <= SECTIONS
    for where, _ in mappings(ENGLISH):
        assert re.fullmatch(r"[a-z0-9_.-]*", where), where


def test_steps_describe_only_fields_that_they_have() -> None:
    described = [(at, each) for at, each in mappings(ENGLISH) if "data_description" in each]
    assert described
    for where, step in described:
        assert set(step["data_description"]) <= set(step["data"]), where


def test_the_config_flow_can_say_what_it_must() -> None:
    assert {"step", "error", "abort"} <= set(ENGLISH["config"])
    assert "user" in ENGLISH["config"]["step"]
    for step in ENGLISH["config"]["step"].values():
        assert set(step) <= {
            "data",
            "data_description",
            "description",
            "menu_option_descriptions",
            "menu_options",
            "sections",
            "submit",
            "title",
        }


def test_exceptions_and_issues_have_the_shape_that_is_asked_for() -> None:
    assert ENGLISH["exceptions"]
    for key, exception in ENGLISH["exceptions"].items():
        assert set(exception) == {"message"}, key
    for key, issue in ENGLISH.get("issues", {}).items():
        assert issue["title"], key
        assert ("description" in issue) != ("fix_flow" in issue), key
        assert set(issue) <= {"title", "description", "fix_flow"}, key


def test_every_text_that_the_code_names_is_there_and_the_other_way_round() -> None:
    flows = [
        ENGLISH["config"],
        ENGLISH.get("options", {}),
        *ENGLISH.get("config_subentries", {}).values(),
    ]
    aborts = {key for flow in flows for key in flow.get("abort", {})}
    for file, reason in calls(keyword="reason"):
        if "flow" in file.stem:
            assert reason in aborts, file
    named = {*ENGLISH["exceptions"], *ENGLISH.get("issues", {}), *ENGLISH.get("selector", {})}
    named |= {key for platform in ENGLISH.get("entity", {}).values() for key in platform}
    for file, key in calls(keyword="translation_key"):
        assert key in named, file
    said = {
        node.value
        for file in python_files()
        for node in ast.walk(ast.parse(file.read_text(), file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for section in ("exceptions", "issues"):
        for key in ENGLISH.get(section, {}):
            assert key in said, f"nothing says {section}.{key}"


@pytest.mark.parametrize("file", OTHER_LANGUAGES, ids=[file.stem for file in OTHER_LANGUAGES])
def test_other_language(file: Path) -> None:
    """A translation may lack texts, but fills in nothing that the English one does not."""
    english = dict(leaves(ENGLISH))
    for path, text in leaves(read_json(file)):
        assert path in english, path
        assert placeholders(text) <= placeholders(english[path]), path
        assert text == text.strip(), path
        assert not HTML.search(text), path
        assert not URL.search(text), path


def test_icons_exist() -> None:
    """Those in icons.json, and those in the profiles that come with the integration."""
    known = {
        f"mdi:{icon['name']}"
        for icon in read_json(Path(hass_frontend.where()) / "static/mdi/iconList.json")
    }
    icons = [(path, icon) for path, icon in leaves(optional_json("icons.json"))]
    for path, icon in icons:
        assert icon in known, path
    for file in INTEGRATION.glob("vendors/**/*.yaml"):
        for icon in re.findall(r"\bmdi:[\w-]+", file.read_text()):
            assert icon in known, file


async def test_every_action_is_described(hass: HomeAssistant) -> None:
    await async_setup_component(hass, DOMAIN, {})
    registered = set(hass.services.async_services_for_domain(DOMAIN))
    assert set(actions()) == registered
    texts = ENGLISH.get("services", {})
    assert set(texts) == registered
    assert set(optional_json("icons.json").get("services", {})) == registered
    for name, action in actions().items():
        assert texts[name]["name"], name
        assert texts[name]["description"], name
        fields: dict[str, Any] = {}
        for key, field in ((action or {}).get("fields") or {}).items():
            fields |= field.get("fields", {key: field})  # a section has fields of its own
        assert set(texts[name].get("fields", {})) == set(fields), name
        for key in fields:
            assert texts[name]["fields"][key]["name"], (name, key)
            assert texts[name]["fields"][key]["description"], (name, key)


def test_triggers_and_conditions_are_described() -> None:
    for section in ("triggers", "conditions"):
        file = INTEGRATION / f"{section}.yaml"
        described = yaml.safe_load(file.read_text()) if file.exists() else {}
        ours = {key for key in described if not key.startswith(("_", "."))}
        assert set(ENGLISH.get(section, {})) == ours
        assert (INTEGRATION / f"{section[:-1]}.py").exists() == bool(ours)
