"""The humidifier: a tank, a mist, and the air that it moistens."""

from collections.abc import Mapping
from typing import Any, override

from ..card import Card
from ..clock import MINUTE
from ..fields import Choice, Field, Integer, Press, Switch
from ..works import Command
from .base import Flow, Surroundings
from .keeper import Keeper

_MIST: Mapping[str, float] = {"auto": 0.6, "sleep": 0.3, "baby": 0.4, "strong": 1.2}
"""By how much each mode moistens the air, in percent a minute."""
_DRY = 36.0
_DRIES = 0.02
"""Which share of the way back to dry air the room goes in a minute."""
_EMPTIES = 0.5
_STEP = 5 * MINUTE
_STEP_ON = MINUTE
_FULL = 100.0
_BAND = 1
_STANDBY, _RUNNING = 800, 24_000


class Humidifier(Keeper):
    """Moistens the air of a room until it reaches its target, while there is water."""

    kind = "humidifier"
    flow = Flow.LOAD

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self._air, self._tank = 41.0, 80.0
        self._stepped_at = now
        super().__init__(card, house, now)
        self._step(now)

    @override
    def initial(self) -> dict[str, Any]:
        return {
            "on": False,
            "target": 50,
            "humidity": round(self._air),
            "mode": "auto",
            "misting": False,
            "tank": int(self._tank),
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {"on": Switch(), "target": Integer(30, 80, 5, "%"), "mode": Choice(tuple(_MIST))}

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"humidity": Integer(0, 100, unit="%"), "tank": Integer(0, 100), "refill": Press()}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self._live(now)
        self._air = float(values.get("humidity", self._air))
        self._tank = _FULL if "refill" in values else float(values.get("tank", self._tank))
        self._step(now)

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        self._live(now)
        self.keep(now, **values)
        self._step(now)
        return None

    def _live(self, now: int) -> None:
        minutes = (now - self._stepped_at) / MINUTE
        self._stepped_at = now
        if self._state["misting"]:
            self._air = min(_FULL, self._air + _MIST[self._state["mode"]] * minutes)
            self._tank = max(0.0, self._tank - _EMPTIES * minutes)
        self._air += (_DRY - self._air) * min(1.0, _DRIES * minutes)

    def _step(self, now: int) -> None:
        self._live(now)
        state = self._state
        misting = state["misting"]
        if not state["on"] or self._tank <= 0 or self._air >= state["target"]:
            misting = False
        elif self._air <= state["target"] - _BAND:
            misting = True
        self.keep(now, misting=misting, humidity=round(self._air), tank=int(self._tank))
        self.set_power(now, _RUNNING if misting else _STANDBY)
        pause = _STEP_ON if state["on"] else _STEP
        self.schedule("step", (now // pause + 1) * pause, self._step)
