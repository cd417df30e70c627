"""The coordinator of the listing: what is new is added, what has gone is removed."""

from typing import override

from homeassistant.core import callback

from .bridge.model import Reading
from .coordinator import NOTHING, MonitorCoordinator

CONFIRMED_AFTER = 60.0
"""Seconds after which a second listing is made where one lacked a device, to be sure of it."""


class DevicesCoordinator(MonitorCoordinator):
    """Lists the account's devices: what is new is added, what has gone is removed."""

    @override
    def next_wait(self) -> float | None:
        """Look again soon whether a device that was not listed has really gone."""
        wait = super().next_wait()
        complete = self.account.listing.complete and not self.pace.failures
        in_doubt = complete and self.account.unlisted
        return min(wait or CONFIRMED_AFTER, CONFIRMED_AFTER) if in_doubt else wait

    @override
    async def _async_read(self) -> Reading:
        listing = await self.account.client.list_devices()
        self.account.async_take_listing(listing)
        return listing.reading or NOTHING

    @callback
    @override
    def _async_refresh_finished(self) -> None:
        """Add the entities of new devices, now that their observations are known."""
        super()._async_refresh_finished()
        if self.last_update_success:
            self.account.async_add_pending()
