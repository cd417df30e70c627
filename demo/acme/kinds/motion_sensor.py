"""Motion sensors."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import MINUTE, SECOND, local
from ..fields import Field, Switch
from ..weather import SLOT
from .base import BATTERY_LEVERS, BatteryDevice, Surroundings

_AWAKE_HOURS = range(7, 23)
_NOON_LUX = 24_000


class MotionSensor(BatteryDevice):
    """On a wall: it sees people, and how bright it is."""

    kind = "motion_sensor"
    event_types: ClassVar[tuple[str, ...]] = ("motion",)
    days_per_percent = 4.0

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._motion = False
        self._lux = 0
        self._look(now)
        if house.lively:
            self._plan_stir(now)

    @override
    def fields(self) -> dict[str, Any]:
        return {"motion": self._motion, "lux": self._lux, "battery": self.battery}

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"motion": Switch(), **BATTERY_LEVERS}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self.battery = values.get("battery", self.battery)
        self.touch(now)
        if "motion" in values:
            self.forget("still")
            self._see(now, motion=values["motion"])

    def _see(self, now: int, *, motion: bool) -> None:
        if motion != self._motion:
            self._motion = motion
            self.touch(now)
            if motion:
                self.house.works.emit(now, self.card.serial, "motion", {})

    def _look(self, now: int) -> None:
        weather = self.house.weather
        # A hallway gets a hundredth of what falls on the roof.
        lux = round(_NOON_LUX * weather.sun(now) * weather.clearness(now) / 100)
        if lux != self._lux:
            self._lux = lux
            self.touch(now)
        self.schedule("look", (now // SLOT + 1) * SLOT, self._look)

    def _plan_stir(self, now: int) -> None:
        pause = 8 * MINUTE + int(50 * MINUTE * self.chance("pause", now))
        self.schedule("stir", now + pause, self._stir)

    def _stir(self, now: int) -> None:
        if local(now, self.house.zone).hour in _AWAKE_HOURS:
            self._see(now, motion=True)
            self.schedule("still", now + 30 * SECOND, lambda then: self._see(then, motion=False))
        self._plan_stir(now)
