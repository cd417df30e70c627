"""A button that is stuck to a wall: what is done with it is an event."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..fields import Choice, Field
from .base import BATTERY_LEVERS, BatteryDevice

_PRESSES = ("single", "double", "hold")


class Clicker(BatteryDevice):
    """A button without anything that can be set."""

    kind = "clicker"
    event_types: ClassVar[tuple[str, ...]] = _PRESSES
    days_per_percent = 12.0

    @override
    def fields(self) -> dict[str, Any]:
        return {"battery": self.battery}

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"click": Choice(_PRESSES), **BATTERY_LEVERS}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        if "battery" in values:
            self.battery = values["battery"]
            self.touch(now)
        if "click" in values:
            self.house.works.emit(now, self.card.serial, values["click"], {})
