"""What the actions that run tasks have in common: checking what they are told, and the answer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.util import dt as dt_util

from ..bridge.errors import TaskDataError
from ..bridge.profile.words import close_to
from ..bridge.task_data import check_data
from ..bridge.tasks import FieldType, Task
from ..helpers import command_failures
from .errors import caller_error
from .results import Failure, async_answer, device_answer, failure, json_value, told
from .targets import CONTROL, TargetDevice, async_check_controls_all, async_targets

if TYPE_CHECKING:
    from homeassistant.util.json import JsonObjectType

    from ..account import ConnectedAccount
    from ..devices import TakenDevice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """A task that is about to be run, with what it is told in the vendor's own terms."""

    target: TargetDevice
    task: Task
    data: Mapping[str, Any]


async def async_run_on_devices(
    call: ServiceCall, key: str, data: Mapping[str, Any], *, vendor: str | None = None
) -> ServiceResponse:
    """Run a task of every device that is targeted, side by side.

    All of them are checked before the first one is run. ``vendor`` is the id of the vendor whose
    task is meant, where it is one's alone.
    """
    targets = await async_targets(call, policy=CONTROL)
    failures = list(targets.failures)
    orders = []
    for target in targets.devices:
        try:
            if not target.entities:  # else the user may control one of them
                await async_check_controls_all(call)
            orders.append(_order(target, key, data, vendor))
        except HomeAssistantError as error:
            if isinstance(error, Unauthorized):
                raise
            failures.append(failure(target, error))
    runs = (_async_run(call, order) for order in orders)
    made = await asyncio.gather(*runs, return_exceptions=True)
    for one in made:
        if isinstance(one, BaseException):
            raise one  # a mistake in a client, once the tasks of the other devices are over
    devices = [one for one in made if not isinstance(one, Failure | BaseException)]
    failures += [one for one in made if isinstance(one, Failure)]
    return await async_answer(call, devices, failures)


async def async_run_on_account(
    call: ServiceCall, account: ConnectedAccount, key: str, data: Mapping[str, Any]
) -> ServiceResponse:
    """Run a task of an account as a whole."""
    await async_check_controls_all(call)
    title = account.entry.title
    task = _find(account, None, title, key)
    checked = _check(account, task, title, data)
    with command_failures(title, task.name):
        outcome, _ = await account.tasks.async_run(None, task, checked, call.context)
    return {
        "devices": [],
        "failed": [],
        "config_entry_id": account.entry.entry_id,
        "task": key,
        "result": json_value(outcome.result),
    }


def _order(target: TargetDevice, key: str, data: Mapping[str, Any], vendor: str | None) -> _Order:
    """Return what is to be run at a device. Raises ServiceValidationError."""
    account = target.account
    if vendor is not None and account.profile.id != vendor:
        raise caller_error(
            "other_vendor", device=target.name, vendor=account.profile.name, task=key
        )
    task = _find(account, target.taken, target.name, key)
    return _Order(target=target, task=task, data=_check(account, task, target.name, data))


def _find(account: ConnectedAccount, taken: TakenDevice | None, name: str, key: str) -> Task:
    """Return a task. Raises ServiceValidationError where there is none of that name."""
    offered = account.tasks.offers.get(taken.device.id if taken is not None else None, {})
    if key in offered:
        return offered[key]
    if not offered:
        raise caller_error("no_tasks", device=name, task=key)
    hint = close_to(key, offered)
    known: Sequence[str] = sorted(offered)
    reason = hint or ", ".join(known)
    raise caller_error("unknown_task", device=name, task=key, known=reason)


def _check(
    account: ConnectedAccount, task: Task, name: str, data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a task is told. Raises ServiceValidationError, which names the field."""
    try:
        checked = check_data(task, data, dt_util.get_default_time_zone())
        for field in task.fields:
            if field.type is FieldType.DEVICE and field.key in checked:
                checked[field.key] = _vendor_id(account, field.key, checked[field.key], field.types)
    except TaskDataError as error:
        raise caller_error(
            "task_data", device=name, task=task.name, field=error.field, reason=error.reason
        ) from None
    return checked


def _vendor_id(account: ConnectedAccount, field: str, given: str, types: frozenset[str]) -> str:
    """Return the vendor's own id of a device that a task is told. Raises TaskDataError."""
    for vendor_id, taken in account.devices.items():
        if given in {vendor_id, taken.entry_id}:
            if types and taken.device.type not in types:
                name = account.register.name(taken.entry_id) or vendor_id
                raise TaskDataError(field, f"{name} is a device of another type")
            return vendor_id
    raise TaskDataError(field, f"it is no device of the account {account.entry.title}")


async def _async_run(call: ServiceCall, order: _Order) -> JsonObjectType | Failure:
    """Run one task; return how its device is told of in the answer."""
    target = order.target
    try:
        with command_failures(target.name, order.task.name):
            outcome, seen = await target.account.tasks.async_run(
                target.taken, order.task, order.data, call.context
            )
    except HomeAssistantError as error:
        return failure(target, error)
    return device_answer(
        target,
        target.entities,
        task=order.task.key,
        result=json_value(outcome.result),
        observations=told(target, seen, at=dt_util.utcnow()),
    )
