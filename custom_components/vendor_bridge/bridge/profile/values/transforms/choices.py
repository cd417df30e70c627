"""Transforms that compare: what a value is taken for."""

from collections.abc import Mapping
from typing import Any, Final

import probatio

from ....model import Kind
from ..basics import (
    MISSING,
    Argument,
    NoMatchError,
    PickError,
    Raw,
    Transform,
    TransformSpec,
    key_of,
    show,
    to_integer,
    to_number,
)
from ..kinds import to_boolean
from .arguments import NUMBER, SCALAR

_MAX_CHOICES = 2000
_NULL: Final = object()
_SCALARS: Final = probatio.Any(
    SCALAR, probatio.All([SCALAR], probatio.Length(min=1, max=_MAX_CHOICES))
)


def _key(value: Raw) -> object:
    """Return what a choice is looked up by; null is a choice of its own."""
    return _NULL if value is None else key_of(value)


def _map(argument: Mapping[Any, Any], kind: Kind) -> Transform:
    ours = {_key(theirs): result for theirs, result in argument.items()}
    if len(ours) != len(argument):
        raise probatio.Invalid("two keys of the map are the same to a vendor, such as 1 and '1'")
    known = ", ".join(show(theirs) for theirs in argument)

    def apply(value: Raw) -> Raw:
        if value is MISSING:
            return value
        result = ours.get(_key(value), MISSING)
        if result is MISSING:
            if value is None:
                return None
            raise NoMatchError(f"one of {known[:200]}", show(value))
        return result

    theirs: dict[object, Any] = {}
    for before, after in argument.items():
        keys = {_key(after), _boolean_key(after) if kind is Kind.BOOLEAN else _key(after)}
        if keys & theirs.keys():
            twice = f"`map` gives {show(after)} for several of the vendor's values"
            return Transform(apply=apply, takes_nothing=True, one_way=twice)
        theirs |= dict.fromkeys(keys, before)
    results = ", ".join(show(after) for after in argument.values())

    def invert(value: Raw) -> Raw:
        before = theirs.get(_key(value), MISSING)
        if before is MISSING:
            raise PickError(f"one of {results[:200]}", show(value))
        return before

    return Transform(apply=apply, invert=invert, takes_nothing=True)


def _boolean_key(value: Raw) -> object:
    """Return the key of a boolean that the profile has in other words, such as "on"."""
    try:
        return _key(to_boolean(value))
    except PickError:
        return _key(value)


def _keys(argument: Argument) -> frozenset[object]:
    return frozenset(map(_key, argument if isinstance(argument, list) else [argument]))


def _equals(argument: Argument, _kind: Kind) -> Transform:
    wanted = _keys(argument)
    return Transform(
        apply=lambda value: value if value is MISSING else _key(value) in wanted,
        takes_nothing=True,
        one_way="`equals` only tells whether",
    )


def _contains(argument: Argument, _kind: Kind) -> Transform:
    wanted = _key(argument)

    def apply(value: Raw) -> bool:
        if isinstance(value, list):
            return any(_key(part) == wanted for part in value)
        if isinstance(value, Mapping):
            return argument in value
        if isinstance(value, str):
            return str(argument) in value
        raise PickError("a list, a mapping or a text", show(value))

    return Transform(apply=apply, one_way="`contains` only tells whether")


def _above(argument: float, _kind: Kind) -> Transform:
    return Transform(
        apply=lambda value: to_number(value) > argument, one_way="`above` only tells whether"
    )


def _below(argument: float, _kind: Kind) -> Transform:
    return Transform(
        apply=lambda value: to_number(value) < argument, one_way="`below` only tells whether"
    )


def _bit(argument: int, _kind: Kind) -> Transform:
    return Transform(
        apply=lambda value: bool(to_integer(value) >> argument & 1),
        one_way="`bit` drops the other bits",
    )


def _unknown(argument: Argument, _kind: Kind) -> Transform:
    unknown = _keys(argument)
    return Transform(
        apply=lambda value: None if _key(value) in unknown else value, invert=lambda value: value
    )


def _default(argument: Argument, _kind: Kind) -> Transform:
    return Transform(
        apply=lambda value: argument if value is None or value is MISSING else value,
        invert=lambda value: value,
        takes_nothing=True,
    )


def _length(argument: bool, _kind: Kind) -> Transform:  # noqa: FBT001 - the profile's own words
    def apply(value: Raw) -> int:
        if isinstance(value, str | list | Mapping):
            return len(value)
        raise PickError("a list, a mapping or a text", show(value))

    if not argument:
        raise probatio.Invalid("`length` takes true, or is left out")
    return Transform(apply=apply, one_way="`length` only counts")


ROWS: Final = (
    TransformSpec(
        name="map",
        help=(
            "The vendor's values, and what each is called in Home Assistant. "
            "Any other value is an error, unless `default` follows."
        ),
        argument=probatio.All({SCALAR: SCALAR}, probatio.Length(min=1, max=_MAX_CHOICES)),
        example=({"0": "off", "1": "heat"}, Kind.TEXT, 1, "heat"),
        compile=_map,
    ),
    TransformSpec(
        name="default",
        help="What stands in for nothing, for null and for what `map` or `regex` does not know.",
        argument=_SCALARS,
        example=("off", Kind.TEXT, None, "off"),
        compile=_default,
    ),
    TransformSpec(
        name="unknown",
        help="The value, or the values, by which the vendor says that it does not know.",
        argument=_SCALARS,
        example=([-127, 85], Kind.NUMBER, -127, None),
        compile=_unknown,
    ),
    TransformSpec(
        name="equals",
        help="Whether it is this value, or one of these.",
        argument=_SCALARS,
        example=(["running", "paused"], Kind.BOOLEAN, "paused", True),
        compile=_equals,
    ),
    TransformSpec(
        name="above",
        help="Whether it is more than a number.",
        argument=NUMBER,
        example=(5, Kind.BOOLEAN, 7.5, True),
        compile=_above,
    ),
    TransformSpec(
        name="below",
        help="Whether it is less than a number.",
        argument=NUMBER,
        example=(20, Kind.BOOLEAN, 35, False),
        compile=_below,
    ),
    TransformSpec(
        name="contains",
        help="Whether a list, the keys of a mapping or a text contains this.",
        argument=probatio.Any(bool, int, float, probatio.All(str, probatio.Length(min=1, max=200))),
        example=("motion", Kind.BOOLEAN, ["motion", "tamper"], True),
        compile=_contains,
    ),
    TransformSpec(
        name="bit",
        help="Whether a bit of an integer is set; 0 is the lowest.",
        argument=probatio.All(int, probatio.Range(min=0, max=63)),
        example=(2, Kind.BOOLEAN, 5, True),
        compile=_bit,
    ),
    TransformSpec(
        name="length",
        help="How many items a list or a mapping has, or a text characters.",
        argument=bool,
        example=(True, Kind.INTEGER, ["a", "b"], 2),
        compile=_length,
    ),
)
