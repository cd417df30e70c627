"""``reload_profiles``: reads the user's profiles anew, and tells what came of it."""

from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import ServiceCall, ServiceResponse
import probatio

from ..bridge.errors import Mistake
from ..const import CONF_VENDOR
from ..profiles import async_reload_profiles
from .action import Action

if TYPE_CHECKING:
    from homeassistant.util.json import JsonObjectType, JsonValueType


async def async_reload(call: ServiceCall) -> ServiceResponse:
    """Read the profiles, wait for the accounts that start anew, and tell of both.

    A profile with mistakes is no error: it changes nothing, and its mistakes are in the answer.
    """
    result = await async_reload_profiles(call.hass)
    accounts: list[JsonValueType] = []
    for entry_id in result.reloaded:
        entry = call.hass.config_entries.async_get_entry(entry_id)
        if entry is None:
            continue
        async with entry.setup_lock:  # until it has started anew
            told: JsonObjectType = {
                "config_entry_id": entry_id,
                "name": entry.title,
                "vendor": entry.data[CONF_VENDOR],
                "loaded": entry.state is ConfigEntryState.LOADED,
            }
        accounts.append(told)
    return {
        "accounts": accounts,
        "changed": list(result.changed),
        "gone": list(result.gone),
        "mistakes": {
            file: [_mistake(one) for one in mistakes] for file, mistakes in result.mistakes.items()
        },
    }


def _mistake(mistake: Mistake) -> JsonObjectType:
    return {
        "line": mistake.line,
        "column": mistake.column,
        "path": ".".join(str(part) for part in mistake.path),
        "message": mistake.message,
        "hint": mistake.hint,
    }


ACTION: Final = Action(
    name="reload_profiles", schema=probatio.Schema({}), handler=async_reload, admin=True
)
