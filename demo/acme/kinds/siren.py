"""The siren: it stops by itself."""

from collections.abc import Mapping
from typing import Any, override

from ..clock import SECOND
from ..fields import Choice, Field, Integer
from ..works import Command
from .base import BATTERY_LEVERS, BatteryDevice
from .keeper import Keeper

_TONES = ("wail", "whoop", "chime")


class Siren(Keeper, BatteryDevice):
    """A siren. ``do`` starts and stops it; it sounds for ``seconds``."""

    kind = "siren"
    days_per_percent = 10.0

    @override
    def initial(self) -> dict[str, Any]:
        return {"noise": "silent", "tone": "wail", "loudness": 5, "seconds": 60}

    @override
    def fields(self) -> dict[str, Any]:
        return {**self._state, "battery": self.battery}

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "do": Choice(("start", "stop")),
            "tone": Choice(_TONES),
            "loudness": Integer(0, 10),
            "seconds": Integer(1, 600, unit="s"),
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return BATTERY_LEVERS

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self.battery = values["battery"]
        self.touch(now)

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        do = values.pop("do", None)
        self.keep(now, **values)
        if do == "start":
            self.keep(now, noise="sounding")
            self.schedule("stop", now + self._state["seconds"] * SECOND, self._stop)
        elif do == "stop":
            self._stop(now)
        return None

    def _stop(self, now: int) -> None:
        self.forget("stop")
        self.keep(now, noise="silent")
