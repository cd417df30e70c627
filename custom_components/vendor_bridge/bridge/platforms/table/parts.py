"""What the rows of the platform table are put together from."""

from collections.abc import Sequence
from typing import Any, Final

from ...model import Kind
from ..classes import DEVICE_CLASSES
from ..rows import (
    AttributeRow,
    CommandRow,
    FieldRow,
    Given,
    OptionRow,
    OptionType,
    ParameterRow,
    ScaleRow,
)


def attribute(
    name: str,
    kind: Kind,
    text: str,
    *choices: str,
    feature: str | None = None,
    scale: ScaleRow | None = None,
) -> AttributeRow:
    """Return the row of something that is observed."""
    return AttributeRow(
        name=name, kind=kind, help=text, choices=choices, feature=feature, scale=scale
    )


def records(name: str, text: str, *fields: FieldRow, feature: str | None = None) -> AttributeRow:
    """Return the row of a list of records that is observed."""
    return AttributeRow(name=name, kind=Kind.ANY, help=text, fields=fields, feature=feature)


def part(
    name: str,
    kind: Kind,
    text: str,
    *choices: str,
    required: bool = False,
    free: bool = False,
) -> FieldRow:
    """Return the row of a field of such a record."""
    return FieldRow(name=name, kind=kind, help=text, choices=choices, required=required, free=free)


def option(
    name: str,
    kind: OptionType,
    text: str,
    *choices: str,
    observable: Kind | None = None,
    feature: str | None = None,
) -> OptionRow:
    """Return the row of something that is fixed or, with ``observable``, read."""
    return OptionRow(
        name=name, type=kind, help=text, choices=choices, observable=observable, feature=feature
    )


def command(
    name: str,
    text: str,
    *parameters: ParameterRow,
    effect: dict[str, Any] | Sequence[dict[str, Any]] = (),
    failure: Sequence[dict[str, Any]] = (),
    settle: bool = False,
    lasting: bool = False,
    feature: str | None = None,
) -> CommandRow:
    """Return the row of something that can be done, with one effect or alternatives."""
    return CommandRow(
        name=name,
        help=text,
        parameters=parameters,
        effect=(effect,) if isinstance(effect, dict) else effect,
        failure=failure,
        settle=settle,
        lasting=lasting,
        feature=feature,
    )


def given(name: str, kind: Kind, *, attribute: str | None = None) -> ParameterRow:
    """Return the row of a value that a command needs."""
    return ParameterRow(name=name, kind=kind, attribute=attribute, required=True)


def may(
    name: str, kind: Kind, *, attribute: str | None = None, feature: str | None = None
) -> ParameterRow:
    """Return the row of a value that a command can take."""
    return ParameterRow(name=name, kind=kind, attribute=attribute, feature=feature)


UNIT: Final = option("unit_of_measurement", "text", "The unit of its values.", observable=Kind.TEXT)
CODE: Final = may("code", Kind.TEXT)


def device_class(platform: str) -> OptionRow:
    """Return the row of what an entity is, by Home Assistant's own list for its platform."""
    return option(
        "device_class", "choice", "What it is.", *DEVICE_CLASSES[platform], observable=Kind.TEXT
    )


def set_mode(mode: str, feature: str) -> CommandRow:
    """Return the command that chooses one of an entity's modes."""
    return command(
        f"set_{mode}",
        f"Choose its {mode.replace('_', ' ')}.",
        given(mode, Kind.TEXT),
        effect={mode: Given(parameter=mode)},
        settle=True,
        feature=feature,
    )
