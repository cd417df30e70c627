"""Vendor Bridge: the devices of any vendor with an HTTP API."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.importlib import async_import_module
from homeassistant.helpers.recorder import DATA_INSTANCE
from homeassistant.helpers.typing import ConfigType

from .account import ConnectedAccount, VendorBridgeConfigEntry
from .bridge.errors import BridgeError
from .const import CONF_CERTIFICATES, CONF_SETUP, CONF_TOKENS, CONF_VENDOR, DOMAIN
from .count_store import async_get_counts, async_remove_counts
from .event_marks import event_store
from .helpers import async_create_client
from .history_store import HistoryStore
from .outages import SET_UP, async_get_outage
from .profiles import async_get_profile
from .read_times import read_times_store
from .services import async_setup_services
from .task_actions import async_offer_tasks

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, _config: ConfigType) -> bool:
    """Set up what there is once, however many accounts there are."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: VendorBridgeConfigEntry) -> bool:
    """Set up an account."""

    @callback
    def save_tokens(tokens: Mapping[str, Any]) -> None:
        hass.config_entries.async_update_entry(
            entry, data={**entry.data, CONF_TOKENS: dict(tokens)}
        )

    try:
        profile = await async_get_profile(hass, entry.data[CONF_VENDOR], starting=entry)
        client = await async_create_client(
            hass,
            profile,
            entry.data[CONF_SETUP],
            tokens=entry.data.get(CONF_TOKENS),
            save_tokens=save_tokens,
            certificates=entry.data.get(CONF_CERTIFICATES),
            counts=async_get_counts(hass, entry.entry_id),
        )
    except BridgeError as error:
        raise ConfigEntryError(
            translation_domain=DOMAIN,
            translation_key="profile_unusable",
            translation_placeholders={"vendor": entry.data[CONF_VENDOR], "reason": str(error)},
        ) from error
    account = ConnectedAccount(hass, entry, profile, client)
    async with AsyncExitStack() as on_failure:
        on_failure.push_async_callback(account.async_close)
        outage = async_get_outage(hass, entry)
        outage.client = client
        try:
            await account.async_start()
        except ConfigEntryNotReady as error:
            outage.async_failed(SET_UP, error)
            account.status.async_not_started(error)
            raise
        except ConfigEntryAuthFailed as error:
            account.status.async_not_started(error)
            raise
        outage.async_succeeded(SET_UP)
        outage.client = None
        entry.runtime_data = account
        await account.async_set_up_platforms()
        async_offer_tasks(hass, account)
        await _async_import_history(hass, account)
        on_failure.pop_all()
    return True


async def _async_import_history(hass: HomeAssistant, account: ConnectedAccount) -> None:
    """Begin to import what the vendor remembers, where there is a recorder to keep it."""
    if DATA_INSTANCE in hass.data:
        history = await async_import_module(hass, f"{__package__}.history")
        account.history = history.HistoryImport(hass, account)
        account.history.async_start()


async def async_remove_entry(hass: HomeAssistant, entry: VendorBridgeConfigEntry) -> None:
    """Forget what was kept of an account beside its config entry."""
    await HistoryStore(hass, entry.entry_id).async_remove()
    await async_remove_counts(hass, entry.entry_id)
    await event_store(hass, entry.entry_id).async_remove()
    await read_times_store(hass, entry.entry_id).async_remove()


async def async_unload_entry(hass: HomeAssistant, entry: VendorBridgeConfigEntry) -> bool:
    """Unload an account."""
    platforms = entry.runtime_data.platforms
    unloaded = await hass.config_entries.async_unload_platforms(entry, platforms)
    if unloaded:
        await entry.runtime_data.async_close()
    return unloaded


async def async_remove_config_entry_device(
    _hass: HomeAssistant, entry: VendorBridgeConfigEntry, device_entry: AnyDeviceEntry
) -> bool:
    """Return whether the user may remove a device: not while the vendor still has it.

    It is removed here and now, since Home Assistant would remove the parts of it too.
    """
    if entry.state is not ConfigEntryState.LOADED:
        return False
    account = entry.runtime_data
    if (DOMAIN, account.id) in device_entry.identifiers:
        return False
    vendor_id = account.register.vendor_id(device_entry)
    if vendor_id in account.listing.devices:
        return False
    if vendor_id is not None:
        account.async_remove_device(vendor_id, device_entry.id)
    return True
