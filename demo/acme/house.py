"""The house: its devices, and the time that they live through together."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
import re
from typing import Any
from zoneinfo import ZoneInfo

from .card import Card
from .catalogue import PRODUCTS, TIME_ZONE, card, house_cards
from .clock import from_datetime, local
from .errors import (
    DeviceExistsError,
    DeviceOfflineError,
    InvalidValueError,
    OutdatedError,
    UnknownDeviceError,
    UnknownFieldError,
)
from .fields import Choice, Field, Text, check_all
from .kinds import CODE, COMMON_LEVERS, KINDS, Device, Flow
from .plans import ChargingPlan, Holiday, moment_of
from .weather import Weather
from .works import Command, Task, Works

_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,39}")
_ADDING: Mapping[str, Field] = {
    "serial": Text(40),
    "model": Choice(tuple(PRODUCTS)),
    "label": Text(),
    "room": Text(nullable=True),
    "parent": Text(40, nullable=True),
}


def birth(now: int, days: int, zone: ZoneInfo) -> int:
    """Return the local midnight that many days ago."""
    day = local(now, zone).date() - timedelta(days=days)
    return from_datetime(datetime.combine(day, time.min, zone))


class House:
    """All devices, under one time that only moves forward.

    The same seed, birth and acts at the same times make the same house. Acts are the methods
    in ``_ACTS``; one that raises has changed nothing.
    """

    def __init__(
        self,
        *,
        born: int,
        seed: int = 1,
        lively: bool = True,
        cards: Iterable[Card] | None = None,
        zone: ZoneInfo | None = None,
    ) -> None:
        self.seed = seed
        self.now = born
        self.born = born
        self.zone = zone or ZoneInfo(TIME_ZONE)
        self.lively = lively
        self.weather = Weather(seed)
        self.works = Works()
        self.holiday = Holiday()
        self.devices: dict[str, Device] = {}
        self.numbers: dict[str, int] = {}
        self._made = 0
        self._unbalanced = False
        self._flows: dict[Flow, list[Device]] = {}
        for row in house_cards() if cards is None else cards:
            self._install(row)
        self._balance()

    # Time.

    def advance(self, until: int) -> None:
        """Live on until a moment; one that has passed changes nothing."""
        devices = self.devices.values()
        while True:
            due = min((d.due for d in devices if d.due is not None), default=until + 1)
            over_at = self.holiday.over_at
            if over_at is not None and over_at <= min(due, until):
                self.now = max(self.now, over_at)
                self.holiday.end(self)
                continue
            if due > until:
                break
            self.now = max(self.now, due)
            for device in devices:
                if device.due is not None and device.due <= due:
                    device.change(due)
            if self._unbalanced:
                self._balance()
        self.now = max(self.now, until)

    # What is there.

    def device(self, serial: str) -> Device:
        """Return a device by its serial."""
        if serial not in self.devices:
            raise UnknownDeviceError(f"there is no device {serial[:50]!r}")
        return self.devices[serial]

    def children(self, serial: str) -> Iterable[Device]:
        """Return the devices that are part of another."""
        return [device for device in self.devices.values() if device.card.parent == serial]

    def sources(self) -> Iterable[Device]:
        """Return the devices that give power."""
        return self._flows.get(Flow.SOURCE, ())

    def loads(self) -> Iterable[Device]:
        """Return the devices that draw power."""
        return self._flows.get(Flow.LOAD, ())

    def of_kind(self, kind: str) -> Iterable[Device]:
        """Return the devices of a kind."""
        return [device for device in self.devices.values() if device.card.kind == kind]

    def power_changed(self) -> None:
        """Have the meters that add up others look again."""
        self._unbalanced = True

    # Acts.

    def act(self, name: str, data: Mapping[str, Any]) -> object:
        """Do an act by its name, now."""
        try:
            return _ACTS[name](self, **data)
        finally:
            self._balance()

    def admit(self, serial: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Check the code that comes with a command, and return the body without it.

        So no code gets any further: not into the house, and not into its journal.
        """
        device = self._reachable(serial)
        device.admit(check_all(device.settings(), body))
        return {name: value for name, value in body.items() if name not in CODE}

    def command(self, serial: str, body: Mapping[str, Any]) -> Command | None:
        """Write settings of a device; return a command when it takes time."""
        device = self._reachable(serial)
        values = check_all(device.settings(), body)
        device.check(values)
        return device.apply(values, self.now)

    def task(self, serial: str, name: str, data: Mapping[str, Any]) -> Task:
        """Begin a task of a device."""
        device = self._reachable(serial)
        if name not in device.tasks:
            known = ", ".join(device.tasks) or "none"
            raise UnknownFieldError(f"{name[:50]!r} is no task; known: {known}", field="task")
        values = device.tasks[name].check(data)
        device.check_task(name)
        task = self.works.new_task(serial, name, values, self.now)
        device.start_task(task)
        return task

    def draft_plan(self, serial: str, body: Mapping[str, Any]) -> ChargingPlan:
        """Work out a plan by which a device is to charge."""
        return self._reachable(serial).draft_plan(body, self.now)

    def confirm_plan(self, number: str, body: Mapping[str, Any]) -> ChargingPlan:
        """Have a device charge by a plan, if it still is the one that was shown."""
        plan = self.works.plan(number)
        values = check_all({"starts": Text(40)}, body)
        if plan.state != "draft":
            raise OutdatedError(f"the plan is {plan.state} already")
        if moment_of(values["starts"], self.zone, "starts") != plan.starts:
            raise OutdatedError("the plan does not start then", field="starts")
        self._reachable(plan.serial).follow_plan(plan, self.now)
        return plan

    def begin_holiday(self, body: Mapping[str, Any]) -> None:
        """Have the house save energy until nobody is away any more."""
        self.holiday.begin(self, check_all({"until": Text(10)}, body)["until"])

    def end_holiday(self) -> None:
        """Have the house as it was before the holiday."""
        self.holiday.end(self)

    def add_item(self, serial: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Put an item on a device's list."""
        return self._reachable(serial).add_item(body, self.now)

    def change_item(self, serial: str, number: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Change an item of a device's list."""
        return self._reachable(serial).change_item(number, body, self.now)

    def remove_item(self, serial: str, number: str) -> None:
        """Take an item off a device's list."""
        self._reachable(serial).remove_item(number, self.now)

    def pull(self, serial: str, body: Mapping[str, Any]) -> None:
        """Do what nature, people at home or the vendor's office do to a device."""
        device = self.device(serial)
        values = self.check_pull(serial, body)
        common = {name: values.pop(name) for name in COMMON_LEVERS if name in values}
        levers = {name: values.pop(name) for name in device.levers() if name in values}
        if levers:
            device.pull(levers, self.now)
        if values:
            device.apply(values, self.now)
        online = common.pop("online", None)
        for name, value in common.items():
            setattr(device.card, name, value)
        if online is not None:
            device.set_online(self.now, online=online)

    def check_pull(self, serial: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the checked values of a pull, without doing it."""
        device = self.device(serial)
        known = {**device.settings(), **device.levers(), **COMMON_LEVERS}
        # Who does something at the device itself has no need of a code.
        values = check_all({name: known[name] for name in known if name not in CODE}, body)
        device.check({name: values[name] for name in values if name not in device.levers()})
        return values

    def add(self, device: Mapping[str, Any]) -> Device:
        """Add a device to the account."""
        values = check_all(_ADDING, device)
        for name in ("serial", "model", "label"):
            if name not in values:
                raise InvalidValueError(f"{name} is missing", field=name)
        serial = values.pop("serial")
        if not _SERIAL.fullmatch(serial):
            raise InvalidValueError(
                "serial must be 3 to 40 letters, digits, hyphens", field="serial"
            )
        if serial in self.devices:
            raise DeviceExistsError(f"there is a device {serial!r} already", field="serial")
        if values.get("parent") is not None:
            self.device(values["parent"])
        model, label, room = values.pop("model"), values.pop("label"), values.pop("room", None)
        return self._install(card(serial, model, label, room, **values))

    def remove(self, serial: str) -> None:
        """Take a device, and those that are part of it, off the account."""
        self.device(serial)
        for child in self.children(serial):
            self.remove(child.card.serial)
        del self.devices[serial], self.numbers[serial]
        self._sort_flows()

    # Inside.

    def _reachable(self, serial: str) -> Device:
        device = self.device(serial)
        if not device.online:
            raise DeviceOfflineError(f"{serial} is offline")
        return device

    def _install(self, row: Card) -> Device:
        device = KINDS[row.kind](row, self, self.now)
        self.devices[row.serial] = device
        self._made += 1
        self.numbers[row.serial] = self._made
        self._sort_flows()
        return device

    def _sort_flows(self) -> None:
        devices = self.devices.values()
        self._flows = {flow: [d for d in devices if d.flow is flow] for flow in Flow}
        self._unbalanced = True

    def _balance(self) -> None:
        if self._unbalanced:
            self._unbalanced = False
            for device in self.devices.values():
                device.balance(self.now)


_ACTS: Mapping[str, Callable[..., object]] = {
    "command": House.command,
    "task": House.task,
    "draft_plan": House.draft_plan,
    "confirm_plan": House.confirm_plan,
    "begin_holiday": House.begin_holiday,
    "end_holiday": House.end_holiday,
    "add_item": House.add_item,
    "change_item": House.change_item,
    "remove_item": House.remove_item,
    "pull": House.pull,
    "add": House.add,
    "remove": House.remove,
}
