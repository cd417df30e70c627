"""Sensors of temperature and humidity."""

from collections.abc import Mapping
from typing import Any, override

from ..card import Card
from ..clock import HOUR
from ..fields import Field, Number
from ..weather import SLOT
from ..works import Command
from .base import BATTERY_LEVERS, BatteryDevice, Surroundings


class ClimateSensor(BatteryDevice):
    """In a room: temperature and humidity, measured every five minutes."""

    kind = "climate_sensor"
    _SETTLES = 2 * HOUR

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._temperature = 20.0
        self._humidity = 50
        self._disturbed_at = now
        self._disturbance = 0.0
        self._calibration = 0.0
        self._measure(now)

    @override
    def fields(self) -> dict[str, Any]:
        return {
            "temperature": round(self._temperature + self._calibration, 1),
            "humidity": self._humidity,
            "calibration": self._calibration,
            "battery": self.battery,
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {"calibration": Number(-5, 5, 0.1, "K")}

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"temperature": Number(-30, 60, 0.1, "°C"), **BATTERY_LEVERS}

    @override
    def truth(self) -> dict[str, Any]:
        return super().truth() | {"room": self._temperature}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self.battery = values.get("battery", self.battery)
        if "temperature" in values:
            self._disturbance = values["temperature"] - self._natural(now)
            self._disturbed_at = now
        self._measure(now)

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        if values["calibration"] != self._calibration:
            self._calibration = values["calibration"]
            self.touch(now)
        return None

    def _natural(self, now: int) -> float:
        return (
            19.5 + 0.12 * (self.house.weather.outside(now) - 9) + self.chance("warm", now // HOUR)
        )

    def _measure(self, now: int) -> None:
        left = max(0.0, 1 - (now - self._disturbed_at) / self._SETTLES)
        self._temperature = self._natural(now) + left * self._disturbance
        self._humidity = 48 + int(20 * self.chance("damp", now // HOUR))
        self.touch(now)
        self.schedule("measure", (now // SLOT + 1) * SLOT, self._measure)
