"""The platforms that a profile can describe entities of, and all that is known of each."""

from collections.abc import Mapping

from . import table
from .rows import AttributeRow, CommandRow, Given, OptionRow, ParameterRow, PlatformRow

PLATFORMS: Mapping[str, PlatformRow] = {
    row.name: row
    for row in (
        table.BINARY_SENSOR,
        table.BUTTON,
        table.CLIMATE,
        table.COVER,
        table.LIGHT,
        table.LOCK,
        table.NUMBER,
        table.SELECT,
        table.SENSOR,
        table.SWITCH,
    )
}
"""Every platform, by its name."""

__all__ = [
    "PLATFORMS",
    "AttributeRow",
    "CommandRow",
    "Given",
    "OptionRow",
    "ParameterRow",
    "PlatformRow",
]
