"""Smoke alarms."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import SECOND
from ..fields import Field, Press, Switch
from ..works import Command
from .base import BATTERY_LEVERS, BatteryDevice, Surroundings


class SmokeAlarm(BatteryDevice):
    """On a ceiling. It can test itself, which takes four seconds."""

    kind = "smoke_alarm"
    event_types: ClassVar[tuple[str, ...]] = ("smoke", "clear", "tested")
    days_per_percent = 30.0

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._smoke = False
        self._fault = False
        self._test: Command | None = None

    @override
    def fields(self) -> dict[str, Any]:
        return {
            "smoke": self._smoke,
            "fault": self._fault,
            "testing": self._test is not None,
            "battery": self.battery,
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {"self_test": Press()}

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"smoke": Switch(), "fault": Switch(), **BATTERY_LEVERS}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self.battery = values.get("battery", self.battery)
        self._fault = values.get("fault", self._fault)
        self.touch(now)
        if "smoke" in values and values["smoke"] != self._smoke:
            self._smoke = values["smoke"]
            self.house.works.emit(now, self.card.serial, "smoke" if self._smoke else "clear", {})

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        command = self.house.works.new_command(self.card.serial, now)
        if self._test is not None:
            self._test.fail("superseded", now)
        self._test = command
        self.touch(now)
        self.schedule("test", now + 4 * SECOND, self._end_test)
        return command

    def _end_test(self, now: int) -> None:
        if self._test is not None:
            if self._fault:
                self._test.fail("sensor_fault", now)
            else:
                self._test.done(now)
                self.house.works.emit(now, self.card.serial, "tested", {})
            self._test = None
        self.touch(now)
