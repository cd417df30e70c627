"""What can be pressed and has no state."""

from typing import ClassVar, override

from homeassistant.components.button import ButtonDeviceClass, ButtonEntity
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
    """Set up the buttons of an account."""
    entry.runtime_data.async_add_platform(Platform.BUTTON, VendorBridgeButton, async_add_entities)


class VendorBridgeButton(VendorBridgeEntity, ButtonEntity):
    """A button of a vendor's device."""

    shows: ClassVar[Shows] = {"device_class": ("device_class", ButtonDeviceClass)}

    @override
    async def async_press(self) -> None:
        """Press it."""
        await self.async_command("press")
