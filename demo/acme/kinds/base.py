"""What all devices have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, ClassVar, Protocol
from zoneinfo import ZoneInfo

from ..card import Card
from ..clock import DAY
from ..errors import (
    InvalidValueError,
    NoChargerError,
    NoForecastError,
    NoListError,
    NoPictureError,
    WrongCodeError,
)
from ..fields import Field, Integer, Press, Switch, Text, check_all
from ..ledger import Ledger
from ..noise import draw
from ..plans import ChargingPlan
from ..weather import Weather
from ..works import Command, Task, Works

SAMPLE = 10_000
"""Meters are read every ten seconds, on the tens."""

_FULL = 100


class Surroundings(Protocol):
    """The house, as a device sees it."""

    seed: int
    now: int
    zone: ZoneInfo
    weather: Weather
    works: Works
    lively: bool
    """Whether people come and go, doors open and locks jam by themselves."""

    def power_changed(self) -> None:
        """Have the meters that add up others look again."""

    def children(self, serial: str) -> Iterable[Device]:
        """Return the devices that are part of another."""

    def sources(self) -> Iterable[Device]:
        """Return the devices that give power."""

    def loads(self) -> Iterable[Device]:
        """Return the devices that draw power."""

    def of_kind(self, kind: str) -> Iterable[Device]:
        """Return the devices of a kind."""


@dataclass(frozen=True, slots=True)
class TaskForm:
    """What a task takes; a field without a default must be given."""

    fields: Mapping[str, Field]
    defaults: Mapping[str, Any]

    def check(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return the checked data of a task, whole."""
        values = {**self.defaults, **check_all(self.fields, data)}
        for name in self.fields:
            if name not in values:
                raise InvalidValueError(f"{name} is missing", field=name)
        return {name: values[name] for name in self.fields}


class Flow(Enum):
    """Which way power flows at a device."""

    NONE = "none"
    LOAD = "load"
    SOURCE = "source"


