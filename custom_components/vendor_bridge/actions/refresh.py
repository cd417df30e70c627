"""``refresh``: reads devices now, whatever their interval, and answers what that read told."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from homeassistant.const import CONF_TIMEOUT
from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio

from ..bridge.model import DEVICES_MONITOR, Monitor, Observation, Reading
from .action import Action
from .errors import action_error
from .results import Failure, async_answer, device_answer, failure, told
from .targets import READ, TargetDevice, async_targets

if TYPE_CHECKING:
    from homeassistant.util.json import JsonObjectType

    from ..coordinator import MonitorCoordinator

DEFAULT_TIMEOUT: Final = 60
LONGEST_TIMEOUT: Final = 300
"""Seconds. Longer than that no client reads."""

SCHEMA: Final = cv.make_entity_service_schema(
    {
        probatio.Optional(CONF_TIMEOUT, default=DEFAULT_TIMEOUT): probatio.All(
            probatio.Coerce(int), probatio.Range(min=1, max=LONGEST_TIMEOUT)
        )
    }
)

type Reads = Mapping[MonitorCoordinator, asyncio.Task[Reading]]


async def async_refresh(call: ServiceCall) -> ServiceResponse:
    """Read every monitor that the targets have attributes from, each of them once."""
    targets = await async_targets(call, policy=READ, whole_accounts=True)
    reads = {
        coordinator: coordinator.at_once.async_ask(target.vendor_id)
        for target in targets.devices
        for coordinator in _coordinators(target)
    }
    if reads:
        await asyncio.wait(reads.values(), timeout=call.data[CONF_TIMEOUT])
    now = dt_util.utcnow()
    devices: list[JsonObjectType] = []
    failures = list(targets.failures)
    for target in targets.devices:
        seen, failed = _outcome(target, reads, call.data[CONF_TIMEOUT])
        failures += failed
        if seen is not None:
            devices.append(_answer(target, seen, now))
    return await async_answer(call, devices, failures)


def _monitors(target: TargetDevice) -> set[str]:
    """Return what tells of the target."""
    entities = target.entities.values()
    return {attribute.monitor for entity in entities for attribute in entity.observed}


def _coordinators(target: TargetDevice) -> list[MonitorCoordinator]:
    """Return what reads the target: the list of devices where its entities observe nothing."""
    monitors = _monitors(target) or {DEVICES_MONITOR}
    return [target.account.coordinators[key] for key in sorted(monitors)]


def _outcome(
    target: TargetDevice, reads: Reads, seconds: int
) -> tuple[dict[str, Observation] | None, list[Failure]]:
    """Return what was read of a target, None for nothing at all, and what could not be.

    An optional monitor may fail without being told of, where another one can be read.
    """
    seen: dict[str, Observation] = {}
    failed: list[tuple[bool, HomeAssistantError]] = []
    coordinators = _coordinators(target)
    for coordinator in coordinators:
        try:
            seen.update(_told_of(target, coordinator.monitor, reads[coordinator], seconds))
        except HomeAssistantError as error:
            failed.append((coordinator.monitor.optional, error))
    if len(failed) < len(coordinators):
        failed = [one for one in failed if not one[0]]
        failures = [failure(target, error) for _, error in failed]
        return seen, failures
    return None, [failure(target, failed[0][1])]


def _told_of(
    target: TargetDevice, monitor: Monitor, read: asyncio.Task[Reading], seconds: int
) -> Mapping[str, Observation]:
    """Return what a read has told of a target. Raises HomeAssistantError."""
    if not read.done():
        raise action_error("read_too_slow", device=target.name, seconds=str(seconds))
    account = target.account.entry.title
    if read.cancelled():
        raise action_error("account_not_loaded", account=account)
    if target.vendor_id not in target.account.devices:
        raise action_error("device_has_gone", device=target.name, account=account)
    error = read.exception()
    if isinstance(error, HomeAssistantError):
        raise error
    if error is not None:
        raise action_error("account_failed", account=account, reason=type(error).__name__)
    reading = read.result()
    if (reason := reading.failures.get(target.vendor_id)) is not None:
        raise action_error("device_not_read", device=target.name, reason=str(reason))
    seen = reading.observations.get(target.vendor_id)
    if seen is None and monitor.key in _monitors(target):
        raise action_error("device_not_told", device=target.name, account=account)
    return seen or {}


def _answer(target: TargetDevice, seen: Mapping[str, Observation], now: datetime) -> JsonObjectType:
    return device_answer(target, target.entities, observations=told(target, seen, at=now))


ACTION: Final = Action(name="refresh", schema=SCHEMA, handler=async_refresh)
