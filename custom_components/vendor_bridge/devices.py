"""Vendor devices in Home Assistant's device registry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import re

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from yarl import URL

from .bridge.model import Device, Entity
from .const import DOMAIN
from .observations import Observations

MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{12}", re.IGNORECASE)


@dataclass(slots=True, kw_only=True, eq=False)
class TakenDevice:
    """A device that the user took: as the vendor describes it, and what is known of it.

    ``entry_id`` is the device registry's id; ``entities`` maps entity key to entity.
    """

    device: Device
    entry_id: str
    entities: Mapping[str, Entity] = field(default_factory=dict)
    monitors: frozenset[str] = frozenset()
    observations: Observations = field(default_factory=Observations)

    def describe(self, entities: Iterable[Entity]) -> None:
        """Take over the entities that it has, and with them the monitors that it needs."""
        self.entities = {entity.key: entity for entity in entities}
        self.monitors = frozenset(
            attribute.monitor for entity in self.entities.values() for attribute in entity.observed
        )


def parents_first(devices: Mapping[str, Device]) -> list[tuple[Device, str | None]]:
    """Return each device behind the one that it is a part of, with that one's vendor id.

    Where devices are parts of each other in a circle, one of them is a part of none.
    """
    ordered: dict[str, tuple[Device, str | None]] = {}
    for device in devices.values():
        chain: dict[str, Device] = {}
        part: Device | None = device
        while part is not None and part.id not in ordered and part.id not in chain:
            chain[part.id] = part
            part = devices.get(part.parent) if part.parent is not None else None
        for one in reversed(chain.values()):
            circle = one.parent in devices and one.parent not in ordered
            ordered[one.id] = (one, None if circle else one.parent)
    return list(ordered.values())


def shared_macs(devices: Iterable[Device]) -> set[str]:
    """Return the MAC addresses that several devices give: they cannot tell one from another."""
    seen: set[str] = set()
    shared: set[str] = set()
    for device in devices:
        if device.mac:
            mac = dr.format_mac(device.mac)
            (shared if mac in seen else seen).add(mac)
    return shared


def _web_address(text: str | None) -> str | None:
    """Return what Home Assistant takes for a device's address, of what a vendor says is one."""
    try:
        url = URL(text or "")
        usable = url.scheme in {"http", "https"} and bool(url.host)
    except ValueError:
        return None
    return text if usable else None


class DeviceRegister:
    """The devices of one account in the device registry, by vendor id."""

    def __init__(
        self, hass: HomeAssistant, entry_id: str, account_id: str, manufacturer: str
    ) -> None:
        """Take what every device of the account has in common."""
        self._registry = dr.async_get(hass)
        self._entry_id = entry_id
        self._prefix = f"{account_id}:"
        self._manufacturer = manufacturer

    def vendor_id(self, entry: dr.BaseDeviceEntry) -> str | None:
        """Return the vendor id of a device in the registry, if it is of this account."""
        for domain, identifier in entry.identifiers:
            if domain == DOMAIN and identifier.startswith(self._prefix):
                return identifier.removeprefix(self._prefix)
        return None

    def registered(self) -> dict[str, str]:
        """Return the registry's id of each device of the account, by vendor id."""
        entries = dr.async_entries_for_config_entry(self._registry, self._entry_id)
        found = {}
        for entry in entries:
            vendor_id = self.vendor_id(entry)
            if vendor_id is not None:
                found[vendor_id] = entry.id
        return found

    @callback
    def register(self, device: Device, parent: str | None, shared: set[str]) -> str:
        """Create or update a device and return its id. What the user changed stays.

        ``parent`` is the vendor id of what it is a part of, registered before; ``shared`` holds
        the MAC addresses that would take it for another device.
        """
        connections = set()
        if device.mac and MAC.fullmatch(device.mac):
            mac = dr.format_mac(device.mac)
            if mac not in shared:
                connections.add((dr.CONNECTION_NETWORK_MAC, mac))
        return self._registry.async_get_or_create(
            config_entry_id=self._entry_id,
            identifiers={self._identifier(device.id)},
            connections=connections,
            name=device.name or device.model or device.id,
            manufacturer=device.manufacturer or self._manufacturer,
            model=device.model,
            model_id=device.model_id,
            serial_number=device.serial_number,
            sw_version=device.sw_version,
            hw_version=device.hw_version,
            suggested_area=device.suggested_area,
            configuration_url=_web_address(device.configuration_url),
            via_device_id=self._id_of(parent),
        ).id

    @callback
    def remove(self, entry_id: str) -> None:
        """Remove a device, and with it its entities, unless somebody already did."""
        if self._registry.async_get(entry_id) is not None:
            self._registry.async_remove_device(entry_id)

    def name(self, entry_id: str) -> str | None:
        """Return what a device is called: by the user, else by the vendor."""
        entry = self._registry.async_get(entry_id)
        return (entry.name_by_user or entry.name) if entry is not None else None

    def entry(self, entry_id: str) -> dr.DeviceEntry | None:
        """Return a device's entry."""
        return self._registry.async_get(
            entry_id, include_child_devices=False, include_composite_devices=False
        )

    def _identifier(self, vendor_id: str) -> tuple[str, str]:
        return (DOMAIN, f"{self._prefix}{vendor_id}")

    def _id_of(self, vendor_id: str | None) -> str | None:
        if vendor_id is None:
            return None
        entry = self._registry.async_get_device_by_identifier(
            self._identifier(vendor_id), self._entry_id
        )
        return entry.id if entry is not None else None
