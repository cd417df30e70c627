"""The declaration of a profile as a JSON Schema, for editors."""

from collections import Counter
from collections.abc import Iterator
import json
from typing import Any

import probatio

from .root import SCHEMA

WORTH_A_NAME = 120
"""Parts that are longer than this, as JSON, and stand there more than once are written once."""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a profile."""
    whole: dict[str, Any] = probatio.to_json_schema(SCHEMA)
    counts = Counter(json.dumps(part, sort_keys=True) for part in _parts(whole))
    names = {
        text: f"part_{number}"
        for number, text in enumerate(
            text for text, count in counts.items() if count > 1 and len(text) > WORTH_A_NAME
        )
    }
    definitions = {
        name: _shorten(json.loads(text), names, inside=text) for text, name in names.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Vendor Bridge profile",
        **_shorten(whole, names),
        "$defs": definitions,
    }


def _parts(node: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Yield every schema within a schema."""
    if isinstance(node, dict):
        if "type" in node or "anyOf" in node:
            yield node
        for value in node.values():
            yield from _parts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _parts(value)


def _shorten(node: Any, names: dict[str, str], inside: str = "") -> Any:  # noqa: ANN401 - JSON
    """Return a schema with a reference in place of each part that has a name."""
    if isinstance(node, list):
        return [_shorten(value, names) for value in node]
    if not isinstance(node, dict):
        return node
    if "type" in node or "anyOf" in node:
        text = json.dumps(node, sort_keys=True)
        if text != inside and text in names:
            return {"$ref": f"#/$defs/{names[text]}"}
    return {key: _shorten(value, names) for key, value in node.items()}
