"""Tasks, made ready to be run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from ...errors import TaskDataError
from ...model import Kind
from ...task_data import check_data
from ...tasks import FieldType, Task, TaskField, TaskOption
from ..mistakes import close_to
from ..plans import TaskPlan, TaskStepPlan
from ..schema.tasks import TaskFieldSpec, TaskOptionSpec, TaskSpec, TaskStep
from .commands import ANSWER_NAMES, conversions, is_repeatable
from .context import Context, Path
from .requests import DEVICE_NAMES, request_plan

TAKEN: Final = frozenset({"setup", "device", "devices", "auth", "answer", "kept", "now"})
"""What placeholders begin with that means something else already."""
TARGETS: Final = frozenset(
    {"device_id", "entity_id", "area_id", "floor_id", "label_id", "config_entry_id", "task", "data"}
)
"""What the actions that run tasks are told besides."""


def task_plans(context: Context) -> Mapping[str, TaskPlan]:
    """Return the tasks of the account as a whole."""
    tasks: Mapping[str, TaskSpec] = context.profile.tasks
    return {
        key: _task(context, spec, key, ("tasks", key), device=False) for key, spec in tasks.items()
    }


def type_task_plans(context: Context) -> Mapping[str, Mapping[str, TaskPlan]]:
    """Return the tasks of each type of device."""
    made: dict[str, Mapping[str, TaskPlan]] = {}
    for name, spec in context.profile.types.items():
        made[name] = {
            key: _task(context, task, key, ("types", name, "tasks", key), device=True)
            for key, task in spec.tasks.items()
        }
        for key in spec.tasks.keys() & context.profile.tasks.keys():
            path = ("types", name, "tasks", key)
            message = "the account has a task of that name already"
            context.mistakes.add(path, message, "choose another name", of="key")
    return made


def _task(context: Context, spec: TaskSpec, key: str, path: Path, *, device: bool) -> TaskPlan:
    if spec.when is not None and not device:
        message = "a task of the account has no device that it could depend on"
        context.mistakes.add((*path, "when"), message, of="key")
    fields = _fields(context, spec, path, device=device)
    plan = TaskPlan(
        task=Task(
            key=key,
            name=spec.name or _words(key),
            description=spec.description,
            icon=spec.icon,
            fields=tuple(fields.values()),
            within=timedelta(seconds=spec.within),
            lasting=any(step.until is not None for step in spec.steps),
        ),
        steps=_steps(context, spec, fields, path, device=device),
        options=_picked_options(context, spec, path),
        convert=conversions(
            context, spec.data, (*path, "data"), list(spec.fields), "the task has no field"
        ),
        result=context.value(spec.result, (*path, "result")),
        when=context.value(spec.when, (*path, "when")),
    )
    _check_defaults(context, plan, path)
    return plan


def _words(key: str) -> str:
    return key.replace("_", " ").capitalize()


# --- fields -------------------------------------------------------------------------------------


def _fields(
    context: Context, spec: TaskSpec, path: Path, *, device: bool
) -> Mapping[str, TaskField]:
    made = {}
    for key, field in spec.fields.items():
        here = (*path, "fields", key)
        if key in TAKEN | TARGETS:
            message = f"{key!r} means something else already"
            context.mistakes.add(here, message, "choose another name", of="key")
        if field.options is not None and not isinstance(field.options, list) and not device:
            message = "a task of the account has no device whose item could tell its options"
            context.mistakes.add((*here, "options"), message, "write them down as a list")
        for place, name in enumerate(field.types or ()):
            if name not in context.profile.types:
                message = f"there is no type {name!r}"
                hint = close_to(name, context.profile.types)
                context.mistakes.add((*here, "types", place), message, hint)
        made[key] = _field(key, field)
    return made


def _field(key: str, spec: TaskFieldSpec) -> TaskField:
    options = spec.options if isinstance(spec.options, list) else ()
    return TaskField(
        key=key,
        type=FieldType(spec.type),
        name=spec.name or _words(key),
        description=spec.description,
        required=spec.required and spec.default is None,
        default=spec.default,
        min=spec.min,
        max=spec.max,
        step=spec.step,
        unit_of_measurement=spec.unit_of_measurement,
        options=tuple(_option(option) for option in options),
        types=frozenset(spec.types or ()),
    )


def _option(option: str | int | TaskOptionSpec) -> TaskOption:
    if isinstance(option, TaskOptionSpec):
        return TaskOption(value=option.value, label=option.label)
    return TaskOption(value=option, label=str(option))


def _picked_options(context: Context, spec: TaskSpec, path: Path) -> dict[str, Any]:
    """Return where a device's item has the options of fields."""
    picked = {
        key: field.options
        for key, field in spec.fields.items()
        if field.options is not None and not isinstance(field.options, list)
    }
    made = {
        key: context.value(value, (*path, "fields", key, "options"), Kind.ANY)
        for key, value in picked.items()
    }
    return {key: picker for key, picker in made.items() if picker is not None}


def _check_defaults(context: Context, plan: TaskPlan, path: Path) -> None:
    """Note defaults that their own field would not take."""
    for field in plan.task.fields:
        if field.default is None or field.key in plan.options:
            continue
        alone = replace(plan.task, fields=(field,))
        try:
            check_data(alone, {})
        except TaskDataError as error:
            context.mistakes.add((*path, "fields", field.key, "default"), error.reason)


# --- steps --------------------------------------------------------------------------------------


def _steps(
    context: Context,
    spec: TaskSpec,
    fields: Mapping[str, TaskField],
    path: Path,
    *,
    device: bool,
) -> Sequence[TaskStepPlan]:
    """Return the requests in order, each of which knows what those before it gave."""
    known = [*(DEVICE_NAMES if device else ()), *fields]
    known += [f"{key}." for key, field in fields.items() if field.type is FieldType.TEXTS]
    steps = []
    for place, step in enumerate(spec.steps):
        here = (*path, "steps", place)
        steps.append(_step(context, step, here, [*known, *(ANSWER_NAMES if place else ())]))
        for name in step.keep:
            if f"kept.{name}" in known:
                message = f"{{kept.{name}}} already means something else"
                context.mistakes.add((*here, "keep", name), message, of="key")
            known += [f"kept.{name}", f"kept.{name}."]
    return steps


def _step(context: Context, step: TaskStep, path: Path, known: Sequence[str]) -> TaskStepPlan:
    if step.pages is not None:
        message = "a step of a task has one answer, and no use for this"
        context.mistakes.add((*path, "pages"), message, of="key")
    # What is asked again and again leaves the vendor's limits to commands.
    plan = request_plan(context, step, path, known, command=step.until is None)
    repeatable = is_repeatable(context, step, path) or step.until is not None
    return TaskStepPlan(
        request=replace(plan, base=replace(plan.base, idempotent=repeatable)),
        name=step.name,
        keep=context.values(step.keep, (*path, "keep")),
        until=context.value(step.until, (*path, "until")),
        every=float(step.every),
        progress=context.value(step.progress, (*path, "progress")),
    )
