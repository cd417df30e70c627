"""``get_observations``: what was observed in a time, out of the recorder."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.core import ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.recorder import DATA_INSTANCE
from homeassistant.util import dt as dt_util
import probatio

from .action import Action
from .errors import caller_error
from .results import async_answer, device_answer, failure, iso
from .targets import READ, TargetDevice, async_targets

if TYPE_CHECKING:
    from homeassistant.util.json import JsonObjectType

    from .recorded import Recorded

ATTR_START: Final = "start"
ATTR_END: Final = "end"
ATTR_PERIOD: Final = "period"
ATTR_LIMIT: Final = "limit"
RAW: Final = "raw"
PERIODS: Final = (RAW, "5minute", "hour", "day", "week", "month")

DEFAULT_SPAN: Final = timedelta(days=1)
DEFAULT_LIMIT: Final = 1000
HIGHEST_LIMIT: Final = 10_000
MOST: Final = 50_000
"""How many observations an answer holds at most, of all entities together."""

SCHEMA: Final = cv.make_entity_service_schema(
    {
        probatio.Optional(ATTR_START): cv.datetime,
        probatio.Optional(ATTR_END): cv.datetime,
        probatio.Optional(ATTR_PERIOD, default=RAW): probatio.In(PERIODS),
        probatio.Optional(ATTR_LIMIT, default=DEFAULT_LIMIT): probatio.All(
            probatio.Coerce(int), probatio.Range(min=1, max=HIGHEST_LIMIT)
        ),
    }
)


async def async_get_observations(call: ServiceCall) -> ServiceResponse:
    """Return the observations of the targets in a time, as they were or by period."""
    if DATA_INSTANCE not in call.hass.data:
        raise caller_error("no_recorder")
    start, end = span(call)
    targets = await async_targets(call, policy=READ, whole_accounts=True)
    entity_ids = [one for target in targets.devices for one in _entity_ids(target)]
    recorded = await _async_look(call, entity_ids, start, end)
    failures = list(targets.failures)
    for target in targets.devices:
        failures += [
            failure(target, caller_error("no_statistics", entity=one), entity_id=one)
            for one in sorted(target.named & recorded.without)
        ]
    devices = [
        _answer(target, recorded)
        for target in targets.devices
        if not target.named or target.named - recorded.without
    ]
    return await async_answer(
        call,
        devices,
        failures,
        start=iso(start),
        end=iso(end),
        period=call.data[ATTR_PERIOD],
        cut=list(recorded.cut),
    )


def span(call: ServiceCall) -> tuple[datetime, datetime]:
    """Return the time that is asked for, by default the last day, in UTC.

    Times without an offset are local. Raises ServiceValidationError where it has no length.
    """
    end = dt_util.as_utc(call.data.get(ATTR_END) or dt_util.utcnow())
    start = dt_util.as_utc(call.data.get(ATTR_START) or end - DEFAULT_SPAN)
    if start >= end:
        raise caller_error("empty_span", start=iso(start), end=iso(end))
    return start, end


async def _async_look(
    call: ServiceCall, entity_ids: list[str], start: datetime, end: datetime
) -> Recorded:
    module = await async_import_module(call.hass, f"{__package__}.recorded")
    most = max(1, min(call.data[ATTR_LIMIT], MOST // max(1, len(entity_ids))))
    recorded: Recorded
    if call.data[ATTR_PERIOD] == RAW:
        recorded = await module.async_states(call.hass, entity_ids, start, end, most)
    else:
        recorded = await module.async_statistics(
            call.hass, entity_ids, start, end, most, call.data[ATTR_PERIOD]
        )
    return recorded


def _entity_ids(target: TargetDevice) -> list[str]:
    """Return a target's entities, and what tells of its tasks if that was named."""
    return [*target.entities, *sorted(target.named - target.entities.keys())]


def _answer(target: TargetDevice, recorded: Recorded) -> JsonObjectType:
    shown = [one for one in _entity_ids(target) if one not in recorded.without]
    return device_answer(
        target,
        shown,
        observations=[seen for one in shown for seen in recorded.observations.get(one, ())],
    )


ACTION: Final = Action(
    name="get_observations",
    schema=SCHEMA,
    handler=async_get_observations,
    supports_response=SupportsResponse.ONLY,
)
