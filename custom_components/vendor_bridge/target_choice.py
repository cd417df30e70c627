"""Which accounts and devices the target of a trigger or a condition means."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_OPTIONS, CONF_TARGET
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.helpers.target import TargetSelection, async_extract_referenced_entity_ids
import voluptuous as vol

from .const import CONF_ACCOUNT_ID, DOMAIN
from .device_register import prefix_of, registered_devices
from .happenings import Happening


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a target means. An account's own device stands for the account with all of its devices.

    ``named`` maps device registry ids to config entry ids; ``accounts`` holds the config entries
    that any of it belongs to; ``whole`` those of which every device is meant, named or not.
    """

    named: Mapping[str, str]
    accounts: frozenset[str]
    whole: frozenset[str]

    def means(self, happening: Happening) -> bool:
        """Return whether something happened to what is meant."""
        entry_id = happening.entry.entry_id
        if happening.device_id is None:
            return entry_id in self.accounts
        return entry_id in self.whole or happening.device_id in self.named


def target_schema(options: Mapping[vol.Marker, Any]) -> vol.Schema:
    """Return what a trigger or a condition is told: a target, unless left out, and options."""
    return vol.Schema(
        {
            vol.Optional(CONF_TARGET): cv.TARGET_FIELDS,
            vol.Required(CONF_OPTIONS, default={}): dict(options),
        }
    )


@callback
def async_choose(hass: HomeAssistant, target: Mapping[str, Any] | None) -> Choice:
    """Return what a target means now; without a target, everything."""
    entries = {entry.entry_id: entry for entry in hass.config_entries.async_entries(DOMAIN)}
    registry = dr.async_get(hass)
    selection = TargetSelection(dict(target or {}))
    if not selection.has_any_target:
        everything = frozenset(entries)
        return Choice(named={}, accounts=everything, whole=everything)
    selected = async_extract_referenced_entity_ids(hass, selection, primary_entities_only=False)
    entities = er.async_get(hass)
    named = {
        entity.device_id
        for entity_id in selected.referenced | selected.indirectly_referenced
        if (entity := entities.async_get(entity_id)) is not None and entity.device_id is not None
    }
    devices: dict[str, str] = {}
    whole: set[str] = set()
    for device_id in named | selected.referenced_devices:
        device = registry.async_get(device_id)
        if device is None or (entry := entries.get(device.config_entry_id)) is None:
            continue
        if is_account(device, entry):
            whole.add(entry.entry_id)
        else:
            devices[device_id] = entry.entry_id
    accounts = frozenset(devices.values()) | whole
    return Choice(named=devices, accounts=accounts, whole=frozenset(whole))


@callback
def async_devices(hass: HomeAssistant, choice: Choice) -> dict[str, str]:
    """Return every device that is meant: its config entry's id by its own.

    Who only asks whether one of them is meant does not need this: an account may have thousands.
    """
    registry = dr.async_get(hass)
    whole = {
        device.id: entry.entry_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.entry_id in choice.whole
        for device in registered_devices(
            registry, entry.entry_id, prefix_of(entry.data[CONF_ACCOUNT_ID])
        ).values()
    }
    return {**choice.named, **whole}


def is_account(device: dr.BaseDeviceEntry, entry: ConfigEntry) -> bool:
    """Return whether a device of an account stands for the account itself."""
    return (DOMAIN, entry.data.get(CONF_ACCOUNT_ID)) in device.identifiers
