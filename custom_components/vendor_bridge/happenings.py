"""What happens to accounts and devices, said once to whoever wants to act on it.

Triggers hear of it through the dispatcher. What no state shows, so that the logbook could not tell
it otherwise, is also an event on the bus: ``vendor_bridge_<what>``, with the same values.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import Context, CoreState, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.start import async_at_started
from homeassistant.util.signal_type import SignalType

from .bridge.command_data import secrets
from .bridge.errors import BridgeError, CommandError, ReadOnlyError, VendorError
from .bridge.http.verdict import without, writings
from .const import DOMAIN
from .device_register import name_of
from .helpers import command_failure_key

if TYPE_CHECKING:
    from homeassistant.helpers.device_registry import AnyDeviceEntry

    from .account import ConnectedAccount
    from .bridge.model import Command, Entity, Health
    from .devices import TakenDevice

ATTR_ACCOUNT: Final = "account"
ATTR_COMMAND: Final = "command"
ATTR_CONFIG_ENTRY_ID: Final = "config_entry_id"
ATTR_ENTITY_IDS: Final = "entity_ids"
ATTR_ERROR: Final = "error"
ATTR_LASTED: Final = "lasted"
"""For how many seconds it was not so."""
ATTR_NAME: Final = "name"
ATTR_REASON: Final = "reason"
ATTR_VENDOR_ID: Final = "vendor_id"
ATTR_WITH_ACCOUNT: Final = "with_account"
"""Whether a device went down because its account as a whole did."""


class What(StrEnum):
    """What can happen. The triggers have the same names."""

    ACCOUNT_CONNECTED = "account_connected"
    ACCOUNT_DISCONNECTED = "account_disconnected"
    COMMAND_FAILED = "command_failed"
    DEVICE_APPEARED = "device_appeared"
    DEVICE_CAME_BACK = "device_came_back"
    DEVICE_DISAPPEARED = "device_disappeared"
    DEVICE_WENT_OFFLINE = "device_went_offline"
    DEVICE_WENT_STALE = "device_went_stale"


EVENTS: Final[Mapping[What, str]] = {
    what: f"{DOMAIN}_{what}"
    for what in (What.COMMAND_FAILED, What.DEVICE_APPEARED, What.DEVICE_DISAPPEARED)
}
"""What is an event on the bus, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened, to a device unless ``device_id`` is None.

    ``entry`` is the account; ``device_id`` the device registry's id; ``entity_id`` the one entity
    that it concerns, if it is one. ``more`` are further values for automations, ready for JSON.
    """

    what: What
    entry: ConfigEntry
    device_id: str | None = None
    vendor_id: str | None = None
    entity_id: str | None = None
    name: str | None = None
    context: Context | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        """Return all that is known of it, in ids and words."""
        return {
            ATTR_CONFIG_ENTRY_ID: self.entry.entry_id,
            ATTR_ACCOUNT: self.entry.title,
            ATTR_DEVICE_ID: self.device_id,
            ATTR_VENDOR_ID: self.vendor_id,
            ATTR_ENTITY_ID: self.entity_id,
            ATTR_NAME: self.name if self.name is not None else self.entry.title,
            **self.more,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSeen:
    """What was left of an account's budget when somebody looked."""

    entry: ConfigEntry
    health: Health


HAPPENED: Final[SignalType[Happening]] = SignalType(f"{DOMAIN}_happened")
BUDGET_SEEN: Final[SignalType[BudgetSeen]] = SignalType(f"{DOMAIN}_budget_seen")


@callback
def async_happen(hass: HomeAssistant, happening: Happening) -> None:
    """Tell of something that happened."""
    async_dispatcher_send(hass, HAPPENED, happening)
    if (event := EVENTS.get(happening.what)) is not None:
        hass.bus.async_fire(event, happening.values, context=happening.context)


@callback
def async_device_happened(
    account: ConnectedAccount, what: What, vendor_id: str, device: AnyDeviceEntry | None
) -> None:
    """Tell of a registered device that came or goes, once there are automations to hear of it."""
    happening = Happening(
        what=what,
        entry=account.entry,
        device_id=device.id if device is not None else None,
        vendor_id=vendor_id,
        name=name_of(device) or vendor_id,
    )
    if account.hass.state is CoreState.running:
        async_happen(account.hass, happening)
        return

    @callback
    def tell(hass: HomeAssistant) -> None:
        async_happen(hass, happening)

    account.entry.async_on_unload(async_at_started(account.hass, tell))


@contextmanager
def command_watched(
    account: ConnectedAccount,
    taken: TakenDevice,
    entity: Entity,
    command: Command,
    context: Context | None,
) -> Generator[None]:
    """Tell of a command that fails in the block, unless it was the caller's mistake.

    What does not fit is never sent, and so no command that failed. ``context`` is who wanted it.
    """
    try:
        yield
    except BridgeError as error:
        if not isinstance(error, CommandError) or isinstance(error, ReadOnlyError):
            entity_id = er.async_get(account.hass).async_get_entity_id(
                entity.platform, DOMAIN, account.unique_id(taken.device.id, entity)
            )
            codes = filter(None, secrets(entity, command.data))
            hidden = [text for code in codes for text in writings(code)]
            # The recorder keeps it, so that the code must not stand in there.
            reason = without(_reason(error), hidden, "***")
            _tell_of_failure(account, taken, entity_id, command.name, (error, reason), context)
        raise


@callback
def async_task_failed(
    account: ConnectedAccount,
    taken: TakenDevice | None,
    task: str,
    error: BridgeError,
    context: Context | None,
) -> None:
    """Tell of a task that failed, at a device or at the account as a whole.

    ``error`` holds no secret any more. ``context`` is who wanted it.
    """
    _tell_of_failure(account, taken, None, task, (error, _reason(error)), context)


def _tell_of_failure(
    account: ConnectedAccount,
    taken: TakenDevice | None,
    entity_id: str | None,
    command: str,
    failure: tuple[BridgeError, str],
    context: Context | None,
) -> None:
    error, reason = failure
    happening = Happening(
        what=What.COMMAND_FAILED,
        entry=account.entry,
        device_id=taken.entry_id if taken is not None else None,
        vendor_id=taken.device.id if taken is not None else None,
        entity_id=entity_id,
        name=(account.register.name(taken.entry_id) or taken.device.id) if taken else None,
        context=context,
        # Not the data: a lock's code might be in there.
        more={
            ATTR_COMMAND: command,
            ATTR_ERROR: command_failure_key(error),
            ATTR_REASON: reason,
        },
    )
    async_happen(account.hass, happening)


def _reason(error: BridgeError) -> str:
    """Return why something failed."""
    return error.reason if isinstance(error, VendorError) else str(error)
