"""What a vendor remembers, imported into Home Assistant's statistics."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from random import uniform
from typing import TYPE_CHECKING, Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .account_status import Progress
from .bridge.errors import BridgeError, UnreachableError
from .bridge.history import Row, Span, fill, fill_means, hour_of, joined, missing, scaled, told
from .bridge.model import Meaning, Point
from .const import CONF_FILL, DOMAIN, LOGGER
from .history_plan import Effect, Series, statistic_id_of
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
        self._writing = asyncio.Lock()
        self._unfilled: dict[str, datetime] = {}

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
                        statistic_id=statistic_id_of(unique_id),
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

    def _wanted(
        self, series: Series, now: datetime
    ) -> tuple[list[Span], Span, timedelta, tzinfo | None]:
        history = series.history
        wanted = (hour_of(now - history.reach), hour_of(now))
        return self._store.asked(series.statistic_id), wanted, history.span, history.zone

    async def _async_piece(self, series: Series, piece: Span, now: datetime) -> None:
        """Import one piece, and note that once it is committed. Raises BridgeError."""
        await self._async_write(series, await self._async_ask(series, piece))
        start, end = piece
        # A device that was offline tells later what it measured meanwhile.
        newest = max(await self._external(series).async_end(), hour_of(now - LATEST))
        sure = min(end, newest, hour_of(now - series.history.corrections))
        await self._store.async_add(series.statistic_id, (start, sure))

    async def _async_ask(self, series: Series, piece: Span) -> list[Row]:
        """Return what the vendor says of a time, by the hour. Raises BridgeError."""
        points: list[Point] = []
        async for page in self._account.client.history(series.device, series.key, *piece):
            points.extend(page)
        return told(points, series.history.meaning)

    async def _async_write(self, series: Series, hours: Sequence[Row]) -> Effect:
        """Write what the vendor said. Nobody else writes between the look and the writing."""
        external = self._external(series)
        async with self._writing:
            rows, known = await self._async_join(series, external, hours)
            await external.async_write(rows)
        if rows:
            before = self._unfilled.get(series.statistic_id, BEGINNING)
            self._unfilled[series.statistic_id] = min(before, rows[0].start)
        return Effect.of(series, series.statistic_id, rows, known)

    async def _async_join(
        self, series: Series, external: Hours, hours: Sequence[Row]
    ) -> tuple[list[Row], list[Row]]:
        """Return the hours of our own series that are to be written, and those that stand there."""
        known = await external.async_known(hours[0].start) if hours else []
        return joined(known, hours, series.change), known

    # --- the entity's own hours -------------------------------------------------------------------

    async def _async_fill(self, series: Series) -> Effect | None:
        """Fill the hours that an entity misses, if there can be any since the last time."""
        own = await async_own_hours(self._hass, series.entity_id) if series.entity_id else None
        if own is None:
            return None
        since = self._unfilled.get(series.statistic_id, BEGINNING)
        async with self._writing:
            rows, last = await self._async_join_own(series, own, since)
            await own.async_write(rows)
        if last is not None:  # what follows it can only be filled once there is an hour behind
            self._unfilled[series.statistic_id] = last
        return Effect.of(series, own.statistic_id, rows)

    async def _async_join_own(
        self, series: Series, own: Hours, since: datetime, more: Iterable[Row] = ()
    ) -> tuple[list[Row], datetime | None]:
        """Return the hours from ``since`` on that an entity misses, and the last that it has.

        ``more`` are hours that are not written to our own series yet.
        """
        convert = unit_converter(series.unit, own.metadata["unit_of_measurement"])
        known = await own.async_known(since)
        means = series.history.meaning is Meaning.MEAN
        if convert is None or not known or own.metadata["has_sum"] is means:
            return [], None
        first = known[0].start if known[0].start < since else BEGINNING
        there = await self._external(series).async_known(first)
        ours = {row.start: row for row in (*there, *more) if row.start >= first}
        rows = [scaled(ours[hour], convert) for hour in sorted(ours)]
        if means:
            return fill_means(known, {row.start: row for row in rows}), known[-1].start
        states = {row.start: row.state for row in rows if row.state is not None}
        return fill(known, states, series.change), known[-1].start

    # --- on somebody's wish -----------------------------------------------------------------------

    async def async_plan_fill(self) -> list[Effect]:
        """Return what filling would add to the entities' own statistics, by what is imported.

        The vendor is not asked, and nothing is written.
        """
        effects = []
        for series in self.series():
            if series.entity_id is None:
                continue
            own = await async_own_hours(self._hass, series.entity_id)
            if own is not None:
                rows, _ = await self._async_join_own(series, own, BEGINNING)
                effects.append(Effect.of(series, own.statistic_id, rows))
        return effects

    async def async_backfill(
        self,
        wanted: Iterable[Series] | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        fill: bool = False,
        dry_run: bool = False,
    ) -> list[Effect]:
        """Import a time anew, whether it has been asked for or not, and return what that changes.

        By default that is all that the vendor remembers, of every series. ``start`` and ``end``
        (from, and up to but without; both aware) are taken to the full hour. With ``fill``, what
        the entities' own statistics miss is filled, too, and has an effect of its own. A
        ``dry_run`` asks the vendor and writes nothing. Raises no BridgeError: an effect tells.
        """
        now = dt_util.utcnow()
        effects: list[Effect] = []
        for series in self.series() if wanted is None else wanted:
            earliest, latest = hour_of(now - series.history.reach), hour_of(now)
            span = (max(hour_of(start or earliest), earliest), min(hour_of(end or latest), latest))
            hours, failure = await self._async_ask_all(series, span)
            if not dry_run:
                effects.append((await self._async_write(series, hours)).failed(failure))
                if fill and (filled := await self._async_fill(series)) is not None:
                    effects.append(filled)
                continue
            rows, known = await self._async_join(series, self._external(series), hours)
            effect = Effect.of(series, series.statistic_id, rows, known)
            effects.append(effect.failed(failure))
            own = await async_own_hours(self._hass, series.entity_id or "") if fill else None
            if own is not None:
                missed, _ = await self._async_join_own(series, own, BEGINNING, rows)
                effects.append(Effect.of(series, own.statistic_id, missed))
        return effects

    async def _async_ask_all(self, series: Series, span: Span) -> tuple[list[Row], str | None]:
        """Return what the vendor says of a long time, and what kept it from telling all."""
        hours: list[Row] = []
        failure = None
        try:
            for piece in missing([], span, series.history.span, series.history.zone):
                hours += await self._async_ask(series, piece)
        except BridgeError as error:
            failure = str(error)
        return sorted(hours, key=lambda row: row.start), failure

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
