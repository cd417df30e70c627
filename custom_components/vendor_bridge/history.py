"""What a vendor remembers, imported into Home Assistant's statistics."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
import hashlib
from random import uniform
from typing import TYPE_CHECKING, Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util, slugify

from .account_status import Progress
from .bridge.errors import BridgeError, UnreachableError
from .bridge.history import (
    Change,
    Row,
    Span,
    balanced,
    counted,
    fill,
    fill_means,
    hour_of,
    hours_of_changes,
    hours_of_means,
    hours_of_totals,
    join,
    metered,
    missing,
    scaled,
)
from .bridge.model import Device, Entity, History, Meaning, Point
from .const import CONF_FILL, DOMAIN, LOGGER
from .history_store import HistoryStore
from .statistics import BEGINNING, ExternalHours, Hours, async_own_hours, unit_converter

if TYPE_CHECKING:
    from .account import ConnectedAccount

EVERY: Final = timedelta(hours=1)
SPREAD: Final = timedelta(minutes=10)
"""Every account looks at another minute of the hour, lest a vendor be asked by all at once."""
LATEST: Final = timedelta(days=31)
"""For how long what a vendor could not tell yet is asked for again."""
STATE: Final = "state"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One sensor whose past a vendor remembers."""

    device: Device
    entity: Entity
    history: History
    key: str
    statistic_id: str
    name: str
    entity_id: str | None

    @property
    def unit(self) -> str | None:
        """Return the unit in which the vendor measures."""
        unit: str | None = self.entity.options.get("unit_of_measurement")
        return unit

    @property
    def change(self) -> Change:
        """Return how the change from one hour to the next is told."""
        if self.history.meaning is Meaning.CHANGE:
            return counted
        return balanced if self.entity.options.get("state_class") == "total" else metered


