"""What plays."""

from datetime import datetime
import hashlib
from typing import Any, ClassVar, override

from homeassistant.components.media_player import (
    ATTR_MEDIA_ANNOUNCE,
    ATTR_MEDIA_ENQUEUE,
    MediaPlayerDeviceClass,
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    RepeatMode,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .account import VendorBridgeConfigEntry
from .entity import Shows
from .on_off import OnOffEntity
from .pictures import PictureEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the media players of an account."""
    entry.runtime_data.async_add_platform(
        Platform.MEDIA_PLAYER, VendorBridgeMediaPlayer, async_add_entities
    )


PLAIN = (
    *("volume_level", "is_volume_muted", "source", "sound_mode", "shuffle", "media_content_id"),
    *("media_content_type", "media_title", "media_artist", "media_album_name"),
    *("media_album_artist", "media_track", "media_series_title", "media_season"),
    *("media_episode", "media_channel", "media_playlist", "app_id", "app_name", "volume_step"),
)
"""What is shown as it is told."""

PICTURED = ("picture_path", "media_content_id", "media_title", "media_artist", "media_album_name")
"""What tells, by changing, that the picture is another."""


class VendorBridgeMediaPlayer(PictureEntity, OnOffEntity, MediaPlayerEntity):
    """Something of a vendor's that plays."""

    shows: ClassVar[Shows] = {
        **{name: name for name in PLAIN},
        "state": ("state", MediaPlayerState),
        "device_class": ("device_class", MediaPlayerDeviceClass),
        "source_list": ("source_list", list),
        "sound_mode_list": ("sound_mode_list", list),
        "repeat": ("repeat", RepeatMode),
        "media_duration": ("media_duration", round),
        "media_position": ("media_position", round),
    }
    _position: tuple[Any, Any] | None = None
    _position_at: datetime | None = None
    _picture_of: list[object] | None = None

    @override
    def derive(self) -> None:
        """Tell what it can do, since when it is where it is, and which picture goes with it."""
        self._attr_supported_features = self.features(MediaPlayerEntityFeature)
        where = (self.told("media_position"), self.told("state"))
        if where != self._position:
            self._position = where
            self._position_at = None if where[0] is None else dt_util.utcnow()
        told_at: datetime | None = self.told("media_position_updated_at")
        self._attr_media_position_updated_at = told_at or self._position_at
        shown = [self.told(name) for name in PICTURED]
        if shown != self._picture_of:
            self._picture_of = shown
            self.expire_picture()
        there = self.entity.has_picture and any(value is not None for value in shown)
        mark = hashlib.sha256(repr(shown).encode()).hexdigest()[:16]
        self._attr_media_image_hash = mark if there else None

    @override
    async def async_get_media_image(self) -> tuple[bytes | None, str | None]:
        """Return the picture of what plays."""
        content = await self.async_picture()
        return content, self.picture.content_type if self.picture else None

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Set how loud it is."""
        await self.async_command("volume_set", volume_level=volume)

    @override
    async def async_volume_up(self) -> None:
        """Make it louder: by its own command, else by a step."""
        if self.takes("volume_up"):
            await self.async_command("volume_up")
        else:
            await super().async_volume_up()

    @override
    async def async_volume_down(self) -> None:
        """Make it quieter: by its own command, else by a step."""
        if self.takes("volume_down"):
            await self.async_command("volume_down")
        else:
            await super().async_volume_down()

    @override
    async def async_mute_volume(self, mute: bool) -> None:
        """Mute it, or no more."""
        await self.async_command("volume_mute", is_volume_muted=mute)

    @override
    async def async_media_play(self) -> None:
        """Let it play."""
        await self.async_command("media_play")

    @override
    async def async_media_pause(self) -> None:
        """Let it pause."""
        await self.async_command("media_pause")

    @override
    async def async_media_stop(self) -> None:
        """Let it stop."""
        await self.async_command("media_stop")

    @override
    async def async_media_next_track(self) -> None:
        """Go on to the next."""
        await self.async_command("media_next_track")

    @override
    async def async_media_previous_track(self) -> None:
        """Go back to the one before."""
        await self.async_command("media_previous_track")

    @override
    async def async_media_seek(self, position: float) -> None:
        """Go to a place in what plays."""
        await self.async_command("media_seek", seek_position=position)

    @override
    async def async_play_media(self, media_type: str, media_id: str, **kwargs: Any) -> None:
        """Play something."""
        enqueue = kwargs.get(ATTR_MEDIA_ENQUEUE)
        data = {
            "media_content_type": str(media_type),
            "enqueue": enqueue and str(enqueue),
            "announce": kwargs.get(ATTR_MEDIA_ANNOUNCE),
        }
        taken = {name: data[name] for name in data if self.takes("play_media", name)}
        await self.async_command("play_media", media_content_id=media_id, **taken)

    @override
    async def async_select_source(self, source: str) -> None:
        """Choose an input."""
        await self.async_command("select_source", source=source)

    @override
    async def async_select_sound_mode(self, sound_mode: str) -> None:
        """Choose how it sounds."""
        await self.async_command("select_sound_mode", sound_mode=sound_mode)

    @override
    async def async_set_shuffle(self, shuffle: bool) -> None:
        """Play in no order, or in order again."""
        await self.async_command("shuffle_set", shuffle=shuffle)

    @override
    async def async_set_repeat(self, repeat: RepeatMode) -> None:
        """Choose what it plays again."""
        await self.async_command("repeat_set", repeat=repeat.value)

    @override
    async def async_clear_playlist(self) -> None:
        """Empty its playlist."""
        await self.async_command("clear_playlist")
