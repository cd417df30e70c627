"""What the tests of the integration's own files read them with."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
INTEGRATION = ROOT / "custom_components/vendor_bridge"
BRIDGE = INTEGRATION / "bridge"


def read_json(path: Path) -> Any:
    """Return a file's JSON; a key that is there twice is a mistake."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), f"{path}: one of {keys} is there twice"
        return dict(pairs)

    return json.loads(path.read_text(), object_pairs_hook=unique)


def python_files(*, home_assistant_half: bool = False) -> list[Path]:
    """Return the integration's modules, or only those that may know Home Assistant."""
    files = sorted(INTEGRATION.rglob("*.py"))
    if not home_assistant_half:
        return files
    return [
        file
        for file in files
        if not file.is_relative_to(BRIDGE) and not file.is_relative_to(INTEGRATION / "vendors")
    ]


def syntax_trees() -> Iterator[tuple[Path, ast.Module]]:
    """Return each module of the integration, parsed."""
    for file in python_files():
        yield file, ast.parse(file.read_text(), file)


def imported_modules(file: Path) -> set[str]:
    """Return the absolute dotted names that a module imports, wherever in it, types or not.

    `from x import y` counts as `x.y`, for y may be a module.
    """
    package = list(file.relative_to(ROOT).parent.parts)
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(), file)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names


def leaves(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Return every value of nested mappings, with the keys that lead to it."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    else:
        yield path, data
