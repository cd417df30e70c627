"""Where things and people are."""

from typing import ClassVar, override

from homeassistant.components.device_tracker import (
    BaseScannerEntity,
    ScannerEntityStateAttribute,
    SourceType,
    TrackerEntity,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import ConnectedAccount, VendorBridgeConfigEntry
from .bridge.model import Entity as EntityModel
from .devices import TakenDevice
from .entity import Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read

POSITION = ("latitude", "in_zones")


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the trackers of an account."""
    entry.runtime_data.async_add_platform(Platform.DEVICE_TRACKER, _tracker, async_add_entities)


def _tracker(
    account: ConnectedAccount, taken: TakenDevice, entity: EntityModel
) -> VendorBridgeEntity:
    """Return a tracker of a position where one is told, else of a connection."""
    located = any(name in entity.attributes for name in POSITION)
    return (VendorBridgeTracker if located else VendorBridgeScanner)(account, taken, entity)


class _Tracker(VendorBridgeEntity):
    """What both have: addresses on a network, if the vendor knows them."""

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str]:
        """Return the addresses, named as Home Assistant names them."""
        told = {name: self.told(name.value) for name in ScannerEntityStateAttribute}
        return {name: value for name, value in told.items() if value is not None}


class VendorBridgeTracker(_Tracker, TrackerEntity):
    """Something whose position a vendor knows."""

    shows: ClassVar[Shows] = {
        "source_type": ("source_type", SourceType),
        "latitude": "latitude",
        "longitude": "longitude",
        "in_zones": ("in_zones", list),
    }

    @override
    def derive(self) -> None:
        """Take a position for exact where nothing is told of that."""
        self._attr_location_accuracy = self.told("gps_accuracy") or 0


class VendorBridgeScanner(_Tracker, BaseScannerEntity):
    """Something of which a vendor knows whether it is connected."""

    _attr_source_type = SourceType.ROUTER

    shows: ClassVar[Shows] = {"source_type": ("source_type", SourceType)}

    @property
    @override
    def is_connected(self) -> bool | None:
        """Return whether it is connected."""
        connected: bool | None = self.told("state")
        return connected
