"""A tag on a key ring: it says where it is, and rings when it is looked for."""

from collections.abc import Mapping
from typing import Any, override

from ..card import Card
from ..clock import MINUTE, local
from ..fields import Field, Integer, Press
from .base import BATTERY_LEVERS, BatteryDevice, Surroundings
from .keeper import Keeper

HOME_E7 = (525_200_000, 134_050_000)
"""Where the house stands: latitude and longitude in 1e-7 degrees."""
_OFFICE_E7 = (525_311_000, 133_847_000)
_LOOKS = 10 * MINUTE
_OFFICE_HOURS = range(8, 17)
_WORKDAYS = range(5)
_GOOD_CM, _POOR_CM = 450, 2500


class Tag(Keeper, BatteryDevice):
    """Goes to work on workdays, in the pocket of somebody who lives here."""

    kind = "tag"
    days_per_percent = 3.0

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        if house.lively:
            self._look(now)

    @override
    def initial(self) -> dict[str, Any]:
        return {"lat_e7": HOME_E7[0], "lon_e7": HOME_E7[1], "accuracy_cm": _GOOD_CM}

    @override
    def fields(self) -> dict[str, Any]:
        return {**self._state, "battery": self.battery}

    @override
    def settings(self) -> Mapping[str, Field]:
        return {"ring": Press()}

    @override
    def levers(self) -> Mapping[str, Field]:
        return {
            "lat_e7": Integer(-900_000_000, 900_000_000),
            "lon_e7": Integer(-1_800_000_000, 1_800_000_000),
            "accuracy_cm": Integer(0, 100_000, unit="cm"),
            **BATTERY_LEVERS,
        }

    @override
    def obey(self, values: dict[str, Any], now: int) -> None:
        self.identified += values.get("ring", False)

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self.battery = values.pop("battery", self.battery)
        self.keep(now, **values)
        self.touch(now)

    def _look(self, now: int) -> None:
        time = local(now, self.house.zone)
        at_work = time.weekday() in _WORKDAYS and time.hour in _OFFICE_HOURS
        place = _OFFICE_E7 if at_work else HOME_E7
        self.keep(
            now,
            lat_e7=place[0],
            lon_e7=place[1],
            accuracy_cm=_POOR_CM if at_work else _GOOD_CM,
        )
        self.schedule("look", (now // _LOOKS + 1) * _LOOKS, self._look)
