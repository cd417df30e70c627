"""One of several options."""

from typing import ClassVar, override

from homeassistant.components.select import SelectEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order

UNTOLD: list[str] = []
"""The options of a vendor that has not told them yet."""


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the selects of an account."""
    entry.runtime_data.async_add_platform(Platform.SELECT, VendorBridgeSelect, async_add_entities)


class VendorBridgeSelect(VendorBridgeEntity, SelectEntity):
    """A select of a vendor's device."""

    _attr_options = UNTOLD

    shows: ClassVar[Shows] = {
        "state": "current_option",
        "options": ("options", list),
    }

    @override
    async def async_select_option(self, option: str) -> None:
        """Choose an option."""
        await self.async_command("select_option", option=option)
