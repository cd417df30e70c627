"""An account at the simulated vendor, in the test's own process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_VENDOR,
    DOMAIN,
)
from demo.acme.catalogue import ACCOUNT_ID
from demo.acme.sessions import EMAIL, PASSWORD


@asynccontextmanager
async def account_at(
    hass: HomeAssistant, app: web.Application
) -> AsyncIterator[tuple[TestServer, MockConfigEntry]]:
    """Serve the vendor and have an account there until the end of the block."""
    server = TestServer(app, host="127.0.0.1")
    async with server:
        url = str(server.make_url("")).rstrip("/")
        entry = MockConfigEntry(
            domain=DOMAIN,
            title="Lindenweg 7",
            data={
                CONF_VENDOR: "acme",
                CONF_ACCOUNT_ID: ACCOUNT_ID,
                CONF_SETUP: {"url": url, "email": EMAIL, "password": PASSWORD},
            },
        )
        entry.add_to_hass(hass)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        yield server, entry
        await hass.config_entries.async_unload(entry.entry_id)
