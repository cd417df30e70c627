"""Contacts on doors and windows."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import HOUR, SECOND, local
from ..fields import Field, Switch
from .base import BATTERY_LEVERS, BatteryDevice, Surroundings

_AWAKE_HOURS = range(7, 23)


class Contact(BatteryDevice):
    """On a door or window. With the option ``busy`` people go through now and then."""

    kind = "contact"
    event_types: ClassVar[tuple[str, ...]] = ("opened", "closed")

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._open = False
        self._tamper = False
        if card.options.get("busy") and house.lively:
            self._plan_visit(now)

    @override
    def fields(self) -> dict[str, Any]:
        return {"open": self._open, "tamper": self._tamper, "battery": self.battery}

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"open": Switch(), "tamper": Switch(), **BATTERY_LEVERS}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self.battery = values.get("battery", self.battery)
        self._tamper = values.get("tamper", self._tamper)
        self.touch(now)
        if "open" in values:
            self.forget("close")
            self._move(now, is_open=values["open"])

    def _move(self, now: int, *, is_open: bool) -> None:
        if is_open != self._open:
            self._open = is_open
            self.touch(now)
            self.house.works.emit(now, self.card.serial, "opened" if is_open else "closed", {})

    def _plan_visit(self, now: int) -> None:
        pause = HOUR + int(3 * HOUR * self.chance("pause", now))
        self.schedule("visit", now + pause, self._visit)

    def _visit(self, now: int) -> None:
        if local(now, self.house.zone).hour in _AWAKE_HOURS:
            self._move(now, is_open=True)
            self.schedule("close", now + 9 * SECOND, lambda then: self._move(then, is_open=False))
        self._plan_visit(now)
