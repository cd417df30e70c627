"""JMESPath in full, in bounded time and memory.

An expression can't loop, but it can double its input ("[@,@][]") again and again, and functions
can fail. What can be seen beforehand is refused when the profile is loaded; the rest is counted.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
import math
from typing import Any, Final, override

from jmespath.functions import Functions
from jmespath.visitor import TreeInterpreter
import probatio

from .basics import PickError, Raw

type Node = Any
"""A node of the library's tree: a mapping with type, children and often a value."""

_MAX_DEPTH = 60
_MAX_COPIES = 64
_MAX_WORK = 1_000_000
_FUNCTIONS: Final = Functions()
_KNOWN: Final[Mapping[str, Mapping[str, Any]]] = Functions.FUNCTION_TABLE


def check(parsed: Node) -> None:
    """Raise probatio.Invalid for an expression that could only fail, or take too much."""
    for node, depth in _nodes(parsed):
        if depth > _MAX_DEPTH:
            raise probatio.Invalid("a JMESPath expression that is nested too deeply")
        if node["type"] == "function_expression":
            _check_call(node)
        elif node["type"] == "literal" and _deep(node["value"]):
            raise probatio.Invalid("a literal that is nested too deeply")
        elif node["type"] == "slice" and node["children"][2] == 0:
            raise probatio.Invalid("the step of a slice can't be 0")
    _check_references(parsed)
    if _copies(parsed) > _MAX_COPIES:
        raise probatio.Invalid(f"a JMESPath expression copies its item at most {_MAX_COPIES} times")


def _nodes(parsed: Node) -> Iterator[tuple[Any, int]]:
    waiting = [(parsed, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting.extend((child, depth + 1) for child in node["children"] if isinstance(child, dict))


def _deep(literal: Raw) -> bool:
    level = [literal]
    for _ in range(_MAX_DEPTH):
        lists = [part for part in level if isinstance(part, list)]
        mappings = [part for part in level if isinstance(part, dict)]
        level = [inner for part in lists for inner in part]
        level += [inner for part in mappings for inner in part.values()]
    return bool(level)


def _check_call(node: Node) -> None:
    name, given = node["value"], len(node["children"])
    known = _KNOWN.get(name)
    if known is None:
        close = get_close_matches(name, _KNOWN, n=1)
        hint = f", did you mean {close[0]}()?" if close else ""
        raise probatio.Invalid(f"JMESPath has no function {name[:40]}(){hint}")
    signature = known["signature"]
    least = len(signature)
    if given < least or (given > least and not signature[-1].get("variadic")):
        raise probatio.Invalid(f"JMESPath's {name}() takes {least} arguments, not {given}")


def _check_references(parsed: Node) -> None:
    """Refuse ``&x`` where it would be a result: only a few functions know what to do with it."""
    if parsed["type"] == "expref":
        raise probatio.Invalid("& stands only before the argument of a function such as sort_by()")
    for node, _ in _nodes(parsed):
        for place, child in enumerate(node["children"]):
            if not isinstance(child, dict) or child["type"] != "expref":
                continue
            calls = node["type"] == "function_expression"
            takes = _KNOWN[node["value"]]["signature"] if calls else ()
            if place >= len(takes) or "expref" not in takes[place]["types"]:
                raise probatio.Invalid("& stands only where a function takes an expression")


def _copies(node: Node) -> int:
    """Return how many times the whole of its item can be in the result of an expression."""
    children = [_copies(child) for child in node["children"] if isinstance(child, dict)]
    match node["type"]:
        case "multi_select_list" | "multi_select_dict":
            return max(1, sum(children))
        case "function_expression" if node["value"] == "map":
            return math.prod(children)
        case "function_expression":
            escaping = 2 if node["value"] == "to_string" else 1
            return max(1, sum(children)) * escaping
        case "or_expression" | "and_expression" | "comparator":
            return max(children)
    return math.prod(children)


class _Interpreter(TreeInterpreter):
    """The library's interpreter, which counts what it does."""

    def __init__(self) -> None:
        super().__init__()
        self._left = _MAX_WORK

    def _charge(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise PickError("an item that the JMESPath can get through", "too much of it")

    @override
    def visit(self, node: Node, value: Raw) -> Raw:
        self._left -= 1
        if self._left < 0:
            self._charge(0)
        return _VISITORS[node["type"]](self, node, value)

    @override
    def visit_flatten(self, node: Node, value: Raw) -> Raw:
        result = super().visit_flatten(node, value)
        self._charge(len(result) if result else 0)
        return result

    @override
    def visit_function_expression(self, node: Node, value: Raw) -> Raw:
        arguments = [self.visit(child, value) for child in node["children"]]
        self._charge(sum(map(_size, arguments)))
        if node["value"] == "join" and all(map(_size, arguments)):
            between, texts = arguments
            self._charge(len(between) * len(texts) + sum(map(_size, texts)))
        result = _FUNCTIONS.call_function(node["value"], arguments)
        self._charge(_size(result))
        return result


def _size(value: Raw) -> int:
    return len(value) if isinstance(value, str | list | dict) else 0


_VISITORS: Final[Mapping[str, Callable[[_Interpreter, Any, Any], Any]]] = {
    name.removeprefix("visit_"): getattr(_Interpreter, name)
    for name in dir(_Interpreter)
    if name.startswith("visit_")
}


def search(parsed: Node, item: Raw) -> Raw:
    """Return what a checked expression finds in an item; raises whatever the library does."""
    return _Interpreter().visit(parsed, item)
