"""Texts that can be set."""

from typing import ClassVar, override

from homeassistant.components.text import TextEntity, TextMode
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
import probatio

from .account import VendorBridgeConfigEntry
from .bridge.profile.values.transforms.regex import checked
from .entity import Shows
from .single_value import SingleValueEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the texts of an account."""
    entry.runtime_data.async_add_platform(Platform.TEXT, VendorBridgeText, async_add_entities)


def _pattern(text: str) -> str:
    """Return a pattern that texts can be checked with. Raises ValueError for any other."""
    try:
        return checked(text).pattern
    except probatio.Invalid as error:
        raise ValueError(str(error)) from error


class VendorBridgeText(SingleValueEntity, TextEntity):
    """A text of a vendor's device."""

    shows: ClassVar[Shows] = {
        "min": "native_min",
        "max": "native_max",
        "pattern": ("pattern", _pattern),
        "mode": ("mode", TextMode),
    }

    @override
    def derive(self) -> None:
        """Show a text that is as it should be; Home Assistant raises for any other."""
        value = self.told("state")
        reason = None if value is None else self._misfit(value)
        self._attr_native_value = value if reason is None else None
        self.judge("state", reason)

    def _misfit(self, value: str) -> str | None:
        """Return what is wrong with a text. What it says may be secret."""
        if not self.min <= len(value) <= self.max:
            return f"it has {len(value)} characters, not {self.min} to {self.max}"
        if self.pattern_cmp and not self.pattern_cmp.match(value):
            return f"it does not match {self.pattern}"
        return None
