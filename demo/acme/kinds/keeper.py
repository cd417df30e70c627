"""Devices whose status is what was written or measured last."""

from abc import abstractmethod
from typing import Any, override

from ..card import Card
from ..works import Command
from .base import Device, Surroundings


class Keeper(Device):
    """Keeps its status in one mapping, and notes the time whenever that changes."""

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self._state = self.initial()

    @abstractmethod
    def initial(self) -> dict[str, Any]:
        """Return its status when it is new."""

    @override
    def fields(self) -> dict[str, Any]:
        return dict(self._state)

    def keep(self, now: int, **changes: Any) -> None:  # noqa: ANN401 - each field has its own type
        """Take changes over into the status."""
        changed = {**self._state, **changes}
        if changed != self._state:
            self._state = changed
            self.touch(now)

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        wanted = dict(values)
        self.identified += wanted.pop("identify", False)
        return self.obey(wanted, now)

    def obey(self, values: dict[str, Any], now: int) -> Command | None:
        """Obey checked values; by default they are what the status shows from now on."""
        self.keep(now, **values)
        return None

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self.keep(now, **values)
