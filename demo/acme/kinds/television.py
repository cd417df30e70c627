"""The television: inputs, a remote control, and films."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, override

from ..fields import Choice, Field
from ..works import Command
from .player import Player, Title

KEYS = ("up", "down", "left", "right", "ok", "back", "home", "menu", "red", "green")


class Television(Player):
    """A television. ``key`` presses a key of its remote control."""

    kind = "television"
    _TITLES: ClassVar[Sequence[Title]] = (
        Title("The Long Way Down", "Channel One", 5400, "film"),
        Title("Evening News", "Channel One", 900, "show"),
        Title("Gardens of the North", "Channel Two", 2700, "show"),
    )
    _INPUTS: ClassVar[tuple[str, ...]] = ("tv", "hdmi_1", "hdmi_2", "cast")
    _LOUDEST = 60
    _RUNNING = 88_000

    @override
    def settings(self) -> Mapping[str, Field]:
        return {**super().settings(), "key": Choice(KEYS)}

    @override
    def truth(self) -> dict[str, Any]:
        return super().truth() | {"keys": list(self._pressed)}

    @override
    def initial(self) -> dict[str, Any]:
        self._pressed: list[str] = []
        return super().initial()

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        key = values.pop("key", None)
        if key is not None:
            self._pressed = [*self._pressed[-9:], key]
        return super().obey(values, now) if values else None
