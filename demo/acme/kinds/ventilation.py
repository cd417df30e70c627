"""The ventilation of the house: a level, a mode, and a filter that fills."""

from collections.abc import Mapping
from typing import Any, override

from ..card import Card
from ..clock import DAY, MINUTE, local
from ..fields import Choice, Field, Integer, Press
from ..works import Command
from .base import IDENTIFY, Device, Flow, Surroundings

_MODES = ("auto", "manual", "night", "boost")
_FILTER_DAYS = 180
_NIGHT_LEVEL = 20
_DAY_LEVEL = 45
_FULL = 100
_DAY_HOURS = range(7, 22)


class Ventilation(Device):
    """A fan with heat recovery: ``level`` in percent, ``mode``; ``boost`` ends by itself."""

    kind = "ventilation"
    flow = Flow.LOAD

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._mode = "auto"
        self._before_boost = "auto"
        self._manual = 50
        self._boost_minutes = 15
        self._filter_from = now
        self._level = 0
        self._hour(now)
        self._plan_day(now)

    @override
    def fields(self) -> dict[str, Any]:
        used = (self.house.now - self._filter_from) // DAY
        return {
            "level": self._level,
            "mode": self._mode,
            "airflow": round(2.4 * self._level),
            "boost_minutes": self._boost_minutes,
            "filter_days": max(0, _FILTER_DAYS - used),
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "level": Integer(10, 100, 5, "%"),
            "mode": Choice(_MODES),
            "boost_minutes": Integer(5, 60, 5, "min"),
            "reset_filter": Press(),
            **IDENTIFY,
        }

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        before = self.fields()
        self.identified += values.get("identify", False)
        self._boost_minutes = values.get("boost_minutes", self._boost_minutes)
        if "reset_filter" in values:
            self._filter_from = now
            self._plan_day(now)
        if "level" in values:
            self._manual = values["level"]
        mode = values.get("mode", "manual" if "level" in values else None)
        if mode is not None:
            self._choose(mode, now)
        if self.fields() != before:
            self.touch(now)
        return None

    def _choose(self, mode: str, now: int) -> None:
        if mode == "boost":
            if self._mode != "boost":
                self._before_boost = self._mode
            self.schedule("boost", now + self._boost_minutes * MINUTE, self._end_boost)
        else:
            self.forget("boost")
        self._mode = mode
        self._run(now)

    def _end_boost(self, now: int) -> None:
        self._choose(self._before_boost, now)
        self.touch(now)

    def _run(self, now: int) -> None:
        day = local(now, self.house.zone).hour in _DAY_HOURS
        levels = {
            "auto": _DAY_LEVEL if day else _NIGHT_LEVEL,
            "manual": self._manual,
            "night": _NIGHT_LEVEL,
            "boost": _FULL,
        }
        self._level = levels[self._mode]
        # A fan's power grows with the cube of its speed.
        self.set_power(now, 4_000 + int(72_000 * (self._level / _FULL) ** 3))

    def _hour(self, now: int) -> None:
        before = self._level
        self._run(now)
        if self._level != before:
            self.touch(now)
        hour = 60 * MINUTE
        self.schedule("hour", (now // hour + 1) * hour, self._hour)

    def _plan_day(self, now: int) -> None:
        """Have the filter's age reported when it changes."""
        days = (now - self._filter_from) // DAY + 1
        self.schedule("filter", self._filter_from + days * DAY, self._day)

    def _day(self, now: int) -> None:
        self.touch(now)
        self._plan_day(now)
