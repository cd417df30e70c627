"""``run_task``: has a vendor do what it can do beyond reading and switching."""

from typing import Final

from homeassistant.core import ServiceCall, ServiceResponse
from homeassistant.helpers import config_validation as cv
import probatio

from ..account import ConnectedAccount
from ..const import DOMAIN
from .action import Action
from .errors import action_error, caller_error
from .targets import loaded_accounts
from .task_runs import async_run_on_account, async_run_on_devices

CONF_TASK: Final = "task"
CONF_DATA: Final = "data"
CONF_ACCOUNT: Final = "config_entry_id"


def _nothing(_none: None) -> dict[str, object]:
    """Return what an empty `data:` means."""
    return {}


SCHEMA: Final = probatio.Schema(
    {
        **cv.ENTITY_SERVICE_FIELDS,
        probatio.Optional(CONF_ACCOUNT): cv.string,
        probatio.Required(CONF_TASK): cv.string,
        probatio.Optional(CONF_DATA, default=dict): probatio.Any(
            dict, probatio.All(None, _nothing)
        ),
    }
)


async def async_run_task(call: ServiceCall) -> ServiceResponse:
    """Run a task of the targets, or of an account as a whole."""
    key, data = call.data[CONF_TASK], call.data[CONF_DATA]
    if CONF_ACCOUNT not in call.data:
        return await async_run_on_devices(call, key, data)
    if any(str(name) in call.data for name in cv.ENTITY_SERVICE_FIELDS):
        raise caller_error("devices_or_account")
    account = find_account(call, call.data[CONF_ACCOUNT])
    return await async_run_on_account(call, account, key, data)


def find_account(call: ServiceCall, entry_id: str) -> ConnectedAccount:
    """Return an account that is set up. Raises HomeAssistantError."""
    for account in loaded_accounts(call.hass):
        if account.entry.entry_id == entry_id:
            return account
    entry = call.hass.config_entries.async_get_entry(entry_id)
    if entry is None or entry.domain != DOMAIN:
        raise caller_error("unknown_account", account=entry_id)
    raise action_error("account_not_loaded", account=entry.title)


ACTION: Final = Action(name="run_task", schema=SCHEMA, handler=async_run_task)
