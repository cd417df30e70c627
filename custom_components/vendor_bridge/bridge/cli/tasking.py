"""``task``: lists the tasks of an account, or runs one and tells how it goes."""

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..model import Device
from ..profile.mistakes import close_to
from ..task_data import check_data
from ..tasks import FieldType, Task, TaskField, TaskOutcome, TaskProgress
from . import profiles
from .commanding import pairs
from .exits import DONE, MisuseError
from .output import error, say, table, to_json, value_text
from .session import Session, connected

_TEXTS = frozenset(FieldType) - {FieldType.NUMBER, FieldType.INTEGER, FieldType.BOOLEAN}
_LISTS = frozenset({FieldType.TEXTS})


async def tasks(options: argparse.Namespace) -> int:
    """List tasks or run one. Returns the exit code; raises BridgeError, MisuseError."""
    profile = profiles.load_one(options.profile)
    async with connected(profile, options) as session:
        device = session.device(options.device) if options.device is not None else None
        if options.task is None:
            _list(session, device, as_json=options.json)
            return DONE
        task = choose(session.client.tasks(device), options.task, device)
        data = read_data(options.data, task)
        local = datetime.now().astimezone().tzinfo
        checked = check_data(task, data, local) if local is not None else check_data(task, data)
        outcome = await session.client.run_task(device, task.key, checked, _tell)
    if options.json:
        print(to_json(_as_json(device, task.key, outcome), indent=2))
        return DONE
    say(f"{device.id if device is not None else 'account'}: {task.key} is done")
    if outcome.result is not None:
        print(to_json(outcome.result, indent=2))
    return DONE


def _list(session: Session, only: Device | None, *, as_json: bool) -> None:
    """Print the tasks of the account and its devices, or of one device."""
    owners = [only] if only is not None else [None, *session.listing.devices.values()]
    found = [(owner, task) for owner in owners for task in session.client.tasks(owner)]
    if as_json:
        listed = [_task_json(owner, task) for owner, task in found]
        print(to_json({"tasks": listed}, indent=2))
        return
    if not found:
        say("there are no tasks")
        return
    rows = [
        (owner.id if owner is not None else "(account)", task.key, task.name, _takes(task))
        for owner, task in found
    ]
    table(("DEVICE", "TASK", "NAME", "TAKES"), rows)


def _takes(task: Task) -> str:
    return ", ".join(
        f"{field.key}{'' if field.required else '?'}: {_field(field)}" for field in task.fields
    )


def _field(field: TaskField) -> str:
    if field.options:
        return f"{field.type} of {' | '.join(str(option.value) for option in field.options)}"
    if field.min is not None or field.max is not None:
        low = f"{field.min:g}" if field.min is not None else ""
        high = f"{field.max:g}" if field.max is not None else ""
        return f"{field.type} {low}..{high}"
    return str(field.type)


def choose(offered: Sequence[Task], name: str, device: Device | None) -> Task:
    """Return the task of that key. Raises MisuseError."""
    by_key = {task.key: task for task in offered}
    if name in by_key:
        return by_key[name]
    owner = "the device" if device is not None else "the account"
    if not by_key:
        hint = "" if device is not None else "; say of which --device"
        raise MisuseError(f"{owner} has no tasks{hint}")
    hint = close_to(name, by_key) or f"it has {', '.join(by_key)}"
    raise MisuseError(f"{owner} has no task {name!r}: {hint}")


def read_data(given: Sequence[str], task: Task) -> dict[str, Any]:
    """Return what a task is told, out of "name=value" and JSON objects. Raises MisuseError.

    Several values of one field, where it takes several, are given one after the other.
    """
    fields = {field.key: field for field in task.fields}
    texts = {key for key, field in fields.items() if field.type in _TEXTS}
    data: dict[str, Any] = {}
    for part in given:
        for name, value in pairs(part, texts):
            field = fields.get(name)
            if field is not None and field.type in _LISTS and isinstance(value, str):
                data[name] = [*data.get(name, ()), value]
            else:
                data[name] = value
    return data


def _tell(progress: TaskProgress) -> None:
    """Say how it goes, beside the output."""
    percentage = f"{progress.percentage:g} %" if progress.percentage is not None else None
    error(": ".join(part for part in (progress.step, percentage, progress.text) if part))


def _task_json(owner: Device | None, task: Task) -> dict[str, Any]:
    return {
        "device": owner.id if owner is not None else None,
        "task": task.key,
        "name": task.name,
        "description": task.description,
        "within": task.within.total_seconds(),
        "fields": [
            {
                "field": field.key,
                "type": str(field.type),
                "name": field.name,
                "required": field.required,
                "default": field.default,
                "options": [option.value for option in field.options],
            }
            for field in task.fields
        ],
    }


def _as_json(device: Device | None, key: str, outcome: TaskOutcome) -> Mapping[str, Any]:
    return {
        "device": device.id if device is not None else None,
        "task": key,
        "result": outcome.result,
        "observations": [
            {"attribute": name, "value": value_text(seen.value), "observed_at": seen.observed_at}
            for name, seen in outcome.observations.items()
        ],
    }
