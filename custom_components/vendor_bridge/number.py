"""A number that can be set."""

from typing import ClassVar, override

from homeassistant.components.number import NumberDeviceClass, NumberEntity, NumberMode
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the numbers of an account."""
    entry.runtime_data.async_add_platform(Platform.NUMBER, VendorBridgeNumber, async_add_entities)


class VendorBridgeNumber(VendorBridgeEntity, NumberEntity):
    """A number of a vendor's device."""

    shows: ClassVar[Shows] = {
        "state": "native_value",
        "device_class": ("device_class", NumberDeviceClass),
        "unit_of_measurement": "native_unit_of_measurement",
        "min": "native_min_value",
        "max": "native_max_value",
        "step": "native_step",
        "mode": ("mode", NumberMode),
    }

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set it."""
        await self.async_command("set_value", value=value)
