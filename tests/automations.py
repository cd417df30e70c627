"""Automations as a user writes them, and what they did."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import yaml

from custom_components.vendor_bridge.const import DOMAIN

TOLD = "told"
"""The event that automations of `on_trigger` fire, with what they were triggered by."""


async def set_up_automations(hass: HomeAssistant, *automations: Mapping[str, Any] | str) -> None:
    """Set up automations, each given as YAML or as what that says."""
    configs = [yaml.safe_load(one) if isinstance(one, str) else one for one in automations]
    assert await async_setup_component(hass, "automation", {"automation": configs})
    await hass.async_block_till_done()


class Told:
    """Automations with one trigger each, and what they were told, in order."""

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self.told: list[dict[str, Any]] = []
        hass.bus.async_listen(TOLD, lambda event: self.told.append(event.data["trigger"]))

    def take(self) -> list[dict[str, Any]]:
        """Return what came since the last time."""
        told, self.told = self.told, []
        return told

    def keys(self) -> list[str]:
        """Return by which of our triggers something was set off since the last time."""
        return [str(one["platform"]).removeprefix(f"{DOMAIN}.") for one in self.take()]

    async def on(self, *triggers: str | Mapping[str, Any]) -> None:
        """Arm triggers, each given by its name in this integration or with target and options."""
        configs = [
            {"trigger": f"{DOMAIN}.{one}"} if isinstance(one, str) else dict(one)
            for one in triggers
        ]
        for config in configs:
            if not config["trigger"].startswith(f"{DOMAIN}."):
                config["trigger"] = f"{DOMAIN}.{config['trigger']}"
        await set_up_automations(
            self._hass,
            {
                "id": "told",
                "alias": "told",
                "mode": "queued",
                "max": 50,
                "triggers": configs,
                "actions": [{"event": TOLD, "event_data_template": {"trigger": "{{ trigger }}"}}],
            },
        )
