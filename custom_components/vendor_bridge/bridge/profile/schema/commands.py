"""How a profile writes a command, and how one knows that it took effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

import probatio

from .fields import SECONDS, either, told
from .requests import RequestSpec
from .values import PICK_KEYS, VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmSpec:
    """How one knows that a command took effect.

    With `answer`, the answer to the (last) request is an item of that monitor and tells the new
    state. With `request`, that request is repeated until `until` holds of its answer. Otherwise
    the attributes that the command changes are read back until they have changed.
    """

    within: Annotated[float | int, SECONDS, told("The deadline, in seconds.")] = 10
    every: Annotated[float | int, SECONDS, told("How long to wait between two looks.")] = 1
    answer: Annotated[str | None, told("The monitor whose item the answer is.")] = None
    each: Annotated[
        str | None, told("Where in the answer that item stands. The whole by default.")
    ] = None
    request: Annotated[
        RequestSpec | None,
        told("A request that tells how it goes; `{answer...}` is the command's own answer."),
    ] = None
    until: Annotated[str | None, told("JMESPath that holds of its answer once it is done.")] = None
    failed: Annotated[str | None, told("JMESPath that holds of its answer if it failed.")] = None
    reason: Annotated[str | None, told("Where its answer says why it failed.")] = None
    read: Annotated[
        list[str] | None, told("The monitors that are read back; by default those concerned.")
    ] = None

    def __post_init__(self) -> None:
        """Check that the parts fit together."""
        if self.answer and self.request:
            message = "give at most one of answer and request"
            raise ValueError(message)
        if bool(self.request) != bool(self.until):
            message = "request and until belong together"
            raise ValueError(message)


CONFIRM = either((str, probatio.In(["answer"])), (Mapping, probatio.DataclassSchema(ConfirmSpec)))
CONFIRM_HELP = (
    "How one knows that it took effect. `answer` (the default): success in the answer is enough."
)
DATA = probatio.Schema({str: either((str, str), (Mapping, dict(PICK_KEYS)))})
WHEN_DEVICE_HELP = "Only devices for whose item of the listing this is true can do it."
DATA_HELP = "What becomes of a parameter before it is filled in, where its attribute can't say."


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """A write: one request, or several in order, and how to know that it took effect."""

    steps: Annotated[
        list[RequestSpec], probatio.Length(min=1, max=20), told("The requests, in order.")
    ]
    data: Annotated[dict[str, Any], DATA, told(DATA_HELP)] = field(default_factory=dict)
    confirm: Annotated[Any, probatio.Maybe(CONFIRM), told(CONFIRM_HELP)] = None
    when_device: Annotated[Any, probatio.Maybe(VALUE), told(WHEN_DEVICE_HELP)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneRequest(RequestSpec):
    """A write that is one request."""

    data: Annotated[dict[str, Any], DATA, told(DATA_HELP)] = field(default_factory=dict)
    confirm: Annotated[Any, probatio.Maybe(CONFIRM), told(CONFIRM_HELP)] = None
    when_device: Annotated[Any, probatio.Maybe(VALUE), told(WHEN_DEVICE_HELP)] = None


def _command(value: list[RequestSpec] | OneRequest | CommandSpec) -> CommandSpec:
    """Return a command in its long form."""
    if isinstance(value, list):
        return CommandSpec(steps=value)
    if isinstance(value, OneRequest):
        return CommandSpec(
            steps=[value],
            data=value.data,
            confirm=value.confirm,
            when_device=value.when_device,
        )
    return value


def _choose(value: object, schemas: Sequence[Any]) -> Sequence[Any]:
    """Tell the three ways of writing a command apart."""
    several, long, one = schemas
    if isinstance(value, list):
        return [several]
    return [long] if isinstance(value, Mapping) and "steps" in value else [one]


COMMAND = probatio.All(
    probatio.Union(
        probatio.All([probatio.DataclassSchema(RequestSpec)], probatio.Length(min=1, max=20)),
        probatio.DataclassSchema(CommandSpec),
        probatio.DataclassSchema(OneRequest),
        discriminant=_choose,
    ),
    _command,
)
"""A command: one request, a list of them, or the long form with `steps`."""
