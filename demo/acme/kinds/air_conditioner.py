"""The air conditioner: a mode and a target, which are written together, in degrees Fahrenheit."""

from collections.abc import Mapping
from typing import Any, override

from ..card import Card
from ..clock import MINUTE
from ..errors import InvalidValueError
from ..fields import Choice, Field, Integer
from ..works import Command
from .base import Flow, Surroundings
from .keeper import Keeper

_RANGES: Mapping[str, tuple[int, int]] = {
    "off": (61, 86),
    "cooling": (61, 86),
    "heating": (50, 77),
    "drying": (68, 77),
}
"""The targets that each mode allows, in °F."""
_FANS: Mapping[str, tuple[str, ...]] = {
    "off": ("auto", "F1", "F2", "F3"),
    "cooling": ("auto", "F1", "F2", "F3"),
    "heating": ("auto", "F1", "F2"),
    "drying": ("F1",),
}
"""The fan's levels that each mode allows."""
_LOUVRES = ("fixed", "swing", "ceiling")
_NATURAL_F = 72.0
_STEP = 5 * MINUTE
_STEP_ON = MINUTE
_PULL_F = 0.6
"""By how much it changes the room in a minute."""
_DRIFT = 0.01
_STANDBY, _RUNNING = 3_000, 740_000


class AirConditioner(Keeper):
    """Cools, heats or dries. Target and fan have the ranges of the mode that it is in."""

    kind = "air_conditioner"
    flow = Flow.LOAD

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self._room = _NATURAL_F
        self._stepped_at = now
        super().__init__(card, house, now)
        self._step(now)

    @override
    def initial(self) -> dict[str, Any]:
        return {
            "mode": "off",
            "target_f": 72,
            "target_min_f": _RANGES["off"][0],
            "target_max_f": _RANGES["off"][1],
            "room_f": self._room,
            "fan": "auto",
            "fans": list(_FANS["off"]),
            "louvre": "fixed",
            "running": False,
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        lowest = min(low for low, _ in _RANGES.values())
        highest = max(high for _, high in _RANGES.values())
        return {
            "mode": Choice(tuple(_RANGES)),
            "target_f": Integer(lowest, highest, unit="°F"),
            "fan": Choice(_FANS["off"]),
            "louvre": Choice(_LOUVRES),
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"room_f": Integer(0, 120, unit="°F")}

    @override
    def check(self, values: Mapping[str, Any]) -> None:
        if ("mode" in values) != ("target_f" in values):
            raise InvalidValueError("mode and target_f are written together", field="mode")
        mode = values.get("mode", self._state["mode"])
        low, high = _RANGES[mode]
        if not low <= values.get("target_f", low) <= high:
            message = f"target_f must be between {low} and {high} while it is {mode}"
            raise InvalidValueError(message, field="target_f")
        if values.get("fan", "F1") not in _FANS[mode]:
            message = f"fan must be one of {', '.join(_FANS[mode])} while it is {mode}"
            raise InvalidValueError(message, field="fan")

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self._live(now)
        self._room = float(values["room_f"])
        self._step(now)

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        self._live(now)
        mode = values.get("mode", self._state["mode"])
        low, high = _RANGES[mode]
        fan = values.pop("fan", self._state["fan"])
        self.keep(
            now,
            **values,
            target_min_f=low,
            target_max_f=high,
            fans=list(_FANS[mode]),
            fan=fan if fan in _FANS[mode] else _FANS[mode][0],
        )
        self._step(now)
        return None

    def _wanted(self) -> int:
        """Return which way the room is to go: -1 colder, 1 warmer, 0 neither."""
        missing = self._state["target_f"] - self._room
        mode = self._state["mode"]
        if mode in {"cooling", "drying"} and missing < 0:
            return -1
        return 1 if mode == "heating" and missing > 0 else 0

    def _live(self, now: int) -> None:
        minutes = (now - self._stepped_at) / MINUTE
        self._stepped_at = now
        if self._state["running"]:
            # It never overshoots: what it lacks is all that it adds.
            missing = abs(self._state["target_f"] - self._room)
            self._room += self._wanted() * min(missing, _PULL_F * minutes)
        self._room += (_NATURAL_F - self._room) * min(1.0, _DRIFT * minutes)

    def _step(self, now: int) -> None:
        self._live(now)
        running = self._wanted() != 0
        self.keep(now, running=running, room_f=round(self._room, 1))
        self.set_power(now, _RUNNING if running else _STANDBY)
        pause = _STEP if self._state["mode"] == "off" else _STEP_ON
        self.schedule("step", (now // pause + 1) * pause, self._step)
