"""What is on or off and can only be looked at."""

from typing import ClassVar

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .account_entities import async_add_account_binary_sensors
from .entity import Shows, VendorBridgeEntity

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
        "state": "is_on",
        "device_class": ("device_class", BinarySensorDeviceClass),
    }
