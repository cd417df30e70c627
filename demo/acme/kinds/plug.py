"""Plugs that switch and measure: one with a dishwasher, and the sockets of a strip."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, override

from ..card import Card
from ..clock import HOUR, MINUTE, SECOND, from_datetime, local
from ..fields import Field, Press, Switch
from ..ledger import Ledger
from ..works import Command
from .base import IDENTIFY, Device, Flow, Surroundings

_OWN_USE = 700
_RESTART = 5 * SECOND
_PROGRAMME: tuple[tuple[str, int, int], ...] = (
    ("prerinse", 6 * MINUTE, 85_000),
    ("heat", 22 * MINUTE, 2_040_000),
    ("wash", 31 * MINUTE, 62_000),
    ("rinse", 12 * MINUTE, 1_910_000),
    ("dry", 34 * MINUTE, 14_500),
)
"""The dishwasher's: phase, how long, milliwatts."""
_IDLE = 1_100
_SHARE_OF_DAYS = 0.8


class Plug(Device):
    """A plug. Options: ``watts`` (what hangs on it), ``kwh`` (reading when it was installed)."""

    kind = "plug"
    flow = Flow.LOAD

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self.ledgers["kwh"] = Ledger(now, int(card.options.get("kwh", 0)) * 1_000_000)
        self.on = True
        self.led = True
        self._use_power(now)

    @override
    def fields(self) -> dict[str, Any]:
        return {"on": self.on, "led": self.led}

    @override
    def settings(self) -> Mapping[str, Field]:
        return {"on": Switch(), "led": Switch(), "restart": Press(), **IDENTIFY}

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        self.identified += values.get("identify", False)
        if "led" in values and values["led"] != self.led:
            self.led = values["led"]
            self.touch(now)
        if "on" in values:
            self.forget("restart")
            self._switch(now, on=values["on"])
        if "restart" in values:
            self._switch(now, on=False)
            self.schedule("restart", now + _RESTART, lambda then: self._switch(then, on=True))
        return None

    def _switch(self, now: int, *, on: bool) -> None:
        if on == self.on:
            return
        self.on = on
        self.touch(now)
        self._use_power(now)

    def load(self) -> int:
        """Return what hangs on it draws, in milliwatts."""
        return int(self.card.options.get("watts", 0) * 1000)

    def _use_power(self, now: int) -> None:
        self.set_power(now, _OWN_USE + (self.load() if self.on else 0))


class DishwasherPlug(Plug):
    """A plug with a dishwasher, which runs on most evenings and pauses while it has no power."""

    kind = "appliance_plug"

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self._phase: int | None = None
        self._left = 0
        self._phase_since = 0
        super().__init__(card, house, now)
        self._plan_evening(now)

    @override
    def levers(self) -> Mapping[str, Field]:
        return {"start_programme": Press()}

    @override
    def truth(self) -> dict[str, Any]:
        phase = "idle" if self._phase is None else _PROGRAMME[self._phase][0]
        return super().truth() | {"phase": phase}

    @override
    def pull(self, values: dict[str, Any], now: int) -> None:
        self._begin_phase(now, 0)

    @override
    def load(self) -> int:
        return _IDLE if self._phase is None else _PROGRAMME[self._phase][2]

    @override
    def _switch(self, now: int, *, on: bool) -> None:
        if on == self.on:
            return
        if self._phase is not None:
            if on:
                self._run(now)
            else:
                self._left -= now - self._phase_since
                self.forget("phase")
        super()._switch(now, on=on)

    def _plan_evening(self, now: int) -> None:
        today = local(now, self.house.zone).date()
        for day in (today, today + timedelta(days=1)):
            midnight = from_datetime(datetime.combine(day, time.min, self.house.zone))
            minutes = int(90 * self.chance("evening", day.toordinal()))
            start = midnight + 19 * HOUR + minutes * MINUTE
            if start > now:
                self.schedule("evening", start, self._evening)
                return

    def _evening(self, now: int) -> None:
        day = local(now, self.house.zone).toordinal()
        if self._phase is None and self.chance("full", day) < _SHARE_OF_DAYS:
            self._begin_phase(now, 0)
        self._plan_evening(now)

    def _begin_phase(self, now: int, phase: int) -> None:
        self._phase = phase if phase < len(_PROGRAMME) else None
        if self._phase is not None:
            self._left = _PROGRAMME[self._phase][1]
            if self.on:
                self._run(now)
        self._use_power(now)

    def _run(self, now: int) -> None:
        self._phase_since = now
        self.schedule("phase", now + self._left, self._next_phase)

    def _next_phase(self, now: int) -> None:
        if self._phase is not None:
            self._begin_phase(now, self._phase + 1)


class Socket(Plug):
    """One socket of a strip."""

    kind = "socket"


class Strip(Device):
    """A strip of sockets, which are devices of their own; it measures what they draw together."""

    kind = "strip"

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self.ledgers["kwh"] = Ledger(now)
        self.child_lock = False

    @override
    def fields(self) -> dict[str, Any]:
        return {"child_lock": self.child_lock}

    @override
    def settings(self) -> Mapping[str, Field]:
        return {"child_lock": Switch()}

    @override
    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        if values["child_lock"] != self.child_lock:
            self.child_lock = values["child_lock"]
            self.touch(now)
        return None

    @override
    def balance(self, now: int) -> None:
        power = sum(child.power for child in self.house.children(self.card.serial))
        self.ledgers["kwh"].set_power(now, power)
