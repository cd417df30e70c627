"""Lamps."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, override

from homeassistant.components.light import (
    ColorMode,
    LightEntity,
    LightEntityFeature,
    color_supported,
    filter_supported_color_modes,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import color as convert

from .account import ConnectedAccount, VendorBridgeConfigEntry
from .bridge.model import Entity as EntityModel
from .devices import TakenDevice
from .entity import Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order

COLORS = {
    ColorMode.HS: ("hs_color", 2),
    ColorMode.XY: ("xy_color", 2),
    ColorMode.RGB: ("rgb_color", 3),
    ColorMode.RGBW: ("rgbw_color", 4),
    ColorMode.RGBWW: ("rgbww_color", 5),
}
"""Where a mode's colour stands, and of how many numbers it consists."""

SOURCES = {ColorMode.COLOR_TEMP: "color_temp_kelvin"} | {
    mode: name for mode, (name, _) in COLORS.items()
}
"""What tells of a mode, in the order in which they count when several are told at once."""

OTHERWISE: dict[str, tuple[tuple[str, Callable[..., tuple[float, ...]]], ...]] = {
    "hs_color": (
        ("rgb_color", convert.color_RGB_to_hs),
        ("xy_color", convert.color_xy_to_hs),
    ),
    "rgb_color": (
        ("hs_color", convert.color_hs_to_RGB),
        ("xy_color", convert.color_xy_to_RGB),
    ),
    "xy_color": (
        ("rgb_color", convert.color_RGB_to_xy),
        ("hs_color", convert.color_hs_to_xy),
    ),
}
"""How to come by a colour that is set in one way and told in another."""


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the lamps of an account."""
    entry.runtime_data.async_add_platform(Platform.LIGHT, VendorBridgeLight, async_add_entities)


class VendorBridgeLight(VendorBridgeEntity, LightEntity):
    """A lamp of a vendor's."""

    shows: ClassVar[Shows] = {
        "state": "is_on",
        "brightness": ("brightness", round),
        "color_temp_kelvin": ("color_temp_kelvin", round),
        "effect": "effect",
        "effect_list": ("effect_list", list),
        "min_color_temp_kelvin": ("min_color_temp_kelvin", round),
        "max_color_temp_kelvin": ("max_color_temp_kelvin", round),
    }

    def __init__(self, account: ConnectedAccount, taken: TakenDevice, entity: EntityModel) -> None:
        """Begin without an idea of what its colour comes from."""
        self._mode_told: dict[ColorMode, Any] = {}
        self._latest: ColorMode | None = None
        super().__init__(account, taken, entity)

    @override
    def derive(self) -> None:
        """Work out what it can do, which colours it has, and which of them counts."""
        self._attr_supported_features = self.features(LightEntityFeature)
        modes = self._modes()
        self._attr_supported_color_modes = modes
        for mode, (name, size) in COLORS.items():
            if mode in modes:
                color = self._color(name)
                right = color is not None and len(color) == size
                setattr(self, f"_attr_{name}", color if right else None)
        self._attr_color_mode = self._mode(modes)

    def _modes(self) -> set[ColorMode]:
        """Return the modes that are given, else those that can be set, else those that are told."""
        given: Iterable[str] | None = self.told("supported_color_modes")
        if given is not None:
            modes = {ColorMode(word) for word in given if word in ColorMode} - {ColorMode.UNKNOWN}
        else:
            modes = {mode for mode, name in SOURCES.items() if self.takes("turn_on", name)} or {
                mode for mode, name in SOURCES.items() if name in self.entity.attributes
            }
            if self.takes("turn_on", "white"):
                modes.add(ColorMode.WHITE)
            if self.takes("turn_on", "brightness") or "brightness" in self.entity.attributes:
                modes.add(ColorMode.BRIGHTNESS)
        if not color_supported(modes):
            modes.discard(ColorMode.WHITE)
        return filter_supported_color_modes(modes | {ColorMode.ONOFF})

    def _mode(self, modes: set[ColorMode]) -> ColorMode:
        """Return the mode that is told, else the one of what has changed last."""
        given = self.told("color_mode")
        allowed = modes | {ColorMode.ONOFF, ColorMode.BRIGHTNESS} if self.effect else modes
        if given in allowed:
            return ColorMode(given)
        told = {
            mode: value
            for mode, name in SOURCES.items()
            if mode in modes and (value := getattr(self, name)) is not None
        }
        news = [mode for mode, value in told.items() if self._mode_told.get(mode) != value]
        self._mode_told = told
        if news:
            self._latest = news[0]
        if self._latest not in told:
            self._latest = next(iter(told), None)
        return self._latest or min(modes)

    def _color(self, name: str) -> tuple[float, ...] | None:
        """Return a colour as it is told, or converted from how it is told."""
        if (told := self.told(name)) is not None:
            return tuple(told)
        for other, make in OTHERWISE.get(name, ()):
            if (told := self.told(other)) is not None:
                return make(*told)
        return None

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on, or change how it shines."""
        await self.async_command("turn_on", **_plain(kwargs))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.async_command("turn_off", **_plain(kwargs))


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Return data with lists for Home Assistant's tuples."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in data.items()
    }
