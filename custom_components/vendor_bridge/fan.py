"""Fans."""

from typing import Any, ClassVar, override

from homeassistant.components.fan import (
    ATTR_PERCENTAGE,
    ATTR_PRESET_MODE,
    FanEntity,
    FanEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


def _at_least_one(count: float) -> int:
    """Return a number of speeds that a percentage can be divided by."""
    return max(round(count), 1)


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the fans of an account."""
    entry.runtime_data.async_add_platform(Platform.FAN, VendorBridgeFan, async_add_entities)


class VendorBridgeFan(VendorBridgeEntity, FanEntity):
    """A fan of a vendor's device."""

    shows: ClassVar[Shows] = {
        "percentage": ("percentage", round),
        "preset_mode": "preset_mode",
        "preset_modes": ("preset_modes", list),
        "oscillating": "oscillating",
        "direction": "current_direction",
        "speed_count": ("speed_count", _at_least_one),
    }

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is on: by its state where there is one, else by its speed."""
        told = self.told("state" if "state" in self.entity.attributes else "percentage")
        return None if told is None else bool(told)

    @override
    def derive(self) -> None:
        """Tell what it can do, and no speed where none has been observed."""
        self._attr_supported_features = self.features(FanEntityFeature)
        if self.told("percentage") is None:
            self._attr_percentage = None

    @override
    async def async_turn_on(
        self,
        percentage: int | None = None,
        preset_mode: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Switch it on, then set what the vendor does not take along with that."""
        if percentage == 0:
            await self.async_turn_off()
            return
        data = {ATTR_PERCENTAGE: percentage, ATTR_PRESET_MODE: preset_mode}
        at_once = {name: data[name] for name in data if self.takes("turn_on", name)}
        await self.async_command("turn_on", **at_once)
        for name, value in data.items():
            if value is not None and name not in at_once:
                await self.async_command(f"set_{name}", **{name: value})

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.async_command("turn_off")

    @override
    async def async_set_percentage(self, percentage: int) -> None:
        """Set how fast it turns. No speed at all is off, where it can be switched off."""
        if percentage == 0 and self.takes("turn_off"):
            await self.async_turn_off()
        else:
            await self.async_command("set_percentage", percentage=percentage)

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Choose a preset."""
        await self.async_command("set_preset_mode", preset_mode=preset_mode)

    @override
    async def async_oscillate(self, oscillating: bool) -> None:
        """Let it swing, or stand still."""
        await self.async_command("oscillate", oscillating=oscillating)

    @override
    async def async_set_direction(self, direction: str) -> None:
        """Choose which way it turns."""
        await self.async_command("set_direction", direction=direction)
