"""The vacuum robot: cleans rooms as a task, and drives back to its dock."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import MINUTE, SECOND
from ..errors import DeviceBusyError
from ..fields import Choice, Choices, Field, Integer
from ..works import Command, Ending, Task
from .base import BATTERY_LEVERS, Device, Flow, Surroundings, TaskForm

_ROOMS = ("Kitchen", "Living room", "Hall", "Bathroom")
_SPEEDS = ("quiet", "standard", "max")
_TICK = 5 * SECOND
_ROOM_TAKES = 4 * MINUTE
_WAY_BACK = 20 * SECOND
_FULL = 100.0
_EMPTY = 5.0
_DRAIN_PER_TICK = 0.06
_CHARGE_PER_TICK = 0.08
_CHARGING = 28_000
_DOCK = 2_000


class Vacuum(Device):
    """A vacuum robot. ``do`` starts, pauses, stops it, sends it back or has it call."""

    kind = "vacuum"
    flow = Flow.LOAD
    event_types: ClassVar[tuple[str, ...]] = ("cleaned", "stuck")
    tasks: ClassVar[Mapping[str, TaskForm]] = {
        "clean": TaskForm({"rooms": Choices(_ROOMS), "passes": Integer(1, 3)}, {"passes": 1})
    }

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._state = "docked"
        self._speed = "standard"
        self._battery = _FULL
        self._job: Task | None = None
        self._needed = 0
        self._cleaned = 0
        self._shown = self.fields()
        self._settle(now)

    @override
    def fields(self) -> dict[str, Any]:
        return {
            "state": self._state,
            "speed": self._speed,
            "room": self._room(),
            "battery": int(self._battery),
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "do": Choice(("start", "pause", "stop", "return", "locate")),
            "speed": Choice(_SPEEDS),
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"state": Choice(("stuck", "idle", "docked")), **BATTERY_LEVERS}

    @override
    def truth(self) -> dict[str, Any]:
        return super().truth() | {"exact_battery": self._battery}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self._battery = float(values.get("battery", self._battery))
        if "state" in values:
            self._state = values["state"]
            if self._state == "stuck":
                self.house.works.emit(now, self.card.serial, "stuck", {})
                self._end_job("failed", now, "stuck")
            else:
                self._end_job("cancelled", now)
        self._settle(now)

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        self._speed = values.get("speed", self._speed)
        doing = {
            "start": self._start,
            "pause": self._pause,
            "stop": self._stop,
            "return": self._return,
            "locate": self._locate,
        }
        if "do" in values:
            doing[values["do"]](now)
        self._settle(now)
        return None

    @override
    def check_task(self, name: str) -> None:
        if self._job is not None:
            raise DeviceBusyError(f"{self.card.serial} is at task {self._job.id}")

    @override
    def start_task(self, task: Task) -> None:
        self._job = task
        self._needed = len(task.data["rooms"]) * task.data["passes"] * _ROOM_TAKES
        self._cleaned = 0
        self._state = "cleaning"
        self._settle(task.created)

    def _start(self, now: int) -> None:
        if self._job is None:
            rooms = list(_ROOMS)
            self.start_task(
                self.house.works.new_task(
                    self.card.serial, "clean", {"rooms": rooms, "passes": 1}, now
                )
            )
        else:
            self._job.state = "running"
            self._state = "cleaning"

    def _pause(self, _now: int) -> None:
        if self._job is not None and self._state == "cleaning":
            self._state = self._job.state = "paused"

    def _stop(self, now: int) -> None:
        self._end_job("cancelled", now)
        if self._state != "docked":
            self._state = "idle"

    def _return(self, now: int) -> None:
        self._end_job("cancelled", now)
        if self._state not in {"docked", "returning"}:
            self._state = "returning"
            self.schedule("dock", now + _WAY_BACK, self._dock)

    def _locate(self, _now: int) -> None:
        self.identified += 1

    def _dock(self, now: int) -> None:
        if self._state == "returning":
            self._state = "docked"
        self._settle(now)

    def _end_job(self, state: Ending, now: int, reason: str | None = None) -> None:
        if self._job is not None:
            self._job.end(state, now, reason)
            self._job = None

    def _room(self) -> str | None:
        if self._job is None or self._state not in {"cleaning", "paused"}:
            return None
        rooms: list[str] = self._job.data["rooms"]
        return rooms[self._cleaned // _ROOM_TAKES % len(rooms)]

    def _settle(self, now: int) -> None:
        """Say what changed, draw what is needed, and come back while something goes on."""
        charging = self._state == "docked" and self._battery < _FULL
        self.set_power(now, _CHARGING if charging else _DOCK)
        if charging or self._state == "cleaning":
            if "tick" not in self._plans:
                self.schedule("tick", now + _TICK, self._tick)
        else:
            self.forget("tick")
        if self.fields() != self._shown:
            self._shown = self.fields()
            self.touch(now)

    def _tick(self, now: int) -> None:
        if self._state == "cleaning" and self._job is not None:
            self._cleaned += _TICK
            self._battery -= _DRAIN_PER_TICK
            self._job.progress = min(99, self._cleaned * 100 // self._needed)
            if self._cleaned >= self._needed:
                self._end_job("done", now)
                self.house.works.emit(now, self.card.serial, "cleaned", {})
                self._return(now)
            elif self._battery <= _EMPTY:
                self._end_job("failed", now, "battery_low")
                self._return(now)
        else:
            self._battery = min(_FULL, self._battery + _CHARGE_PER_TICK)
        self._settle(now)
