"""How many profiles and accounts there are, and how they are, for the system health page."""

from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING, Any

from homeassistant.components import system_health
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import CONF_VENDOR, DOMAIN
from .profiles import async_get_library

if TYPE_CHECKING:
    from .account_status import AccountStatus


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
    names = Counter[str]()
    accounts = {}
    for entry in entries:
        if entry.state is ConfigEntryState.LOADED:
            vendor = entry.data[CONF_VENDOR]
            names[vendor] += 1
            name = vendor if names[vendor] == 1 else f"{vendor} ({names[vendor]})"
            accounts[name] = _describe(entry.runtime_data.status)
    return {
        "profiles_bundled": len(library.bundled),
        "profiles_own": sum(file.in_use is not None for file in library.files.values()),
        "profiles_broken": ", ".join(sorted(library.mistakes())) or 0,
        "accounts": len(entries),
        "accounts_loaded": sum(entry.state is ConfigEntryState.LOADED for entry in entries),
        "accounts_not_loaded": ", ".join(sorted(in_trouble)) or 0,
        **accounts,
    }


def _describe(status: AccountStatus) -> str:
    """Return how an account goes, in few words. Of its address it says only which one it is."""
    health = status.health
    words = ["connected" if status.disconnected_by is None else "not connected"]
    if at := health.last_success or status.last_success:
        words.append(f"last success {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    if len(status.addresses) > 1 and health.address in status.addresses:
        place = status.addresses.index(health.address) + 1
        words.append(f"address {place} of {len(status.addresses)}")
    if health.remaining is not None:
        of = f" of {health.limit}" if health.limit is not None else ""
        words.append(f"{health.remaining}{of} requests left")
    if status.stretch.factor > 1:
        words.append(f"intervals stretched by {status.stretch.factor:.1f}")
    return ", ".join(words)
