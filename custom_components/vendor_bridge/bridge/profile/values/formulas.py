"""Arithmetic over several picked values."""

import ast
from collections.abc import Callable, Mapping, Sequence
import operator
import re
from typing import Any, Final

import probatio

from .basics import PickError, Raw, show, to_number

type _Term = Callable[[Sequence[int | float]], Any]

_MAX_LENGTH = 500
_MAX_DEPTH = 40
_MAX_DIGITS = 12
_WORDS = re.compile(
    # What has been taken for a word is never divided again: a text that is no formula would else be
    # read in as many ways as it can be cut into pieces.
    r"(?>\s*+(?>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?(?![\w.])"
    r"|[A-Za-z_]\w*|//|[=!<>]=|[-+*/%(),<>]))*+\s*+",
    re.ASCII,
)
_BINARY: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_COMPARE: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def _round(number: float, digits: float = 0) -> float:
    """Round; more digits than a float has, or negative ones by the million, would take forever."""
    if not 0 <= digits <= _MAX_DIGITS:
        raise PickError(f"0 to {_MAX_DIGITS} digits for round()", show(digits))
    return round(number, int(digits) or None)


_CALLS: Final[Mapping[str, tuple[Callable[..., Any], int, int]]] = {
    "min": (min, 2, 20),
    "max": (max, 2, 20),
    "abs": (abs, 1, 1),
    "round": (_round, 1, 2),
}


def compile_formula(text: str, names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    """Return a function that computes a formula from the values of its names, in their order.

    Known are + - * / // %, comparisons, parentheses, min, max, abs and round. The function raises
    PickError for values that are no numbers and for a division by zero. Raises probatio.Invalid
    for anything that is not such a formula.
    """
    if len(text) > _MAX_LENGTH:
        raise probatio.Invalid(f"a formula has at most {_MAX_LENGTH} characters")
    if not _WORDS.fullmatch(text) or not text.strip():
        raise probatio.Invalid("not a formula: use names, numbers, + - * / // % and parentheses")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError, RecursionError, MemoryError, ValueError:
        raise probatio.Invalid("not a formula: something is missing or too much in it") from None
    term = _compile(tree.body, {name: place for place, name in enumerate(names)}, _MAX_DEPTH)

    def compute(values: Sequence[Any]) -> Raw:
        try:
            return term([to_number(value) for value in values])
        except ZeroDivisionError:
            raise PickError(f"something that {_short(text)} can divide by", "0") from None
        except ArithmeticError, ValueError:
            raise PickError(f"numbers that {_short(text)} can handle", "too large ones") from None

    return compute


def _short(text: str) -> str:
    return " ".join(text[:60].split())


def _compile(node: ast.expr, names: Mapping[str, int], depth: int) -> _Term:  # noqa: C901 - a case for each sort of node
    if depth == 0:
        raise probatio.Invalid("a formula that is nested too deeply")

    def part(inner: ast.expr) -> _Term:
        return _compile(inner, names, depth - 1)

    match node:
        case ast.Constant(value=int() | float() as constant):
            return _constant(constant)
        case ast.Name(id=name):
            if name not in names:
                known = ", ".join(names) or "none"
                raise probatio.Invalid(f"`values` has no {name[:40]}; it has {known[:200]}")
            return operator.itemgetter(names[name])
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            negated = part(operand)
            return lambda values: -negated(values)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _two(_BINARY[type(op)], part(left), part(right))
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARE:
            return _two(_COMPARE[type(op)], part(left), part(right))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _CALLS:
            function, least, most = _CALLS[name]
            if not least <= len(arguments) <= most:
                raise probatio.Invalid(f"{name}() takes {least} to {most} arguments")
            parts = [part(argument) for argument in arguments]
            return lambda values: function(*[inner(values) for inner in parts])
    raise probatio.Invalid(
        "not a formula: known are + - * / // %, comparisons, min, max, abs and round"
    )


def _constant(number: float) -> _Term:
    try:
        to_number(number)
    except PickError:
        raise probatio.Invalid("a number that is too large") from None
    return lambda _: number


def _two(function: Callable[[Any, Any], Any], left: _Term, right: _Term) -> _Term:
    return lambda values: function(left(values), right(values))
