"""The platform table. Names and scales are those of Home Assistant 2026.10."""

from collections.abc import Sequence
from typing import Final

from ..rows import PlatformRow
from . import (
    air,
    guards,
    media,
    moments,
    notices,
    openings,
    readings,
    robots,
    settings,
    sights,
    signals,
)

ROWS: Final[Sequence[PlatformRow]] = (
    guards.ALARM_CONTROL_PANEL,
    readings.BINARY_SENSOR,
    moments.BUTTON,
    sights.CAMERA,
    air.CLIMATE,
    openings.COVER,
    settings.DATE,
    settings.DATETIME,
    readings.DEVICE_TRACKER,
    moments.EVENT,
    air.FAN,
    air.HUMIDIFIER,
    sights.IMAGE,
    robots.LAWN_MOWER,
    signals.LIGHT,
    openings.LOCK,
    media.MEDIA_PLAYER,
    moments.NOTIFY,
    settings.NUMBER,
    media.REMOTE,
    moments.SCENE,
    settings.SELECT,
    readings.SENSOR,
    signals.SIREN,
    settings.SWITCH,
    settings.TEXT,
    settings.TIME,
    notices.TODO,
    moments.UPDATE,
    robots.VACUUM,
    openings.VALVE,
    air.WATER_HEATER,
    notices.WEATHER,
)
"""Every platform, by the alphabet."""
