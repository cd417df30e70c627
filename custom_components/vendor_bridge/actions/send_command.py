"""``send_command``: any command of a profile, checked, sent, and confirmed as always."""

import asyncio
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio

from ..bridge.command_data import check_command, secrets
from ..bridge.http.verdict import without, writings
from ..bridge.model import Command, Entity, Outcome, Value
from ..bridge.profile.words import close_to, listed
from ..helpers import command_failures
from .action import Action
from .errors import action_error, caller_error
from .results import Failure, async_answer, device_answer, failure, told
from .targets import CONTROL, TargetDevice, async_targets

if TYPE_CHECKING:
    from homeassistant.util.json import JsonObjectType

ATTR_COMMAND: Final = "command"
ATTR_DATA: Final = "data"
LONGEST_NAME: Final = 200
MOST_DATA: Final = 50
INSTEAD: Final = "***"

SCHEMA: Final = cv.make_entity_service_schema(
    {
        probatio.Required(ATTR_COMMAND): probatio.All(
            cv.string, probatio.Length(min=1, max=LONGEST_NAME)
        ),
        probatio.Optional(ATTR_DATA, default={}): probatio.All(
            {cv.string: object}, probatio.Length(max=MOST_DATA)
        ),
    }
)

type Chosen = tuple[str, str]
"""An entity's id, and the name of the command for it."""


async def async_send_command(call: ServiceCall) -> ServiceResponse:
    """Send a command to the target's entities that have it, side by side."""
    targets = await async_targets(call, policy=CONTROL)
    failures = list(targets.failures)
    chosen: list[tuple[TargetDevice, Chosen]] = []
    name = call.data[ATTR_COMMAND]
    wholes = {
        (target.account.id, target.taken.device.parent)
        for target in targets.devices
        if any(_command_of(entity, name) for entity in target.entities.values())
    }
    for target in targets.devices:
        has_parts = (target.account.id, target.vendor_id) in wholes
        found, failed = _choose(target, name, needed=target.direct and not has_parts)
        chosen += [(target, one) for one in found]
        failures += failed
    if not chosen and not failures:
        raise caller_error("command_nowhere", command=name)
    results = await asyncio.gather(
        *(_async_send(call, target, one) for target, one in chosen),
        return_exceptions=True,
    )
    sent: dict[str, dict[str, Outcome]] = {}
    by_id = {target.device_id: target for target, _ in chosen}
    for (target, (entity_id, _)), result in zip(chosen, results, strict=True):
        if isinstance(result, HomeAssistantError):
            failures.append(failure(target, result, entity_id=entity_id))
        elif isinstance(result, BaseException):
            raise result
        else:
            sent.setdefault(target.device_id, {})[entity_id] = result
    devices = [_answer(by_id[device_id], outcomes) for device_id, outcomes in sent.items()]
    return await async_answer(call, devices, failures)


def _answer(target: TargetDevice, outcomes: Mapping[str, Outcome]) -> JsonObjectType:
    now = dt_util.utcnow()
    seen = {key: one for result in outcomes.values() for key, one in result.observations.items()}
    concerned = told(target, seen, at=now, only=outcomes)
    return device_answer(target, outcomes, observations=concerned)


# --- which entities it is for ---------------------------------------------------------------------


def _choose(target: TargetDevice, name: str, *, needed: bool) -> tuple[list[Chosen], list[Failure]]:
    """Return the entities of a device that a command is for, and what cannot be meant.

    Those that the caller named, each of them. Else the one of its entities that has the command:
    one that shows what the device is for comes before one for its settings. Where none is
    ``needed``, as of a device that only an area brings along or whose parts have it, there may be
    none.
    """
    if target.named:
        found, failed = [], []
        for entity_id in sorted(target.named):
            entity = target.entities.get(entity_id)
            command = _command_of(entity, name) if entity is not None else None
            if command is not None:
                found.append((entity_id, command))
            else:
                error = _unknown(entity_id, name, [entity] if entity is not None else [])
                failed.append(failure(target, error, entity_id=entity_id))
        return found, failed
    able = [
        (entity_id, command)
        for entity_id, entity in target.entities.items()
        if (command := _command_of(entity, name)) is not None
    ]
    primary = [one for one in able if one[0] not in target.secondary]
    able = primary or able
    if len(able) == 1:
        return able, []
    if able:
        error = caller_error(
            "command_ambiguous",
            device=target.name,
            command=name,
            entities=", ".join(sorted(entity_id for entity_id, _ in able)),
        )
        return [], [failure(target, error)]
    if not needed:
        return [], []
    return [], [failure(target, _unknown(target.name, name, target.entities.values()))]


def _command_of(entity: Entity, name: str) -> str | None:
    """Return an entity's command by its name, with or without the entity's key before it."""
    bare = name.removeprefix(f"{entity.key}.")
    return bare if bare in entity.commands else None


def _unknown(whose: str, name: str, entities: Collection[Entity]) -> HomeAssistantError:
    """Return the error that says which commands there are."""
    names = sorted({command for entity in entities for command in entity.commands})
    if not names:
        return caller_error("no_commands", device=whose, command=name)
    full = [f"{entity.key}.{command}" for entity in entities for command in entity.commands]
    near = close_to(name, [*names, *full])
    return caller_error(
        "unknown_command",
        device=whose,
        command=name,
        commands=listed(names) + (f"; {near}" if near else ""),
    )


# --- sending --------------------------------------------------------------------------------------


async def _async_send(call: ServiceCall, target: TargetDevice, chosen: Chosen) -> Outcome:
    """Send a command to one entity and return what is known since. Raises HomeAssistantError."""
    entity_id, name = chosen
    entity = target.entities[entity_id]
    data: Mapping[str, Any] = call.data[ATTR_DATA]

    def observed(attribute: str) -> Value:
        return target.observed(entity, attribute)

    # Home Assistant passes over entities that are unavailable, without a word.
    state = call.hass.states.get(entity_id)
    if state is None or state.state == STATE_UNAVAILABLE:
        raise action_error("entity_unavailable", entity=entity_id, command=name)
    with _without(secrets(entity, data)), command_failures(target.name, name):
        return await target.account.async_write(
            target.taken,
            entity,
            Command(entity=entity.key, name=name, data=check_command(entity, name, data, observed)),
            call.context,
        )


@contextmanager
def _without(hidden: list[str]) -> Generator[None]:
    """Keep a code out of what an error says, should the vendor repeat it."""
    try:
        yield
    except HomeAssistantError as error:
        told = error.translation_placeholders or {}
        texts = [text for secret in hidden if secret for text in writings(secret)]
        if not texts or "reason" not in told:
            raise
        reason = without(told["reason"], texts, INSTEAD)
        raise type(error)(
            translation_domain=error.translation_domain,
            translation_key=error.translation_key,
            translation_placeholders={**told, "reason": reason},
        ) from None


ACTION: Final = Action(name="send_command", schema=SCHEMA, handler=async_send_command)
