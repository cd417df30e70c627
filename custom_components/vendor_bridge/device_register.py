"""Vendor devices in Home Assistant's device registry."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import re

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from yarl import URL

from .bridge.model import Device
from .const import DOMAIN
from .places import Place

MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{12}", re.IGNORECASE)


def _web_address(text: str | None) -> str | None:
    """Return what Home Assistant takes for a device's address, of what a vendor says is one."""
    try:
        url = URL(text or "")
        usable = url.scheme in {"http", "https"} and bool(url.host)
    except ValueError:
        return None
    return text if usable else None


def prefix_of(account_id: str) -> str:
    """Return what the identifiers of an account's devices begin with; the vendor id follows."""
    return f"{account_id}:"


def name_of(entry: dr.BaseDeviceEntry | None) -> str | None:
    """Return what a device is called: by the user, else by the vendor."""
    return (entry.name_by_user or entry.name) if entry is not None else None


def names_of(entry: dr.BaseDeviceEntry | None, device: Device) -> Sequence[str]:
    """Return what a device is called, first, and what else people call it."""
    name = name_of(entry) or _default_name(device)
    return [name, *(alias for alias in device.aliases if alias != name)]


def vendor_id_of(entry: dr.BaseDeviceEntry, prefix: str) -> str | None:
    """Return the vendor id of a device, if it is of the account that has the prefix."""
    for domain, identifier in entry.identifiers:
        if domain == DOMAIN and identifier.startswith(prefix):
            return identifier.removeprefix(prefix)
    return None


def registered_devices(
    registry: dr.DeviceRegistry, entry_id: str, prefix: str
) -> dict[str, dr.AnyDeviceEntry]:
    """Return each device of an account, by vendor id, the parts before the wholes."""
    entries: list[dr.AnyDeviceEntry] = [
        *dr.async_child_entries_for_config_entry(registry, entry_id),
        *dr.async_entries_for_config_entry(registry, entry_id),
    ]
    return {
        vendor_id: entry
        for entry in entries
        if (vendor_id := vendor_id_of(entry, prefix)) is not None
    }


