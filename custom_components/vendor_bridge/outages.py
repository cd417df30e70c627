"""An account that cannot be read: said once, told in Repairs when it lasts, over by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
import logging
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .bridge.errors import (
    BridgeError,
    CertificateError,
    OutageError,
    RateLimitedError,
    SignInError,
    UnreachableError,
)
from .const import CONF_CERTIFICATES, CONF_OUTAGE_AFTER, DEFAULT_OUTAGE_AFTER, DOMAIN, LOGGER
from .profile_issues import escape_markdown

if TYPE_CHECKING:
    from .bridge.client import VendorClient

ISSUE: Final = "outage"
SET_UP: Final = ""
"""What stands for setting the account up, where otherwise the key of a monitor stands."""

MOST_MINUTES: Final = 60 * 24 * 365
"""An outage that is to be told later than after a year is not told while anybody remembers."""

_THE_VENDORS: Final = (UnreachableError, OutageError, RateLimitedError, SignInError)
"""What concerns the vendor as a whole, whichever monitor was the first to find out."""


def cause_of(error: Exception) -> BaseException:
    """Return what the client raised behind an error of Home Assistant's."""
    cause: BaseException = error
    while not isinstance(cause, BridgeError) and cause.__cause__ is not None:
        cause = cause.__cause__
    return cause


@dataclass(slots=True)
class Fault:
    """A part of an account that fails: since when (aware), why, and whether it is needed."""

    since: datetime
    error: Exception
    needed: bool

    @property
    def cause(self) -> BaseException:
        """Return what the client raised."""
        return cause_of(self.error)

    @property
    def is_the_vendors(self) -> bool:
        """Return whether the vendor as a whole is the reason."""
        return isinstance(self.cause, _THE_VENDORS)

    @property
    def is_an_outage(self) -> bool:
        """Return whether it has to be told when it lasts.

        Not that the vendor asks for patience: it is there, and says itself when it goes on. Nor
        that it does not accept the credentials: Home Assistant asks the user for those already.
        """
        return self.needed and not isinstance(self.cause, RateLimitedError | SignInError)


