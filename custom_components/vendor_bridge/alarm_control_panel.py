"""Alarm systems."""

from typing import ClassVar, override

from homeassistant.components.alarm_control_panel import (
    AlarmControlPanelEntity,
    AlarmControlPanelEntityFeature,
    AlarmControlPanelState,
    CodeFormat,
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
    """Set up the alarm systems of an account."""
    entry.runtime_data.async_add_platform(
        Platform.ALARM_CONTROL_PANEL, VendorBridgeAlarmControlPanel, async_add_entities
    )


class VendorBridgeAlarmControlPanel(VendorBridgeEntity, AlarmControlPanelEntity):
    """An alarm system of a vendor's device."""

    shows: ClassVar[Shows] = {
        "state": ("alarm_state", AlarmControlPanelState),
        "changed_by": "changed_by",
        "code_format": ("code_format", CodeFormat),
    }

    @override
    def derive(self) -> None:
        """Tell what it can do, and whether it asks for a code to do so."""
        self._attr_supported_features = self.features(AlarmControlPanelEntityFeature)
        coded = {name for name in self.entity.commands if self.takes(name, "code")}
        required = self.told("code_arm_required")
        if required is None:
            required = any(name.startswith("arm_") for name in coded)
        self._attr_code_arm_required = required
        if "code_format" in self.entity.attributes and self.told("code_format") is None:
            self._attr_code_format = None
        elif "code_format" not in {*self.entity.attributes, *self.entity.options} and coded:
            self._attr_code_format = CodeFormat.TEXT

    async def _async_send(self, command: str, code: str | None) -> None:
        """Send a command. A code goes to the vendor if it takes one, and nowhere else."""
        await self.async_command(command, code=code if self.takes(command, "code") else None)

    @override
    async def async_alarm_disarm(self, code: str | None = None) -> None:
        """Disarm it."""
        await self._async_send("disarm", code)

    @override
    async def async_alarm_arm_home(self, code: str | None = None) -> None:
        """Arm it while people are at home."""
        await self._async_send("arm_home", code)

    @override
    async def async_alarm_arm_away(self, code: str | None = None) -> None:
        """Arm it while nobody is at home."""
        await self._async_send("arm_away", code)

    @override
    async def async_alarm_arm_night(self, code: str | None = None) -> None:
        """Arm it for the night."""
        await self._async_send("arm_night", code)

    @override
    async def async_alarm_arm_vacation(self, code: str | None = None) -> None:
        """Arm it for a longer absence."""
        await self._async_send("arm_vacation", code)

    @override
    async def async_alarm_arm_custom_bypass(self, code: str | None = None) -> None:
        """Arm it, but for what the user left out."""
        await self._async_send("arm_custom_bypass", code)

    @override
    async def async_alarm_trigger(self, code: str | None = None) -> None:
        """Set it off."""
        await self._async_send("trigger", code)
