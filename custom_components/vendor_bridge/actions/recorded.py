"""What the recorder knows of entities. Only to be imported where there is a recorder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
import math
from typing import Any, Final, Literal

from homeassistant.components.recorder.history import state_changes_during_period
from homeassistant.components.recorder.statistics import (
    get_metadata,
    statistics_during_period,
)
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Platform,
)
from homeassistant.core import HomeAssistant, State, split_entity_id
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..statistics import unit_converter
from .results import iso

type StatisticPeriod = Literal["5minute", "hour", "day", "week", "month"]

LENGTHS: Final[Mapping[StatisticPeriod, timedelta]] = {
    "5minute": timedelta(minutes=5),
    "hour": timedelta(hours=1),
    "day": timedelta(hours=23),
    "week": timedelta(days=7, hours=-1),
    "month": timedelta(days=28, hours=-1),
}
"""How short a period can be: days are shorter when clocks are put forward."""

NUMERIC: Final = frozenset({Platform.NUMBER, Platform.SENSOR})
"""The platforms whose states can be numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was recorded, by entity id; whose is cut short; and who has no statistics at all."""

    observations: Mapping[str, Sequence[JsonObjectType]]
    cut: Sequence[str] = ()
    without: frozenset[str] = field(default_factory=frozenset)


async def async_states(
    hass: HomeAssistant, entity_ids: Sequence[str], start: datetime, end: datetime, most: int
) -> Recorded:
    """Return the states that entities took on, the oldest first, ``most`` of each.

    The first of an entity is what held at the start. Times in which an entity was unavailable tell
    nothing of the device, and are left out.
    """

    def look() -> Recorded:
        observations: dict[str, Sequence[JsonObjectType]] = {}
        cut = []
        for entity_id in entity_ids:
            numeric = split_entity_id(entity_id)[0] in NUMERIC
            found = state_changes_during_period(
                hass, start, end, entity_id, no_attributes=not numeric, limit=most + 1
            ).get(entity_id, [])
            if len(found) > most:
                cut.append(entity_id)
            observations[entity_id] = [
                _state(state, numeric=numeric)
                for state in found[:most]
                if state.state != STATE_UNAVAILABLE
            ]
        return Recorded(observations=observations, cut=cut)

    return await get_instance(hass).async_add_executor_job(look)


async def async_statistics(
    hass: HomeAssistant,
    entity_ids: Sequence[str],
    start: datetime,
    end: datetime,
    most: int,
    period: StatisticPeriod,
) -> Recorded:
    """Return the statistics of entities in a time, ``most`` periods of each.

    Values are in the unit in which Home Assistant shows the entity.
    """
    last = min(end, start + most * LENGTHS[period])
    shown = {entity_id: _shown_unit(hass, entity_id) for entity_id in entity_ids}

    def look() -> Recorded:
        known = get_metadata(hass, statistic_ids=set(entity_ids))
        observations: dict[str, Sequence[JsonObjectType]] = {}
        for entity_id, (_, metadata) in known.items():
            stored, unit = metadata["unit_of_measurement"], shown[entity_id]
            if unit_converter(stored, unit) is None:
                unit = stored
            unit_class = metadata["unit_class"]
            rows = statistics_during_period(
                hass,
                start,
                last,
                {entity_id},
                period,
                {unit_class: unit} if unit_class and unit else None,
                {"mean", "min", "max", "state", "sum", "change"},
            )
            observations[entity_id] = [
                _period(entity_id, row, unit) for row in rows.get(entity_id, ())
            ][:most]
        return Recorded(
            observations=observations,
            cut=list(observations) if last < end else [],
            without=frozenset(entity_ids) - observations.keys(),
        )

    return await get_instance(hass).async_add_executor_job(look)


def _shown_unit(hass: HomeAssistant, entity_id: str) -> str | None:
    state = hass.states.get(entity_id)
    return state.attributes.get(ATTR_UNIT_OF_MEASUREMENT) if state is not None else None


def _state(state: State, *, numeric: bool) -> JsonObjectType:
    return {
        "entity_id": state.entity_id,
        "attribute": "state",
        "value": _value(state.state, numeric=numeric),
        "unit": state.attributes.get(ATTR_UNIT_OF_MEASUREMENT),
        "observed_at": iso(state.last_changed),
    }


def _value(text: str, *, numeric: bool) -> JsonValueType:
    if text == STATE_UNKNOWN:
        return None
    if numeric:
        try:
            number = float(text)
        except ValueError:
            return text
        if math.isfinite(number):
            return number
    return text


def _period(entity_id: str, row: Mapping[str, Any], unit: str | None) -> JsonObjectType:
    """Return a period of statistics: its mean or, of what is counted, its change is the value."""
    told = {
        name: row[name]
        for name in ("mean", "min", "max", "state", "sum", "change")
        if row.get(name) is not None
    }
    return {
        "entity_id": entity_id,
        "attribute": "state",
        "value": told.get("mean", told.get("change")),
        "unit": unit,
        "observed_at": iso(dt_util.utc_from_timestamp(row["start"])),
        "until": iso(dt_util.utc_from_timestamp(row["end"])),
        **told,
    }
