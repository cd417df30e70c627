"""Covers: the garage door, and a blind whose slats tilt."""

from collections.abc import Mapping
from typing import Any, override

from ..card import Card
from ..clock import SECOND
from ..errors import InvalidValueError
from ..fields import Choice, Field, Integer, Switch
from ..works import Command
from .axis import Axis
from .base import Device, Flow, Surroundings

_STANDBY = 1_500
_MOTOR = 180_000
_LOOKS = SECOND
_BOUNDS: Mapping[str, int] = {"open": 100, "close": 0}


class Cover(Device):
    """Something that travels between closed (0) and open (100)."""

    kind = "garage_door"
    flow = Flow.LOAD
    _TRAVEL: Mapping[str, int] = {"position": 12 * SECOND}

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._axes = {name: Axis(travel, 0.0) for name, travel in self._TRAVEL.items()}
        self._obstructed = False
        self._shown = self.fields()
        self._report_motion(now)

    @override
    def fields(self) -> dict[str, Any]:
        shown: dict[str, Any] = {name: round(axis.position) for name, axis in self._axes.items()}
        return shown | {
            "moving": self._axes["position"].direction,
            "obstructed": self._obstructed,
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        axes = {name: Integer(0, 100, unit="%") for name in self._axes}
        return {**axes, "move": Choice(("open", "close", "stop"))}

    @override
    def levers(self) -> Mapping[str, Field]:
        axes = {name: Integer(0, 100) for name in self._axes}
        return {**axes, "obstructed": Switch()}

    @override
    def truth(self) -> dict[str, Any]:
        exact = {f"exact_{name}": axis.position for name, axis in self._axes.items()}
        return super().truth() | exact

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        if "obstructed" in values:
            self._obstructed = values["obstructed"]
            if self._obstructed:
                self._halt_all(now, "obstructed")
        for name, axis in self._axes.items():
            if name in values:
                axis.halt(now, "moved_by_hand")
                axis.position = values[name]
        self._report_motion(now)

    @override
    def check(self, values: Mapping[str, Any]) -> None:
        if "move" in values and "position" in values:
            raise InvalidValueError("move does not go with position", field="move")

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        wanted = dict(values)
        move = wanted.pop("move", None)
        if move == "stop":
            self._halt_all(now, "stopped")
        elif move is not None:
            wanted["position"] = _BOUNDS[move]
        command = self._send(wanted, now) if wanted else None
        self._report_motion(now)
        return command

    def _send(self, targets: Mapping[str, int], now: int) -> Command:
        command = self.house.works.new_command(self.card.serial, now)
        if self._obstructed:
            command.fail("obstructed", now)
            return command
        command.parts = len(targets)
        for name, target in targets.items():
            self._axes[name].send(target, now, command)
        return command

    def _halt_all(self, now: int, reason: str) -> None:
        for axis in self._axes.values():
            axis.halt(now, reason)

    def _report_motion(self, now: int) -> None:
        """Say where it is, now and, while it moves, every second and on arrival."""
        for axis in self._axes.values():
            axis.follow(now)
        moving = [axis for axis in self._axes.values() if axis.moving]
        self.set_power(now, _MOTOR if moving else _STANDBY)
        if moving:
            look = min(now + _LOOKS, *(axis.arrival() for axis in moving))
            self.schedule("look", max(look, now + 1), self._report_motion)
        else:
            self.forget("look")
        if self.fields() != self._shown:
            self._shown = self.fields()
            self.touch(now)


class Blind(Cover):
    """A blind: ``tilt`` 0 is closed slats, 100 open ones."""

    kind = "blind"
    _TRAVEL: Mapping[str, int] = {"position": 20 * SECOND, "tilt": 2 * SECOND}
