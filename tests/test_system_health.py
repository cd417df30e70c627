import asyncio
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_VENDOR,
    DOMAIN,
)

from .fakes import FakeClient, set_up
from .own_profiles import OwnProfiles, profile

# Home Assistant's own http component.
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")


async def info(hass: HomeAssistant) -> dict[str, object]:
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    return {
        key: await value if asyncio.iscoroutine(value) else value
        for key, value in (await get_system_health_info(hass, DOMAIN)).items()
    }


async def test_the_page_counts_profiles_and_accounts(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = OwnProfiles(hass, tmp_path, monkeypatch)
    own.ship("beta", profile("beta"))
    own.write("acme.yaml", profile())
    own.write("broken.yaml", "vendor: [")
    await set_up(hass, FakeClient())
    MockConfigEntry(
        domain=DOMAIN,
        title="me@example.com",
        data={
            CONF_VENDOR: "beta",
            CONF_ACCOUNT_ID: "beta:me@example.com",
            CONF_SETUP: {"password": "s3cr3t"},
        },
    ).add_to_hass(hass)
    told = await info(hass)
    assert told == {
        "profiles_bundled": 1,
        "profiles_own": 1,
        "profiles_broken": "broken.yaml",
        "accounts": 2,
        "accounts_loaded": 1,
        "accounts_not_loaded": "beta: not_loaded",
    }


async def test_the_page_of_an_installation_without_trouble(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    OwnProfiles(hass, tmp_path, monkeypatch).ship("acme", profile())
    await set_up(hass, FakeClient())
    told = await info(hass)
    assert told["profiles_broken"] == told["accounts_not_loaded"] == 0
    assert told["accounts"] == told["accounts_loaded"] == 1
