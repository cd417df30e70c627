"""The texts that the frontend would show, and whether it has all that it needs for them."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.data_entry_flow import FlowResultType

from custom_components import vendor_bridge

FOLDER = Path(vendor_bridge.__file__).parent / "translations"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def translations(language: str = "en") -> dict[str, Any]:
    """Return the texts in a language, as a tree."""
    texts: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text())
    return texts


def flat(tree: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Return the path and the text of each leaf of a tree."""
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def assert_shown(result: ConfigFlowResult, kind: str = "config") -> None:
    """Check that all texts of a step are there, with a value for each of their placeholders."""
    texts = translations()[kind]
    if result["type"] is FlowResultType.ABORT:
        shown = [texts["abort"][result["reason"]]]
    elif result["type"] is FlowResultType.FORM:
        step = texts["step"][result["step_id"]]
        shown = [step["title"], step.get("description", "")]
        shown += [texts["error"][key] for key in (result["errors"] or {}).values()]
        schema = result["data_schema"]
        for marker in schema.schema if schema is not None else ():
            shown += [step[part].get(str(marker), "") for part in ("data", "data_description")]
    else:
        return
    given = result["description_placeholders"] or {}
    for text in shown:
        needed = set(PLACEHOLDER.findall(text))
        assert needed <= given.keys(), f"nothing to put into {text!r}"
