"""Whether a command took effect, as far as its entity's attributes tell."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ..model import Kind, Observation, Value
from ..platforms import Given
from .plans import CommandPlan

TOLERANCE: Final = {
    Kind.BRIGHTNESS: 3,
    Kind.PERCENTAGE: 1,
    Kind.FRACTION: 0.01,
    Kind.KELVIN: 60,
    Kind.COLOR: 3,
    Kind.NUMBER: 0.051,
    Kind.INTEGER: 0,
}
"""How far a vendor's rounding may lead away from what was asked for, in Home Assistant's scale."""

type Effect = Mapping[str, tuple[Kind, Value]]
"""Attribute name to its kind and to the value that it is to have."""


def effects(
    alternatives: Sequence[Mapping[str, Any]], data: Mapping[str, Any], kinds: Mapping[str, Kind]
) -> list[Effect]:
    """Return what each alternative asks of the attributes that the entity has.

    ``kinds`` maps the names of these to their kinds. Alternatives about others are left out.
    """
    found: list[Effect] = []
    for alternative in alternatives:
        effect = {
            name: (kinds[name], data[value.parameter] if isinstance(value, Given) else value)
            for name, value in alternative.items()
            if name in kinds and (not isinstance(value, Given) or value.parameter in data)
        }
        if effect:
            found.append(effect)
    return found


def fulfilled(wanted: Iterable[Effect], known: Mapping[str, Observation]) -> bool:
    """Return whether one of several effects is seen. ``known`` maps names to observations."""
    return any(
        all(
            name in known and close(known[name].value, value, kind)
            for name, (kind, value) in effect.items()
        )
        for effect in wanted
    )


def close(one: Value, other: Value, kind: Kind) -> bool:
    """Return whether two values are the same but for a vendor's rounding."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(
            close(left, right, kind) for left, right in zip(one, other, strict=True)
        )
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    if numbers and kind in TOLERANCE:
        return abs(float(one) - float(other)) <= TOLERANCE[kind]  # type: ignore[arg-type]
    return one == other


def assumed(plan: CommandPlan, wanted: Sequence[Effect]) -> Mapping[str, Value]:
    """Return what can be taken for true of a command that the vendor says it carried out.

    Nothing, for one that takes its time: that it has begun says not that it is done.
    """
    if plan.row.lasting or not wanted:
        return {}
    return {name: value for name, (_, value) in wanted[0].items()}