class DeviceRegister:
    """The devices of one account in the device registry, by vendor id.

    A part of a device is a child device there, which has a name and an area, and nothing else.
    """

    def __init__(
        self, hass: HomeAssistant, entry_id: str, account_id: str, manufacturer: str
    ) -> None:
        """Take what every device of the account has in common."""
        self._registry = dr.async_get(hass)
        self._entities = er.async_get(hass)
        self._entry_id = entry_id
        self._prefix = prefix_of(account_id)
        self._manufacturer = manufacturer

    def vendor_id(self, entry: dr.BaseDeviceEntry) -> str | None:
        """Return the vendor id of a device in the registry, if it is of this account."""
        return vendor_id_of(entry, self._prefix)

    def registered(self) -> dict[str, dr.AnyDeviceEntry]:
        """Return each device of the account, by vendor id, the parts before the wholes."""
        return registered_devices(self._registry, self._entry_id, self._prefix)

    def wholes(self) -> dict[str, str]:
        """Return what each device of the account is a part of, or itself, all by vendor ids."""
        registered = self.registered()
        by_entry_id = {entry.id: vendor_id for vendor_id, entry in registered.items()}
        return {
            vendor_id: (
                by_entry_id.get(entry.parent_device_id, vendor_id)
                if isinstance(entry, dr.ChildDeviceEntry)
                else vendor_id
            )
            for vendor_id, entry in registered.items()
        }

    @callback
    def register(self, device: Device, place: Place, shared: set[str]) -> str:
        """Create or update a device and return its id. What the user changed stays.

        What ``place`` refers to has to be registered before; ``shared`` holds the MAC addresses
        that would take it for another device.
        """
        parent = self._whole(place.parent)
        if parent is not None:
            return self._register_part(device, parent)
        registered = self._part(device.id)
        if registered is None:
            return self._register_whole(device, place, shared)
        with self._registered_anew(registered):
            return self._register_whole(device, place, shared)

    def _register_whole(self, device: Device, place: Place, shared: set[str]) -> str:
        connections = set()
        if device.mac and MAC.fullmatch(device.mac):
            mac = dr.format_mac(device.mac)
            if mac not in shared and not self._is_anothers(mac, device.id):
                connections.add((dr.CONNECTION_NETWORK_MAC, mac))
        via = self._whole(place.via)
        return self._registry.async_get_or_create(
            config_entry_id=self._entry_id,
            identifiers={self._identifier(device.id)},
            connections=connections,
            name=_default_name(device),
            manufacturer=device.manufacturer or self._manufacturer,
            model=device.model,
            model_id=device.model_id,
            serial_number=device.serial_number,
            sw_version=device.sw_version,
            hw_version=device.hw_version,
            suggested_area=device.suggested_area,
            configuration_url=_web_address(device.configuration_url),
            via_device_id=via.id if via is not None else None,
        ).id

    def _is_anothers(self, mac: str, vendor_id: str) -> bool:
        """Return whether a MAC address is known of another device of the account.

        That may have gone, or has another address by now, which Home Assistant would not notice.
        """
        holder = self._registry.async_get_device_by_connection(
            (dr.CONNECTION_NETWORK_MAC, mac), self._entry_id
        )
        return holder is not None and self._identifier(vendor_id) not in holder.identifiers

    def _register_part(self, device: Device, parent: dr.DeviceEntry) -> str:
        part, whole = self._part(device.id), self._whole(device.id)
        if whole is not None:
            self.release(whole.id)
            try:
                # What an earlier start registered becomes a part as it is, by Home Assistant.
                return self._create_part(device, parent)
            except dr.DeviceInfoError:
                # What this start registered does not.
                with self._registered_anew(whole):
                    return self._create_part(device, parent)
        if part is not None and part.parent_device_id != parent.id:
            with self._registered_anew(part):
                return self._create_part(device, parent)
        return self._create_part(device, parent)

    def _create_part(self, device: Device, parent: dr.DeviceEntry) -> str:
        return self._registry.async_get_or_create_child(
            config_entry_id=self._entry_id,
            identifiers={self._identifier(device.id)},
            name=_default_name(device),
            parent_device_id=parent.id,
            suggested_area=device.suggested_area,
        ).id

    @contextmanager
    def _registered_anew(self, entry: dr.AnyDeviceEntry) -> Iterator[None]:
        """Remove a device that is registered again in the block, as what it can't become else.

        Home Assistant gives it back its id, and what the user made of it. Its entities would be
        removed with it, so that they are taken off meanwhile.
        """
        entities = er.async_entries_for_device(
            self._entities, entry.id, include_disabled_entities=True
        )
        for entity in entities:
            self._entities.async_update_entity(entity.entity_id, device_id=None)
        self._registry.async_remove_device(entry.id)
        yield
        anew = self._registry.async_get(entry.id, include_composite_devices=False)
        disabled = anew is not None and anew.disabled
        for entity in entities:
            by = entity.disabled_by
            if disabled and by is None:
                by = er.RegistryEntryDisabler.DEVICE
            elif not disabled and by is er.RegistryEntryDisabler.DEVICE:
                by = None
            self._entities.async_update_entity(
                entity.entity_id,
                device_id=anew.id if anew is not None else None,
                disabled_by=by,
            )

    @callback
    def release(self, entry_id: str) -> None:
        """Make the parts of a device devices by themselves: they would be removed with it."""
        for part in dr.async_entries_for_parent_device(self._registry, entry_id):
            with self._registered_anew(part):
                self._registry.async_get_or_create(
                    config_entry_id=self._entry_id,
                    identifiers=part.identifiers,
                    name=part.name,
                    manufacturer=self._manufacturer,
                )

    @callback
    def remove(self, entry_id: str) -> None:
        """Remove a device, and with it its entities, unless somebody already did.

        Parts of it stay. Where they go too, they have to be removed before.
        """
        if self._registry.async_get(entry_id) is not None:
            self.release(entry_id)
            self._registry.async_remove_device(entry_id)

    def name(self, entry_id: str) -> str | None:
        """Return what a device is called: by the user, else by the vendor."""
        return name_of(self._registry.async_get(entry_id))

    def entry(self, entry_id: str) -> dr.AnyDeviceEntry | None:
        """Return a device's entry."""
        return self._registry.async_get(entry_id, include_composite_devices=False)

    def _identifier(self, vendor_id: str) -> tuple[str, str]:
        return (DOMAIN, f"{self._prefix}{vendor_id}")

    def _whole(self, vendor_id: str | None) -> dr.DeviceEntry | None:
        if vendor_id is None:
            return None
        return self._registry.async_get_device_by_identifier(
            self._identifier(vendor_id), self._entry_id
        )

    def _part(self, vendor_id: str) -> dr.ChildDeviceEntry | None:
        return self._registry.async_get_child_device_by_identifier(
            self._identifier(vendor_id), self._entry_id
        )


def _default_name(device: Device) -> str:
    return device.name or device.model or device.id
