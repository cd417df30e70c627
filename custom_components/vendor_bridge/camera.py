"""Cameras, by the pictures that they take."""

from typing import ClassVar, override

from homeassistant.components.camera import Camera, CameraEntityFeature
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import ConnectedAccount, VendorBridgeConfigEntry
from .bridge.model import Entity as EntityModel
from .devices import TakenDevice
from .entity import Shows
from .on_off import OnOffEntity
from .pictures import PictureEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order

FRAME_INTERVAL = 10.0
"""Seconds for which a picture is good, unless the profile says otherwise."""


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the cameras of an account."""
    entry.runtime_data.async_add_platform(Platform.CAMERA, VendorBridgeCamera, async_add_entities)


class VendorBridgeCamera(PictureEntity, OnOffEntity, Camera):
    """A camera of a vendor's."""

    shows: ClassVar[Shows] = {
        "is_recording": ("is_recording", bool),
        "is_streaming": ("is_streaming", bool),
        "motion_detection": ("motion_detection_enabled", bool),
    }

    def __init__(self, account: ConnectedAccount, taken: TakenDevice, entity: EntityModel) -> None:
        """Know no picture yet."""
        Camera.__init__(self)
        super().__init__(account, taken, entity)
        self.frame_seconds = float(self.told("frame_interval") or FRAME_INTERVAL)
        self._attr_frame_interval = self.frame_seconds

    @override
    def derive(self) -> None:
        """Tell what it can do."""
        self._attr_supported_features = self.features(CameraEntityFeature)
        self._attr_is_on = self.told("is_on") is not False
        self.expire_picture()

    @override
    async def async_camera_image(
        self, width: int | None = None, height: int | None = None
    ) -> bytes | None:
        """Return what it sees. Home Assistant makes it smaller where that is wanted."""
        content = await self.async_picture()
        if self.picture is not None:
            self.content_type = self.picture.content_type
        return content

    @override
    async def async_enable_motion_detection(self) -> None:
        """Let it look out for what moves."""
        await self.async_command("enable_motion_detection")

    @override
    async def async_disable_motion_detection(self) -> None:
        """Let it look out no more."""
        await self.async_command("disable_motion_detection")
