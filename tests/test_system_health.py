import asyncio
from pathlib import Path

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.vendor_bridge.account_status import AccountStatus
from custom_components.vendor_bridge.bridge.errors import UnreachableError
from custom_components.vendor_bridge.bridge.model import Health
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
    hass: HomeAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    freezer: FrozenDateTimeFactory,
) -> None:
    own = OwnProfiles(hass, tmp_path, monkeypatch)
    own.ship("beta", profile("beta"))
    own.write("acme.yaml", profile())
    own.write("broken.yaml", "vendor: [")
    freezer.move_to("2026-11-24 10:00:30+00:00")
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
        "acme": "connected, last success 2026-11-24 10:00 UTC",
    }


async def test_the_page_of_an_installation_without_trouble(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    OwnProfiles(hass, tmp_path, monkeypatch).ship("acme", profile())
    await set_up(hass, FakeClient())
    told = await info(hass)
    assert told["profiles_broken"] == told["accounts_not_loaded"] == 0
    assert told["accounts"] == told["accounts_loaded"] == 1


@pytest.mark.expects_warnings("Error fetching Acme Home")
async def test_the_page_says_how_each_account_goes(
    hass: HomeAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    freezer: FrozenDateTimeFactory,
) -> None:
    OwnProfiles(hass, tmp_path, monkeypatch).ship("acme", profile())
    freezer.move_to("2026-11-24 10:00:30+00:00")
    one, two = FakeClient(), FakeClient()
    for client in (one, two):
        client.healthy = Health(address="http://mums-home.example", remaining=7, limit=100)
        client.stretched = 1.5
    monkeypatch.setattr(
        AccountStatus, "addresses", ["https://api.acme.example", "http://mums-home.example"]
    )
    await set_up(hass, one)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Acme Home",
        data={CONF_VENDOR: "acme", CONF_ACCOUNT_ID: "acme:2", CONF_SETUP: {}},
    )
    entry.add_to_hass(hass)
    await set_up(hass, two, entry)
    two.fail("devices", UnreachableError("no answer from mums-home.example"))
    freezer.tick(1)
    await entry.runtime_data.coordinators["devices"].async_refresh()
    told = await info(hass)
    rest = "last success 2026-11-24 10:00 UTC, address 2 of 2, 7 of 100 requests left"
    assert told["acme"] == f"connected, {rest}, intervals stretched by 1.5"
    assert told["acme (2)"] == f"not connected, {rest}, intervals stretched by 1.5"
