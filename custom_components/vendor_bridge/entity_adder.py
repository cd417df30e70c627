"""Which entities of an account are in service, and where new ones are added."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .bridge.model import Entity
from .devices import TakenDevice

if TYPE_CHECKING:
    from .account import ConnectedAccount, VendorBridgeConfigEntry
    from .entity import VendorBridgeEntity

type MakeEntity = Callable[[ConnectedAccount, TakenDevice, Entity], VendorBridgeEntity]


class EntityAdder:
    """Adds entities to their platforms, each once, when the account starts and while it runs."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: VendorBridgeConfigEntry,
        devices: Mapping[str, TakenDevice],
    ) -> None:
        """Take the account's devices, which come and go."""
        self._hass = hass
        self._entry = entry
        self._devices = devices
        self._platforms: dict[str, tuple[MakeEntity, AddConfigEntryEntitiesCallback]] = {}
        self._entities: dict[tuple[str, str], VendorBridgeEntity] = {}
        self.set_up: set[Platform] = set()
        self.running = False

    async def async_set_up(self, platforms: Iterable[str]) -> None:
        """Set platforms up, each once. Home Assistant loads much for each, so only what is used."""
        new = [Platform(name) for name in sorted(set(platforms) - self.set_up)]
        self.set_up.update(new)
        if new:
            await self._hass.config_entries.async_forward_entry_setups(self._entry, new)
        self.running = True

    @callback
    def add_platform(
        self, platform: str, make: MakeEntity, add: AddConfigEntryEntitiesCallback
    ) -> None:
        """Take a platform that has been set up, for ``add`` and ``add_to``."""
        self._platforms[platform] = (make, add)

    @callback
    def add(self, account: ConnectedAccount, vendor_ids: Iterable[str]) -> None:
        """Add the entities that some devices have and that are not there yet."""
        wanted = list(vendor_ids)
        for platform in self._platforms:
            self.add_to(platform, account, wanted)

    @callback
    def add_to(self, platform: str, account: ConnectedAccount, vendor_ids: Iterable[str]) -> None:
        """Add those of one platform."""
        make, add = self._platforms[platform]
        made = []
        for vendor_id in vendor_ids:
            if (taken := self._devices.get(vendor_id)) is None:
                continue
            for key, described in taken.entities.items():
                place = (vendor_id, key)
                if described.platform == platform and place not in self._entities:
                    self._entities[place] = entity = make(account, taken, described)
                    made.append(entity)
        add(made)

    @callback
    def withdraw(self, vendor_id: str, key: str) -> None:
        """Take an entity out of service that its device does not have any more, or not so.

        The registry keeps it, with its name and history, for when it comes back.
        """
        entity = self._entities.pop((vendor_id, key), None)
        if entity is not None and entity.in_service:
            _ = self._entry.async_create_task(self._hass, entity.async_remove())

    @callback
    def forget(self, taken: TakenDevice) -> None:
        """Forget the entities of a device that is removed; the registry sees to the rest."""
        for key in taken.entities:
            self._entities.pop((taken.device.id, key), None)
