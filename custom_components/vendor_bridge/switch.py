"""What can be switched on and off."""

from typing import ClassVar

from homeassistant.components.switch import SwitchDeviceClass, SwitchEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows
from .on_off import OnOffEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the switches of an account."""
    entry.runtime_data.async_add_platform(Platform.SWITCH, VendorBridgeSwitch, async_add_entities)


class VendorBridgeSwitch(OnOffEntity, SwitchEntity):
    """A switch of a vendor's device."""

    shows: ClassVar[Shows] = {
        "state": "is_on",
        "device_class": ("device_class", SwitchDeviceClass),
    }
