"""Robots that clean floors."""

from typing import Any, ClassVar, override

from homeassistant.components.vacuum import (
    Segment,
    StateVacuumEntity,
    VacuumActivity,
    VacuumEntityFeature,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import VendorBridgeConfigEntry
from .entity import Shows, VendorBridgeEntity

PARALLEL_UPDATES = 0  # coordinators read, and the client puts commands in order

UNTOLD: list[str] = []
"""The speeds of a vendor that has not told them yet."""


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the vacuums of an account."""
    entry.runtime_data.async_add_platform(Platform.VACUUM, VendorBridgeVacuum, async_add_entities)


class VendorBridgeVacuum(VendorBridgeEntity, StateVacuumEntity):
    """A vacuum of a vendor's device."""

    _attr_fan_speed_list = UNTOLD

    shows: ClassVar[Shows] = {
        "state": ("activity", VacuumActivity),
        "fan_speed": "fan_speed",
        "fan_speed_list": ("fan_speed_list", list),
    }

    @override
    def derive(self) -> None:
        """Tell what it can do, and when the parts of the home are not what they were."""
        self._attr_supported_features = self.features(VacuumEntityFeature)
        self._check_segments()

    def _check_segments(self) -> None:
        """Ask the user to match parts and areas again, where parts have come or gone."""
        if not self.in_service or self.registry_entry is None:
            return
        segments = self._segments()
        matched = self.last_seen_segments
        if (
            matched is not None
            and segments
            and {one.id for one in matched} != {one.id for one in segments}
        ):
            self.async_create_segments_issue()

    def _segments(self) -> list[Segment]:
        names: list[str] = self.told("segments") or []
        ids: list[str] = self.told("segment_ids") or names
        return [Segment(id=key, name=name) for key, name in zip(ids, names, strict=False)]

    @override
    async def async_get_segments(self) -> list[Segment]:
        """Return the parts of the home that it can be sent to."""
        return self._segments()

    @override
    async def async_clean_segments(self, segment_ids: list[str], **kwargs: Any) -> None:
        """Let it clean some parts of the home."""
        await self.async_command("clean_area", segment_ids=segment_ids)

    @override
    async def async_start(self) -> None:
        """Let it begin, or go on."""
        await self.async_command("start")

    @override
    async def async_pause(self) -> None:
        """Let it pause."""
        await self.async_command("pause")

    @override
    async def async_stop(self, **kwargs: Any) -> None:
        """Stop it where it is."""
        await self.async_command("stop")

    @override
    async def async_return_to_base(self, **kwargs: Any) -> None:
        """Send it back to its dock."""
        await self.async_command("return_to_base")

    @override
    async def async_clean_spot(self, **kwargs: Any) -> None:
        """Let it clean around where it is."""
        await self.async_command("clean_spot")

    @override
    async def async_locate(self, **kwargs: Any) -> None:
        """Let it say where it is."""
        await self.async_command("locate")

    @override
    async def async_set_fan_speed(self, fan_speed: str, **kwargs: Any) -> None:
        """Choose how hard it sucks."""
        await self.async_command("set_fan_speed", fan_speed=fan_speed)

    @override
    async def async_send_command(
        self,
        command: str,
        params: dict[str, Any] | list[Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Send it a command of the vendor's own."""
        data = {"params": params} if self.takes("send_command", "params") else {}
        await self.async_command("send_command", **{"command": command, **data})
