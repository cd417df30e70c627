"""``command``: sends one command to one device and waits until it took effect."""

import argparse
from collections.abc import Collection, Iterable, Mapping, Sequence
import json
import math
from typing import Any

from ..command_data import bounds
from ..model import Command, Entity, Kind, Outcome, Parameter
from ..profile.mistakes import close_to
from . import profiles
from .exits import DONE, MisuseError
from .output import say, table, to_json, value_text
from .session import connected

_TEXTS = frozenset({Kind.TEXT, Kind.DATE, Kind.TIME, Kind.TIMESTAMP})


async def send_command(options: argparse.Namespace) -> int:
    """Send a command. Returns the exit code; raises BridgeError, MisuseError."""
    profile = profiles.load_one(options.profile)
    async with connected(profile, options) as session:
        device = session.device(options.device)
        entity, name = choose(session.client.describe(device), options.command_name)
        data = read_data(options.data, entity.commands[name])
        check_limits(entity, name, data)
        command = Command(entity=entity.key, name=name, data=data)
        outcome = await session.client.write(device, command)
    if options.json:
        print(to_json(_as_json(device.id, f"{entity.key}.{name}", outcome), indent=2))
        return DONE
    became = "took effect" if outcome.confirmed else "was accepted (it has no `confirm`)"
    say(f"{device.id}: {entity.key}.{name} {became}")
    if outcome.observations:
        print()
        rows = [(key, value_text(seen.value)) for key, seen in outcome.observations.items()]
        table(("ATTRIBUTE", "VALUE" if outcome.confirmed else "VALUE, SUPPOSEDLY"), rows)
    return DONE


def choose(entities: Sequence[Entity], name: str) -> tuple[Entity, str]:
    """Return the entity and the command that a name stands for.

    ``<entity key>.<command>`` always does; the command alone where only one entity has it.
    Raises MisuseError.
    """
    by_name = {
        f"{entity.key}.{command}": (entity, command)
        for entity in entities
        for command in entity.commands
    }
    if name in by_name:
        return by_name[name]
    found = [full for full in by_name if full.endswith(f".{name}")]
    if len(found) == 1:
        return by_name[found[0]]
    if found:
        raise MisuseError(f"--command {name} is not clear: write {_or(found)}")
    if not by_name:
        raise MisuseError("the device has no commands")
    bare = {command for _, command in by_name.values()}
    hint = close_to(name, [*by_name, *sorted(bare)]) or f"it has {', '.join(by_name)}"
    raise MisuseError(f"the device has no command {name!r}: {hint}")


def read_data(given: Sequence[str], parameters: Sequence[Parameter]) -> Mapping[str, Any]:
    """Return a command's data out of "name=value" and JSON objects. Raises MisuseError."""
    known = {parameter.name: parameter for parameter in parameters}
    texts = {name for name, parameter in known.items() if parameter.kind in _TEXTS}
    data: dict[str, Any] = {}
    for part in given:
        for name, value in pairs(part, texts):
            if name not in known:
                takes = f"it takes {', '.join(known)}" if known else "it takes none"
                hint = close_to(name, known) or takes
                raise MisuseError(f"--data {name}: the command does not take that; {hint}")
            data[name] = value
    missing = [name for name, parameter in known.items() if parameter.required and name not in data]
    if missing:
        raise MisuseError(
            f"the command needs {', '.join(f'--data {name}=...' for name in missing)}"
        )
    return data


def check_limits(entity: Entity, name: str, data: Mapping[str, Any]) -> None:
    """See that numbers and choices are such as the profile allows. Raises MisuseError.

    Home Assistant does so before it sends anything. What the vendor says of limits is not known.
    """
    for parameter in entity.commands[name]:
        value = data.get(parameter.name)
        limits = bounds(entity, parameter, _tells_nothing)
        where = f"--data {parameter.name}: {entity.key}"
        if isinstance(value, int | float):
            low = -math.inf if limits.low is None else limits.low
            high = math.inf if limits.high is None else limits.high
            if not low <= value <= high:
                raise MisuseError(f"{where} takes {low:g} to {high:g}")
        if isinstance(value, str) and limits.choices and value not in limits.choices:
            hint = close_to(value, limits.choices) or f"it takes {', '.join(limits.choices)}"
            raise MisuseError(f"{where} has no {value!r}; {hint}")


def _tells_nothing(_option: str) -> None:
    """Stand in for what the vendor tells of an entity's options."""


def pairs(part: str, texts: Collection[str]) -> Iterable[tuple[str, Any]]:
    """Return the names and values in one ``--data``; those of ``texts`` are taken as they are.

    Raises MisuseError.
    """
    if part.lstrip().startswith("{"):
        try:
            decoded = json.loads(part)
        except ValueError as error:
            raise MisuseError(f"--data is not JSON: {error}") from None
        found: Iterable[tuple[str, Any]] = decoded.items()
        return found
    name, equals, text = part.partition("=")
    if not equals:
        raise MisuseError("--data takes name=value or a JSON object")
    return [(name, text if name in texts else _value(text))]


def _value(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return what a text is in JSON, or the text itself."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _or(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _as_json(device: str, command: str, outcome: Outcome) -> dict[str, Any]:
    return {
        "device": device,
        "command": command,
        "confirmed": outcome.confirmed,
        "observations": [
            {"attribute": key, "value": seen.value, "observed_at": seen.observed_at}
            for key, seen in outcome.observations.items()
        ],
    }
