"""How an account and its devices stand, and how they stood when that was told last.

What was told outlives a reload of the account, so that what changed meanwhile is not missed, and
what did not change is not told again.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .device_register import name_of
from .happenings import (
    ATTR_ENTITY_IDS,
    ATTR_LASTED,
    ATTR_REASON,
    ATTR_WITH_ACCOUNT,
    BUDGET_SEEN,
    BudgetSeen,
    Happening,
    What,
    async_happen,
)

if TYPE_CHECKING:
    from .bridge.model import Health
    from .devices import TakenDevice


class Standing(StrEnum):
    """How a device stands."""

    UP = "up"
    STALE = "stale"
    """Something that it has to tell is too old to be trusted."""
    OFFLINE = "offline"
    """The vendor says, and lately enough, that the device is not there."""


_BECAME: Final = {
    Standing.UP: What.DEVICE_CAME_BACK,
    Standing.STALE: What.DEVICE_WENT_STALE,
    Standing.OFFLINE: What.DEVICE_WENT_OFFLINE,
}


@dataclass(slots=True)
class _Told:
    """How a device stood when that was told last.

    ``down_since`` is when it stopped to be up, and ``with_account`` whether its account was
    disconnected by then, so that it says nothing of the device itself.
    """

    standing: Standing
    down_since: datetime
    with_account: bool


class _DeviceStanding:
    """What the entities of one device say of it, by entity id."""

    def __init__(self) -> None:
        self.device_id = ""
        self.entities: dict[str, tuple[bool, bool | None]] = {}

    @property
    def now(self) -> Standing | None:
        """Return how it stands; None while nothing is known of it."""
        if not self.entities:
            return None
        if any(stale for stale, _ in self.entities.values()):
            return Standing.STALE
        there = [there for _, there in self.entities.values() if there is not None]
        return Standing.OFFLINE if there and not any(there) else Standing.UP

    def concerned(self, standing: Standing) -> list[str]:
        """Return the entities that are the reason for a standing."""
        return sorted(
            entity_id
            for entity_id, (stale, there) in self.entities.items()
            if (standing is Standing.STALE and stale)
            or (standing is Standing.OFFLINE and there is False)
        )


class Standings:
    """How one account and its devices stand. Changes are told; what is so at first is not."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Know nothing yet."""
        self._hass = hass
        self._entry = entry
        self._connected: bool | None = None
        self._connected_at = dt_util.utcnow()
        self._told: dict[str, _Told] = {}
        self._devices: dict[str, _DeviceStanding] = {}
        self._news: set[str] = set()
        self._budget: tuple[int | None, int | None] = (None, None)
        self._stop_listening: CALLBACK_TYPE = async_dispatcher_connect(
            hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
        )

    # --- the account ------------------------------------------------------------------------------

    @callback
    def async_connected(self, reason: str | None) -> None:
        """Take note of what cuts the account off; None says that nothing does."""
        before, self._connected = self._connected, reason is None
        if before is None or before is self._connected:
            return
        before_at, self._connected_at = self._connected_at, dt_util.utcnow()
        what, more = What.ACCOUNT_DISCONNECTED, dict[str, Any]({ATTR_REASON: reason})
        if self._connected:
            what, more = What.ACCOUNT_CONNECTED, {ATTR_LASTED: _seconds(before_at)}
        async_happen(self._hass, Happening(what=what, entry=self._entry, more=more))

    @callback
    def async_see_budget(self, health: Health) -> None:
        """Take note of what is left of the budget."""
        if (seen := (health.remaining, health.limit)) != self._budget:
            self._budget = seen
            async_dispatcher_send(
                self._hass, BUDGET_SEEN, BudgetSeen(entry=self._entry, health=health)
            )

    # --- its devices ------------------------------------------------------------------------------

    def of(self, vendor_id: str) -> Standing | None:
        """Return how a device stands; None while nothing is known of it."""
        device = self._devices.get(vendor_id)
        return device.now if device is not None else None

    @callback
    def async_note(
        self, taken: TakenDevice, entity_id: str, *, stale: bool, there: bool | None
    ) -> None:
        """Take note of what an entity says of its device.

        ``stale`` is whether what it shows is too old; ``there`` whether the vendor says that it can
        be used, None where the vendor says nothing or said it too long ago.
        """
        vendor_id = taken.device.id
        device = self._devices.get(vendor_id)
        if device is None:
            device = self._devices[vendor_id] = _DeviceStanding()
        device.device_id = taken.entry_id
        said = (stale, there)
        if device.entities.get(entity_id) != said:
            device.entities[entity_id] = said
            self._look_soon(vendor_id)

    @callback
    def async_forget(self, vendor_id: str, entity_id: str) -> None:
        """Forget an entity that is no more, or not at present."""
        device = self._devices.get(vendor_id)
        if device is not None and device.entities.pop(entity_id, None) is not None:
            self._look_soon(vendor_id)

    @callback
    def async_forget_device(self, vendor_id: str) -> None:
        """Forget a device that has gone."""
        self._devices.pop(vendor_id, None)
        self._told.pop(vendor_id, None)

    def _look_soon(self, vendor_id: str) -> None:
        """Look once the other entities of the device have had their say as well."""
        if not self._news:
            self._hass.loop.call_soon(self._look)
        self._news.add(vendor_id)

    @callback
    def _look(self) -> None:
        # While the account is set up or unloaded, only some of its entities are there.
        if self._entry.state is not ConfigEntryState.LOADED:
            self._news.clear()
            return
        news, self._news = self._news, set()
        for vendor_id in sorted(news):
            if (standing := self.of(vendor_id)) is None:
                continue
            before = self._told.get(vendor_id)
            if before is None or before.standing is Standing.UP:
                now = dt_util.utcnow()
                self._told[vendor_id] = _Told(standing, now, with_account=self._connected is False)
            else:
                self._told[vendor_id] = replace(before, standing=standing)
            if before is not None and before.standing is not standing:
                self._tell(vendor_id, self._told[vendor_id])

    def _tell(self, vendor_id: str, told: _Told) -> None:
        standing, device = told.standing, self._devices[vendor_id]
        more: dict[str, Any] = {ATTR_WITH_ACCOUNT: told.with_account}
        if standing is Standing.UP:
            more[ATTR_LASTED] = _seconds(told.down_since)
        else:
            more[ATTR_ENTITY_IDS] = device.concerned(standing)
        registered = dr.async_get(self._hass).async_get(device.device_id)
        async_happen(
            self._hass,
            Happening(
                what=_BECAME[standing],
                entry=self._entry,
                device_id=device.device_id,
                vendor_id=vendor_id,
                name=name_of(registered) or vendor_id,
                more=more,
            ),
        )

    @callback
    def _async_entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry is not self._entry:
            return
        if change is ConfigEntryChange.REMOVED:
            self._stop_listening()
            self._hass.data[STANDINGS].pop(entry.entry_id, None)
        elif entry.state is ConfigEntryState.LOADED:
            for vendor_id in self._devices:
                self._look_soon(vendor_id)


def _seconds(since: datetime) -> int:
    return round((dt_util.utcnow() - since).total_seconds())


STANDINGS: Final[HassKey[dict[str, Standings]]] = HassKey(f"{DOMAIN}.standings")


@callback
def async_get_standings(hass: HomeAssistant, entry: ConfigEntry) -> Standings:
    """Return how an account stands, before it is set up and afterwards."""
    standings = hass.data.setdefault(STANDINGS, {})
    if entry.entry_id not in standings:
        standings[entry.entry_id] = Standings(hass, entry)
    return standings[entry.entry_id]
