"""The boiler: a tank of water, and the programs by which it is heated."""

from collections.abc import Mapping
from typing import Any, override

from ..card import Card
from ..clock import HOUR, MINUTE, local
from ..errors import InvalidValueError
from ..fields import Choice, Field, Integer, Switch
from ..ledger import Ledger
from ..works import Command
from .base import Flow, Surroundings
from .keeper import Keeper

_LITRES = 120
_WATTS: Mapping[str, int] = {"off": 0, "eco": 1200, "comfort": 2000, "turbo": 3600}
_HIGHEST_DC: Mapping[str, int] = {"off": 600, "eco": 550, "comfort": 600, "turbo": 700}
"""How hot each program makes the water at most, in tenths of a degree."""
_LOWEST_DC = 300
_HOLIDAY_DC = 300
_HYSTERESIS_DC = 20
_LOSS_DC_PER_HOUR = 4.0
_JOULES_PER_DC = _LITRES * 4186 / 10
_STEP, _STEP_HEATING = 5 * MINUTE, MINUTE
_SHOWERS = frozenset({7, 21})
_SHOWER_DC = 70.0
_ROOM_DC = 190.0
_STANDBY = 1_500


class Boiler(Keeper):
    """A tank with a heating rod. The range of its target depends on its program."""

    kind = "boiler"
    flow = Flow.LOAD

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self._water = 520.0
        self._stepped_at = now
        super().__init__(card, house, now)
        self.ledgers["kwh"] = Ledger(now)
        self._step(now)

    @override
    def initial(self) -> dict[str, Any]:
        return {
            "program": "eco",
            "target_dc": 520,
            "target_min_dc": _LOWEST_DC,
            "target_max_dc": _HIGHEST_DC["eco"],
            "water_dc": round(self._water),
            "heating": False,
            "holiday": False,
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "program": Choice(tuple(_WATTS)),
            "target_dc": Integer(_LOWEST_DC, max(_HIGHEST_DC.values()), 5, "d°C"),
            "holiday": Switch(),
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"water_dc": Integer(50, 800, unit="d°C")}

    @override
    def check(self, values: Mapping[str, Any]) -> None:
        program = values.get("program", self._state["program"])
        if values.get("target_dc", _LOWEST_DC) > _HIGHEST_DC[program]:
            message = f"target_dc must be at most {_HIGHEST_DC[program]} while it is on {program}"
            raise InvalidValueError(message, field="target_dc")

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self._live(now)
        self._water = float(values["water_dc"])
        self._step(now)

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        self._live(now)
        program = values.get("program", self._state["program"])
        highest = _HIGHEST_DC[program]
        target = min(values.pop("target_dc", self._state["target_dc"]), highest)
        self.keep(now, **values, target_dc=target, target_max_dc=highest)
        self._step(now)
        return None

    def _live(self, now: int) -> None:
        """Let the water warm or cool since it was looked at last."""
        seconds = (now - self._stepped_at) / 1000
        self._stepped_at = now
        if self._state["heating"]:
            self._water += _WATTS[self._state["program"]] * seconds / _JOULES_PER_DC
        if self._water > _ROOM_DC:
            self._water -= _LOSS_DC_PER_HOUR * seconds * 1000 / HOUR

    def _step(self, now: int) -> None:
        self._live(now)
        if self.house.lively:
            self._shower(now)
        goal = _HOLIDAY_DC if self._state["holiday"] else self._state["target_dc"]
        heating = self._state["heating"]
        if self._state["program"] == "off" or self._water >= goal:
            heating = False
        elif self._water <= goal - _HYSTERESIS_DC:
            heating = True
        self.keep(now, heating=heating, water_dc=round(self._water))
        watts = _WATTS[self._state["program"]] if heating else 0
        self.set_power(now, _STANDBY + watts * 1000)
        pause = _STEP_HEATING if heating else _STEP
        self.schedule("step", (now // pause + 1) * pause, self._step)

    def _shower(self, now: int) -> None:
        time = local(now, self.house.zone)
        if time.hour in _SHOWERS and time.minute == 0 and now % _STEP == 0:
            self._water -= _SHOWER_DC