class Outage:
    """What fails of one account, from the first attempt to set it up until it is unloaded."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Start with everything in order."""
        self._hass = hass
        self._entry = entry
        self.client: VendorClient | None = None
        """The client with which the account could not be set up, for diagnostics."""
        self._faults: dict[str, Fault] = {}
        self._stop_waiting: CALLBACK_TYPE | None = None
        self._shown: str | None = None
        self._forget = async_dispatcher_connect(
            hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._async_entry_changed
        )

    @property
    def faults(self) -> dict[str, Fault]:
        """Return what fails now, by monitor."""
        return dict(self._faults)

    @property
    def after(self) -> timedelta | None:
        """Return how long an outage has to last to be told; None for never."""
        minutes = self._entry.options.get(CONF_OUTAGE_AFTER, DEFAULT_OUTAGE_AFTER)
        return timedelta(minutes=min(minutes, MOST_MINUTES)) if minutes else None

    # --- what happens -----------------------------------------------------------------------------

    @callback
    def async_failed(self, part: str, error: Exception, *, needed: bool = True) -> None:
        """Take note of a failure. Several parts that fail for the vendor's sake are said as one."""
        before = self._faults.get(part)
        since = before.since if before is not None else dt_util.utcnow()
        fault = Fault(since, error, needed)
        said = any(other.is_the_vendors and other.needed >= needed for other in self._others(part))
        was_alike = before is not None and before.is_the_vendors == fault.is_the_vendors
        self._faults[part] = fault
        # Home Assistant says by itself what becomes of setting up.
        if part != SET_UP and not was_alike and not (fault.is_the_vendors and said):
            text = "Error fetching %s data: %s"
            if isinstance(fault.cause, SignInError):
                text = "Authentication failed while fetching %s data: %s"
            level = logging.ERROR if needed else logging.INFO
            LOGGER.log(level, text, f"{self._entry.title} {part}", error)
        self._async_look()

    @callback
    def async_succeeded(self, part: str) -> None:
        """Take note that a part works, again or for the first time."""
        fault = self._faults.pop(part, None)
        if fault is None:
            return
        if not fault.is_the_vendors:
            LOGGER.info("Fetching %s data recovered", f"{self._entry.title} {part}".rstrip())
        elif not any(other.is_the_vendors for other in self._faults.values()):
            LOGGER.info("Fetching %s data recovered", self._entry.title)
        self._async_look()

    @callback
    def async_dropped(self, part: str) -> None:
        """Forget a part that nobody needs any more, and so nobody asks for."""
        if self._faults.pop(part, None) is not None:
            self._async_look()

    @callback
    def async_end(self) -> None:
        """Forget it all: nobody asks the vendor any more."""
        self._faults.clear()
        self._async_look()

    def _others(self, part: str) -> Iterator[Fault]:
        return (fault for other, fault in self._faults.items() if other not in {part, SET_UP})

    @callback
    def _async_entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry is not self._entry:
            return
        idle = {ConfigEntryState.NOT_LOADED, ConfigEntryState.SETUP_ERROR}
        if change is ConfigEntryChange.REMOVED or entry.state in idle:
            self.async_end()
        if entry.state is ConfigEntryState.NOT_LOADED:
            self.client = None
        if change is ConfigEntryChange.REMOVED:
            self._forget()
            self._hass.data[OUTAGES].pop(entry.entry_id, None)

    # --- the repair issue -------------------------------------------------------------------------

    @callback
    def _async_look(self, _now: datetime | None = None) -> None:
        """Raise, renew or close the issue, or look again when it is time to."""
        if self._stop_waiting is not None:
            self._stop_waiting()
            self._stop_waiting = None
        faults = [fault for fault in self._faults.values() if fault.is_an_outage]
        # That is no outage which passes: only the user can tell whether it is as it should be.
        strange = next(
            (fault for fault in faults if isinstance(fault.cause, CertificateError)), None
        )
        if strange is not None and self._entry.data.get(CONF_CERTIFICATES):
            self._async_show(strange, "certificate_changed")
            return
        first = min(faults, key=lambda fault: fault.since, default=None)
        after = self.after
        if first is None or after is None:
            self._async_close()
            return
        left = first.since + after - dt_util.utcnow()
        if left <= timedelta():
            self._async_show(first)
            return
        self._stop_waiting = async_call_later(
            self._hass, left, HassJob(self._async_look, "outage", cancel_on_shutdown=True)
        )

    @property
    def _issue_id(self) -> str:
        return f"{ISSUE}_{self._entry.entry_id}"

    def _async_show(self, fault: Fault, key: str = ISSUE) -> None:
        reason = str(fault.cause)
        if self._shown == reason:
            return
        self._shown = reason
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            self._issue_id,
            is_fixable=False,
            severity=ir.IssueSeverity.WARNING,
            translation_key=key,
            translation_placeholders={
                "account": escape_markdown(self._entry.title),
                "since": dt_util.as_local(fault.since).strftime("%Y-%m-%d %H:%M"),
                "reason": escape_markdown(reason),
            },
        )

    def _async_close(self) -> None:
        if self._shown is not None:
            self._shown = None
            ir.async_delete_issue(self._hass, DOMAIN, self._issue_id)


OUTAGES: Final[HassKey[dict[str, Outage]]] = HassKey(f"{DOMAIN}.outages")


@callback
def async_get_outage(hass: HomeAssistant, entry: ConfigEntry) -> Outage:
    """Return what is known of an account's failures, before it is set up and afterwards."""
    outages = hass.data.setdefault(OUTAGES, {})
    if entry.entry_id not in outages:
        outages[entry.entry_id] = Outage(hass, entry)
    return outages[entry.entry_id]
