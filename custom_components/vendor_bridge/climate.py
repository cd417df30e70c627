"""Thermostats and air conditioners."""

from collections.abc import Iterable
from typing import Any, ClassVar, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    ATTR_TARGET_TEMP_HIGH,
    ATTR_TARGET_TEMP_LOW,
    ClimateEntity,
    ClimateEntityFeature,
    HVACAction,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows
from .temperatures import TEMPERATURES, TemperatureEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order

UNTOLD: list[HVACMode] = []
"""The modes of a vendor that has not told them yet."""

TARGETS = (ATTR_TEMPERATURE, ATTR_TARGET_TEMP_HIGH, ATTR_TARGET_TEMP_LOW)

STANDARD_ON = {HVACMode.HEAT_COOL, HVACMode.HEAT, HVACMode.COOL}
"""What Home Assistant switches on by itself; another mode only where it is the only one."""


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the thermostats of an account."""
    entry.runtime_data.async_add_platform(Platform.CLIMATE, VendorBridgeClimate, async_add_entities)


def _modes(words: Iterable[str]) -> list[HVACMode]:
    return [HVACMode(word) for word in words if word in HVACMode]


class VendorBridgeClimate(TemperatureEntity, ClimateEntity):
    """A thermostat of a vendor's device."""

    _attr_hvac_modes = UNTOLD

    shows: ClassVar[Shows] = {
        **TEMPERATURES,
        "hvac_mode": ("hvac_mode", HVACMode),
        "hvac_modes": ("hvac_modes", _modes),
        "hvac_action": ("hvac_action", HVACAction),
        "humidity": "target_humidity",
        "current_humidity": "current_humidity",
        "min_humidity": "min_humidity",
        "max_humidity": "max_humidity",
        "target_humidity_step": "target_humidity_step",
        "fan_mode": "fan_mode",
        "fan_modes": ("fan_modes", list),
        "preset_mode": "preset_mode",
        "preset_modes": ("preset_modes", list),
        "swing_mode": "swing_mode",
        "swing_modes": ("swing_modes", list),
        "swing_horizontal_mode": "swing_horizontal_mode",
        "swing_horizontal_modes": ("swing_horizontal_modes", list),
    }

    # Home Assistant's own class has nothing for what an entity can do, but does not observe.
    _attr_hvac_mode: HVACMode | None = None
    _attr_fan_mode: str | None = None
    _attr_fan_modes: list[str] | None = None
    _attr_preset_mode: str | None = None
    _attr_preset_modes: list[str] | None = None
    _attr_swing_mode: str | None = None
    _attr_swing_modes: list[str] | None = None
    _attr_swing_horizontal_mode: str | None = None
    _attr_swing_horizontal_modes: list[str] | None = None
    _attr_target_temperature_high: float | None = None
    _attr_target_temperature_low: float | None = None

    @override
    def derive(self) -> None:
        """Work out what it can do, which may depend on the modes that it has just now."""
        features = self.features(ClimateEntityFeature)
        modes = set(self.hvac_modes)
        if self.takes("set_hvac_mode") and HVACMode.OFF in modes:
            features |= ClimateEntityFeature.TURN_OFF
            if modes & STANDARD_ON or len(modes) == 2:  # noqa: PLR2004 - off and one other
                features |= ClimateEntityFeature.TURN_ON
        self._attr_supported_features = features

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Choose what it does."""
        await self.async_command("set_hvac_mode", hvac_mode=hvac_mode.value)

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Set what it is to reach, after the mode where the vendor takes them one by one."""
        data = {name: kwargs.get(name) for name in TARGETS}
        mode = kwargs.get(ATTR_HVAC_MODE)
        if mode is not None:
            if self.takes("set_temperature", ATTR_HVAC_MODE):
                data[ATTR_HVAC_MODE] = HVACMode(mode).value
            else:
                await self.async_set_hvac_mode(HVACMode(mode))
        await self.async_command("set_temperature", **data)

    @override
    async def async_set_humidity(self, humidity: int) -> None:
        """Set the humidity that it is to reach."""
        await self.async_command("set_humidity", humidity=humidity)

    @override
    async def async_set_fan_mode(self, fan_mode: str) -> None:
        """Choose how its fan runs."""
        await self.async_command("set_fan_mode", fan_mode=fan_mode)

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Choose a preset."""
        await self.async_command("set_preset_mode", preset_mode=preset_mode)

    @override
    async def async_set_swing_mode(self, swing_mode: str) -> None:
        """Choose how it swings vertically."""
        await self.async_command("set_swing_mode", swing_mode=swing_mode)

    @override
    async def async_set_swing_horizontal_mode(self, swing_horizontal_mode: str) -> None:
        """Choose how it swings horizontally."""
        await self.async_command(
            "set_swing_horizontal_mode", swing_horizontal_mode=swing_horizontal_mode
        )

    @override
    async def async_turn_on(self) -> None:
        """Switch it on: by its own command, else by the mode that Home Assistant would choose."""
        if self.takes("turn_on"):
            await self.async_command("turn_on")
        else:
            await super().async_turn_on()

    @override
    async def async_turn_off(self) -> None:
        """Switch it off: by its own command, else by its mode."""
        if self.takes("turn_off"):
            await self.async_command("turn_off")
        else:
            await super().async_turn_off()
