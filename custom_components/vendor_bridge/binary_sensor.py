"""What is on or off and can only be looked at."""

from datetime import datetime, timedelta
from typing import ClassVar, override

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .account_entities import async_add_account_binary_sensors
from .availability import NEVER
from .bridge.model import Observation
from .entity import DETAILS, UNRECORDED, Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of an account."""
    entry.runtime_data.async_add_platform(
        Platform.BINARY_SENSOR, VendorBridgeBinarySensor, async_add_entities
    )
    async_add_account_binary_sensors(entry.runtime_data, async_add_entities)


class VendorBridgeBinarySensor(VendorBridgeEntity, BinarySensorEntity):
    """A binary sensor of a vendor's device."""

    shows: ClassVar[Shows] = {
        "device_class": ("device_class", BinarySensorDeviceClass),
        "force_update": "force_update",
        "details": DETAILS,
    }
    _unrecorded_attributes = UNRECORDED

    _looked = False
    _observed: Observation | None = None
    _on_since = NEVER

    @override
    def age(self, now: datetime) -> bool:
        """Show it as off some time after it was seen to be on, where it is of that sort."""
        before, self._attr_is_on = self._attr_is_on, self._is_still_on(now)
        return self._attr_is_on is not before

    def _is_still_on(self, now: datetime) -> bool | None:
        state: bool | None = self.told("state")
        delay = self.entity.options.get("off_delay")
        if state is None or delay is None:
            return state
        first, self._looked = not self._looked, True
        observation = self.taken.observations.get(self.entity.attributes["state"].key)
        if observation is not None and observation is not self._observed:
            self._observed = observation
            # Since when it has been on what is on at the first look, nobody knows: for too long.
            told = observation.observed_at or (NEVER if first else now)
            self._on_since = min(told, now)
        ends = self._on_since + timedelta(seconds=delay)
        if not state or ends <= now:
            return False
        self.look_again(ends)
        return True
