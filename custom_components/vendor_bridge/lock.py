"""Locks."""

from typing import Any, ClassVar, override

from homeassistant.components.lock import ATTR_CODE, LockEntity, LockEntityFeature
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import ConnectedAccount, VendorBridgeConfigEntry
from .bridge.model import Entity as EntityModel
from .const import CONF_VOICE_UNLOCKS
from .devices import TakenDevice
from .entity import Shows, VendorBridgeEntity
from .voice import refuse_if_spoken

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the locks of an account."""
    entry.runtime_data.async_add_platform(Platform.LOCK, VendorBridgeLock, async_add_entities)


class VendorBridgeLock(VendorBridgeEntity, LockEntity):
    """A lock of a vendor's device."""

    shows: ClassVar[Shows] = {
        "changed_by": "changed_by",
        "code_format": "code_format",
    }

    def __init__(self, account: ConnectedAccount, taken: TakenDevice, entity: EntityModel) -> None:
        """Begin with no command under way."""
        self._under_way: list[str] = []
        super().__init__(account, taken, entity)

    @override
    def derive(self) -> None:
        """Tell its state from one word or a flag for each, and from what we have just begun."""
        self._attr_supported_features = self.features(LockEntityFeature)
        under_way = self._under_way[0] if self._under_way else None
        self._attr_is_locked = self.says("locked")
        self._attr_is_locking = self.says("locking") or under_way == "lock"
        self._attr_is_unlocking = self.says("unlocking") or under_way == "unlock"
        self._attr_is_open = self.says("open")
        self._attr_is_opening = self.says("opening") or under_way == "open"
        self._attr_is_jammed = self.says("jammed")

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """Lock it."""
        await self._async_move("lock", kwargs)

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Unlock it, unless somebody says so who may not."""
        self._refuse_if_spoken()
        await self._async_move("unlock", kwargs)

    @override
    async def async_open(self, **kwargs: Any) -> None:
        """Draw its latch back, likewise."""
        self._refuse_if_spoken()
        await self._async_move("open", kwargs)

    def _refuse_if_spoken(self) -> None:
        if not self.account.entry.options.get(CONF_VOICE_UNLOCKS, False):
            device = self.account.register.name(self.taken.entry_id) or self.vendor_id
            refuse_if_spoken(device)

    async def _async_move(self, command: str, data: dict[str, Any]) -> None:
        """Send a command, and show that it is under way until it is known what became of it.

        A code goes to the vendor if it takes one, and nowhere else.
        """
        code = data.get(ATTR_CODE) if self.takes(command, "code") else None
        self._under_way.append(command)
        self._show_move()
        try:
            await self.async_command(command, code=code)
        finally:
            self._under_way.remove(command)
            self._show_move()

    def _show_move(self) -> None:
        self.derive()
        self.async_write_ha_state()
