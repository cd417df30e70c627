"""Commands and tasks under way, the events of the house: what outlives the request that made it."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any, Literal

from .errors import UnknownCommandError, UnknownPlanError, UnknownTaskError
from .plans import ChargingPlan

REMEMBERED = 500
"""How many commands, tasks, plans and events of each are kept."""

type Ending = Literal["done", "failed", "cancelled"]


@dataclass(slots=True, kw_only=True)
class Command:
    """A slow command. It is done when each of its ``parts`` is."""

    id: str
    serial: str
    created: int
    parts: int = 0
    state: Literal["pending", "done", "failed"] = "pending"
    reason: str | None = None
    finished: int | None = None

    def part_done(self, moment: int) -> None:
        """Note that one part has taken effect."""
        self.parts -= 1
        if self.parts <= 0:
            self.done(moment)

    def done(self, moment: int) -> None:
        """Note that it took effect."""
        if self.state == "pending":
            self.state, self.finished = "done", moment

    def fail(self, reason: str, moment: int) -> None:
        """Note that it never will."""
        if self.state == "pending":
            self.state, self.reason, self.finished = "failed", reason, moment


@dataclass(slots=True, kw_only=True)
class Task:
    """A task of a device: ``progress`` in percent."""

    id: str
    serial: str
    name: str
    created: int
    data: dict[str, Any]
    state: Literal["running", "paused", "done", "failed", "cancelled"] = "running"
    progress: int = 0
    reason: str | None = None
    finished: int | None = None

    def end(self, state: Ending, moment: int, reason: str | None = None) -> None:
        """Note how it ended."""
        self.state, self.finished, self.reason = state, moment, reason
        if state == "done":
            self.progress = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at ``moment``."""

    id: int
    moment: int
    serial: str
    type: str
    data: dict[str, Any] = field(default_factory=dict)


class Works:
    """All of them, under ids that only grow."""

    def __init__(self) -> None:
        self._commands: OrderedDict[str, Command] = OrderedDict()
        self._tasks: OrderedDict[str, Task] = OrderedDict()
        self._plans: OrderedDict[str, ChargingPlan] = OrderedDict()
        self._plans_made = 0
        self._events: deque[Event] = deque(maxlen=REMEMBERED)
        self._commands_made = 0
        self._tasks_made = 0
        self._events_made = 0

    def new_command(self, serial: str, moment: int) -> Command:
        """Begin a command."""
        self._commands_made += 1
        made = Command(id=f"c-{self._commands_made:06}", serial=serial, created=moment)
        return _remember(self._commands, made.id, made)

    def new_task(self, serial: str, name: str, data: dict[str, Any], moment: int) -> Task:
        """Begin a task."""
        self._tasks_made += 1
        number = f"t-{self._tasks_made:06}"
        made = Task(id=number, serial=serial, name=name, created=moment, data=data)
        return _remember(self._tasks, number, made)

    def emit(self, moment: int, serial: str, kind: str, data: dict[str, Any]) -> None:
        """Note that something happened."""
        self._events_made += 1
        self._events.append(
            Event(id=self._events_made, moment=moment, serial=serial, type=kind, data=data)
        )

    def new_plan(self, serial: str, level: int, ready_by: int, starts: int) -> ChargingPlan:
        """Draft a charging plan."""
        self._plans_made += 1
        number = f"p-{self._plans_made:06}"
        made = ChargingPlan(id=number, serial=serial, level=level, ready_by=ready_by, starts=starts)
        return _remember(self._plans, number, made)

    def plan(self, number: str) -> ChargingPlan:
        """Return a charging plan by its id."""
        if number not in self._plans:
            raise UnknownPlanError(f"there is no plan {number[:50]!r}")
        return self._plans[number]

    def command(self, number: str) -> Command:
        """Return a command by its id."""
        if number not in self._commands:
            raise UnknownCommandError(f"there is no command {number[:50]!r}")
        return self._commands[number]

    def task(self, number: str) -> Task:
        """Return a task by its id."""
        if number not in self._tasks:
            raise UnknownTaskError(f"there is no task {number[:50]!r}")
        return self._tasks[number]

    def events(self, since: int) -> list[Event]:
        """Return the events after the one with that id, oldest first."""
        return [event for event in self._events if event.id > since]

    @property
    def newest_event(self) -> int:
        """Return the id of the newest event, 0 before the first."""
        return self._events_made


def _remember[T](book: OrderedDict[str, T], number: str, made: T) -> T:
    book[number] = made
    if len(book) > REMEMBERED:
        book.popitem(last=False)
    return made
