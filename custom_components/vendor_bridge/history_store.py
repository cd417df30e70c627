"""What of the past a vendor has been asked for, kept across restarts."""

from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .bridge.history import Span, with_span
from .const import DOMAIN

VERSION: Final = 1


class HistoryStore:
    """The times that were asked for, by statistic id, of one account."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Take the account's config entry; nothing is read yet."""
        self._store: Store[dict[str, Any]] = Store(hass, VERSION, f"{DOMAIN}.history.{entry_id}")
        self._asked: dict[str, list[Span]] | None = None

    async def async_load(self) -> None:
        """Read what was kept, unless that has been done."""
        if self._asked is None:
            stored = await self._store.async_load() or {}
            self._asked = {
                statistic_id: [
                    (dt_util.utc_from_timestamp(start), dt_util.utc_from_timestamp(until))
                    for start, until in spans
                ]
                for statistic_id, spans in stored.items()
            }

    def asked(self, statistic_id: str) -> list[Span]:
        """Return what was asked for of a series."""
        return (self._asked or {}).get(statistic_id, [])

    async def async_add(self, statistic_id: str, span: Span) -> None:
        """Keep that a time has been asked for, and all that came of it committed."""
        asked = self._asked or {}
        self._asked = {**asked, statistic_id: with_span(asked.get(statistic_id, []), span)}
        await self._store.async_save(
            {
                key: [[start.timestamp(), until.timestamp()] for start, until in spans]
                for key, spans in self._asked.items()
            }
        )

    async def async_remove(self) -> None:
        """Forget it all, together with the account."""
        await self._store.async_remove()
