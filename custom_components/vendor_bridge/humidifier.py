"""Humidifiers and dehumidifiers."""

from typing import ClassVar, override

from homeassistant.components.humidifier import (
    HumidifierAction,
    HumidifierDeviceClass,
    HumidifierEntity,
    HumidifierEntityFeature,
)
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
    """Set up the humidifiers of an account."""
    entry.runtime_data.async_add_platform(
        Platform.HUMIDIFIER, VendorBridgeHumidifier, async_add_entities
    )


class VendorBridgeHumidifier(OnOffEntity, HumidifierEntity):
    """A humidifier of a vendor's device."""

    _attr_mode: str | None = None
    _attr_available_modes: list[str] | None = None

    shows: ClassVar[Shows] = {
        "state": "is_on",
        "device_class": ("device_class", HumidifierDeviceClass),
        "humidity": "target_humidity",
        "current_humidity": "current_humidity",
        "mode": "mode",
        "available_modes": ("available_modes", list),
        "action": ("action", HumidifierAction),
        "min_humidity": "min_humidity",
        "max_humidity": "max_humidity",
        "target_humidity_step": "target_humidity_step",
    }

    @override
    def derive(self) -> None:
        """Tell what it can do."""
        self._attr_supported_features = self.features(HumidifierEntityFeature)

    @override
    async def async_set_humidity(self, humidity: int) -> None:
        """Set the humidity that it is to reach."""
        await self.async_command("set_humidity", humidity=humidity)

    @override
    async def async_set_mode(self, mode: str) -> None:
        """Choose a mode."""
        await self.async_command("set_mode", mode=mode)
