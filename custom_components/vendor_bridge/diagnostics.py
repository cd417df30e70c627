"""What a stranger needs to see what is wrong with a profile, and nothing that is private."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from homeassistant.components.diagnostics import REDACTED
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import AnyDeviceEntry

from .account import ConnectedAccount, VendorBridgeConfigEntry
from .bridge.http.auth.cookies import cookie_values
from .bridge.model import Device, Entity, Observation
from .const import CONF_ACCOUNT_ID, CONF_SETUP, CONF_TOKENS, CONF_VENDOR
from .diagnostics_connection import (
    age,
    describe_monitor,
    describe_outage,
    describe_requests,
    describe_status,
)
from .forms import WHO
from .outages import async_get_outage
from .profile_files import LoadedProfile
from .profiles import UnknownVendorError, async_get_library
from .redaction import SHORTEST, Redactor, scrub

if TYPE_CHECKING:
    from .bridge.profile.schema.api import SetupField


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: VendorBridgeConfigEntry
) -> dict[str, Any]:
    """Return what is known of an account, whether or not it could be set up."""
    loaded, profile = await _async_profile(hass, entry)
    fields = loaded.profile.setup if loaded is not None else {}
    account = _account(entry)
    outage = async_get_outage(hass, entry)
    client = account.client if account is not None else outage.client
    redactor = _redactor(entry, fields)
    if account is not None:
        for device in account.listing.devices.values():
            redactor.learn(asdict(device))
    told: dict[str, Any] = redactor.clean(
        {
            "entry": {
                "state": entry.state.value,
                "reason": entry.reason,
                "unique_id": entry.unique_id,
                "options": entry.options,
                "has_tokens": bool(entry.data.get(CONF_TOKENS)),
            },
            "profile": profile,
            "outage": describe_outage(outage),
            "requests": describe_requests(client, redactor),
            "account": _describe_account(account) if account is not None else None,
        }
    )
    return {"setup": _setup(entry, fields, redactor), **told}


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: VendorBridgeConfigEntry, device: AnyDeviceEntry
) -> dict[str, Any]:
    """Return what is known of one device."""
    loaded, profile = await _async_profile(hass, entry)
    redactor = _redactor(entry, loaded.profile.setup if loaded is not None else {})
    account = _account(entry)
    vendor_id = account.register.vendor_id(device) if account is not None else None
    told = None
    if account is not None and vendor_id is not None:
        redactor.learn([asdict(listed) for listed in account.listing.devices.values()])
        told = _describe_device(account, vendor_id)
    cleaned: dict[str, Any] = redactor.clean(
        {
            "entry": {"state": entry.state.value, "reason": entry.reason},
            "profile": profile,
            "device": told,
        }
    )
    return cleaned


def _account(entry: VendorBridgeConfigEntry) -> ConnectedAccount | None:
    return entry.runtime_data if entry.state is ConfigEntryState.LOADED else None


async def _async_profile(
    hass: HomeAssistant, entry: VendorBridgeConfigEntry
) -> tuple[LoadedProfile | None, dict[str, Any]]:
    """Return the profile, and which one it is or why there is none."""
    vendor = entry.data[CONF_VENDOR]
    library = await async_get_library(hass)
    try:
        loaded = await library.async_get(vendor)
    except UnknownVendorError as error:
        mistakes = [str(mistake) for mistake in error.mistakes]
        return None, {"vendor": vendor, "error": str(error), "mistakes": mistakes}
    return loaded, {
        "vendor": vendor,
        "origin": loaded.origin,
        "file": loaded.file,
        "sha256": loaded.digest,
        "mistakes": [str(mistake) for mistake in library.mistakes().get(loaded.file, ())],
    }


def _redactor(entry: VendorBridgeConfigEntry, fields: Mapping[str, SetupField]) -> Redactor:
    """Return what knows the secrets and the names of an account.

    Without its profile every text that was filled in might be one.
    """
    setup = entry.data[CONF_SETUP]
    secrets = [value for name, value in setup.items() if _is_secret(name, fields)]
    redactor = Redactor([*secrets, *_given(entry.data.get(CONF_TOKENS, {}))])
    account_id = entry.data[CONF_ACCOUNT_ID].partition(":")[2]
    redactor.learn({"email": [setup.get(name) for name in WHO], "account_id": account_id})
    return redactor


def _is_secret(name: str, fields: Mapping[str, SetupField]) -> bool:
    return name not in fields or fields[name].is_secret


def _given(tokens: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a sign-in gave, and each cookie of it.

    A home or a region may be kept beside the tokens: "1" or "eu" is no secret, and in many words.
    """
    for text in _texts(tokens):
        yield from (one for one in (text, *cookie_values(text)) if len(one) >= SHORTEST)


def _texts(data: Any) -> list[str]:  # noqa: ANN401 - whatever a client keeps of its sign-in
    if isinstance(data, Mapping):
        return [text for value in data.values() for text in _texts(value)]
    if isinstance(data, Sequence) and not isinstance(data, str):
        return [text for value in data for text in _texts(value)]
    return [data] if isinstance(data, str) else []


def _setup(
    entry: VendorBridgeConfigEntry, fields: Mapping[str, SetupField], redactor: Redactor
) -> dict[str, Any]:
    return {
        name: REDACTED if _is_secret(name, fields) else redactor.clean({name: value})[name]
        for name, value in entry.data[CONF_SETUP].items()
    }


def _describe_account(account: ConnectedAccount) -> dict[str, Any]:
    devices = account.listing.devices
    return {
        "listing_complete": account.listing.complete,
        "left_out_of_listing": list(account.listing.left_out),
        "monitors": {
            key: describe_monitor(coordinator) for key, coordinator in account.coordinators.items()
        },
        "connection": describe_status(account.status),
        "seconds_unlisted": {
            vendor_id: age(since) for vendor_id, since in account.unlisted.items()
        },
        "devices": {vendor_id: _describe_device(account, vendor_id) for vendor_id in devices},
    }


def _describe_device(account: ConnectedAccount, vendor_id: str) -> dict[str, Any]:
    taken = account.devices.get(vendor_id)
    device = account.listing.devices.get(vendor_id)
    return {
        "listed": scrub(asdict(device)) if isinstance(device, Device) else None,
        "taken": taken is not None,
        "entities": (
            {
                key: _describe_entity(account, vendor_id, entity)
                for key, entity in taken.entities.items()
            }
            if taken is not None
            else {}
        ),
        "rejected": {
            key: reason for (of, key), reason in account.rejected.items() if of == vendor_id
        },
    }


def _describe_entity(account: ConnectedAccount, vendor_id: str, entity: Entity) -> dict[str, Any]:
    described = {}
    for name, attribute in entity.attributes.items():
        coordinator = account.coordinators.get(attribute.monitor)
        observation = account.observation(vendor_id, attribute.key)
        described[name] = {
            "monitor": attribute.monitor,
            **_describe_observation(observation),
            "seconds_since_told": (
                age(coordinator.told_at(vendor_id, attribute.key)) if coordinator else None
            ),
        }
    return {
        "name": entity.name,
        "options": entity.options,
        "attributes": described,
        "commands": list(entity.commands),
    }


def _describe_observation(observation: Observation | None) -> dict[str, Any]:
    if observation is None:
        return {"observed": False}
    return {
        "value": scrub(observation.value),
        "seconds_since_observed": age(observation.observed_at),
    }
