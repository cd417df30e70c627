"""The valve of the garden's water: a motor turns it, and a wheel counts what flows."""

from collections.abc import Mapping
from typing import Any, override

from ..card import Card
from ..clock import HOUR, MINUTE, SECOND
from ..errors import InvalidValueError
from ..fields import Choice, Field, Integer, Switch
from ..works import Command
from .axis import FULL, Axis
from .base import Surroundings
from .keeper import Keeper

_TURNS = 6 * SECOND
_LOOKS = SECOND
_LITRES_PER_HOUR = 900
_DRIP = 12
_PERMILLE = 1000


class WaterValve(Keeper):
    """A valve from closed (0) to open (1000, in per mille)."""

    kind = "water_valve"

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self._axis = Axis(_TURNS, 0.0)
        self._litres = float(card.options.get("litres", 0))
        self._counted_at = now
        super().__init__(card, house, now)

    @override
    def initial(self) -> dict[str, Any]:
        return {
            "opening_pm": 0,
            "turning": None,
            "flow_lph": 0,
            "litres": round(self._litres),
            "leak": False,
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "opening_pm": Integer(0, _PERMILLE, unit="‰"),
            "move": Choice(("open", "close", "stop")),
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"opening_pm": Integer(0, _PERMILLE, unit="‰"), "leak": Switch()}

    @override
    def check(self, values: Mapping[str, Any]) -> None:
        if {"move", "opening_pm"} <= values.keys():
            raise InvalidValueError("move does not go with opening_pm", field="move")

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        if "opening_pm" in values:
            self._axis.halt(now, "moved_by_hand")
            self._axis.position = values["opening_pm"] / _PERMILLE * FULL
        self.keep(now, leak=values.get("leak", self._state["leak"]))
        self._look(now)

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        command = None
        if values.get("move") == "stop":
            self._axis.halt(now, "stopped")
        else:
            move = values.get("move")
            opening = values.get("opening_pm", _PERMILLE if move == "open" else 0)
            command = self.house.works.new_command(self.card.serial, now)
            self._axis.send(opening / _PERMILLE * FULL, now, command)
        self._look(now)
        return command

    def _look(self, now: int) -> None:
        """Count what flowed, say how far it is, and come back while it turns or water flows."""
        self._litres += self._state["flow_lph"] * (now - self._counted_at) / HOUR
        self._counted_at = now
        self._axis.follow(now)
        opening = round(self._axis.position / FULL * _PERMILLE)
        flow = opening * _LITRES_PER_HOUR // _PERMILLE
        self.keep(
            now,
            opening_pm=opening,
            turning={"up": "open", "down": "close", None: None}[self._axis.direction],
            flow_lph=flow or (_DRIP if self._state["leak"] else 0),
            litres=round(self._litres),
        )
        if self._axis.moving:
            look = min(now + _LOOKS, self._axis.arrival())
            self.schedule("look", max(look, now + 1), self._look)
        elif self._state["flow_lph"]:
            self.schedule("look", now + MINUTE, self._look)
        else:
            self.forget("look")
