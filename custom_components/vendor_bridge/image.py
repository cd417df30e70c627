"""Pictures that change now and then."""

from typing import ClassVar, override

from homeassistant.components.image import ImageEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .account import ConnectedAccount, VendorBridgeConfigEntry
from .bridge.model import Entity as EntityModel
from .devices import TakenDevice
from .entity import Shows
from .pictures import PictureEntity

PARALLEL_UPDATES = 0  # coordinators read

ABOUT = ("image_last_updated", "version", "picture_path")
"""What tells, by changing, that the picture is another."""


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the images of an account."""
    entry.runtime_data.async_add_platform(Platform.IMAGE, VendorBridgeImage, async_add_entities)


class VendorBridgeImage(PictureEntity, ImageEntity):
    """A picture of a vendor's device."""

    shows: ClassVar[Shows] = {}

    def __init__(self, account: ConnectedAccount, taken: TakenDevice, entity: EntityModel) -> None:
        """Know no picture yet."""
        self._about: list[object] = []
        ImageEntity.__init__(self, account.hass)
        super().__init__(account, taken, entity)

    @override
    def derive(self) -> None:
        """Tell when the picture was taken, else when it was seen to be another."""
        about = [self.told(name) for name in ABOUT if name in self.entity.attributes]
        if about and about != self._about:
            self.expire_picture()
            if self._about:
                self.changed_at = dt_util.utcnow()
        self._about = about
        self._tell()

    def _tell(self) -> None:
        self._attr_image_last_updated = self.told("image_last_updated") or self.changed_at

    @override
    async def async_image(self) -> bytes | None:
        """Return the picture."""
        content = await self.async_picture()
        if self.picture is not None:
            self._attr_content_type = self.picture.content_type
        before = self.image_last_updated
        self._tell()
        if self.image_last_updated != before:
            self.async_write_ha_state()
        return content
