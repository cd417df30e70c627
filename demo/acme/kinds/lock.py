"""The lock of the front door. Its motor takes three seconds, and jams now and then."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import SECOND
from ..fields import Choice, Field, Integer
from ..works import Command
from .base import BATTERY_LEVERS, CODE, IDENTIFY, BatteryDevice, Surroundings

_TAKES = 3 * SECOND
_HOW: Mapping[str, str] = {"locked": "locking", "unlocked": "unlocking", "open": "opening"}
_JAMS = ("random", "next", "always", "never")
_JAM_RATE = 0.1


class Lock(BatteryDevice):
    """A lock: ``open`` draws the latch back as well, ``auto_lock`` locks it again by itself.

    Options: ``code``, what has to be given to unlock it.
    """

    kind = "lock"
    event_types: ClassVar[tuple[str, ...]] = ("locked", "unlocked", "jammed")
    days_per_percent = 3.0

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._state = "locked"
        self._changed_by: str | None = None
        self._auto_lock = 0
        self._jam = "random"
        self._tries = 0
        self._target = "locked"
        self._command: Command | None = None

    @override
    def fields(self) -> dict[str, Any]:
        return {
            "state": self._state,
            "changed_by": self._changed_by,
            "auto_lock": self._auto_lock,
            "battery": self.battery,
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "state": Choice(tuple(_HOW)),
            "auto_lock": Integer(0, 300, unit="s"),
            **IDENTIFY,
            **(CODE if "code" in self.card.options else {}),
        }

    @override
    def guarded(self, values: Mapping[str, Any]) -> bool:
        return values.get("state") in {"unlocked", "open"}

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"state": Choice((*_HOW, "jammed")), "jam": Choice(_JAMS), **BATTERY_LEVERS}

    @override
    def truth(self) -> dict[str, Any]:
        return super().truth() | {"jam": self._jam, "tries": self._tries}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self.battery = values.get("battery", self.battery)
        self._jam = values.get("jam", self._jam)
        if "state" in values:
            self.forget("arrive")
            self._end_command("moved_by_hand", now)
            self._hold(values["state"], "manual", now)
        self.touch(now)

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        self.identified += values.get("identify", False)
        if "auto_lock" in values and values["auto_lock"] != self._auto_lock:
            self._auto_lock = values["auto_lock"]
            self.touch(now)
            self._plan_auto_lock(now)
        if "state" not in values:
            return None
        command = self.house.works.new_command(self.card.serial, now)
        if values["state"] == self._state:
            command.done(now)
        else:
            self._end_command("superseded", now)
            self._command = command
            self._start(values["state"], now)
        return command

    def _start(self, target: str, now: int) -> None:
        self._target = target
        self._state = _HOW[target]
        self.touch(now)
        self.schedule("arrive", now + _TAKES, self._arrive)

    def _arrive(self, now: int) -> None:
        by = "api" if self._command is not None else "auto_lock"
        if self._jams():
            self._end_command("jammed", now)
            self._hold("jammed", by, now)
        else:
            if self._command is not None:
                self._command.done(now)
                self._command = None
            self._hold(self._target, by, now)

    def _jams(self) -> bool:
        self._tries += 1
        if self._jam == "random":
            return self.house.lively and self.chance("jam", self._tries) < _JAM_RATE
        if self._jam == "next":
            self._jam = "random"
            return True
        return self._jam == "always"

    def _hold(self, state: str, by: str, now: int) -> None:
        self._state, self._changed_by = state, by
        self.touch(now)
        event = "unlocked" if state == "open" else state
        self.house.works.emit(now, self.card.serial, event, {"by": by})
        self._plan_auto_lock(now)

    def _plan_auto_lock(self, now: int) -> None:
        if self._auto_lock and self._state in {"unlocked", "open"}:
            self.schedule(
                "auto_lock",
                now + self._auto_lock * SECOND,
                lambda then: self._start("locked", then),
            )
        else:
            self.forget("auto_lock")

    def _end_command(self, reason: str, now: int) -> None:
        if self._command is not None:
            self._command.fail(reason, now)
            self._command = None
