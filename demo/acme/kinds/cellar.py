"""In the cellar: the battery, and the meters of gas and water."""

from abc import abstractmethod
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import local
from ..ledger import Ledger
from ..weather import SLOT
from .base import Device, Flow, Surroundings

_WATT = 1000
_CAPACITY = 10_000_000
"""What the battery holds, in milliwatt-hours."""
_CHARGES = 2000 * _WATT
_GIVES = 600 * _WATT
_BRIGHT = 0.12
_EVENING = range(17, 24)
_WARM_OUTSIDE = 17.0
_TAP_HOURS = frozenset({6, 7, 8, 12, 18, 19, 20, 21})


class HomeBattery(Device):
    """Takes what the sun gives by day, and gives it back in the evening. Option: ``kwh``."""

    kind = "home_battery"
    flow = Flow.SOURCE
    against: ClassVar[str | None] = "kwh_charged"

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        counted = int(card.options.get("kwh", 0)) * 1_000_000
        self._taken, self._given = counted + _CAPACITY // 2, counted
        self.ledgers["kwh"] = Ledger(now, self._given)
        self.ledgers["kwh_charged"] = Ledger(now, self._taken)
        self._slot(now)

    @override
    def fields(self) -> dict[str, Any]:
        state = "discharging" if self.power > 0 else "charging" if self.power < 0 else "idle"
        return {"state": state, "charge": self._held(self.ts) * 100 // _CAPACITY}

    def _held(self, now: int) -> int:
        return self.ledgers["kwh_charged"].reading(now) - self.ledgers["kwh"].reading(now)

    @override
    def set_power(self, now: int, milliwatts: int) -> None:
        """Give this much from now on, or take it where it is below zero."""
        self.power = milliwatts
        self.ledgers["kwh"].set_power(now, max(0, milliwatts))
        self.ledgers["kwh_charged"].set_power(now, max(0, -milliwatts))
        self.house.power_changed()

    def _slot(self, now: int) -> None:
        held, hour = self._held(now), local(now, self.house.zone).hour
        power = 0
        if self.house.weather.sun(now) > _BRIGHT and held < _CAPACITY - _CHARGES // 12:
            power = -_CHARGES
        elif hour in _EVENING and held > _GIVES // 12:
            power = _GIVES
        self.set_power(now, power)
        self.touch(now)
        self.schedule("slot", (now // SLOT + 1) * SLOT, self._slot)


class VolumeMeter(Device):
    """Counts cubic metres. Its ledger's milliwatt-hour is a cubic centimetre. Option: ``m3``."""

    unit: ClassVar[str] = "m3"

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self.ledgers[self.unit] = Ledger(now, int(card.options.get("m3", 0)) * 1_000_000)
        self._slot(now)

    @override
    def fields(self) -> dict[str, Any]:
        return {"flow_lph": self.ledgers[self.unit].power(self.ts) // 1000}

    @abstractmethod
    def litres(self, now: int, hour: int) -> int:
        """Return how much flows from now on, in litres an hour."""

    def _slot(self, now: int) -> None:
        flow = self.litres(now, local(now, self.house.zone).hour)
        self.ledgers[self.unit].set_power(now, flow * 1000)
        self.touch(now)
        self.schedule("slot", (now // SLOT + 1) * SLOT, self._slot)


class GasMeter(VolumeMeter):
    """Of the gas that heats the house: the colder it is, the more."""

    kind = "gas_meter"

    @override
    def litres(self, now: int, hour: int) -> int:
        cold = max(0.0, _WARM_OUTSIDE - self.house.weather.outside(now))
        return int(cold * 45) if self.chance("burns", now // SLOT) < 0.6 else 0  # noqa: PLR2004


class WaterMeter(VolumeMeter):
    """Of the drinking water: taps, showers and toilets, and none at night."""

    kind = "water_meter"

    @override
    def litres(self, now: int, hour: int) -> int:
        often = 0.5 if hour in _TAP_HOURS else 0.15 if hour in range(6, 23) else 0.0
        chance = self.chance("taps", now // SLOT)
        return int(chance / often * 300) if chance < often else 0
