"""The devices that the user took."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from homeassistant.helpers import device_registry as dr

from .bridge.model import Device, Entity
from .observations import Observations
from .places import Place


@dataclass(slots=True, kw_only=True, eq=False)
class TakenDevice:
    """A device that the user took: as the vendor describes it, and what is known of it.

    ``entry_id`` is the device registry's id, ``place`` where it stands there; ``entities`` maps
    entity key to entity.
    """

    device: Device
    entry_id: str
    place: Place
    entities: Mapping[str, Entity] = field(default_factory=dict)
    monitors: frozenset[str] = frozenset()
    observations: Observations = field(default_factory=Observations)

    def describe(self, entities: Iterable[Entity]) -> None:
        """Take over the entities that it has, and with them the monitors that it needs."""
        self.entities = {entity.key: entity for entity in entities}
        self.monitors = frozenset(
            attribute.monitor for entity in self.entities.values() for attribute in entity.observed
        )


def shared_macs(devices: Iterable[Device]) -> set[str]:
    """Return the MAC addresses that several devices give: they cannot tell one from another."""
    seen: set[str] = set()
    shared: set[str] = set()
    for device in devices:
        if device.mac:
            mac = dr.format_mac(device.mac)
            (shared if mac in seen else seen).add(mac)
    return shared
