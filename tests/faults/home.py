"""Home Assistant's side of a cell: the account, what is known of it, and what must not change."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
import time
from typing import Any

from aiohttp import TCPConnector
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.aiohttp_client import DATA_CONNECTOR
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_INTERVALS,
    CONF_SETUP,
    CONF_TOKENS,
    CONF_VENDOR,
    DOMAIN,
)
from demo.acme.catalogue import ACCOUNT_ID
from demo.acme.sessions import EMAIL, PASSWORD

INTERVAL = 1.0
"""Seconds between two reads of a monitor, and of the listing."""
TIMEOUT = 1.5
"""Seconds for one request."""
SLACK = 1.5
"""Seconds that a busy machine may be late, and that Home Assistant rounds its intervals by."""

LIMIT = 6000
"""Requests a minute: intervals of a second shall not be stretched."""

PROFILE = Path(__file__).parents[2] / "demo/config/vendor_bridge/acme.yaml"
LAMP, LOCK = "light.kitchen_kitchen_lamp", "lock.hall_front_door"
CONTACT, NEW_LAMP = "binary_sensor.kitchen_kitchen_window", "light.attic_new_lamp"

type States = Mapping[str, str]


def profile_text(timeout: float = TIMEOUT) -> str:
    """Return the profile of the demo, with less patience and a generous limit."""
    text = PROFILE.read_text()
    place = "  error: error.message"
    changes = {
        place: f"  timeout: {timeout}\n{place}",
        "requests: 300, per: 60": f"requests: {LIMIT}, per: 60",
    }
    for old, new in changes.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def filled_in(url: str) -> dict[str, Any]:
    """Return what a user fills in."""
    return {"url": url, "email": EMAIL, "password": PASSWORD}


class Home:
    """One account in one Home Assistant."""

    def __init__(self, hass: HomeAssistant, url: str) -> None:
        """Make the account; it is not set up."""
        self.hass = hass
        self.url = url
        self.entry = MockConfigEntry(
            domain=DOMAIN,
            title="Lindenweg 7",
            unique_id=f"acme:{ACCOUNT_ID}",
            data={
                CONF_VENDOR: "acme",
                CONF_ACCOUNT_ID: f"acme:{ACCOUNT_ID}",
                CONF_SETUP: filled_in(url),
                CONF_TOKENS: {},
            },
            options={CONF_INTERVALS: {"devices": INTERVAL, "status": INTERVAL, "meter": INTERVAL}},
        )

    async def set_up(self) -> None:
        """Add the account and set it up, then do to its registries what users do."""
        self.entry.add_to_hass(self.hass)
        assert await self.hass.config_entries.async_setup(self.entry.entry_id)
        await self.hass.async_block_till_done()
        assert self.entry.state is ConfigEntryState.LOADED
        entities = er.async_get(self.hass)
        entities.async_update_entity(LAMP, name="My lamp", aliases=["Funzel"])
        device = dr.async_get(self.hass)
        lock = entities.async_get(LOCK)
        assert lock is not None
        assert lock.device_id is not None
        device.async_update_device(lock.device_id, name_by_user="The door", area_id="kitchen")

    def forget_dns(self) -> None:
        """Let the ten seconds pass for which Home Assistant remembers where a name leads."""
        for connector in self.hass.data.get(DATA_CONNECTOR, {}).values():
            assert isinstance(connector, TCPConnector)
            connector.clear_dns_cache()

    # --- what is there ----------------------------------------------------------------------------

    def registered(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return what the registries hold of the account, by device and by entity."""
        devices = {
            str(sorted(device.identifiers)): (device.name, device.name_by_user, device.area_id)
            for device in dr.async_entries_for_config_entry(
                dr.async_get(self.hass), self.entry.entry_id
            )
        }
        entities = {
            entity.unique_id: (
                entity.entity_id,
                entity.name,
                entity.original_name,
                entity.area_id,
                frozenset(entity.aliases),
                entity.disabled_by,
            )
            for entity in er.async_entries_for_config_entry(
                er.async_get(self.hass), self.entry.entry_id
            )
        }
        return devices, entities

    def states(self) -> States:
        """Return the states of the entities of the account's devices, not of the account's own."""
        found: dict[str, str] = {}
        for entity in er.async_entries_for_config_entry(
            er.async_get(self.hass), self.entry.entry_id
        ):
            state = self.hass.states.get(entity.entity_id)
            if state is not None and "::" not in entity.unique_id:
                found[entity.entity_id] = state.state
        return found

    def state(self, entity_id: str) -> str | None:
        """Return the state of an entity."""
        state = self.hass.states.get(entity_id)
        return state.state if state is not None else None

    def unavailable(self, entity_id: str = LAMP) -> bool:
        """Return whether an entity says that it is unavailable."""
        return self.state(entity_id) == STATE_UNAVAILABLE

    @property
    def reauths(self) -> int:
        """Return how often the user is being asked to sign in again."""
        return sum(
            flow["context"]["source"] == SOURCE_REAUTH
            for flow in self.hass.config_entries.flow.async_progress()
        )


async def until(
    condition: Callable[[], object],
    what: str,
    seconds: float,
    instead: Callable[[], object] = lambda: "",
) -> float:
    """Wait until something holds, and return how long that took, in seconds.

    ``instead`` tells what there is, should it not come.
    """
    began = time.monotonic()
    while not condition():
        took = time.monotonic() - began
        assert took < seconds, f"not within {seconds:g} s: {what} {instead()}"
        await asyncio.sleep(0.01)
    return time.monotonic() - began
