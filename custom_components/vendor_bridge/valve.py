"""Valves."""

from typing import ClassVar, override

from homeassistant.components.valve import ValveDeviceClass, ValveEntity, ValveEntityFeature
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows, VendorBridgeEntity
from .positions import closed

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the valves of an account."""
    entry.runtime_data.async_add_platform(Platform.VALVE, VendorBridgeValve, async_add_entities)


class VendorBridgeValve(VendorBridgeEntity, ValveEntity):
    """A valve of a vendor's device."""

    shows: ClassVar[Shows] = {
        "device_class": ("device_class", ValveDeviceClass),
        "position": ("current_valve_position", round),
    }

    @override
    def derive(self) -> None:
        """Tell its state from one word, a flag for each, or its position."""
        features = self.features(ValveEntityFeature)
        if ValveEntityFeature.SET_POSITION in features:
            # Home Assistant opens and closes these by their position.
            features |= ValveEntityFeature.OPEN | ValveEntityFeature.CLOSE
        self._attr_supported_features = features
        position = self.current_valve_position
        words = {"state", "is_closed"}.intersection(self.entity.attributes)
        self._attr_reports_position = position is not None or not words
        self._attr_is_opening = self.says("opening")
        self._attr_is_closing = self.says("closing")
        self._attr_is_closed = closed(self, position)

    @override
    async def async_open_valve(self) -> None:
        """Open it."""
        await self.async_command("open")

    @override
    async def async_close_valve(self) -> None:
        """Close it."""
        await self.async_command("close")

    @override
    async def async_stop_valve(self) -> None:
        """Stop it where it is."""
        await self.async_command("stop")

    @override
    async def async_set_valve_position(self, position: int) -> None:
        """Move it to a position. To open and to close, Home Assistant asks for 100 and 0."""
        end = {100: "open", 0: "close"}.get(position)
        if end is not None and self.takes(end):
            await self.async_command(end)
        else:
            await self.async_command("set_position", position=position)
