"""What has been asked of a vendor that counts by the day, across restarts of Home Assistant."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from aioresponses import aioresponses
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_TOKENS,
    CONF_VENDOR,
    DOMAIN,
)
from custom_components.vendor_bridge.count_store import async_get_limiters

from .own_profiles import OwnProfiles

PROFILE = """
profile: 1
vendor: {id: acme, name: Acme Home}
api:
  base_url: http://acme.example
  limits: {requests: 1000, per: day, shared: true}
devices: {request: {get: /v1/devices}, each: data, id: serial}
"""


REMOVE = Store.async_remove
"""The real one, which calls off what was still to be written; tests get another."""


@pytest.fixture(autouse=True)
def acme(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    OwnProfiles(hass, tmp_path, monkeypatch).write("acme.yaml", PROFILE)
    with aioresponses() as vendor:
        vendor.get("http://acme.example/v1/devices", payload={"data": []}, repeat=True)
        yield


async def add(hass: HomeAssistant, name: str) -> MockConfigEntry:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=name,
        unique_id=name,
        data={CONF_VENDOR: "acme", CONF_ACCOUNT_ID: name, CONF_SETUP: {}, CONF_TOKENS: {}},
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    assert hass.config_entries.async_get_known_entry(entry.entry_id).state is (
        ConfigEntryState.LOADED
    )
    return entry


def remaining(entry: MockConfigEntry) -> int:
    remaining: int = entry.runtime_data.client.health.remaining
    return remaining


async def test_a_count_outlives_a_reload_and_is_written_once_a_minute(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hass_storage: dict[str, Any]
) -> None:
    entry = await add(hass, "one")
    key = f"{DOMAIN}.counts.{entry.entry_id}"
    assert remaining(entry) == 998, "signing in was proved, and devices were listed"
    assert key not in hass_storage
    freezer.tick(timedelta(seconds=2))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    written = hass_storage[key]["data"]
    assert sum(count for _, count in written["counts"]["86400"]) == 1
    await entry.runtime_data.client.list_devices()
    freezer.tick(timedelta(seconds=2))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert hass_storage[key]["data"] == written
    await hass.config_entries.async_reload(entry.entry_id)
    assert remaining(entry) == 995
    assert dict(entry.data) == {
        CONF_VENDOR: "acme",
        CONF_ACCOUNT_ID: "one",
        CONF_SETUP: {},
        CONF_TOKENS: {},
    }, "the config entry is left alone"


async def test_a_count_goes_with_its_account(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hass_storage: dict[str, Any]
) -> None:
    entry = await add(hass, "one")
    # What is said in the end, as the account is unloaded, must not be written after it has gone.
    await entry.runtime_data.client.list_devices()
    with patch.object(Store, "async_remove", REMOVE):
        await hass.config_entries.async_remove(entry.entry_id)
    freezer.tick(timedelta(seconds=5))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert f"{DOMAIN}.counts.{entry.entry_id}" not in hass_storage


async def test_accounts_share_what_their_vendor_counts_together(hass: HomeAssistant) -> None:
    one = await add(hass, "one")
    other = await add(hass, "other")
    assert remaining(one) == remaining(other) == 996
    assert len(async_get_limiters(hass)) == 1
    for entry in (one, other):
        await hass.config_entries.async_unload(entry.entry_id)
    assert len(async_get_limiters(hass)) == 0
