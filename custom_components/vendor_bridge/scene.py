"""Scenes of the vendor."""

from typing import Any, override

from homeassistant.components.light import ATTR_TRANSITION
from homeassistant.components.scene import Scene
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
    """Set up the scenes of an account."""
    entry.runtime_data.async_add_platform(Platform.SCENE, VendorBridgeScene, async_add_entities)


class VendorBridgeScene(VendorBridgeEntity, Scene):
    """A scene of a vendor's."""

    @override
    async def async_activate(self, **kwargs: Any) -> None:
        """Set it, within the time that is given where the vendor takes one."""
        transition = kwargs.get(ATTR_TRANSITION) if self.takes("turn_on", ATTR_TRANSITION) else None
        await self.async_command("turn_on", transition=transition)
