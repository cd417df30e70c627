"""How much has been asked of vendors that count by the day, kept across restarts."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.storage import Store
from homeassistant.util.hass_dict import HassKey

from .bridge.http.sharing import Limiters
from .const import DOMAIN

VERSION: Final = 1

DELAY: Final = 1.0
"""Seconds before what is to be kept is written. A client tells of it once a minute at most."""


class CountStore:
    """The counts of one account."""

    def __init__(self, hass: HomeAssistant, entry_id: str) -> None:
        """Take the account's config entry; nothing is read yet."""
        self._store: Store[dict[str, Any]] = Store(hass, VERSION, f"{DOMAIN}.counts.{entry_id}")
        self._counts: dict[str, Any] | None = None

    async def async_load(self) -> Mapping[str, Any]:
        """Return what was kept last."""
        if self._counts is None:
            self._counts = await self._store.async_load() or {}
        return self._counts

    @callback
    def remember(self, counts: Mapping[str, Any]) -> None:
        """Keep the counts."""
        self._counts = dict(counts)
        self._store.async_delay_save(lambda: self._counts or {}, DELAY)

    async def async_remove(self) -> None:
        """Forget them, together with the account."""
        await self._store.async_remove()


STORES: Final[HassKey[dict[str, CountStore]]] = HassKey(f"{DOMAIN}.counts")
LIMITERS: Final[HassKey[Limiters]] = HassKey(f"{DOMAIN}.limiters")


@callback
def async_get_counts(hass: HomeAssistant, entry_id: str) -> CountStore:
    """Return the counts of an account."""
    stores = hass.data.setdefault(STORES, {})
    return stores.setdefault(entry_id, CountStore(hass, entry_id))


async def async_remove_counts(hass: HomeAssistant, entry_id: str) -> None:
    """Forget the counts of an account that is removed."""
    await async_get_counts(hass, entry_id).async_remove()
    hass.data[STORES].pop(entry_id, None)


@callback
def async_get_limiters(hass: HomeAssistant) -> Limiters:
    """Return what accounts share whose vendor counts them as one."""
    return hass.data.setdefault(LIMITERS, Limiters())
