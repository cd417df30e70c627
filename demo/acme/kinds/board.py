"""The board on the fridge: a shopping list that everybody writes on."""

from collections.abc import Mapping
from typing import Any, ClassVar, override

from ..card import Card
from ..clock import HOUR, local
from ..errors import InvalidValueError, UnknownItemError
from ..fields import Choice, Field, Text, check_all
from .base import Surroundings
from .days import Day
from .keeper import Keeper

_WANTS = ("Milk", "Bread", "Apples", "Coffee", "Eggs", "Rice", "Soap")
_FIRST = ("Milk", "Light bulbs")
_MOST = 100
_DATE = 10


_ITEM: Mapping[str, Field] = {
    "text": Text(200),
    "note": Text(500, nullable=True),
    "state": Choice(("open", "bought")),
    "due": Day(_DATE, _DATE, nullable=True),
    "after": Text(12, nullable=True),
}


class Board(Keeper):
    """Keeps items in an order; each has an id that is never used again."""

    kind = "board"
    event_types: ClassVar[tuple[str, ...]] = ("added", "bought")

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self._items: list[dict[str, Any]] = []
        self._made = 0
        super().__init__(card, house, now)
        for text in _FIRST:
            self._write({"text": text}, self._made)
        self._count(now)
        if house.lively:
            self._plan_want(now)

    @override
    def initial(self) -> dict[str, Any]:
        return {"open": 0}

    @override
    def truth(self) -> dict[str, Any]:
        return super().truth() | {"items": self.items()}

    @override
    def items(self) -> list[dict[str, Any]]:
        return [dict(item) for item in self._items]

    @override
    def add_item(self, body: Mapping[str, Any], now: int) -> dict[str, Any]:
        values = check_all(_ITEM, body)
        if "text" not in values:
            raise InvalidValueError("text is missing", field="text")
        if len(self._items) >= _MOST:
            raise InvalidValueError(f"the board has room for {_MOST} items")
        place = self._place(values.pop("after"), None) if "after" in values else len(self._items)
        item = self._write(values, place)
        self.house.works.emit(now, self.card.serial, "added", {"item": item["id"]})
        self._count(now)
        return dict(item)

    def _write(self, values: Mapping[str, Any], place: int) -> dict[str, Any]:
        self._made += 1
        item = {"id": f"i-{self._made:05}", "note": None, "state": "open", "due": None, **values}
        self._items.insert(place, item)
        return item

    @override
    def change_item(self, number: str, body: Mapping[str, Any], now: int) -> dict[str, Any]:
        values = check_all(_ITEM, body)
        item = self._find(number)
        if "after" in values:
            place = self._place(values.pop("after"), number)
            self._items.remove(item)
            self._items.insert(place, item)
        if values.get("state") == "bought" and item["state"] == "open":
            self.house.works.emit(now, self.card.serial, "bought", {"item": number})
        item |= values
        self._count(now)
        return dict(item)

    @override
    def remove_item(self, number: str, now: int) -> None:
        self._items.remove(self._find(number))
        self._count(now)

    def _find(self, number: str) -> dict[str, Any]:
        for item in self._items:
            if item["id"] == number:
                return item
        raise UnknownItemError(f"there is no item {number[:50]!r}")

    def _place(self, after: str | None, moved: str | None) -> int:
        """Return where the item after another belongs, once the moved one is taken out."""
        if after is None:
            return 0
        if after == moved:
            raise InvalidValueError("after must be another item", field="after")
        self._find(after)
        return [item["id"] for item in self._items if item["id"] != moved].index(after) + 1

    def _count(self, now: int) -> None:
        self.keep(now, open=sum(item["state"] == "open" for item in self._items))
        self.touch(now)

    def _plan_want(self, now: int) -> None:
        pause = 9 * HOUR + int(9 * HOUR * self.chance("pause", now))
        self.schedule("want", now + pause, self._want)

    def _want(self, now: int) -> None:
        """Write down what runs out, and throw away what was bought."""
        self._items = [item for item in self._items if item["state"] == "open"]
        text = _WANTS[int(len(_WANTS) * self.chance("want", local(now, self.house.zone).hour, now))]
        if all(item["text"] != text for item in self._items):
            self.add_item({"text": text}, now)
        self._plan_want(now)
