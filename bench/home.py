"""A real Home Assistant core in this process: no recorder, no frontend, no debugging."""

from pathlib import Path

from aiohttp.resolver import ThreadedResolver
from homeassistant import core_config, loader
from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.config_entries import ConfigEntries
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import DATA_RESOLVER
from homeassistant.setup import async_setup_component


async def start(folder: Path) -> HomeAssistant:
    """Return a Home Assistant that has started, with the registries that are in its folder."""
    hass = HomeAssistant(str(folder))
    loader.async_setup(hass)
    hass.config.skip_pip = True
    hass.config_entries = ConfigEntries(hass, {})
    # Home Assistant's own resolver would talk to the network; the stub's address has no name.
    hass.data[DATA_RESOLVER] = ThreadedResolver()  # type: ignore[misc]
    await async_load_base_functionality(hass)
    await core_config.async_process_ha_core_config(
        hass, {"unit_system": "metric", "time_zone": "UTC"}
    )
    for component in ("homeassistant", "sensor"):
        if not await async_setup_component(hass, component, {}):
            message = f"{component} could not be set up"
            raise RuntimeError(message)
    await hass.async_start()
    return hass