class Device(ABC):
    """One device: what it is, how it changes with time, what it obeys.

    Time reaches it through ``change``, called at each moment that it asked for with ``schedule``.
    """

    kind: ClassVar[str]
    flow: ClassVar[Flow] = Flow.NONE
    against: ClassVar[str | None] = None
    """The ledger that counts what goes the other way, if there is one beside ``kwh``."""
    event_types: ClassVar[tuple[str, ...]] = ()
    tasks: ClassVar[Mapping[str, TaskForm]] = {}

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        self.card = card
        self.house = house
        self.born = now
        self.ts = now
        self.online = True
        self.power = 0
        self.ledgers: dict[str, Ledger] = {}
        self.identified = 0
        self.due: int | None = None
        self._plans: dict[str, tuple[int, Callable[[int], None]]] = {}
        self._offline_report: dict[str, Any] | None = None
        self._offline_ts = now
        self.offline_since: int | None = None

    # What it says of itself.

    @abstractmethod
    def fields(self) -> dict[str, Any]:
        """Return the fields of its status."""

    def settings(self) -> Mapping[str, Field]:
        """Return what can be written."""
        return {}

    def levers(self) -> Mapping[str, Field]:
        """Return what only the simulator can set, in place of nature and of people at home."""
        return {}

    def truth(self) -> dict[str, Any]:
        """Return what only the simulator knows."""
        return {"milliwatts": self.power, "identified": self.identified}

    def report(self) -> dict[str, Any]:
        """Return its status without times: as it is, or as last heard while it is offline."""
        if self._offline_report is not None:
            return self._offline_report
        return {"serial": self.card.serial, "online": self.online, **self.fields()}

    def capabilities(self) -> dict[str, Any]:
        """Return what it can do, with the ranges of this very device."""
        return {
            "settings": {name: field.describe() for name, field in self.settings().items()},
            "meter": bool(self.ledgers),
            "events": list(self.event_types),
            "tasks": {
                name: {key: field.describe() for key, field in form.fields.items()}
                for name, form in self.tasks.items()
            },
        }

    def picture(self, now: int) -> bytes:
        """Return what it has to show, as PNG. Raises NoPictureError."""
        del now
        raise NoPictureError(f"{self.card.serial} shows no pictures")

    def forecast(self, now: int) -> dict[str, Any]:
        """Return the weather to come. Raises NoForecastError."""
        del now
        raise NoForecastError(f"{self.card.serial} knows no weather")

    def items(self) -> list[dict[str, Any]]:
        """Return the items of its list, in their order. Raises NoListError."""
        raise NoListError(f"{self.card.serial} keeps no list")

    def charging(self) -> tuple[int, ChargingPlan | None]:
        """Return how often its charging was planned, and the plan. Raises NoChargerError."""
        raise NoChargerError(f"{self.card.serial} does not charge")

    # What is done to it.

    def draft_plan(self, body: Mapping[str, Any], now: int) -> ChargingPlan:
        """Work out a plan to charge by. Raises NoChargerError."""
        del body, now
        raise NoChargerError(f"{self.card.serial} does not charge")

    def follow_plan(self, plan: ChargingPlan, now: int) -> None:
        """Charge by a plan from now on."""
        raise NotImplementedError

    def add_item(self, body: Mapping[str, Any], now: int) -> dict[str, Any]:
        """Put an item on its list and return it. Raises NoListError."""
        del body, now
        raise NoListError(f"{self.card.serial} keeps no list")

    def change_item(self, number: str, body: Mapping[str, Any], now: int) -> dict[str, Any]:
        """Change or move an item and return it. Raises NoListError, UnknownItemError."""
        del number, body, now
        raise NoListError(f"{self.card.serial} keeps no list")

    def remove_item(self, number: str, now: int) -> None:
        """Take an item off. Raises NoListError, UnknownItemError."""
        del number, now
        raise NoListError(f"{self.card.serial} keeps no list")

    def check(self, values: Mapping[str, Any]) -> None:  # noqa: B027 - most need none
        """Refuse values that do not go together."""

    def guarded(self, values: Mapping[str, Any]) -> bool:
        """Return whether these values take the code, on a device that has one."""
        del values
        return False

    def admit(self, values: Mapping[str, Any]) -> None:
        """Refuse values that lack the right code. Raises WrongCodeError."""
        code = self.card.options.get("code")
        if code is not None and self.guarded(values) and values.get("code") != code:
            message = "the code is wrong" if "code" in values else "it takes the code"
            raise WrongCodeError(message, field="code")

    def apply(self, values: dict[str, Any], now: int) -> Command | None:
        """Obey checked values, without a code; return a command when it takes time."""
        raise NotImplementedError

    def pull(self, values: dict[str, Any], now: int) -> None:  # noqa: B027 - as above
        """Obey the simulator's levers, already checked."""

    def check_task(self, name: str) -> None:  # noqa: B027 - as above
        """Refuse a task that cannot be begun just now."""

    def start_task(self, task: Task) -> None:
        """Begin a task whose data was checked."""
        raise NotImplementedError

    def set_online(self, now: int, *, online: bool) -> None:
        """Lose or regain the connection; the vendor keeps what it heard last."""
        if online == self.online:
            return
        self._offline_report = None
        self.online = online
        if online:
            self.offline_since = None
            self.touch(now)
        else:
            self._offline_report = self.report()
            self._offline_ts, self.offline_since = self.ts, now

    @property
    def reported_at(self) -> int:
        """Return the time at which the report held."""
        return self.ts if self.online else self._offline_ts

    # What it does by itself.

    def touch(self, now: int) -> None:
        """Note that something was measured or changed."""
        self.ts = now

    def schedule(self, name: str, moment: int, then: Callable[[int], None]) -> None:
        """Ask to be called at a moment; a later plan of the same name replaces the earlier."""
        self._plans[name] = (moment, then)
        self._look_ahead()

    def forget(self, name: str) -> None:
        """Drop a plan, if there is one."""
        self._plans.pop(name, None)
        self._look_ahead()

    def change(self, now: int) -> None:
        """Do what is due."""
        for name, (moment, then) in list(self._plans.items()):
            if moment <= now:
                # A plan made anew by an earlier one in this round is not this one.
                if self._plans.get(name) == (moment, then):
                    del self._plans[name]
                then(moment)
        self._look_ahead()

    def set_power(self, now: int, milliwatts: int) -> None:
        """Draw, or give, this much from now on."""
        if milliwatts == self.power:
            return
        self.power = milliwatts
        if "kwh" in self.ledgers:
            self.ledgers["kwh"].set_power(now, milliwatts)
        self.house.power_changed()

    def balance(self, now: int) -> None:  # noqa: B027 - as above
        """Add up the power of others, where that is what it measures."""

    def net_power(self, moment: int) -> int:
        """Return what the meter shows as power, in milliwatts."""
        against = self.ledgers[self.against].power(moment) if self.against else 0
        return self.ledgers["kwh"].power(moment) - against

    def chance(self, *key: str | int) -> float:
        """Return this device's own chance, 0 to 1."""
        return draw(self.house.seed, self.card.serial, *key)

    def _look_ahead(self) -> None:
        self.due = min((moment for moment, _ in self._plans.values()), default=None)


class BatteryDevice(Device):
    """A device with a battery that runs down."""

    days_per_percent: ClassVar[float] = 6.0

    def __init__(self, card: Card, house: Surroundings, now: int) -> None:
        super().__init__(card, house, now)
        self.battery = _FULL - int(40 * self.chance("battery"))
        self._plan_drain(now)

    def _plan_drain(self, now: int) -> None:
        self.schedule("drain", now + int(self.days_per_percent * DAY), self._drain)

    def _drain(self, now: int) -> None:
        self.battery = max(1, self.battery - 1)
        self.touch(now)
        self._plan_drain(now)


COMMON_LEVERS: Mapping[str, Field] = {
    "label": Text(),
    "room": Text(nullable=True),
    "firmware": Text(20),
    "online": Switch(),
}
"""Levers of every device."""

BATTERY_LEVERS: Mapping[str, Field] = {"battery": Integer(0, 100)}
"""Levers of devices with a battery."""

CODE: dict[str, Field] = {"code": Text(8, 4)}
"""What a guarded device takes beside its settings: checked, and kept nowhere."""

IDENTIFY: dict[str, Field] = {"identify": Press()}
"""The setting of devices that can blink."""
