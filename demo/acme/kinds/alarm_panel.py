"""The alarm panel: it leaves time to go out and to come in, and wants a code to be switched off."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..clock import MINUTE, SECOND
from ..fields import Choice, Field, Integer, Press
from ..works import Command
from .base import CODE
from .keeper import Keeper

_ARMED = ("home", "away", "night")
_SOUNDS = 3 * MINUTE


class AlarmPanel(Keeper):
    """Guards the house. Options: ``code``, what has to be given to switch it off."""

    kind = "alarm_panel"
    event_types: ClassVar[tuple[str, ...]] = ("armed", "disarmed", "alarm")

    @override
    def initial(self) -> dict[str, Any]:
        self._armed = "off"
        return {"mode": "off", "by": None, "exit_seconds": 30, "entry_seconds": 20}

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "mode": Choice(("off", *_ARMED)),
            "panic": Press(),
            "exit_seconds": Integer(0, 120, unit="s"),
            "entry_seconds": Integer(0, 120, unit="s"),
            **CODE,
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"mode": Choice(("off", *_ARMED)), "intrusion": Press()}

    @override
    def truth(self) -> dict[str, Any]:
        return super().truth() | {"armed": self._armed}

    @override
    def guarded(self, values: Mapping[str, Any]) -> bool:
        return values.get("mode") == "off"

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        mode, panic = values.pop("mode", None), values.pop("panic", False)
        self.keep(now, **values)
        if mode == "off":
            self._disarm(now, "app")
        elif mode is not None:
            self._arm(mode, now)
        if panic:
            self._sound(now)
        return None

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        """Press keys at the panel itself, or break in."""
        mode = values.get("mode")
        if mode == "off":
            self._disarm(now, "keypad")
        elif mode is not None:
            self._armed = mode
            self._hold(now, "keypad")
        if "intrusion" in values and self._state["mode"] in _ARMED:
            if self._state["mode"] == "away" and self._state["entry_seconds"]:
                self.keep(now, mode="entry_delay")
                self.schedule("delay", now + self._state["entry_seconds"] * SECOND, self._sound)
            else:
                self._sound(now)

    def _arm(self, mode: str, now: int) -> None:
        self._armed = mode
        self.forget("silence")
        if mode == "away" and self._state["exit_seconds"]:
            self.keep(now, mode="exit_delay", by="app")
            self.schedule(
                "delay",
                now + self._state["exit_seconds"] * SECOND,
                lambda then: self._hold(then, "app"),
            )
        else:
            self._hold(now, "app")

    def _hold(self, now: int, by: str | None) -> None:
        """Be armed from now on."""
        self.forget("delay")
        self.forget("silence")
        self.keep(now, mode=self._armed, by=by)
        self.house.works.emit(now, self.card.serial, "armed", {"mode": self._armed})

    def _disarm(self, now: int, by: str) -> None:
        self.forget("delay")
        self.forget("silence")
        self._armed = "off"
        if self._state["mode"] != "off":
            self.keep(now, mode="off", by=by)
            self.house.works.emit(now, self.card.serial, "disarmed", {"by": by})

    def _sound(self, now: int) -> None:
        self.forget("delay")
        self.keep(now, mode="alarm")
        self.house.works.emit(now, self.card.serial, "alarm", {})
        self.schedule("silence", now + _SOUNDS, self._silence)

    def _silence(self, now: int) -> None:
        """Fall silent after a while, and be as before."""
        self.keep(now, mode=self._armed)
