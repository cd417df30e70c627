"""A read that somebody asks for now: who asks before it begins shares it."""

import asyncio
from typing import TYPE_CHECKING

from homeassistant.core import callback

if TYPE_CHECKING:
    from .bridge.model import Reading
    from .coordinator import MonitorCoordinator


class SharedRead:
    """The next read of a monitor that is made at once, and for which devices it is.

    One that is under way already is no answer to who asks now: the vendor may have looked before
    what the caller wants to see has happened.
    """

    def __init__(self, coordinator: MonitorCoordinator) -> None:
        """Nobody asks yet."""
        self._coordinator = coordinator
        self._wanted: set[str] = set()
        self._next: asyncio.Task[Reading] | None = None

    @callback
    def async_ask(self, vendor_id: str) -> asyncio.Task[Reading]:
        """Return the next read, which will be for this device, too.

        It raises UpdateFailed and ConfigEntryAuthFailed, and is cancelled with its account. It is
        not the caller's own: whoever does not want to wait for it leaves it alone.
        """
        self._wanted.add(vendor_id)
        if self._next is None:
            account = self._coordinator.account
            self._next = account.entry.async_create_background_task(
                self._coordinator.hass,
                self._coordinator.async_read_now(self._begin),
                f"{self._coordinator.name} read now",
                eager_start=False,  # so that those who ask at the same time share it
            )
            self._next.add_done_callback(self._over)
        return self._next

    def _begin(self) -> frozenset[str]:
        """Return whom the read is for that begins now. Who asks from here on gets another one."""
        wanted, self._wanted = frozenset(self._wanted), set()
        self._next = None
        return wanted

    def _over(self, read: asyncio.Task[Reading]) -> None:
        if not read.cancelled():
            _ = read.exception()  # perhaps nobody waits for it any more
        if self._next is read:  # it was cancelled before it began
            _ = self._begin()
