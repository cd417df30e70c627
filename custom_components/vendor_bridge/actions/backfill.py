"""``backfill``: imports anew what a vendor remembers of a time, or tells what that would change."""

import asyncio
from typing import TYPE_CHECKING, Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
import probatio

from ..const import CONF_FILL
from .action import Action
from .errors import action_error, caller_error
from .get_observations import ATTR_END, ATTR_START
from .results import Failure, async_answer, device_answer, failure, iso
from .targets import CONTROL, TargetDevice, async_targets

if TYPE_CHECKING:
    from datetime import datetime

    from homeassistant.util.json import JsonObjectType

    from ..account import ConnectedAccount
    from ..history_plan import Effect, Series

ATTR_DRY_RUN: Final = "dry_run"

SCHEMA: Final = cv.make_entity_service_schema(
    {
        probatio.Optional(ATTR_START): cv.datetime,
        probatio.Optional(ATTR_END): cv.datetime,
        probatio.Optional(CONF_FILL): cv.boolean,
        probatio.Optional(ATTR_DRY_RUN, default=False): cv.boolean,
    }
)


async def async_backfill(call: ServiceCall) -> ServiceResponse:
    """Import the targets' past, account by account side by side, and return once that is done."""
    start, end = (_moment(call, name) for name in (ATTR_START, ATTR_END))
    if start is not None and start >= (end or dt_util.utcnow()):
        raise caller_error("empty_span", start=iso(start), end=iso(end or dt_util.utcnow()))
    targets = await async_targets(call, policy=CONTROL, whole_accounts=True)
    failures = list(targets.failures)
    wanted: dict[TargetDevice, list[Series]] = {}
    for target in targets.devices:
        found, failed = _series(target)
        failures += failed
        if found:
            wanted[target] = found
    if not wanted and not failures:
        raise caller_error("no_history_there")
    accounts = list(dict.fromkeys(target.account for target in wanted))
    results = await asyncio.gather(
        *(
            _async_import(
                call,
                account,
                [
                    one
                    for target, found in wanted.items()
                    if target.account is account
                    for one in found
                ],
                start,
                end,
            )
            for account in accounts
        ),
        return_exceptions=True,
    )
    devices: list[JsonObjectType] = []
    by_account = dict(zip(accounts, results, strict=True))
    for target, found in wanted.items():
        result = by_account[target.account]
        if isinstance(result, HomeAssistantError):
            failures.append(failure(target, result))
        elif isinstance(result, BaseException):
            raise result
        else:
            device, failed = _told(target, found, result)
            failures += failed
            devices += device
    return await async_answer(call, devices, failures, dry_run=call.data[ATTR_DRY_RUN])


def _moment(call: ServiceCall, name: str) -> datetime | None:
    moment = call.data.get(name)
    return dt_util.as_utc(moment) if moment is not None else None


def _series(target: TargetDevice) -> tuple[list[Series], list[Failure]]:
    """Return whose past the vendor remembers, of a target; and who was named in vain."""
    history = target.account.history
    if history is None:
        return [], [failure(target, caller_error("no_recorder"))]
    found = [
        one
        for one in history.series()
        if one.device.id == target.vendor_id and one.entity_id in target.entities
    ]
    there = {one.entity_id for one in found}
    failed = [
        failure(target, caller_error("no_history", device=one), entity_id=one)
        for one in sorted(target.named - there)
    ]
    if not found and not failed and target.direct:
        failed.append(failure(target, caller_error("no_history", device=target.name)))
    return found, failed


async def _async_import(
    call: ServiceCall,
    account: ConnectedAccount,
    wanted: list[Series],
    start: datetime | None,
    end: datetime | None,
) -> list[Effect]:
    """Import some series of an account, for as long as it is set up. Raises HomeAssistantError."""
    history = account.history
    assert history is not None  # noqa: S101 - it has told its series
    fill = call.data.get(CONF_FILL, account.entry.options.get(CONF_FILL, False))
    task = account.entry.async_create_background_task(
        call.hass,
        history.async_backfill(
            wanted, start=start, end=end, fill=fill, dry_run=call.data[ATTR_DRY_RUN]
        ),
        f"{account.entry.title} backfill",
    )
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        raise
    if task.cancelled():
        raise action_error("account_not_loaded", account=account.entry.title)
    return task.result()


def _told(
    target: TargetDevice, found: list[Series], effects: list[Effect]
) -> tuple[list[JsonObjectType], list[Failure]]:
    """Return what an import has done for a device, and what the vendor did not tell."""
    ours = {one.entity_id for one in found}
    mine = [one for one in effects if one.entity_id in ours]
    failures = [
        failure(
            target,
            action_error("history_failed", device=one.name, reason=one.failure),
            entity_id=one.entity_id,
        )
        for one in mine
        if one.failure is not None
    ]
    good = [one for one in mine if one.failure is None or one.added or one.changed]
    if not good:
        return [], failures
    entity_ids = dict.fromkeys(one.entity_id for one in good if one.entity_id is not None)
    return [device_answer(target, entity_ids, statistics=[_effect(one) for one in good])], failures


def _effect(effect: Effect) -> JsonObjectType:
    return {
        "entity_id": effect.entity_id,
        "statistic_id": effect.statistic_id,
        "added": effect.added,
        "changed": effect.changed,
        "first": iso(effect.first) if effect.first is not None else None,
        "last": iso(effect.last) if effect.last is not None else None,
    }


ACTION: Final = Action(name="backfill", schema=SCHEMA, handler=async_backfill, admin=True)
