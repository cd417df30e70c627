"""When a device was observed last, by the vendor's own clock."""

from datetime import datetime
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import ConnectedAccount
from .devices import TakenDevice
from .news import Keys

KEY: Final = ".last_observed"
"""No entity of a profile's own is called so: their names begin with a letter."""


class LastObserved(SensorEntity):
    """The newest time at which an observation of a device held.

    It stays there when the device cannot be read: then it tells how old the last news is. It is
    written when there is a newer observation, and not when the same one is told again.
    """

    _attr_has_entity_name = True
    _attr_should_poll = False
    entity_description = SensorEntityDescription(
        key="last_observed",
        translation_key="last_observed",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
    )

    def __init__(self, account: ConnectedAccount, taken: TakenDevice) -> None:
        """Show what is known now."""
        self._account = account
        self._taken = taken
        self._attr_unique_id = f"{account.id}:{taken.device.id}:{KEY}"
        self.device_entry = account.register.entry(taken.entry_id)
        self._attr_native_value = newest(taken)

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for news of the device."""
        await super().async_added_to_hass()
        for monitor in self._taken.monitors:
            self.async_on_remove(
                self._account.coordinators[monitor].async_listen(
                    self._handle_news, self._taken.device.id
                )
            )

    @callback
    def _handle_news(self, _keys: Keys = None, /) -> None:
        at = newest(self._taken)
        if at != self._attr_native_value:
            self._attr_native_value = at
            self.async_write_ha_state()


def newest(taken: TakenDevice) -> datetime | None:
    """Return when the newest observation of a device held, to the second.

    None where the vendor does not tell the time of any.
    """
    at = taken.observations.newest
    return at.replace(microsecond=0) if at is not None else None


@callback
def async_add_last_observed(account: ConnectedAccount, add: AddConfigEntryEntitiesCallback) -> None:
    """Add one for each device, once the vendor has told the time of an observation of it."""
    added: dict[str, TakenDevice] = {}

    @callback
    def look() -> None:
        new = [
            taken
            for vendor_id, taken in account.devices.items()
            if added.get(vendor_id) is not taken and taken.observations.dated
        ]
        if new:
            added.update({taken.device.id: taken for taken in new})
            add([LastObserved(account, taken) for taken in new])

    look()
    account.entry.async_on_unload(account.status.async_listen(look))
