"""The platform table. Names and scales are those of Home Assistant 2026.10."""

from collections.abc import Sequence
from typing import Final

from ..rows import PlatformRow
from . import air, moments, openings, readings, settings, signals

ROWS: Final[Sequence[PlatformRow]] = (
    readings.BINARY_SENSOR,
    moments.BUTTON,
    air.CLIMATE,
    openings.COVER,
    air.FAN,
    air.HUMIDIFIER,
    signals.LIGHT,
    openings.LOCK,
    settings.NUMBER,
    settings.SELECT,
    readings.SENSOR,
    signals.SIREN,
    settings.SWITCH,
    openings.VALVE,
    air.WATER_HEATER,
)
"""Every platform, by the alphabet."""
