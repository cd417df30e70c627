"""Electricity: the meter in the cellar, and the panels on the roof."""

from typing import Any, ClassVar, override

from ..card import Card
from ..clock import local
from ..ledger import Ledger
from ..noise import draw
from ..weather import SLOT
from .base import Device, Flow, Surroundings

_PEAK_HOURS = range(6, 22)
_COMPRESSOR = 95_000
_COMPRESSOR_SHARE = 0.45
_HOUSEHOLD = 165_000
_COOKING_HOURS = frozenset({7, 12, 18, 19})
_COOKING_SHARE = 0.35
_COOKING = 1_400_000


class MainMeter(Device):
    """What the house takes from the grid and gives to it. Options: ``kwh``, ``kwh_export``."""

    kind = "main_meter"
    against: ClassVar[str | None] = "kwh_export"

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        for name in ("kwh", "kwh_export"):
            self.ledgers[name] = Ledger(now, int(card.options.get(name, 0)) * 1_000_000)
        self._rest = 0
        self.tariff = "offpeak"
        self._slot(now)

    @override
    def fields(self) -> dict[str, Any]:
        return {"tariff": self.tariff}

    @override
    def truth(self) -> dict[str, Any]:
        return super().truth() | {
            "milliwatts": self.net_power(self.house.now),
            "unmetered_milliwatts": self._rest,
        }

    @override
    def balance(self, now: int) -> None:
        loads = sum(device.power for device in self.house.loads())
        net = self._rest + loads - sum(device.power for device in self.house.sources())
        self.ledgers["kwh"].set_power(now, max(0, net))
        self.ledgers["kwh_export"].set_power(now, max(0, -net))

    def _slot(self, now: int) -> None:
        """Live through five minutes: fridge, cooking, and what else has no plug of its own."""
        hour = local(now, self.house.zone).hour
        tariff = "peak" if hour in _PEAK_HOURS else "offpeak"
        if tariff != self.tariff:
            self.tariff = tariff
            self.touch(now)
        number = now // SLOT
        chance = draw(self.house.seed, "household", number)
        self._rest = int(_HOUSEHOLD * (0.8 + 0.4 * chance))
        if draw(self.house.seed, "fridge", number // 4) < _COMPRESSOR_SHARE:
            self._rest += _COMPRESSOR
        if hour in _COOKING_HOURS and chance < _COOKING_SHARE:
            self._rest += _COOKING
        self.house.power_changed()
        self.schedule("slot", (number + 1) * SLOT, self._slot)


class Solar(Device):
    """Panels and their inverter. Options: ``peak_watts``, ``kwh``."""

    kind = "solar"
    flow = Flow.SOURCE

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self.ledgers["kwh"] = Ledger(now, int(card.options.get("kwh", 0)) * 1_000_000)
        self.state = "standby"
        self._slot(now)

    @override
    def fields(self) -> dict[str, Any]:
        return {"state": self.state}

    def _slot(self, now: int) -> None:
        weather = self.house.weather
        # The sun in the middle of the slot stands for the whole of it.
        share = weather.sun(now + SLOT // 2) * weather.clearness(now)
        self.set_power(now, int(self.card.options.get("peak_watts", 5000) * 1000 * share))
        state = "producing" if self.power else "standby"
        if state != self.state:
            self.state = state
            self.touch(now)
        self.schedule("slot", (now // SLOT + 1) * SLOT, self._slot)
