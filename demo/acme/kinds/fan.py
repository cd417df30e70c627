"""The fan: six speeds, breezes, and a child lock under which it obeys nobody."""

from collections.abc import Mapping
from typing import Any, override

from ..clock import MINUTE
from ..errors import DeviceLockedError
from ..fields import Choice, Field, Integer, Switch
from ..works import Command
from .base import Flow
from .keeper import Keeper

_SPEEDS = 6
_BREEZES: Mapping[str, int] = {"natural": 3, "sleep": 1, "storm": 6}
"""Which speed each breeze begins with."""
_STORM_LASTS = 5 * MINUTE
_STANDBY = 600


class Fan(Keeper):
    """A fan: ``speed`` 0 is off, ``swing`` 0 or 1, ``turn`` which way the air goes."""

    kind = "fan"
    flow = Flow.LOAD

    @override
    def initial(self) -> dict[str, Any]:
        self._before = 3
        return {"speed": 0, "breeze": None, "swing": 0, "turn": "out", "child_lock": False}

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "speed": Integer(0, _SPEEDS),
            "power": Switch(),
            "breeze": Choice(tuple(_BREEZES), nullable=True),
            "swing": Integer(0, 1),
            "turn": Choice(("out", "in")),
            "child_lock": Switch(),
        }

    @override
    def check(self, values: Mapping[str, Any]) -> None:
        if self._state["child_lock"] and values.get("child_lock") is not False:
            raise DeviceLockedError(f"the child lock of {self.card.serial} is on")

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        power = values.pop("power", None)
        if values.get("breeze"):
            values.setdefault("speed", _BREEZES[values["breeze"]])
        elif "speed" in values:
            values["breeze"] = None
        elif power is not None:
            values["speed"] = self._before if power else 0
            values["breeze"] = self._state["breeze"] if power else None
        if values.get("breeze") == "storm":
            self.schedule("calm", now + _STORM_LASTS, self._calm)
        elif "breeze" in values:
            self.forget("calm")
        self.keep(now, **values)
        self._blow(now)
        return None

    def _calm(self, now: int) -> None:
        self.keep(now, breeze=None, speed=_BREEZES["natural"])
        self._blow(now)

    def _blow(self, now: int) -> None:
        speed = self._state["speed"]
        self._before = speed or self._before
        # A fan's power grows with the cube of its speed.
        self.set_power(now, _STANDBY + (4_000 + 180 * speed**3 if speed else 0))
