"""Robots that mow lawns."""

from typing import ClassVar, override

from homeassistant.components.lawn_mower import (
    LawnMowerActivity,
    LawnMowerEntity,
    LawnMowerEntityFeature,
)
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
    """Set up the lawn mowers of an account."""
    entry.runtime_data.async_add_platform(
        Platform.LAWN_MOWER, VendorBridgeLawnMower, async_add_entities
    )


class VendorBridgeLawnMower(VendorBridgeEntity, LawnMowerEntity):
    """A lawn mower of a vendor's device."""

    shows: ClassVar[Shows] = {"state": ("activity", LawnMowerActivity)}

    @override
    def derive(self) -> None:
        """Tell what it can do."""
        self._attr_supported_features = self.features(LawnMowerEntityFeature)

    @override
    async def async_start_mowing(self) -> None:
        """Let it begin, or go on."""
        await self.async_command("start_mowing")

    @override
    async def async_pause(self) -> None:
        """Let it pause."""
        await self.async_command("pause")

    @override
    async def async_dock(self) -> None:
        """Send it back to its dock."""
        await self.async_command("dock")

    @override
    async def async_stop(self) -> None:
        """Stop it where it is."""
        await self.async_command("stop")
