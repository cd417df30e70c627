"""The speaker: music, in an order, with a sound of its own."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, override

from ..fields import Choice, Field, Switch
from .player import Player, Title

_SOUNDS = ("neutral", "bass", "voice")
_AGAIN = ("no", "one", "all")


class Speaker(Player):
    """A speaker. ``again`` is what it does at the end of a title."""

    kind = "speaker"
    _TITLES: ClassVar[Sequence[Title]] = (
        Title("Morning Kettle", "The Lindens", 194),
        Title("Tram Number Seven", "The Lindens", 231),
        Title("Attic Window", "Ada Moor", 262),
        Title("Frost on the Gate", "Ada Moor", 178),
    )
    _INPUTS: ClassVar[tuple[str, ...]] = ("stream", "radio", "line_in")
    _RUNNING = 9_000

    @override
    def initial(self) -> dict[str, Any]:
        return {**super().initial(), "shuffle": False, "again": "no", "sound": "neutral"}

    @override
    def settings(self) -> Mapping[str, Field]:
        more = {"shuffle": Switch(), "again": Choice(_AGAIN), "sound": Choice(_SOUNDS)}
        return {**super().settings(), **more}

    @override
    def following(self, place: int) -> int:
        if self._state["again"] == "one":
            return place
        if self._state["shuffle"]:
            others = len(self._TITLES) - 1
            return place + 1 + int(others * self.chance("shuffle", self._since))
        return place + 1
