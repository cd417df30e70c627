"""The platforms that a profile can describe entities of, and all that is known of each."""

from collections.abc import Mapping

from .rows import (
    AttributeRow,
    CommandRow,
    FieldRow,
    Given,
    OptionRow,
    ParameterRow,
    PlatformRow,
    ScaleRow,
)
from .table import ROWS

PLATFORMS: Mapping[str, PlatformRow] = {row.name: row for row in ROWS}
"""Every platform, by its name."""

__all__ = [
    "PLATFORMS",
    "AttributeRow",
    "CommandRow",
    "FieldRow",
    "Given",
    "OptionRow",
    "ParameterRow",
    "PlatformRow",
    "ScaleRow",
]
