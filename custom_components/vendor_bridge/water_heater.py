"""Boilers, and what else keeps water hot."""

from typing import Any, ClassVar, override

from homeassistant.components.water_heater import (
    ATTR_OPERATION_MODE,
    WaterHeaterEntity,
    WaterHeaterEntityFeature,
)
from homeassistant.const import ATTR_TEMPERATURE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows
from .on_off import OnOffEntity
from .temperatures import TEMPERATURES, TemperatureEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the water heaters of an account."""
    entry.runtime_data.async_add_platform(
        Platform.WATER_HEATER, VendorBridgeWaterHeater, async_add_entities
    )


class VendorBridgeWaterHeater(TemperatureEntity, OnOffEntity, WaterHeaterEntity):
    """A water heater of a vendor's device."""

    shows: ClassVar[Shows] = {
        **TEMPERATURES,
        "operation_mode": "current_operation",
        "operation_list": ("operation_list", list),
        "away_mode": "is_away_mode_on",
    }

    @override
    def derive(self) -> None:
        """Tell what it can do."""
        self._attr_supported_features = self.features(WaterHeaterEntityFeature)

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Set what it is to reach, after the mode where the vendor takes them one by one."""
        mode = kwargs.get(ATTR_OPERATION_MODE)
        data = {ATTR_TEMPERATURE: kwargs[ATTR_TEMPERATURE]}
        if self.takes("set_temperature", ATTR_OPERATION_MODE):
            data[ATTR_OPERATION_MODE] = mode
        elif mode is not None:
            await self.async_handle_set_operation_mode(mode)
        await self.async_command("set_temperature", **data)

    @override
    async def async_set_operation_mode(self, operation_mode: str) -> None:
        """Choose how it works."""
        await self.async_command("set_operation_mode", operation_mode=operation_mode)

    @override
    async def async_turn_away_mode_on(self) -> None:
        """Say that nobody is expected to need it."""
        await self.async_command("set_away_mode", away_mode=True)

    @override
    async def async_turn_away_mode_off(self) -> None:
        """Say that it is needed again."""
        await self.async_command("set_away_mode", away_mode=False)
