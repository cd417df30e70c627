"""What plays: titles one after the other, each with a place where it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import SECOND, iso
from ..fields import Choice, Field, Integer, Switch, Text
from ..picture import draw_cover
from ..works import Command
from .base import Flow, Surroundings
from .keeper import Keeper


@dataclass(frozen=True, slots=True)
class Title:
    """Something to play: how long in seconds, and by whom."""

    name: str
    by: str
    seconds: int
    kind: str = "track"


class Player(Keeper):
    """A device that plays. ``do`` is what its buttons do; it knows where it is in a title.

    The place is told as ``position_ms``, and the time at which it was there: it needs no news
    while it plays on.
    """

    flow = Flow.LOAD
    _TITLES: ClassVar[Sequence[Title]] = ()
    _INPUTS: ClassVar[tuple[str, ...]] = ()
    _LOUDEST: ClassVar[int] = 40
    _STANDBY, _RUNNING = 500, 12_000

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self._place = 0
        self._from_ms = 0
        self._since = now
        super().__init__(card, house, now)
        self._show(now)

    @override
    def initial(self) -> dict[str, Any]:
        return {
            "power": "standby",
            "input": self._INPUTS[0],
            "volume": 12,
            "muted": 0,
            "doing": "stopped",
            "title": None,
            "by": None,
            "sort": None,
            "length_ms": None,
            "position_ms": None,
            "position_at": None,
            "cover": None,
        }

    @override
    def settings(self) -> Mapping[str, Field]:
        longest = max(title.seconds for title in self._TITLES)
        return {
            "power": Choice(("on", "standby")),
            "input": Choice(self._INPUTS),
            "volume": Integer(0, self._LOUDEST),
            "muted": Integer(0, 1),
            "do": Choice(("play", "pause", "stop", "next", "previous")),
            "seek_ms": Integer(0, longest * SECOND, unit="ms"),
            "open": Text(500),
        }

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"unplugged": Switch()}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        if values["unplugged"]:
            self.obey({"power": "standby"}, now)

    @override
    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        do, seek = values.pop("do", None), values.pop("seek_ms", None)
        opened = values.pop("open", None)
        position = self._position(now)
        if do is not None or opened is not None:
            values["power"] = "on"
        self.keep(now, **values)
        if opened is not None:
            self._jump(self._find(opened), now)
        elif do in {"next", "previous"}:
            self._jump(self._place + (1 if do == "next" else -1), now)
        elif do in {"play", "pause", "stop"} or values.get("power") == "standby":
            doing = {"play": "playing", "pause": "paused"}.get(do or "", "stopped")
            self.keep(now, doing=doing)
            self._from_ms, self._since = 0 if doing == "stopped" else position, now
        if seek is not None:
            length = self._TITLES[self._place].seconds * SECOND
            self._from_ms, self._since = min(seek, length), now
        self._show(now)
        return None

    def _find(self, name: str) -> int:
        """Return the place of a title; what is not among them is the first."""
        names = [title.name for title in self._TITLES]
        return names.index(name) if name in names else 0

    def _jump(self, place: int, now: int) -> None:
        self._place = place % len(self._TITLES)
        self._from_ms, self._since = 0, now
        self.keep(now, doing="playing")

    def _position(self, now: int) -> int:
        if self._state["doing"] != "playing":
            return self._from_ms
        return self._from_ms + now - self._since

    def _show(self, now: int) -> None:
        """Say what plays, and where in it."""
        on = self._state["power"] == "on"
        title = self._TITLES[self._place] if on and self._state["doing"] != "stopped" else None
        self.set_power(now, self._RUNNING if on else self._STANDBY)
        if title is None:
            names = ("title", "by", "sort", "length_ms", "position_ms", "position_at", "cover")
            self.keep(now, **dict.fromkeys(names))
            self.forget("end")
            return
        self.keep(
            now,
            title=title.name,
            by=title.by,
            sort=title.kind,
            length_ms=title.seconds * SECOND,
            position_ms=self._from_ms,
            position_at=iso(self._since, self.house.zone),
            cover=f"/v1/devices/{self.card.serial}/picture?title={self._place}",
        )
        if self._state["doing"] == "playing":
            left = title.seconds * SECOND - self._from_ms
            self.schedule("end", max(now + 1, self._since + left), self._end)
        else:
            self.forget("end")

    def _end(self, now: int) -> None:
        self._jump(self.following(self._place), now)
        self._show(now)

    def following(self, place: int) -> int:
        """Return which title comes after one that has ended."""
        return place + 1

    @override
    def picture(self, now: int) -> bytes:
        """Return the cover of what plays."""
        return draw_cover(self._TITLES[self._place].name)
