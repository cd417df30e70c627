"""The doorbell: who rings is an event."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import HOUR, iso, local
from ..errors import NoPictureError
from ..fields import Choice, Field, Integer, Press
from ..picture import draw_yard
from ..works import Command
from .base import BATTERY_LEVERS, BatteryDevice, Surroundings

_VISITING_HOURS = range(9, 21)
_CHIMES = ("classic", "westminster", "bird", "silent")


class Doorbell(BatteryDevice):
    """A doorbell with a battery, a volume and a chime."""

    kind = "doorbell"
    event_types: ClassVar[tuple[str, ...]] = ("pressed",)
    days_per_percent = 2.0

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._settings: dict[str, Any] = {"volume": 6, "chime": "classic"}
        self._rings = 0
        self._rang_at: int | None = None
        if house.lively:
            self._plan_visitor(now)

    @override
    def fields(self) -> dict[str, Any]:
        rang = None if self._rang_at is None else iso(self._rang_at, self.house.zone)
        return {**self._settings, "battery": self.battery, "rang_at": rang}

    @override
    def picture(self, now: int) -> bytes:
        """Return a picture of who rang last."""
        if self._rang_at is None:
            raise NoPictureError("nobody has rung yet")
        stamp = f"{local(self._rang_at, self.house.zone):%Y-%m-%d %H:%M:%S}"
        return draw_yard(stamp, self.house.weather.sun(self._rang_at), visitor=True)

    @override
    def settings(self) -> Mapping[str, Field]:
        return {"volume": Integer(0, 10), "chime": Choice(_CHIMES)}

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"press": Press(), **BATTERY_LEVERS}

    @override
    def truth(self) -> dict[str, Any]:
        return super().truth() | {"rings": self._rings}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        if "battery" in values:
            self.battery = values["battery"]
            self.touch(now)
        if "press" in values:
            self._ring(now)

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        if values.items() - self._settings.items():
            self._settings |= values
            self.touch(now)
        return None

    def _ring(self, now: int) -> None:
        self._rings += 1
        self._rang_at = now
        self.touch(now)
        self.house.works.emit(now, self.card.serial, "pressed", {"long": False})

    def _plan_visitor(self, now: int) -> None:
        pause = 4 * HOUR + int(10 * HOUR * self.chance("pause", now))
        self.schedule("visitor", now + pause, self._visitor)

    def _visitor(self, now: int) -> None:
        if local(now, self.house.zone).hour in _VISITING_HOURS:
            self._ring(now)
        self._plan_visitor(now)
