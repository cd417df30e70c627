"""What shows a picture of the vendor's, fetched with the account's sign-in."""

import asyncio
from datetime import datetime

from homeassistant.util import dt as dt_util

from .bridge.errors import NotFoundError, SignInError
from .bridge.model import Picture
from .entity import VendorBridgeEntity
from .helpers import picture_failures


class PictureEntity(VendorBridgeEntity):
    """An entity with a picture that several may want to see at once.

    A picture is good for ``frame_interval`` seconds; whoever asks meanwhile gets the same. After
    that the vendor is asked whether it has changed.
    """

    frame_seconds = 0.0
    picture: Picture | None = None
    changed_at: datetime | None = None
    _fetched_at: float | None = None
    _fetching: asyncio.Task[Picture | None] | None = None

    async def async_picture(self) -> bytes | None:
        """Return the picture as it is now, or None where there is none just now.

        Raises HomeAssistantError where the vendor cannot be asked.
        """
        if self._is_good():
            return self.picture.content if self.picture else None
        if self._fetching is None or self._fetching.done():
            self._fetching = self.account.entry.async_create_background_task(
                self.hass, self._async_fetch(), f"{self.entity_id} picture"
            )
        # One who no longer wants to see it must not take it from the others.
        picture = await asyncio.shield(self._fetching)
        return picture.content if picture else None

    def expire_picture(self) -> None:
        """Take the picture for out of date."""
        self._fetched_at = None

    def _is_good(self) -> bool:
        if self._fetched_at is None:
            return False
        return self.hass.loop.time() - self._fetched_at < self.frame_seconds

    async def _async_fetch(self) -> Picture | None:
        device = self.account.register.name(self.taken.entry_id) or self.vendor_id
        picture: Picture | None = None
        with picture_failures(device):
            try:
                picture = await self.account.client.fetch(self.taken.device, self.entity.key)
            except NotFoundError:
                picture = None
            except SignInError:
                self.account.entry.async_start_reauth(self.hass)
                raise
        self._fetched_at = self.hass.loop.time()
        if picture != self.picture:
            self.picture = picture
            self.changed_at = dt_util.utcnow()
        return picture
