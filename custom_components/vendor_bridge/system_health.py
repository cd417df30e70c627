"""How many profiles and accounts there are, and how they are, for the system health page."""

from typing import Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import CONF_VENDOR, DOMAIN
from .profiles import async_get_library


@callback
def async_register(_hass: HomeAssistant, register: system_health.SystemHealthRegistration) -> None:
    """Register what the page shows."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the page shows. Accounts are named by their vendors alone."""
    library = await async_get_library(hass)
    entries = hass.config_entries.async_entries(DOMAIN, include_ignore=False)
    in_trouble = [
        f"{entry.data[CONF_VENDOR]}: {entry.state.value}"
        for entry in entries
        if entry.state is not ConfigEntryState.LOADED and entry.disabled_by is None
    ]
    return {
        "profiles_bundled": len(library.bundled),
        "profiles_own": sum(file.in_use is not None for file in library.files.values()),
        "profiles_broken": ", ".join(sorted(library.mistakes())) or 0,
        "accounts": len(entries),
        "accounts_loaded": sum(entry.state is ConfigEntryState.LOADED for entry in entries),
        "accounts_not_loaded": ", ".join(sorted(in_trouble)) or 0,
    }
