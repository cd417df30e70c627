"""Hours of statistics in Home Assistant's recorder: read, and written for good."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, cast, override

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    STATISTIC_UNIT_TO_UNIT_CONVERTER,
    async_add_external_statistics,
    async_import_statistics,
    get_last_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.components.recorder.tasks import SynchronizeTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util

from .bridge.history import HOUR, Row
from .bridge.model import Meaning
from .const import DOMAIN

if TYPE_CHECKING:
    from homeassistant.components.recorder.statistics import StatisticsRow

BEGINNING = dt_util.utc_from_timestamp(0)


class Hours:
    """The hours of one series of statistics."""

    def __init__(self, hass: HomeAssistant, metadata: StatisticMetaData) -> None:
        """Take what the recorder calls the series."""
        self.hass = hass
        self.metadata = metadata

    @property
    def statistic_id(self) -> str:
        """Return what the recorder calls the series."""
        return self.metadata["statistic_id"]

    async def async_known(self, first: datetime) -> list[Row]:
        """Return the hours that are known from the last one before ``first`` on."""
        rows = await self._async_rows(first - HOUR)
        if rows and rows[0].start < first:
            return rows
        rows = await self._async_rows(BEGINNING)
        before = [row for row in rows if row.start < first]
        return [*before[-1:], *rows[len(before) :]]

    async def async_end(self) -> datetime:
        """Return the end of the newest hour that is known; long ago where there is none."""
        statistic_id = self.statistic_id

        def look() -> dict[str, list[StatisticsRow]]:
            return get_last_statistics(
                self.hass, 1, statistic_id, convert_units=False, types={"state"}
            )

        found = await get_instance(self.hass).async_add_executor_job(look)
        rows = found.get(statistic_id)
        return dt_util.utc_from_timestamp(rows[0]["start"]) + HOUR if rows else BEGINNING

    async def _async_rows(self, start: datetime) -> list[Row]:
        statistic_id = self.statistic_id
        unit_class, unit = self.metadata["unit_class"], self.metadata["unit_of_measurement"]
        units = {unit_class: unit} if unit_class and unit else None
        found: dict[str, list[StatisticsRow]] = await get_instance(
            self.hass
        ).async_add_executor_job(
            statistics_during_period,
            self.hass,
            start,
            None,
            {statistic_id},
            "hour",
            units,
            {"state", "sum", "mean", "min", "max"},
        )
        return [
            Row(
                start=dt_util.utc_from_timestamp(row["start"]),
                state=row.get("state"),
                sum=row.get("sum"),
                mean=row.get("mean"),
                low=row.get("min"),
                high=row.get("max"),
            )
            for row in found.get(statistic_id, ())
        ]

    async def async_write(self, rows: Sequence[Row]) -> None:
        """Write hours, and return once the recorder has committed them."""
        if rows:
            self._write([_data(row) for row in rows])
            committed = self.hass.loop.create_future()
            # In line behind the hours. async_block_till_done overtakes what is in work.
            get_instance(self.hass).queue_task(SynchronizeTask(committed))
            await committed

    @abstractmethod
    def _write(self, data: Iterable[StatisticData]) -> None:
        """Hand hours to the recorder."""


class ExternalHours(Hours):
    """Hours of our own, beside those that Home Assistant makes of an entity's states."""

    def __init__(
        self,
        hass: HomeAssistant,
        statistic_id: str,
        *,
        name: str,
        unit: str | None,
        meaning: Meaning,
    ) -> None:
        """Describe the series."""
        converter = STATISTIC_UNIT_TO_UNIT_CONVERTER.get(unit)
        mean = meaning is Meaning.MEAN
        metadata = StatisticMetaData(
            mean_type=StatisticMeanType.ARITHMETIC if mean else StatisticMeanType.NONE,
            has_sum=not mean,
            name=name,
            source=DOMAIN,
            statistic_id=statistic_id,
            unit_class=converter.UNIT_CLASS if converter else None,
            unit_of_measurement=unit,
        )
        super().__init__(hass, metadata)

    @override
    def _write(self, data: Iterable[StatisticData]) -> None:
        async_add_external_statistics(self.hass, self.metadata, data)


class OwnHours(Hours):
    """Hours that Home Assistant makes of an entity's states."""

    @override
    def _write(self, data: Iterable[StatisticData]) -> None:
        async_import_statistics(self.hass, self.metadata, data)


async def async_own_hours(hass: HomeAssistant, entity_id: str) -> OwnHours | None:
    """Return the hours of an entity, or None where Home Assistant has made none yet."""

    def look() -> dict[str, tuple[int, StatisticMetaData]]:
        return get_metadata(hass, statistic_ids={entity_id})

    found = await get_instance(hass).async_add_executor_job(look)
    return OwnHours(hass, found[entity_id][1]) if entity_id in found else None


def unit_converter(unit: str | None, other: str | None) -> Callable[[float], float] | None:
    """Return what turns a value in one unit into one in another; None where nothing can."""
    if unit == other:
        return _as_it_is
    converter = STATISTIC_UNIT_TO_UNIT_CONVERTER.get(unit)
    if converter is None or converter is not STATISTIC_UNIT_TO_UNIT_CONVERTER.get(other):
        return None
    return converter.converter_factory(unit, other)


def _as_it_is(value: float) -> float:
    return value


def _data(row: Row) -> StatisticData:
    values = {
        "state": row.state,
        "sum": row.sum,
        "mean": row.mean,
        "min": row.low,
        "max": row.high,
    }
    told = {name: value for name, value in values.items() if value is not None}
    return cast("StatisticData", {"start": row.start, **told})
