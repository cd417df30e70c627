"""The closed table of what can be done to a picked value."""

from collections.abc import Mapping
from typing import Final

from ..basics import TransformSpec
from . import choices, numbers, texts, times, units

TRANSFORMS: Final[Mapping[str, TransformSpec]] = {
    row.name: row for row in (*numbers.ROWS, units.ROW, *choices.ROWS, times.ROW, *texts.ROWS)
}
"""Every transform, by the key that it has in a profile."""
