"""Remote controls."""

import asyncio
from collections.abc import Iterable
from typing import Any, ClassVar, override

from homeassistant.components.remote import (
    ATTR_ACTIVITY,
    ATTR_ALTERNATIVE,
    ATTR_COMMAND,
    ATTR_COMMAND_TYPE,
    ATTR_DELAY_SECS,
    ATTR_DEVICE,
    ATTR_HOLD_SECS,
    ATTR_NUM_REPEATS,
    ATTR_TIMEOUT,
    DEFAULT_DELAY_SECS,
    RemoteEntity,
    RemoteEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the remotes of an account."""
    entry.runtime_data.async_add_platform(Platform.REMOTE, VendorBridgeRemote, async_add_entities)


class VendorBridgeRemote(VendorBridgeEntity, RemoteEntity):
    """A remote control of a vendor's."""

    shows: ClassVar[Shows] = {
        "state": "is_on",
        "current_activity": "current_activity",
        "activity_list": ("activity_list", list),
    }

    @override
    def derive(self) -> None:
        """Tell what it can do."""
        self._attr_supported_features = self.features(RemoteEntityFeature)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on, or begin an activity."""
        await self.async_command("turn_on", activity=kwargs.get(ATTR_ACTIVITY))

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off, or end an activity."""
        await self.async_command("turn_off", activity=kwargs.get(ATTR_ACTIVITY))

    @override
    async def async_send_command(self, command: Iterable[str], **kwargs: Any) -> None:
        """Send keys one after the other, all of them as often as is wanted."""
        data = {
            "device": kwargs.get(ATTR_DEVICE),
            "hold_secs": kwargs.get(ATTR_HOLD_SECS) or None,
        }
        pause = kwargs.get(ATTR_DELAY_SECS, DEFAULT_DELAY_SECS)
        keys = list(command) * kwargs.get(ATTR_NUM_REPEATS, 1)
        for place, key in enumerate(keys):
            if place:
                await asyncio.sleep(pause)
            await self.async_command("send_command", command=key, **data)

    @override
    async def async_learn_command(self, **kwargs: Any) -> None:
        """Learn keys one after the other."""
        names = (ATTR_DEVICE, ATTR_COMMAND_TYPE, ATTR_ALTERNATIVE, ATTR_TIMEOUT)
        data = {name: kwargs.get(name) for name in names}
        for key in kwargs.get(ATTR_COMMAND, ()):
            await self.async_command("learn_command", command=key, **data)

    @override
    async def async_delete_command(self, **kwargs: Any) -> None:
        """Forget keys one after the other."""
        for key in kwargs[ATTR_COMMAND]:
            await self.async_command("delete_command", command=key, device=kwargs.get(ATTR_DEVICE))
