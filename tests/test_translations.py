from pathlib import Path
import re

import pytest

from custom_components import vendor_bridge
from custom_components.vendor_bridge import helpers
from custom_components.vendor_bridge.bridge.profile.loader import load_profile
from custom_components.vendor_bridge.forms import COMMON_FIELDS

from .translated import FOLDER, PLACEHOLDER, flat, translations

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.json"))
SOURCE = Path(vendor_bridge.__file__).parent
CODE = "\n".join(
    path.read_text() for folder in ("", "actions") for path in (SOURCE / folder).glob("*.py")
)
BUNDLED = sorted(SOURCE.glob("vendors/*/profile.yaml"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_texts_and_placeholders_of_the_first(language: str) -> None:
    english = dict(flat(translations()))
    others = dict(flat(translations(language)))
    assert others.keys() == english.keys()
    for path, text in others.items():
        assert set(PLACEHOLDER.findall(text)) == set(PLACEHOLDER.findall(english[path])), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_as_hassfest_wants_them(language: str) -> None:
    for path, text in flat(translations(language)):
        assert isinstance(text, str), path
        assert text, path
        assert text == text.strip(), path
        assert not re.search(r"</?\w+|https?://|\[%", text), path
        assert "'{" not in text, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_fields_are_described(language: str) -> None:
    texts = translations(language)
    steps = [*texts["config"]["step"].values(), *texts["options"]["step"].values()]
    steps += [part for step in steps for part in step.get("sections", {}).values()]
    for step in steps:
        assert step.get("data_description", {}).keys() <= step.get("data", {}).keys()


def test_an_issue_is_described_or_fixed() -> None:
    for key, issue in translations()["issues"].items():
        assert issue["title"], key
        assert ("description" in issue) != ("fix_flow" in issue), key


@pytest.mark.parametrize("step", ["account", "reauth_confirm", "reconfigure"])
def test_fields_that_the_translations_know_get_their_texts_from_the_profile(step: str) -> None:
    texts = translations()["config"]["step"][step]
    assert texts["data"] == {name: f"{{{name}_label}}" for name in COMMON_FIELDS}
    assert texts["data_description"] == {name: f"{{{name}_help}}" for name in COMMON_FIELDS}


def test_every_exception_has_its_text_and_no_text_is_left_over() -> None:
    used = {key for _, key in (*helpers.COMMAND_FAILURES, *helpers.ACCOUNT_FAILURES)}
    used |= set(re.findall(r'translation_key="(\w+)"', CODE))
    used |= set(re.findall(r'_error\(\s*"(\w+)"', CODE))
    used -= translations()["issues"].keys()
    used -= {key for platform in translations()["entity"].values() for key in platform}
    assert used == translations()["exceptions"].keys()


@pytest.mark.parametrize(
    ("failures", "placeholders"),
    [
        (helpers.COMMAND_FAILURES, {"device", "command", "reason"}),
        (helpers.ACCOUNT_FAILURES, {"account", "reason"}),
    ],
)
def test_the_text_of_a_failure_says_all_that_is_known_of_it(
    failures: tuple[tuple[type[Exception], str], ...], placeholders: set[str]
) -> None:
    for _, key in failures:
        text = translations()["exceptions"][key]["message"]
        assert set(PLACEHOLDER.findall(text)) == placeholders, key


def test_every_text_of_the_forms_is_used() -> None:
    for key in (*translations()["config"]["error"], *translations()["issues"]):
        assert f'"{key}"' in CODE, key


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.parent.name)
def test_the_forms_of_bundled_profiles_have_labels(path: Path) -> None:
    for name in load_profile(path).setup:
        assert name in COMMON_FIELDS, f"add {name!r} to the fields that translations know"
