"""The mower: drives out, mows while its battery lasts, and drives back to its station."""

from collections.abc import Mapping
import math
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import DAY, MINUTE, SECOND
from ..errors import InvalidValueError, OutdatedError
from ..fields import Choice, Field, Integer, Switch, Text, check_all
from ..plans import ChargingPlan, moment_of
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
_PLANNING: Mapping[str, Field] = {
    "version": Integer(0, 10**9),
    "level": Integer(20, 100, 5, "%"),
    "ready_by": Text(40),
}


class Mower(Keeper):
    """A mower. ``do`` has it ``mow``, ``pause``, ``park`` or ``stop``."""

    kind = "mower"
    flow = Flow.LOAD
    event_types: ClassVar[tuple[str, ...]] = ("parked", "trapped")

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self._battery = _FULL
        self._plan: ChargingPlan | None = None
        self._planned = 0
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

    @override
    def charging(self) -> tuple[int, ChargingPlan | None]:
        return self._planned, self._plan

    @override
    def draft_plan(self, body: Mapping[str, Any], now: int) -> ChargingPlan:
        values = check_all(_PLANNING, body)
        for name in _PLANNING:
            if name not in values:
                raise InvalidValueError(f"{name} is missing", field=name)
        if values["version"] != self._planned:
            raise OutdatedError(f"this is version {self._planned}", field="version")
        ready_by = moment_of(values["ready_by"], self.house.zone, "ready_by")
        if not now < ready_by <= now + 2 * DAY:
            raise InvalidValueError("ready_by must be within two days", field="ready_by")
        missing = max(values["level"] - self._battery, 0.0)
        takes = math.ceil(missing / _CHARGE) * _CHARGES
        return self.house.works.new_plan(
            self.card.serial, values["level"], ready_by, max(now, ready_by - takes)
        )

    @override
    def follow_plan(self, plan: ChargingPlan, now: int) -> None:
        if self._plan is not None and self._plan.state == "active":
            self._plan.state = "replaced"
        plan.state = "active"
        self._plan = plan
        self._planned += 1
        self.schedule("charge", max(plan.starts, now), self._settle)
        self.schedule("ready", max(plan.ready_by, now), self._plan_over)
        self._settle(now)

    def _plan_over(self, now: int) -> None:
        if self._plan is not None:
            self._plan.state = "done"
        self._settle(now)

    def _goal(self, now: int) -> float:
        """Return up to where it charges just now."""
        plan = self._plan
        if plan is None or plan.state != "active":
            return _FULL
        return float(plan.level) if now >= plan.starts else 0.0

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
        charging = state == "parked" and self._battery < self._goal(now)
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
            self._battery = max(self._battery, min(self._goal(now), self._battery + _CHARGE))
        self._settle(now)
