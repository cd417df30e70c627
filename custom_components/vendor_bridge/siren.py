"""What makes noise to warn, or to call."""

from collections.abc import Iterable
from typing import Any, ClassVar, override

from homeassistant.components.siren import (
    ATTR_TONE,
    SirenEntity,
    SirenEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


def _tones(names: Iterable[str]) -> list[int | str]:
    """Return tones as Home Assistant's action names them: it makes a number of digits."""
    return [int(name) if name.isascii() and name.isdecimal() else name for name in names]


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sirens of an account."""
    entry.runtime_data.async_add_platform(Platform.SIREN, VendorBridgeSiren, async_add_entities)


class VendorBridgeSiren(VendorBridgeEntity, SirenEntity):
    """A siren of a vendor's device."""

    shows: ClassVar[Shows] = {
        "state": "is_on",
        "available_tones": ("available_tones", _tones),
    }

    @override
    def derive(self) -> None:
        """Tell what it can do."""
        features = self.features(SirenEntityFeature)
        if not self.available_tones:
            features &= ~SirenEntityFeature.TONES
        self._attr_supported_features = features

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let it sound. Home Assistant has left out what it does not take."""
        tone = kwargs.get(ATTR_TONE)
        if tone is not None:
            kwargs[ATTR_TONE] = str(tone)
        await self.async_command("turn_on", **kwargs)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Silence it."""
        await self.async_command("turn_off")
