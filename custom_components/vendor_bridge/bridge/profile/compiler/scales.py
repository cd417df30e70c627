"""Scales in MQTT discovery's own words: `position_open`, `speed_range_max`, `brightness_scale`."""

from collections.abc import Mapping
from typing import Any

from ...platforms import PlatformRow, ScaleRow
from .context import Context, Path


def scaled(
    context: Context,
    scale: ScaleRow,
    parts: Mapping[str, Any],
    options: Mapping[str, Any],
    path: Path,
) -> Mapping[str, Any]:
    """Return how an attribute is picked, with the range that the options say."""
    ends = _ends(scale, options)
    if ends is None:
        return parts
    given = scale.low if scale.low in options else scale.high
    if "range" in parts:
        context.mistakes.add((*path, "range"), f"`range` and `{given}` say the same", of="key")
        return parts
    low, high = ends
    if low == high or (scale.off and low > high):
        context.mistakes.add((*path[:-1], given), "a range has two different ends")
        return parts
    return {**parts, "range": [low - 1 if scale.off else low, high]}


def steps_of(row: PlatformRow, options: Mapping[str, Any]) -> dict[str, int]:
    """Return the option that says how many steps a scale has, where that follows from its ends."""
    steps: dict[str, int] = {}
    for attribute in row.attributes:
        scale = attribute.scale
        if scale is not None and scale.steps and (ends := _ends(scale, options)) is not None:
            steps[scale.steps] = ends[1] - ends[0] + 1
    return steps


def _ends(scale: ScaleRow, options: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return both ends of a scale, or None where neither is given."""
    if scale.high not in options and scale.low not in options:
        return None
    low, high = scale.default
    return options.get(scale.low or "", low), options.get(scale.high, high)
