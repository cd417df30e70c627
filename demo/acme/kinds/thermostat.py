"""The thermostat of the living room, and the room that it heats."""

from collections.abc import Mapping
import math
from typing import Any, override

from ..card import Card
from ..clock import HOUR, MINUTE, local
from ..fields import Choice, Field, Number, Switch
from ..works import Command
from .base import BATTERY_LEVERS, BatteryDevice, Surroundings

_MEASURES = 5 * MINUTE
_MEASURES_WARMING = MINUTE
_WARMING_FROM = 0.5
"""It measures more often while the room is this much too cold, in K."""
_LOSS = 5 * HOUR
"""In this time a room loses some two thirds of its lead over the outside."""
_STRENGTH = 36.0
"""How much warmer than outside the room would end up with the valve wide open, in K."""
_BAND = 0.5
_FROST = 6.0
_BOOST_LASTS = 30 * MINUTE
_PRESETS: Mapping[str, float] = {"comfort": 21.5, "eco": 18.0, "away": 16.0, "boost": 25.0}
_SCHEDULE: Mapping[int, float] = {0: 18.0, 6: 21.0, 9: 18.0, 16: 21.0, 23: 18.0}
"""From which hour on ``auto`` has which target."""
_MODES = ("off", "heat", "auto")
_FULL = 100
_HEATING_FROM = 5


class Thermostat(BatteryDevice):
    """A radiator valve: modes, presets, a schedule of its own in ``auto``."""

    kind = "thermostat"

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._room = 20.0
        self._outside = house.weather.outside(now)
        self._measured_at = now
        self._mode = "auto"
        self._preset: str | None = None
        self._before_boost: float = 21.0
        self._target = 21.0
        self._calibration = 0.0
        self._child_lock = False
        self._valve = 0
        self._humidity = 45
        self._measure(now)

    @override
    def fields(self) -> dict[str, Any]:
        return {
            "mode": self._mode,
            "target": self._target,
            "target_min": 5.0,
            "target_max": 30.0,
            "preset": self._preset,
            "temperature": round(self._room + self._calibration, 1),
            "humidity": self._humidity,
            "valve": self._valve,
            "heating": self._valve >= _HEATING_FROM,
            "calibration": self._calibration,
            "child_lock": self._child_lock,
            "battery": self.battery,
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "mode": Choice(_MODES),
            "target": Number(5, 30, 0.5, "°C"),
            "preset": Choice(tuple(_PRESETS), nullable=True),
            "calibration": Number(-5, 5, 0.1, "K"),
            "child_lock": Switch(),
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"temperature": Number(-30, 60, 0.01, "°C"), **BATTERY_LEVERS}

    @override
    def truth(self) -> dict[str, Any]:
        return super().truth() | {"room": self._room, "outside": self._outside}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self.battery = values.get("battery", self.battery)
        self._live(now)
        self._room = values.get("temperature", self._room)
        self._measure(now)

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        before = self.fields()
        self._live(now)
        self._calibration = values.get("calibration", self._calibration)
        self._child_lock = values.get("child_lock", self._child_lock)
        if "mode" in values and values["mode"] != self._mode:
            self._mode = values["mode"]
            self._follow_schedule(now)
        if "preset" in values:
            self._choose(values["preset"], now)
        if "target" in values:
            self._target = values["target"]
            if "preset" not in values:
                self._preset = None
                self.forget("boost")
        self._control()
        self._plan_measurement(now)
        if self.fields() != before:
            self.touch(now)
        return None

    def _choose(self, preset: str | None, now: int) -> None:
        if preset == "boost":
            if self._preset != "boost":
                self._before_boost = self._target
            self.schedule("boost", now + _BOOST_LASTS, self._end_boost)
        else:
            self.forget("boost")
        self._preset = preset
        if preset is not None:
            self._target = _PRESETS[preset]

    def _end_boost(self, now: int) -> None:
        self._live(now)
        self._preset, self._target = None, self._before_boost
        self._control()
        self.touch(now)

    def _measure(self, now: int) -> None:
        self._live(now)
        time = local(now, self.house.zone)
        # Only at the schedule's own hours, so that a target set by hand holds until the next.
        if time.minute == 0 and time.hour in _SCHEDULE:
            self._follow_schedule(now)
        self._humidity = 40 + int(14 * self.chance("humidity", now // HOUR))
        self._control()
        self.touch(now)
        self._plan_measurement(now)

    def _plan_measurement(self, now: int) -> None:
        warming = self._mode != "off" and self._target - self._room > _WARMING_FROM
        pause = _MEASURES_WARMING if warming else _MEASURES
        self.schedule("measure", (now // pause + 1) * pause, self._measure)

    def _follow_schedule(self, now: int) -> None:
        if self._mode == "auto" and self._preset is None:
            hour = local(now, self.house.zone).hour
            self._target = _SCHEDULE[max(start for start in _SCHEDULE if start <= hour)]

    def _live(self, now: int) -> None:
        """Let the room warm or cool since it was looked at last: an exact step to its balance."""
        self._outside = self.house.weather.outside(now)
        balance = self._outside + _STRENGTH * self._valve / _FULL
        fade = math.exp(-(now - self._measured_at) / _LOSS)
        self._room = balance + (self._room - balance) * fade
        self._measured_at = now

    def _control(self) -> None:
        target = _FROST if self._mode == "off" else self._target
        hold = (target - self._outside) / _STRENGTH
        ask = hold + (target - self._room - self._calibration) / _BAND
        self._valve = round(_FULL * min(1.0, max(0.0, ask)))
