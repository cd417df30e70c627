"""When monitors were read last, kept across restarts, so that a missed run can be made up for."""

from datetime import datetime
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .bridge.model import AtStart, Monitor
from .const import DOMAIN

VERSION: Final = 1
SAVE_DELAY: Final = 10.0
"""Seconds. A crash within them has a run made up for that was not missed."""


def read_times_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, float]]:
    """Return where the times of an account are kept."""
    return Store(hass, VERSION, f"{DOMAIN}.reads.{entry_id}")


class ReadTimes:
    """When each monitor of an account that asks for it was read last."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Know nothing yet."""
        self._store = read_times_store(hass, entry_id)
        self._times: dict[str, float] = {}

    async def async_load(self) -> None:
        """Take over what was kept."""
        self._times = await self._store.async_load() or {}

    def last(self, monitor: str) -> datetime | None:
        """Return when a monitor was read last, as far as that is known."""
        at = self._times.get(monitor)
        return dt_util.utc_from_timestamp(at) if at is not None else None

    @callback
    def async_read(self, monitor: Monitor) -> None:
        """Remember that a monitor was read now, if that matters when its account starts again."""
        if monitor.at_start is not AtStart.MISSED:
            return
        self._times[monitor.key] = dt_util.utcnow().timestamp()
        self._store.async_delay_save(lambda: self._times, SAVE_DELAY)

    async def async_save(self) -> None:
        """Keep at once what is still to be kept."""
        if self._times:
            await self._store.async_save(self._times)
