"""Moments that can be set."""

from homeassistant.components.datetime import DateTimeEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .single_value import SingleValueEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the moments of an account."""
    entry.runtime_data.async_add_platform(
        Platform.DATETIME, VendorBridgeDateTime, async_add_entities
    )


class VendorBridgeDateTime(SingleValueEntity, DateTimeEntity):
    """A moment that a vendor's device is set to."""