class HistoryImport:
    """Imports the past of one account: at the start, after outages, and every hour.

    The newest comes first. What has been asked for is kept, so that a restart goes on where it
    was; it is noted only once the recorder has committed it, so that a crash loses nothing.
    """

    def __init__(self, hass: HomeAssistant, account: ConnectedAccount) -> None:
        """Take the account; nothing is asked yet."""
        self._hass = hass
        self._account = account
        self._store = HistoryStore(hass, account.entry.entry_id)
        self._running: asyncio.Task[None] | None = None
        self._cancel_next: CALLBACK_TYPE | None = None
        self._reported: set[tuple[str, str]] = set()
        self._connected = True

    # --- when -------------------------------------------------------------------------------------

    @callback
    def async_start(self) -> None:
        """Import once Home Assistant has started, and from then on every hour."""
        entry = self._account.entry
        entry.async_on_unload(async_at_started(self._hass, self._async_begin))
        entry.async_on_unload(self._account.status.async_listen(self._async_look))
        entry.async_on_unload(self._async_stop)

    @callback
    def _async_begin(self, _hass: HomeAssistant) -> None:
        self.async_run_soon()

    @callback
    def _async_look(self) -> None:
        """Fill the gap when an outage is over."""
        before, self._connected = self._connected, self._account.status.disconnected_by is None
        if self._connected and not before:
            self.async_run_soon()

    @callback
    def _async_stop(self) -> None:
        if self._cancel_next is not None:
            self._cancel_next()
            self._cancel_next = None

    @callback
    def async_run_soon(self) -> None:
        """Import what is missing, unless that is under way."""
        if self._running is None or self._running.done():
            self._async_stop()
            self._running = self._account.entry.async_create_background_task(
                self._hass, self._async_run(), f"{self._account.entry.title} history"
            )

    async def _async_run(self) -> None:
        try:
            await self.async_import()
        finally:
            delay = EVERY + uniform(0, 1) * SPREAD  # noqa: S311 - not a secret
            self._cancel_next = async_call_later(
                self._hass, delay, HassJob(self._async_next, cancel_on_shutdown=True)
            )

    @callback
    def _async_next(self, _now: datetime) -> None:
        self._cancel_next = None
        self.async_run_soon()

    # --- what -------------------------------------------------------------------------------------

    def series(self) -> list[Series]:
        """Return every sensor that is in use and whose past the vendor remembers."""
        registry = er.async_get(self._hass)
        found = []
        for taken in self._account.devices.values():
            for entity in taken.entities.values():
                attribute = entity.attributes.get(STATE)
                if attribute is None or attribute.history is None:
                    continue
                unique_id = self._account.unique_id(taken.device.id, entity)
                entity_id = registry.async_get_entity_id(entity.platform, DOMAIN, unique_id)
                entry = registry.async_get(entity_id) if entity_id else None
                if entry is not None and entry.disabled:
                    continue
                name = self._account.register.name(taken.entry_id) or taken.device.id
                found.append(
                    Series(
                        device=taken.device,
                        entity=entity,
                        history=attribute.history,
                        key=attribute.key,
                        statistic_id=_statistic_id(unique_id),
                        name=f"{name} {entity.name}" if entity.name else name,
                        entity_id=entity_id,
                    )
                )
        return found

    async def async_import(self) -> None:
        """Import all that is missing: of every series the newest first, then further back."""
        await self._store.async_load()
        now = dt_util.utcnow()
        found = self.series()
        todo = [(series, missing(*self._wanted(series, now))) for series in found]
        status = self._account.status
        status.history = progress = Progress(left=sum(len(pieces) for _, pieces in todo))
        while any(pieces for _, pieces in todo):
            for series, pieces in todo:
                if not pieces:
                    continue
                piece = pieces.pop(0)
                try:
                    await self._async_piece(series, piece, now)
                except BridgeError as error:  # the rest of it is asked for another time
                    self._report(series, error)
                    progress.failure = str(error)
                    progress.left -= 1 + len(pieces)
                    pieces.clear()
                else:
                    progress.done += 1
                    progress.left -= 1
                status.async_tell()
        if self._account.entry.options.get(CONF_FILL, False):
            for series in found:
                await self._async_fill(series)

    def _wanted(self, series: Series, now: datetime) -> tuple[list[Span], Span, timedelta]:
        wanted = (hour_of(now - series.history.reach), hour_of(now))
        return self._store.asked(series.statistic_id), wanted, series.history.span

    async def _async_piece(self, series: Series, piece: Span, now: datetime) -> None:
        """Import one piece, and note that once it is committed. Raises BridgeError."""
        rows = await self.async_plan(series, piece)
        external = self._external(series)
        await external.async_write(rows)
        start, end = piece
        # A device that was offline tells later what it measured meanwhile.
        told = max(await external.async_end(), hour_of(now - LATEST))
        sure = min(end, told, hour_of(now - series.history.corrections))
        await self._store.async_add(series.statistic_id, (start, sure))

    async def async_plan(self, series: Series, piece: Span) -> list[Row]:
        """Return the hours of our own series that a piece of the past changes.

        Raises BridgeError when the vendor can't be asked.
        """
        points: list[Point] = []
        async for page in self._account.client.history(series.device, series.key, *piece):
            points.extend(page)
        external = self._external(series)
        if series.history.meaning is Meaning.MEAN:
            means = hours_of_means(points)
            known = await external.async_known(min(means)) if means else []
            there = {row.start: row for row in known}
            return [row for hour, row in means.items() if there.get(hour) != row]
        changes = series.history.meaning is Meaning.CHANGE
        states = hours_of_changes(points) if changes else hours_of_totals(points)
        known = await external.async_known(min(states)) if states else []
        return join(known, states, series.change)

    async def _async_fill(self, series: Series) -> None:
        own = await async_own_hours(self._hass, series.entity_id) if series.entity_id else None
        if own is not None:
            await own.async_write(await self.async_plan_fill(series, own))

    async def async_plan_fill(self, series: Series, own: Hours) -> list[Row]:
        """Return the hours that the entity's ``own`` statistics lack and that ours can give."""
        convert = unit_converter(series.unit, own.metadata["unit_of_measurement"])
        if convert is None:
            return []
        ours = [scaled(row, convert) for row in await self._external(series).async_known(BEGINNING)]
        known = await own.async_known(BEGINNING)
        if series.history.meaning is Meaning.MEAN:
            return fill_means(known, {row.start: row for row in ours})
        states = {row.start: row.state for row in ours if row.state is not None}
        return fill(known, states, series.change)

    def _external(self, series: Series) -> Hours:
        return ExternalHours(
            self._hass,
            series.statistic_id,
            name=series.name,
            unit=series.unit,
            meaning=series.history.meaning,
        )

    def _report(self, series: Series, error: BridgeError) -> None:
        """Say once what keeps a series from being imported; an outage is told elsewhere."""
        mark = (series.statistic_id, str(error))
        if isinstance(error, UnreachableError) or mark in self._reported:
            return
        self._reported.add(mark)
        LOGGER.warning("%s: the history of %s: %s", self._account.entry.title, series.name, error)


def _statistic_id(unique_id: str) -> str:
    """Return what the recorder calls a series: readable, and never the same for two sensors."""
    mark = hashlib.sha256(unique_id.encode()).hexdigest()[:8]
    return f"{DOMAIN}:{slugify(unique_id)[:80].strip('_')}_{mark}"
