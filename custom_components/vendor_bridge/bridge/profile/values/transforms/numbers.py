"""Transforms of numbers; a list of numbers is transformed one by one."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final

import probatio

from ....model import Kind
from ..basics import Argument, PickError, Raw, Transform, TransformSpec, show, tidy, to_number
from ..kinds import NATIVE, to_boolean
from .arguments import NUMBER, either

type _OnNumber = Callable[[Any], Any]

_MAX_ITEMS = 1000

ROUNDING: Final = 0.02
"""The part of a range by which a vendor's rounding may leave it."""
_PAIR: Final = probatio.All([NUMBER], probatio.Length(min=2, max=2))


def each(function: _OnNumber) -> _OnNumber:
    """Return a function of a number that also takes a list of them."""

    def apply(value: Raw) -> Raw:
        if type(value) is list:
            if len(value) > _MAX_ITEMS:
                raise PickError(f"at most {_MAX_ITEMS} numbers", show(value))
            return [function(part) for part in value]
        return function(value)

    return apply


def multiply(factor: Fraction) -> _OnNumber:
    """Return an exact multiplication: 3 * 0.1 is 0.3, since it is a division by 10."""
    over, under = factor.numerator, factor.denominator
    if under == 1:
        return lambda value: to_number(value) * over
    if over == 1:
        return lambda value: to_number(value) / under
    return lambda value: tidy(to_number(value) * over / under)


def _to_fraction(number: float) -> Fraction:
    return Fraction(repr(number))


def _tidied(function: _OnNumber) -> _OnNumber:
    return lambda value: tidy(function(value))


def _scale(argument: Argument, _kind: Kind) -> Transform:
    if isinstance(argument, list):
        there = [multiply(_to_fraction(number)) for number in argument]
        back = [_tidied(multiply(1 / _to_fraction(number))) for number in argument]
        return Transform(apply=_part_by_part(there), invert=_part_by_part(back))
    factor = _to_fraction(argument)
    return Transform(apply=each(multiply(factor)), invert=each(_tidied(multiply(1 / factor))))


def _part_by_part(functions: Sequence[_OnNumber]) -> _OnNumber:
    def apply(value: Raw) -> list[Any]:
        if not isinstance(value, list | tuple) or len(value) != len(functions):
            raise PickError(f"a list of {len(functions)} numbers", show(value))
        return [function(part) for function, part in zip(functions, value, strict=True)]

    return apply


def _not_zero(value: float) -> float:
    if not 1e-12 <= abs(value) <= 1e12:  # noqa: PLR2004 - beyond that no unit of anything is scaled
        raise probatio.Invalid("expected a number that is neither 0 nor far from everything")
    return value


def _offset(argument: float, _kind: Kind) -> Transform:
    return Transform(
        apply=each(lambda value: tidy(to_number(value) + argument)),
        invert=each(lambda value: tidy(to_number(value) - argument)),
    )


def _round(argument: int, _kind: Kind) -> Transform:
    """Round on both ways: what is sent to the vendor is as coarse as what it told."""
    digits = argument or None
    function = each(lambda value: round(to_number(value), digits))
    return Transform(apply=function, invert=function)


def _range(argument: Argument, kind: Kind) -> Transform:
    if isinstance(argument, list):
        if kind not in NATIVE:
            raise probatio.Invalid(
                "brightness, percentages and fractions have a range of their own; "
                "here give {from: [a, b], to: [c, d]}"
            )
        source, target = argument, list(NATIVE[kind])
        if kind is Kind.BRIGHTNESS and 0 < source[0] < source[1]:
            target[0] = 1  # the vendor's scale has no "off", so its lowest is not off either
    else:
        source, target = argument["from"], argument["to"]
    if source[0] == source[1] or target[0] == target[1]:
        raise probatio.Invalid("a range has two different ends")
    # Level 0 is "off": a lamp that is on must not be told, or said, to be at 0.
    lit = kind is Kind.BRIGHTNESS and target[0] == 0
    whole = kind in {Kind.BRIGHTNESS, Kind.PERCENTAGE} and all(map(_whole, target))
    project = _project(source, target, whole=whole, lit=lit)
    return Transform(
        apply=_within(source, project) if isinstance(argument, list) else project,
        invert=_project(target, source, whole=all(map(_whole, source)), lit=lit),
    )


