"""Changes JSON as JSON, so that what is fuzzed stays readable and the deep code is reached."""

from collections.abc import Callable, Iterator
import json
import random
from typing import Any, Final

type Mutate = Callable[[bytes, int], bytes]

MOST_CHANGES: Final = 4
LONGEST_NUMBER: Final = 400

ODD: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, 1, -1, 255, -0.0, 2**31, 2**63 - 1, 2**63, 10**30, 1e308, 5e-324),
    *("", " ", "0", "-1", "1e999", "NaN", "on", "true", "null", "\x00", "\x1b[31m", "\u202e"),
    *("é", "\U0001f600", "ÿ" * 300, "a" * 5000, "9" * 400, "[" * 2000, "(" * 200, "'" * 50),
    *("..", "../..", "%2e%2e", "//evil.example", "https://good@evil.example/", "\\\\evil\\x"),
    *("http://evil.example/", "https://vendor.example/next", "/next?page=2", "javascript:x"),
    *("a\r\nX-Evil: 1", "{setup.password}", "{auth.token}", "{device.id}", "{{", "}", "{a:json}"),
    *("2026-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01", "12:30", "1700000000"),
    *("a.b", "a[0]", "[]", "*", "a[*].b", "length(@)", "[@,@][]", "sort_by(@,&a)", "join(',',@)"),
    *("(a+)+$", "(a|a)*b", ".*.*.*x", "[a-z]{1,5000}", "(?P<x>.)", "\\", "%Y-%m-%d", "%"),
    *("a + b", "a / 0", "round(a, 99)", "a % b", "1 if a else 2", "__import__('os')"),
    *([], {}, [[]], [{}], {"": ""}, [None], [1, "a", None], {"a": {"b": {"c": 1}}}),
)
"""What broke something somewhere."""


def mutate_json(data: bytes, size: int, seed: int, fallback: Mutate, others: list[Any]) -> bytes:
    """Return other JSON; what is none is left to ``fallback``, as is one change in eight.

    ``others`` are pieces of the seeds, from which parts are taken over.
    """
    dice = random.Random(seed)  # noqa: S311 - only to be the same for the same seed
    if dice.random() < 1 / 8:
        return fallback(data, size)
    try:
        tree = json.loads(data)
    except ValueError, RecursionError:
        return fallback(data, size)
    for _ in range(dice.randint(1, MOST_CHANGES)):
        tree = _changed(tree, dice, others)
    try:
        made = json.dumps(tree, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except ValueError, RecursionError:
        return fallback(data, size)
    return made if len(made) <= size else fallback(data, size)


def pieces(tree: Any, limit: int = 2000) -> list[Any]:
    """Return the parts of a tree, the outer ones first."""
    found = [tree]
    for node in found:
        if len(found) > limit:
            break
        found.extend(_children(node))
    return found


def _children(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def _changed(tree: Any, dice: random.Random, others: list[Any]) -> Any:
    """Return a tree in which something is different."""
    holders = [node for node in pieces(tree) if isinstance(node, dict | list) and node]
    if not holders or dice.random() < 1 / 40:
        return _other(tree, dice, others)
    node = dice.choice(holders)
    key: Any = dice.choice(list(node)) if isinstance(node, dict) else dice.randrange(len(node))
    match dice.randrange(6):
        case 0:
            del node[key]
        case 1 if isinstance(node, dict):
            node[str(dice.choice((*node, "x", "value", "", "é", "a b")))] = node.pop(key)
        case 1 | 2 if isinstance(node, list):
            node.extend([node[key]] * dice.choice((1, 2, 50)))
        case 2 if isinstance(node, dict):
            donor = dice.choice(others) if others else {}
            if isinstance(donor, dict):
                node.update(json.loads(json.dumps(donor)))
        case _:
            node[key] = _other(node[key], dice, others)
    return tree


def _other(value: Any, dice: random.Random, others: list[Any]) -> Any:
    """Return something in place of a value: of its kind, of the seeds', or odd."""
    kind = dice.randrange(4)
    if kind == 0 and isinstance(value, str) and value:
        place = dice.randrange(len(value) + 1)
        more = dice.choice([odd for odd in ODD if isinstance(odd, str)])
        return value[:place] + more + value[dice.randint(place, len(value)) :]
    if kind == 0 and isinstance(value, int | float):
        return dice.choice((-value, value + 1, value * 1000, str(value)[:LONGEST_NUMBER]))
    if kind == 1 and others:
        return json.loads(json.dumps(dice.choice(others)))
    if kind == 2:
        return [value] if dice.random() < 1 / 2 else {"value": value}
    return json.loads(json.dumps(dice.choice(ODD)))
