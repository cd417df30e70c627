"""How an account goes: what can be read, since when not, and what is left of its budget."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .bridge.errors import OutageError, SignInError, UnreachableError
from .bridge.profile.client import ProfileClient
from .outages import Fault, async_get_outage, cause_of
from .pace import Stretch
from .standing import async_get_standings

if TYPE_CHECKING:
    from homeassistant.config_entries import ConfigEntry

    from .bridge.client import VendorClient
    from .bridge.model import Health
    from .coordinator import MonitorCoordinator

NOT_CONNECTED = (UnreachableError, OutageError, SignInError)
"""What says that the vendor, as a whole, is not there for the account."""


@dataclass(slots=True)
class Progress:
    """How far the import of the past is, in pieces of time, and what has kept it from going on."""

    done: int = 0
    left: int = 0
    failure: str | None = None

    @property
    def percentage(self) -> int:
        """Return how much of it is done."""
        total = self.done + self.left
        return 100 if total == 0 else 100 * self.done // total


class AccountStatus:
    """What is known of an account's connection, for whoever shows it or has to act on it.

    ``coordinators`` are the account's own, by monitor; ``last_success`` is when something was read
    or done last; ``history`` how far the vendor's past is imported, where there is one.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: VendorClient,
        coordinators: Mapping[str, MonitorCoordinator],
    ) -> None:
        """Start before anything has been read."""
        self.outage = async_get_outage(hass, entry)
        self.standings = async_get_standings(hass, entry)
        self.stretch = Stretch(entry.title, client)
        self.last_success: datetime | None = None
        self.history: Progress | None = None
        self._client = client
        self._coordinators = coordinators
        self._started = False
        self._listeners: dict[object, CALLBACK_TYPE] = {}

    # --- what there is to know --------------------------------------------------------------------

    @property
    def health(self) -> Health:
        """Return what the client says of its connection."""
        return self._client.health

    @property
    def addresses(self) -> Sequence[str]:
        """Return the servers that there are to choose from, as far as the client tells."""
        if not isinstance(self._client, ProfileClient):
            return []
        return [str(address.origin()) for address in self._client.addresses]

    @property
    def disconnected_by(self) -> Fault | None:
        """Return what cuts the account off: it began to fail, and nothing has succeeded since."""
        return next(
            (
                fault
                for fault in self.outage.faults.values()
                if isinstance(fault.cause, NOT_CONNECTED)
                and (self.last_success is None or fault.since > self.last_success)
            ),
            None,
        )

    # --- what happens -----------------------------------------------------------------------------

    @callback
    def async_started(self) -> None:
        """Take note that the account has been set up, perhaps without some of its monitors."""
        self._started = True
        for coordinator in self._coordinators.values():
            if failure := coordinator.failure():
                self.async_read_failed(coordinator, failure)
        self.last_success = dt_util.utcnow()
        self.async_tell()

    @callback
    def async_not_started(self, error: Exception) -> None:
        """Take note that the account could not be set up."""
        cause = cause_of(error)
        if isinstance(cause, NOT_CONNECTED):
            self.standings.async_connected(str(cause))

    @callback
    def async_read_failed(self, coordinator: MonitorCoordinator, error: Exception) -> None:
        """Take note of a read that failed. While the account is set up, set-up tells of it."""
        if self._started:
            needed = not coordinator.monitor.optional
            self.outage.async_failed(coordinator.monitor.key, error, needed=needed)
            self.async_tell()

    @callback
    def async_read(self, answered: MonitorCoordinator, *, again: bool) -> None:
        """Take note of a good read. If it is one ``again``, try the others that failed, too."""
        self.last_success = dt_util.utcnow()
        if again:
            self.outage.async_succeeded(answered.monitor.key)
            for coordinator in self._coordinators.values():
                if coordinator is not answered:
                    coordinator.async_hurry()
        self.async_tell()

    @callback
    def async_wrote(self) -> None:
        """Take note of a command that took effect: what could not be read may be readable again."""
        self.last_success = dt_util.utcnow()
        for coordinator in self._coordinators.values():
            coordinator.async_hurry()
        self.async_tell()

    @callback
    def async_look_at_budget(self) -> None:
        """Work out anew how far the intervals have to be stretched."""
        wanted = {
            key: coordinator.pace.wanted
            for key, coordinator in self._coordinators.items()
            if coordinator.is_read and coordinator.pace.polls
        }
        self.stretch.look(wanted)

    # --- who wants to know ------------------------------------------------------------------------

    @callback
    def async_listen(self, update: CALLBACK_TYPE) -> Callable[[], None]:
        """Have something called whenever there may be news, until what is returned is called."""
        key = object()
        self._listeners[key] = update

        @callback
        def forget() -> None:
            self._listeners.pop(key, None)

        return forget

    @callback
    def async_tell(self) -> None:
        """Call all who listen, and those who act on it."""
        fault = self.disconnected_by
        self.standings.async_connected(str(fault.cause) if fault is not None else None)
        self.standings.async_see_budget(self.health)
        for update in list(self._listeners.values()):
            update()
