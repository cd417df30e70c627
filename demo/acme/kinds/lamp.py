"""Lamps: on and off, dimmable, in white and in colour."""

from collections.abc import Mapping
from typing import Any, override

from ..card import Card
from ..errors import InvalidValueError
from ..fields import Choice, Field, Integer, Number, Switch
from ..works import Command
from .base import IDENTIFY, Device, Flow, Surroundings

_STANDBY = 300
_WHITE = frozenset({"kelvin"})
_COLOR = frozenset({"hue", "saturation"})


class Lamp(Device):
    """A lamp. Options: ``dimmable``, ``kelvin`` (range), ``color``, ``effects``, ``watts``."""

    kind = "lamp"
    flow = Flow.LOAD

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        options = card.options
        self._effects: tuple[str, ...] = tuple(options.get("effects", ()))
        self._state: dict[str, Any] = {"on": False}
        if options.get("dimmable"):
            self._state["level"] = 100
        if "kelvin" in options:
            self._state |= {"color_mode": "white", "kelvin": 2700}
        if options.get("color"):
            self._state |= {"hue": 30, "saturation": 60}
        if self._effects:
            self._state["effect"] = None
        self._use_power(now)

    @override
    def fields(self) -> dict[str, Any]:
        return dict(self._state)

    @override
    def settings(self) -> Mapping[str, Field]:
        options = self.card.options
        found: dict[str, Field] = {"on": Switch()}
        if options.get("dimmable"):
            found |= {"level": Integer(1, 100, unit="%"), "transition": Number(0, 60, 0.1, "s")}
        if "kelvin" in options:
            low, high = options["kelvin"]
            found["kelvin"] = Integer(low, high, unit="K")
        if options.get("color"):
            found |= {"hue": Integer(0, 360, unit="°"), "saturation": Integer(0, 100, unit="%")}
        if self._effects:
            found["effect"] = Choice(self._effects, nullable=True)
        return found | IDENTIFY

    @override
    def check(self, values: Mapping[str, Any]) -> None:
        if _WHITE & values.keys() and _COLOR & values.keys():
            raise InvalidValueError("kelvin does not go with hue and saturation", field="kelvin")

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        wanted = dict(values)
        # The lamp fades; its status shows at once where it is going.
        wanted.pop("transition", None)
        self.identified += wanted.pop("identify", False)
        if _WHITE & wanted.keys():
            wanted["color_mode"] = "white"
        elif _COLOR & wanted.keys():
            wanted["color_mode"] = "color"
        if "color_mode" in wanted and self._effects:
            # A plain colour ends the effect that plays.
            wanted.setdefault("effect", None)
        changed = {**self._state, **wanted}
        if changed != self._state:
            self._state = changed
            self.touch(now)
            self._use_power(now)
        return None

    def _use_power(self, now: int) -> None:
        if self._state["on"]:
            level = self._state.get("level", 100)
            self.set_power(now, _STANDBY + int(self.card.options.get("watts", 8) * 10 * level))
        else:
            self.set_power(now, _STANDBY)
