"""What a task is told, as a form asks for it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from .bridge.errors import TaskDataError
from .bridge.task_data import check_data
from .bridge.tasks import FieldType, Task, TaskField, TaskOption
from .const import DOMAIN
from .profile_issues import without_links

_FIXED: Final[Mapping[FieldType, Mapping[str, Any]]] = {
    FieldType.TEXT: {"text": {}},
    FieldType.SECRET: {"text": {"type": "password"}},
    FieldType.BOOLEAN: {"boolean": {}},
    FieldType.DATE: {"date": {}},
    FieldType.TIME: {"time": {}},
    FieldType.DATETIME: {"datetime": {}},
    FieldType.DURATION: {"duration": {"enable_day": True}},
    FieldType.DEVICE: {"device": {"filter": [{"integration": DOMAIN}]}},
}


def describe_fields(tasks: Sequence[Task]) -> dict[str, dict[str, Any]]:
    """Return the fields of a form for a task, as different devices have it, by their keys."""
    keys = dict.fromkeys(field.key for task in tasks for field in task.fields)
    described: dict[str, dict[str, Any]] = {}
    for key in keys:
        found = [field for task in tasks for field in task.fields if field.key == key]
        first = found[0]
        everywhere = len(found) == len(tasks)
        described[key] = {
            "name": first.name,
            "description": without_links(first.description or ""),
            "required": everywhere and all(field.required for field in found),
            "selector": _selector(found),
        }
        if first.default is not None:
            described[key]["default"] = _shown(tasks[0], first)
    return described


def _selector(found: Sequence[TaskField]) -> dict[str, Any]:
    """Return the selector of a field, as different devices have it."""
    first = found[0]
    if any(field.type is not first.type for field in found):
        return {"object": {}}
    match first.type:
        case FieldType.NUMBER | FieldType.INTEGER:
            return {"number": _number(found)}
        case FieldType.SELECT | FieldType.TEXTS:
            return _choice(found)
    return dict(_FIXED[first.type])


def _number(found: Sequence[TaskField]) -> dict[str, Any]:
    first = found[0]
    lows, highs = [field.min for field in found], [field.max for field in found]
    low = min((one for one in lows if one is not None), default=None)
    high = max((one for one in highs if one is not None), default=None)
    bounded = None not in lows and None not in highs
    made: dict[str, Any] = {"mode": "slider" if bounded else "box"}
    if None not in lows:
        made["min"] = low
    if None not in highs:
        made["max"] = high
    made["step"] = first.step or (1 if first.type is FieldType.INTEGER else "any")
    if first.step is None and first.type is FieldType.NUMBER:
        made["mode"] = "box"  # a slider has to know its steps
    if first.unit_of_measurement:
        made["unit_of_measurement"] = first.unit_of_measurement
    return made


def _choice(found: Sequence[TaskField]) -> dict[str, Any]:
    several = found[0].type is FieldType.TEXTS
    options = _all_options(field.options for field in found)
    if not options:
        return {"text": {"multiple": True}} if several else {"text": {}}
    return {
        "select": {
            "options": options,
            "multiple": several,
            # A form is one for all devices, and they need not have the same to choose from.
            "custom_value": any(field.options != found[0].options for field in found),
        }
    }


def _all_options(lists: Iterable[Sequence[TaskOption]]) -> list[dict[str, str]]:
    made: dict[str, str] = {}
    for options in lists:
        for option in options:
            made.setdefault(str(option.value), option.label)
    return [{"value": value, "label": label} for value, label in made.items()]


def _shown(task: Task, field: TaskField) -> Any:  # noqa: ANN401 - JSON
    """Return a field's default as its selector has it."""
    default = field.default
    if field.type is FieldType.DURATION:
        alone = Task(key=task.key, name=task.name, fields=(field,))
        try:
            seconds = check_data(alone, {})[field.key]
        except TaskDataError:  # no profile has one that does not fit; a Python client may
            return default
        hours, rest = divmod(seconds, 3600)
        return {"hours": hours, "minutes": rest // 60, "seconds": rest % 60}
    if field.type is FieldType.SELECT:
        return str(default)
    if field.type is FieldType.TEXTS:
        parts = default if isinstance(default, list | tuple) else [default]
        return [str(part) for part in parts]
    return default
