"""What takes messages for people."""

from typing import override

from homeassistant.components.notify import NotifyEntity, NotifyEntityFeature
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the notifiers of an account."""
    entry.runtime_data.async_add_platform(Platform.NOTIFY, VendorBridgeNotify, async_add_entities)


class VendorBridgeNotify(VendorBridgeEntity, NotifyEntity):
    """Something of a vendor's that takes messages."""

    @override
    def derive(self) -> None:
        """Tell whether messages have titles."""
        self._attr_supported_features = self.features(NotifyEntityFeature)

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Send a message."""
        data = {"title": title} if self.takes("send_message", "title") else {}
        await self.async_command("send_message", message=message, **data)
