"""The declaration of a profile as a JSON Schema, for editors."""

import json
from typing import Any

from .extension import EXTENSION
from .root import SCHEMA
from .summary import json_of

WORTH_A_NAME = 120
"""Parts that are longer than this, as JSON, and stand there more than once are written once."""


def json_schema(*, extension: bool = False) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a profile, or of a file that adds tasks to one."""
    parts = _Parts()
    whole = parts.share(json_of(EXTENSION if extension else SCHEMA))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Vendor Bridge tasks" if extension else "Vendor Bridge profile",
        **parts.resolve(whole),
        "$defs": parts.definitions(),
    }


class _Parts:
    """The parts of a schema, each known by its text once its own parts are."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._bodies: dict[str, Any] = {}
        self._counts: dict[str, int] = {}

    def share(self, node: Any) -> Any:  # noqa: ANN401 - JSON
        """Return a schema in which every long part is a reference."""
        if isinstance(node, list):
            return [self.share(value) for value in node]
        if not isinstance(node, dict):
            return node
        shared = {key: self.share(value) for key, value in node.items()}
        if "type" not in node and "anyOf" not in node:
            return shared
        text = json.dumps(shared, sort_keys=True)
        if len(text) < WORTH_A_NAME:
            return shared
        name = self._names.setdefault(text, f"part_{len(self._names)}")
        self._bodies[name] = shared
        self._counts[name] = self._counts.get(name, 0) + 1
        return {"$ref": name}

    def resolve(self, node: Any) -> Any:  # noqa: ANN401 - JSON
        """Return a schema in which only what stands there more than once is a reference."""
        if isinstance(node, list):
            return [self.resolve(value) for value in node]
        if not isinstance(node, dict):
            return node
        name = node.get("$ref")
        if isinstance(name, str) and name in self._bodies:
            if self._counts[name] == 1:
                return self.resolve(self._bodies[name])
            return {"$ref": f"#/$defs/{name}"}
        return {key: self.resolve(value) for key, value in node.items()}

    def definitions(self) -> dict[str, Any]:
        """Return the parts that stand there more than once."""
        return {
            name: self.resolve(body)
            for name, body in self._bodies.items()
            if self._counts[name] > 1
        }
