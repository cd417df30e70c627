"""This integration, or another version of it."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant
import yaml

from bench.shape import CONCURRENCY, DEVICE_CLASS, EVERY, STATE_CLASS, UNIT, Shape

from . import DOMAIN
from .action import switch

VENDOR = "bench"

SWITCH: dict[str, Any] = {
    "main": {
        "name": "main",
        "state": {"const": True},
        "commands": {
            "turn_on": {"put": "/devices/{device.id}", "json": {"on": True}},
            "turn_off": {"put": "/devices/{device.id}", "json": {"on": False}},
        },
    }
}


def profile(shape: Shape) -> str:
    """Return the profile of the stub vendor."""
    whole = shape.scope == "account"
    monitor: dict[str, Any] = (
        {"request": {"get": "/all"}, "each": "devices", "device": "id"}
        if whole
        else {"request": {"get": "/devices/{device.id}"}}
    )
    if shape.dated:
        monitor["observed_at"] = "measured"
    sensor = {
        "device_class": DEVICE_CLASS,
        "state_class": STATE_CLASS,
        "unit_of_measurement": UNIT,
    }
    return yaml.safe_dump(
        {
            "profile": 1,
            "vendor": {"id": VENDOR, "name": "Bench", "iot_class": "local_polling"},
            "setup": {"url": {"type": "url", "name": "Address"}},
            "api": {"base_url": "{setup.url}", "limits": {"concurrency": CONCURRENCY}},
            "devices": {
                "every": EVERY,
                "request": {"get": "/devices"},
                "id": "id",
                "name": "name",
                "type": "type",
            },
            "monitors": {"status": {"every": shape.every, "default": True, **monitor}},
            "types": {
                "meter": {
                    **({"switch": SWITCH} if shape.switches else {}),
                    "sensor": {
                        key: {"name": key, "state": {"value": key}, **sensor}
                        for key in shape.names()
                    },
                }
            },
        },
        sort_keys=False,
    )


class BridgeColumn:
    """One account, or several."""

    def __init__(self, hass: HomeAssistant, url: str, shape: Shape) -> None:
        self._hass = hass
        self._url = url
        self._shape = shape
        self._accounts: list[ConfigEntry[Any]] = []

    async def set_up(self) -> None:
        """Add the account, or set up the one that is there since before a restart."""
        entries = self._hass.config_entries
        known = entries.async_entries(DOMAIN)
        for entry in known:
            await entries.async_setup(entry.entry_id)
        for number in range(len(known), self._shape.accounts):
            await entries.async_add(account(self._url, f"Bench {number}"))
        await self._hass.async_block_till_done()
        self._accounts = entries.async_entries(DOMAIN)
        for entry in self._accounts:
            if entry.state is not ConfigEntryState.LOADED:
                message = f"the account is {entry.state}: {entry.reason}"
                raise RuntimeError(message)

    def find(self) -> None:
        """Have nothing to look for."""

    async def refresh(self) -> None:
        """Read everything once."""
        for entry in self._accounts:
            await entry.runtime_data.coordinators["status"].async_refresh()

    async def command(self, number: int) -> None:
        """Perform an action, as an automation does."""
        await switch(self._hass, number)

    async def close(self) -> None:
        """Have nothing left to close: Home Assistant does it."""


def account(url: str, name: str) -> ConfigEntry[Any]:
    """Return the config entry of an account, as its form makes it."""
    return ConfigEntry(
        data={"vendor": VENDOR, "account_id": f"{VENDOR}:{name}", "setup": {"url": url}},
        discovery_keys={},  # type: ignore[arg-type]
        domain=DOMAIN,
        minor_version=1,
        options={},
        source=SOURCE_USER,
        subentries_data=None,
        title=name,
        unique_id=f"{VENDOR}:{name}",
        version=1,
    )
