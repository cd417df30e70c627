"""The mower: drives out, mows while its battery lasts, and drives back to its station."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import MINUTE, SECOND
from ..fields import Choice, Field, Integer, Switch
from ..works import Command
from .base import BATTERY_LEVERS, Flow, Surroundings
from .keeper import Keeper
from .tag import HOME_E7

_WAY_OUT = 4 * SECOND
_WAY_BACK = 12 * SECOND
_TICK = 10 * SECOND
_CHARGES = MINUTE
_DRAIN = 0.25
_CHARGE = 1.5
_LOW, _FULL = 15.0, 100.0
_LAWN_E7 = 1500
"""Half the width of the lawn, some 15 metres, in 1e-7 degrees."""
_CHARGING, _STANDBY = 60_000, 2_000


class Mower(Keeper):
    """A mower. ``do`` has it ``mow``, ``pause``, ``park`` or ``stop``."""

    kind = "mower"
    flow = Flow.LOAD
    event_types: ClassVar[tuple[str, ...]] = ("parked", "trapped")

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self._battery = _FULL
        super().__init__(card, house, now)
        self._settle(now)

    @override
    def initial(self) -> dict[str, Any]:
        return {
            "state": "parked",
            "battery": int(self._battery),
            "height_mm": 40,
            "rain_pause": True,
            "lat_e7": HOME_E7[0],
            "lon_e7": HOME_E7[1],
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "do": Choice(("mow", "pause", "park", "stop")),
            "height_mm": Integer(20, 60, 5, "mm"),
            "rain_pause": Switch(),
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"state": Choice(("trapped", "stopped", "parked")), **BATTERY_LEVERS}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self._battery = float(values.get("battery", self._battery))
        if "state" in values:
            self._go(values["state"], now)
            if values["state"] == "trapped":
                self.house.works.emit(now, self.card.serial, "trapped", {})
        self._settle(now)

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        do = values.pop("do", None)
        self.keep(now, **values)
        state = self._state["state"]
        if do == "mow" and state not in {"mowing", "leaving"}:
            if state == "parked":
                self._go("leaving", now)
                self.schedule("arrive", now + _WAY_OUT, lambda then: self._arrive("mowing", then))
            else:
                self._go("mowing", now)
        elif do == "pause" and state in {"mowing", "leaving", "returning"}:
            self._go("paused", now)
        elif do == "stop" and state != "parked":
            self._go("stopped", now)
        elif do == "park" and state not in {"parked", "returning"}:
            self._return(now)
        self._settle(now)
        return None

    def _go(self, state: str, now: int) -> None:
        self.forget("arrive")
        self.keep(now, state=state)

    def _return(self, now: int) -> None:
        self._go("returning", now)
        self.schedule("arrive", now + _WAY_BACK, lambda then: self._arrive("parked", then))

    def _arrive(self, state: str, now: int) -> None:
        self._go(state, now)
        if state == "parked":
            self.house.works.emit(now, self.card.serial, "parked", {})
        self._settle(now)

    def _settle(self, now: int) -> None:
        """Show battery and place, and come back while something goes on."""
        state = self._state["state"]
        charging = state == "parked" and self._battery < _FULL
        self.set_power(now, _CHARGING if charging else _STANDBY)
        if state == "parked":
            self.keep(now, lat_e7=HOME_E7[0], lon_e7=HOME_E7[1])
        self.keep(now, battery=int(self._battery))
        if state == "mowing" or charging:
            if "tick" not in self._plans:
                pause = _TICK if state == "mowing" else _CHARGES
                self.schedule("tick", now + pause, self._tick)
        else:
            self.forget("tick")

    def _tick(self, now: int) -> None:
        if self._state["state"] == "mowing":
            self._battery -= _DRAIN
            places = {
                name: home + round((2 * self.chance(name, now) - 1) * _LAWN_E7)
                for name, home in zip(("lat_e7", "lon_e7"), HOME_E7, strict=True)
            }
            self.keep(now, **places)
            if self._battery <= _LOW:
                self._return(now)
        else:
            self._battery = min(_FULL, self._battery + _CHARGE)
        self._settle(now)
