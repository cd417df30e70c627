"""The hub in the hall: its display, its scenes, and software that it updates by itself or not."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import DAY, SECOND
from ..errors import DeviceBusyError, InvalidValueError
from ..fields import Choice, Field, Integer, Switch, Text
from ..works import Command
from .base import IDENTIFY, Surroundings
from .days import Day, TimeOfDay
from .keeper import Keeper

_SCENES = ("movie", "good_night", "all_bright")
_RELEASES: Mapping[str, str] = {
    "3.2.0": "The display shows the weather.",
    "3.3.0": "Scenes start faster. Fixes a display that stayed dark after a power cut.",
}
_STEPS, _STEP = 10, SECOND
_MESSAGES = 20
_DIM = 20


class Hub(Keeper):
    """Shows messages, sets scenes, and can be given newer software."""

    kind = "hub"
    event_types: ClassVar[tuple[str, ...]] = ("scene", "updated")

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self._messages: list[dict[str, Any]] = []
        self._installing: str | None = None
        super().__init__(card, house, now)

    @override
    def initial(self) -> dict[str, Any]:
        return {
            "newest": "3.3.0",
            "news": _RELEASES["3.3.0"],
            "progress": None,
            "auto_update": False,
            "greeting": "Welcome home",
            "wake_at": "06.30",
            "holiday_from": None,
            "service_at": self.born // DAY * DAY // SECOND + 200 * 86_400,
        }

    @override
    def fields(self) -> dict[str, Any]:
        return {"firmware": self.card.firmware, **self._state}

    @override
    def settings(self) -> Mapping[str, Field]:
        return {
            "install": Choice(tuple(_RELEASES)),
            "auto_update": Switch(),
            "greeting": Text(32),
            "wake_at": TimeOfDay(5, 5),
            "holiday_from": Day(10, 10, nullable=True),
            "service_at": Integer(0, 4_102_444_800, unit="s"),
            "message": Text(200),
            "headline": Text(40),
            "scene": Choice(_SCENES),
            "fade": Integer(0, 60, unit="s"),
            **IDENTIFY,
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"newest": Choice(tuple(_RELEASES))}

    @override
    def truth(self) -> dict[str, Any]:
        return super().truth() | {"messages": list(self._messages)}

    @override
    def check(self, values: Mapping[str, Any]) -> None:
        if "headline" in values and "message" not in values:
            raise InvalidValueError("headline goes with message", field="headline")
        if "install" in values and self._installing is not None:
            raise DeviceBusyError(f"{self.card.serial} installs {self._installing}")

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        newest = values["newest"]
        self.keep(now, newest=newest, news=_RELEASES[newest])
        self._update_itself(now)

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        install, scene = values.pop("install", None), values.pop("scene", None)
        fade = values.pop("fade", 0)
        if "message" in values:
            told = {"text": values.pop("message"), "headline": values.pop("headline", None)}
            self._messages = [*self._messages[1 - _MESSAGES :], told]
        self.keep(now, **values)
        if scene is not None:
            self._set_scene(scene, fade, now)
        if install is not None:
            self._install(install, now)
        self._update_itself(now)
        return None

    def _update_itself(self, now: int) -> None:
        waiting = self._installing is None and self.card.firmware != self._state["newest"]
        if self._state["auto_update"] and waiting:
            self._install(self._state["newest"], now)

    def _install(self, version: str, now: int) -> None:
        self._installing = version
        self._progress(now, 0)

    def _progress(self, now: int, step: int) -> None:
        if step < _STEPS:
            self.keep(now, progress=100 * step // _STEPS)
            self.schedule("step", now + _STEP, lambda then: self._progress(then, step + 1))
            return
        if self._installing is not None:
            self.card.firmware = self._installing
        self._installing = None
        self.keep(now, progress=None)
        self.touch(now)
        self.house.works.emit(now, self.card.serial, "updated", {"to": self.card.firmware})

    def _set_scene(self, scene: str, fade: int, now: int) -> None:
        for lamp in self.house.of_kind("lamp"):
            wanted: dict[str, Any] = {"on": scene != "good_night"}
            if scene != "good_night" and "level" in lamp.settings():
                wanted |= {"level": _DIM if scene == "movie" else 100, "transition": float(fade)}
            if lamp.online:
                lamp.apply(wanted, now)
        self.house.works.emit(now, self.card.serial, "scene", {"scene": scene})
