"""Which events were told already: kept on disk, so that each is told once, also after a restart."""

from collections.abc import Iterable

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store

from .const import DOMAIN

VERSION = 1
SAVE_DELAY = 1.0
"""Seconds. A crash within them has the events of that time told a second time."""

REMEMBERED = 1000
"""How many events of an entity are remembered beyond those that the vendor tells of."""


def event_store(hass: HomeAssistant, entry_id: str) -> Store[dict[str, list[str]]]:
    """Return where the marks of an account's events are kept."""
    return Store(hass, VERSION, f"{DOMAIN}.{entry_id}.events")


class EventMarks:
    """The marks of the events that were told, by the unique id of their entity, oldest first."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Know nothing yet."""
        self._store = event_store(hass, entry_id)
        self._told: dict[str, list[str]] = {}

    async def async_load(self) -> None:
        """Take over what was kept."""
        self._told = await self._store.async_load() or {}

    @callback
    def async_news(self, unique_id: str, marks: Iterable[str]) -> list[str]:
        """Return which marks are news, in their order, and remember all of them.

        Before an entity has ever looked, nothing is: what happened then is over.
        """
        known = self._told.get(unique_id)
        given = dict.fromkeys(marks)
        news = [mark for mark in given if mark not in known] if known is not None else []
        if known is None or news:
            gone = [mark for mark in known or () if mark not in given]
            self._told[unique_id] = [*gone[-REMEMBERED:], *given]
            self._store.async_delay_save(lambda: self._told, SAVE_DELAY)
        return news

    async def async_save(self) -> None:
        """Keep what is still to be kept, at once."""
        await self._store.async_save(self._told)

    @callback
    def async_forget(self, unique_id: str) -> None:
        """Forget an entity that has gone."""
        if self._told.pop(unique_id, None) is not None:
            self._store.async_delay_save(lambda: self._told, SAVE_DELAY)
