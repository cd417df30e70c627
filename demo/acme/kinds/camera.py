"""The camera in the yard."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..clock import MINUTE, local
from ..errors import NoPictureError
from ..fields import Choice, Field, Press, Switch
from ..picture import draw_yard
from .base import Flow
from .keeper import Keeper

_SEEN_FOR = MINUTE


class Camera(Keeper):
    """A camera: what it sees is asked for as a picture, made anew every minute."""

    kind = "camera"
    flow = Flow.LOAD
    event_types: ClassVar[tuple[str, ...]] = ("person",)

    @override
    def initial(self) -> dict[str, Any]:
        return {
            "eye": "open",
            "watching": True,
            "recording": False,
            "lamp": "auto",
            "person": False,
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "eye": Choice(("open", "shut")),
            "watching": Switch(),
            "recording": Switch(),
            "lamp": Choice(("on", "off", "auto")),
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"somebody_comes": Press()}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        if self._state["eye"] == "open" and self._state["watching"]:
            self.keep(now, person=True)
            self.house.works.emit(now, self.card.serial, "person", {})
            self.schedule("leave", now + _SEEN_FOR, lambda then: self.keep(then, person=False))

    @override
    def picture(self, now: int) -> bytes:
        if self._state["eye"] == "shut":
            raise NoPictureError(f"the eye of {self.card.serial} is shut")
        minute = now // MINUTE * MINUTE
        return draw_yard(
            f"{local(minute, self.house.zone):%Y-%m-%d %H:%M}",
            self.house.weather.sun(minute),
            lit=self._state["lamp"] == "on",
            visitor=self._state["person"],
        )
