"""What opens and closes."""

from typing import Any, ClassVar, override

from homeassistant.components.cover import (
    ATTR_POSITION,
    ATTR_TILT_POSITION,
    CoverDeviceClass,
    CoverEntity,
    CoverEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows, VendorBridgeEntity
from .positions import closed

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order

ATTR_SPEED = "speed"  # in Home Assistant since 2026.10 only


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the covers of an account."""
    entry.runtime_data.async_add_platform(Platform.COVER, VendorBridgeCover, async_add_entities)


class VendorBridgeCover(VendorBridgeEntity, CoverEntity):
    """A cover of a vendor's device."""

    shows: ClassVar[Shows] = {
        "device_class": ("device_class", CoverDeviceClass),
        "position": ("current_cover_position", round),
        "tilt_position": ("current_cover_tilt_position", round),
        "supported_speeds": ("supported_speeds", list),
    }

    @override
    def derive(self) -> None:
        """Tell its state from one word, a flag for each, or its position."""
        self._attr_supported_features = self.features(CoverEntityFeature)
        self._attr_is_opening = self.says("opening")
        self._attr_is_closing = self.says("closing")
        self._attr_is_closed = closed(self, self.current_cover_position)

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        """Open it."""
        await self.async_command("open", speed=kwargs.get(ATTR_SPEED))

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        """Close it."""
        await self.async_command("close", speed=kwargs.get(ATTR_SPEED))

    @override
    async def async_stop_cover(self, **kwargs: Any) -> None:
        """Stop it where it is."""
        await self.async_command("stop")

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        """Move it to a position."""
        await self.async_command(
            "set_position", position=kwargs[ATTR_POSITION], speed=kwargs.get(ATTR_SPEED)
        )

    @override
    async def async_open_cover_tilt(self, **kwargs: Any) -> None:
        """Open its slats."""
        await self.async_command("open_tilt")

    @override
    async def async_close_cover_tilt(self, **kwargs: Any) -> None:
        """Close its slats."""
        await self.async_command("close_tilt")

    @override
    async def async_stop_cover_tilt(self, **kwargs: Any) -> None:
        """Stop its slats where they are."""
        await self.async_command("stop_tilt")

    @override
    async def async_set_cover_tilt_position(self, **kwargs: Any) -> None:
        """Tilt its slats."""
        await self.async_command("set_tilt_position", tilt_position=kwargs[ATTR_TILT_POSITION])