def _within(source: Sequence[float], project: _OnNumber) -> _OnNumber:
    """Return a function that refuses what the vendor's range does not hold.

    What rounding leads a little beyond is taken for the end.
    """
    low, high = min(source), max(source)
    slack = (high - low) * ROUNDING

    def apply(value: Raw) -> int | float:
        number = to_number(value)
        if not low - slack <= number <= high + slack:
            raise PickError(f"a number from {tidy(low)} to {tidy(high)}", show(value))
        projected: int | float = project(value)
        return projected

    return apply


def _whole(number: float) -> bool:
    return isinstance(number, int)


def _project(
    source: Sequence[float], target: Sequence[float], *, whole: bool, lit: bool
) -> _OnNumber:
    """Return a function from one range to another that clamps.

    With ``lit`` nothing but the source's first end becomes the target's first end by rounding.
    """
    first, last = target
    low, high = min(target), max(target)
    slope = (_to_fraction(last) - _to_fraction(first)) / (
        _to_fraction(source[1]) - _to_fraction(source[0])
    )
    over, under, start = slope.numerator, slope.denominator, source[0]
    step = 1 if last > first else -1

    def apply(value: Raw) -> int | float:
        number = to_number(value)
        result = min(max(first + (number - start) * over / under, low), high)
        if not whole:
            return tidy(result)
        rounded = round(result)
        return first + step if lit and rounded == first and result != first else rounded

    return apply


def _invert(argument: bool, kind: Kind) -> Transform:  # noqa: FBT001 - the profile's own words
    if not argument:
        return Transform(apply=lambda value: value, invert=lambda value: value)
    if kind in NATIVE:
        top = NATIVE[kind][1]
        function = each(lambda value: tidy(top - to_number(value)))
    elif kind in {Kind.BOOLEAN, Kind.ANY}:
        function = lambda value: not to_boolean(value)  # noqa: E731 - one of two
    else:
        raise probatio.Invalid(f"a {kind} can't be inverted; use scale: -1 or map")
    return Transform(apply=function, invert=function)


ROWS: Final = (
    TransformSpec(
        name="scale",
        help="Multiply by a number; a list of numbers scales a list part by part.",
        argument=probatio.Any(
            probatio.All(NUMBER, _not_zero),
            probatio.All([probatio.All(NUMBER, _not_zero)], probatio.Length(min=1, max=5)),
        ),
        example=(0.1, Kind.NUMBER, 215, 21.5),
        compile=_scale,
    ),
    TransformSpec(
        name="offset",
        help="Add a number.",
        argument=NUMBER,
        example=(-40, Kind.NUMBER, 61, 21),
        compile=_offset,
    ),
    TransformSpec(
        name="range",
        help=(
            "Map the vendor's range [lowest, highest] to Home Assistant's own for brightness, "
            "percentages and fractions, or {from: [a, b], to: [c, d]}. What is outside is clamped."
        ),
        argument=either({probatio.Required("from"): _PAIR, probatio.Required("to"): _PAIR}, _PAIR),
        example=([0, 100], Kind.BRIGHTNESS, 50, 128),
        compile=_range,
    ),
    TransformSpec(
        name="invert",
        help="Turn a boolean around, or mirror a brightness, percentage or fraction.",
        argument=bool,
        example=(True, Kind.PERCENTAGE, 30, 70),
        compile=_invert,
    ),
    TransformSpec(
        name="round",
        help="Round to so many decimals, on the way to the vendor too.",
        argument=probatio.All(int, probatio.Range(min=0, max=12)),
        example=(1, Kind.NUMBER, 21.4567, 21.5),
        compile=_round,
    ),
)
