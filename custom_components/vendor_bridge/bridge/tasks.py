"""Tasks: what a vendor can do beyond reading and switching, and how it goes.

A task is named by its key: of a device's own tasks, or of those of the account as a whole.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from .model import Json, Observation

type Scalar = str | int | float
"""What can be chosen: a vendor may number its rooms."""


class FieldType(StrEnum):
    """What sort of value a field of a task takes, and what the vendor's half makes of it."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - a text that is shown nowhere
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    SELECT = "select"  # one of the options
    TEXTS = "texts"  # several of the options; several texts where there are none
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"  # aware
    DURATION = "duration"  # seconds
    DEVICE = "device"  # the vendor id of another device of the account


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOption:
    """What can be chosen: the vendor's own word or number for it, and one for people."""

    value: Scalar
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskField:
    """One thing that a task is told.

    ``min``, ``max`` and ``step`` belong to a number, ``options`` to a choice; where there are none,
    any text will do. ``types`` are the types of device that may be named, all where it is empty.
    """

    key: str
    type: FieldType
    name: str
    description: str | None = None
    required: bool = False
    default: Json = None
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit_of_measurement: str | None = None
    options: Sequence[TaskOption] = ()
    types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A named sequence of reads and commands, the vendor's own.

    It is done, or has failed, ``within`` that time. A ``lasting`` one goes on for a while after it
    began, and tells how far it is.
    """

    key: str
    name: str
    description: str | None = None
    icon: str | None = None
    fields: Sequence[TaskField] = ()
    within: timedelta = timedelta(minutes=1)
    lasting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskProgress:
    """How far a task is: the step that it is at, in percent, and in the vendor's words."""

    step: str | None = None
    percentage: float | None = None
    text: str | None = None


type TellProgress = Callable[[TaskProgress], None]
"""Is called whenever there is something new to say of how a task goes."""


def tell_nobody(_progress: TaskProgress) -> None:
    """Take no notice of how a task goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOutcome:
    """A task that is done: what it gave, and what it told of its device on the way.

    ``observations`` maps attribute key to observation.
    """

    result: Json = None
    observations: Mapping[str, Observation] = field(default_factory=dict)
