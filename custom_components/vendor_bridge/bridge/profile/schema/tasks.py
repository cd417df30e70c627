"""How a profile writes a task: what it is told, and the requests that it takes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, override

import probatio

from ...tasks import FieldType
from .commands import DATA
from .fields import NUMBER, SLUG, either, told
from .requests import RequestSpec
from .values import KEEP, VALUE

LONGEST = 86400
"""Seconds that a task may take."""

CHOICES = (FieldType.SELECT, FieldType.TEXTS)
NUMBERS = (FieldType.NUMBER, FieldType.INTEGER)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOptionSpec:
    """One thing that can be chosen."""

    value: Annotated[str | int, told("The vendor's own word or number for it.")]
    label: Annotated[str, told("What the form calls it.")]


OPTIONS = either(
    (
        list,
        probatio.All(
            [either((str, str), (int, int), (Mapping, probatio.DataclassSchema(TaskOptionSpec)))],
            probatio.Length(min=1, max=500),
        ),
    ),
    (object, VALUE),
)
"""What can be chosen: written down, or picked out of the device's item of the listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFieldSpec:
    """One thing that a task is told: a field of its form, and `{<field>}` in its requests.

    A `date`, `time` and `datetime` are written as the placeholder says, as in `{until:iso}`; a
    `duration` is in seconds; a `device` is the vendor id of another device of the account.
    """

    type: Annotated[
        str,
        probatio.In([str(kind) for kind in FieldType]),
        told(
            "What sort of field it is: `select` is one of its options, `texts` are several of "
            "them, or any texts where there are none."
        ),
    ]
    name: Annotated[str | None, told("What the form calls it; else made from its key.")] = None
    description: Annotated[str | None, told("What the form says below it.")] = None
    required: Annotated[bool, told("Whether it must be filled in, unless it has a default.")] = True
    default: Annotated[
        Any,
        probatio.Maybe(
            either(
                (bool, bool), (str, str), ((int, float), NUMBER), (list, [probatio.Any(str, int)])
            )
        ),
        told("What it is where it is not filled in."),
    ] = None
    min: Annotated[Any, probatio.Maybe(NUMBER), told("The least, for a number.")] = None
    max: Annotated[Any, probatio.Maybe(NUMBER), told("The most, for a number.")] = None
    step: Annotated[
        Any,
        probatio.Maybe(probatio.All(NUMBER, probatio.Range(min=0, min_included=False))),
        told("In which steps a number goes, from `min` on."),
    ] = None
    unit_of_measurement: Annotated[str | None, told("What a number counts.")] = None
    options: Annotated[
        Any,
        probatio.Maybe(OPTIONS),
        told(
            "What there is to choose: a list of texts, or where the device's item of the listing "
            "has one. An option may be a mapping of `value` and `label`."
        ),
    ] = None
    types: Annotated[
        list[str] | None, told("Of which types a `device` can be; by default of any.")
    ] = None

    def __post_init__(self) -> None:
        """Check that what is said belongs to a field of this type."""
        if self.type == FieldType.SELECT and self.options is None:
            message = "a select needs options"
            raise ValueError(message)
        for names, owners in _BELONGS.items():
            for name in names:
                if getattr(self, name) is not None and self.type not in owners:
                    message = f"{name} belongs to a {' or '.join(owners)}"
                    raise ValueError(message)
        if self.min is not None and self.max is not None and self.min > self.max:
            message = "min is more than max"
            raise ValueError(message)
        if self.type == FieldType.SECRET and self.default is not None:
            message = "a secret has no default"
            raise ValueError(message)


_BELONGS: Mapping[tuple[str, ...], tuple[FieldType, ...]] = {
    ("options",): CHOICES,
    ("min", "max", "step", "unit_of_measurement"): NUMBERS,
    ("types",): (FieldType.DEVICE,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStep(RequestSpec):
    """One request of a task; `{answer…}` is the answer to the one before.

    With `until` it is repeated until it tells that something is done. A step that fails ends the
    task; `failed` and `error` say how an answer tells that.
    """

    name: Annotated[
        str | None, probatio.Maybe(probatio.Length(min=1, max=120)), told("What is being done.")
    ] = None
    keep: Annotated[
        dict[str, Any],
        KEEP,
        told("What the answer has that later steps need, by names: `{kept.<name>}`."),
    ] = field(default_factory=dict)
    until: Annotated[
        str | None, told("JMESPath: the request is repeated until this holds of its answer.")
    ] = None
    every: Annotated[
        float | int,
        probatio.All(NUMBER, probatio.Range(min=1, max=3600)),
        told("How many seconds to wait before it is repeated."),
    ] = 5
    progress: Annotated[
        Any,
        probatio.Maybe(VALUE),
        told("Where the answer says how far it is: in percent, or in words."),
    ] = None

    @override
    def __post_init__(self) -> None:
        """Check that the parts fit together."""
        RequestSpec.__post_init__(self)
        if self.progress is not None and self.until is None:
            message = "progress belongs to a step with until"
            raise ValueError(message)
        if self.until is not None and self.method not in {"get", "head"} and not self.idempotent:
            message = (
                "a step with until is sent again and again: ask with get, or say that it does no "
                "harm with idempotent: true"
            )
            raise ValueError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSpec:
    """What the vendor can do beyond reading and switching: some requests, in order.

    `when` of a step and `result` pick out of a mapping that holds the task's fields by their names,
    `kept`, `answer` (the last one) and, where it is a device's task, `device`.
    """

    name: Annotated[str | None, told("What it is called; else made from its key.")] = None
    description: Annotated[str | None, told("What it does, for people.")] = None
    icon: Annotated[
        Any, probatio.Maybe(probatio.Match(r"^mdi:[a-z0-9-]+$")), told("Such as `mdi:broom`.")
    ] = None
    when: Annotated[
        Any,
        probatio.Maybe(VALUE),
        told("Only devices for whose item of the listing this is true can do it."),
    ] = None
    fields: Annotated[
        Any,  # a mapping of names to TaskFieldSpec
        probatio.All(
            {probatio.Match(SLUG): probatio.DataclassSchema(TaskFieldSpec)},
            probatio.Length(max=50),
        ),
        told("What it is told, by names."),
    ] = field(default_factory=dict)
    data: Annotated[
        dict[str, Any], DATA, told("What becomes of a field before it is filled in, by its name.")
    ] = field(default_factory=dict)
    steps: Annotated[
        list[TaskStep], probatio.Length(min=1, max=20), told("The requests, in order.")
    ]
    within: Annotated[
        float | int,
        probatio.All(NUMBER, probatio.Range(min=1, max=LONGEST)),
        told("The deadline for all of it, in seconds."),
    ] = 60
    result: Annotated[
        Any, probatio.Maybe(VALUE), told("What it gives back to whoever runs it.")
    ] = None


TASKS = probatio.All(
    {probatio.Match(SLUG): probatio.DataclassSchema(TaskSpec)}, probatio.Length(max=100)
)
"""Tasks, by their keys."""

TASKS_HELP = "What the vendor can do beyond reading and switching, by names."
