"""Where a value stands: JMESPath, with a fast path for plain dotted ones."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathTypeError
import probatio

from .basics import MISSING, Picked, PickError, Raw
from .expressions import Node, check, search

type Path = Callable[[Any], Picked]

_MAX_LENGTH = 2000


def compile_path(expression: str) -> Path:
    """Return a function that picks out of an item what a JMESPath expression names.

    A plain path (``a.b``, ``a."b-c"[0]``, ``@``) gives MISSING where it leads nowhere, and None
    where the vendor says null on the way; any other expression gives None for both. Raises
    probatio.Invalid for an expression that is wrong, too long or can take too much.
    """
    if len(expression) > _MAX_LENGTH:
        raise probatio.Invalid(f"a JMESPath expression has at most {_MAX_LENGTH} characters")
    try:
        parsed = jmespath.compile(expression).parsed
    except Exception as err:  # noqa: BLE001 - the parser of a library, on a stranger's text
        raise probatio.Invalid(f"not JMESPath: {_mistake(err)}") from None
    steps = _plain(parsed)
    if steps is not None:
        return _walker(steps)
    check(parsed)
    return _searcher(parsed)


def root_of(expression: str) -> str | None:
    """Return the key of an item below which all stands that an expression looks at.

    None for one that is more than a plain path, or that begins with a place in a list.
    """
    steps = _plain(jmespath.compile(expression).parsed)
    return steps[0] if steps and isinstance(steps[0], str) else None


def _mistake(err: Exception) -> str:
    if isinstance(err, RecursionError):
        return "nested too deeply"
    return str(err).partition("\n")[0][:200].rstrip(": ") or "an empty expression"


def _misfit(err: Exception) -> str:
    """Return what did not fit, without the item itself, which the library would quote in full."""
    if isinstance(err, JMESPathTypeError):
        return f"{err.actual_type} in {err.function_name}()"
    return "one nested too deeply" if isinstance(err, RecursionError) else "one that does not"


def _plain(node: Node) -> Sequence[str | int] | None:
    """Return the steps of a plain path, or None for what needs more than walking."""
    match node["type"]:
        case "field" | "index":
            return [node["value"]]
        case "current" | "identity":
            return []
        case "subexpression" | "index_expression":
            parts = [_plain(child) for child in node["children"]]
            return None if None in parts else [step for part in parts if part for step in part]
    return None


def _walker(steps: Sequence[str | int]) -> Path:
    """Return the quickest walk along the steps.

    With texts as keys, ``item[key]`` finds whatever the slow walk finds; it fails in more ways,
    and only then the slow walk is asked what it was.
    """
    slow = partial(_walk, steps)
    match steps:
        case []:
            return lambda item: item
        case [str(first)]:
            return _one(first, slow)
        case [str(first), str(second)]:
            return _two(first, second, slow)
    if all(isinstance(step, str) for step in steps):
        return _several([str(step) for step in steps], slow)
    return slow


def _walk(steps: Sequence[str | int], item: Raw) -> Picked:
    for step in steps:
        if isinstance(step, str):
            if type(item) is not dict and not isinstance(item, Mapping):
                return None if item is None else MISSING
            item = item.get(step, MISSING)
        elif isinstance(item, list):
            item = item[step] if -len(item) <= step < len(item) else MISSING
        else:
            return None if item is None else MISSING
    return item  # type: ignore[no-any-return]


def _one(first: str, slow: Path) -> Path:
    def walk(item: Raw) -> Picked:
        try:
            return item[first]  # type: ignore[no-any-return]
        except KeyError, TypeError, IndexError:
            return slow(item)

    return walk


def _two(first: str, second: str, slow: Path) -> Path:
    def walk(item: Raw) -> Picked:
        try:
            return item[first][second]  # type: ignore[no-any-return]
        except KeyError, TypeError, IndexError:
            return slow(item)

    return walk


def _several(steps: Sequence[str], slow: Path) -> Path:
    def walk(item: Raw) -> Picked:
        inner = item
        try:
            for step in steps:
                inner = inner[step]
        except KeyError, TypeError, IndexError:
            return slow(item)
        return inner  # type: ignore[no-any-return]

    return walk


def _searcher(parsed: Node) -> Path:
    def pick(item: Raw) -> Picked:
        try:
            return search(parsed, item)  # type: ignore[no-any-return]
        except PickError:
            raise
        except Exception as err:  # noqa: BLE001 - the library raises whatever Python raised
            raise PickError("an item that the JMESPath fits", _misfit(err)) from None

    return pick
