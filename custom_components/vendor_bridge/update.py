"""Software that there may be a newer version of."""

from typing import Any, ClassVar, override

from homeassistant.components.update import (
    ATTR_BACKUP,
    ATTR_VERSION,
    UpdateDeviceClass,
    UpdateEntity,
    UpdateEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the updates of an account."""
    entry.runtime_data.async_add_platform(Platform.UPDATE, VendorBridgeUpdate, async_add_entities)


class VendorBridgeUpdate(VendorBridgeEntity, UpdateEntity):
    """The software of a vendor's device."""

    shows: ClassVar[Shows] = {
        "device_class": ("device_class", UpdateDeviceClass),
        "installed_version": "installed_version",
        "latest_version": "latest_version",
        "update_percentage": "update_percentage",
        "release_summary": "release_summary",
        "release_url": "release_url",
        "auto_update": ("auto_update", bool),
        "title": "title",
        "display_precision": "display_precision",
    }

    @property
    @override
    def in_progress(self) -> bool | None:
        """Return whether it is being updated.

        Home Assistant takes it for done once the command is; what the vendor tells counts.
        """
        if "in_progress" in self.entity.attributes:
            return bool(self.told("in_progress"))
        return self.told("update_percentage") is not None

    @override
    def derive(self) -> None:
        """Tell what it can do and what is told of it."""
        self._attr_supported_features = self.features(UpdateEntityFeature)
        self._attr_auto_update = bool(self.told("auto_update"))

    @override
    async def async_install(self, version: str | None, backup: bool, **kwargs: Any) -> None:
        """Install a version, by default the newest."""
        data: dict[str, Any] = {ATTR_VERSION: version}
        if self.takes("install", ATTR_BACKUP):
            data[ATTR_BACKUP] = backup
        await self.async_command("install", **data)

    @override
    async def async_release_notes(self) -> str | None:
        """Return what is new, at length."""
        notes: str | None = self.told("release_notes")
        return notes
