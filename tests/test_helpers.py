from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
import pytest

from custom_components.vendor_bridge import helpers
from custom_components.vendor_bridge.bridge.client import Context, VendorClient
from custom_components.vendor_bridge.helpers import async_create_client

from .fakes import FakeClient, FakeProfile, account_entry


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> list[Context]:
    """Return the contexts that clients are made with from now on."""
    made: list[Context] = []

    def create(profile: FakeProfile, context: Context) -> VendorClient:
        made.append(context)
        return FakeClient()

    monkeypatch.setattr(helpers, "load_client", lambda vendor_id: None)
    monkeypatch.setattr(helpers, "create_client", create)
    monkeypatch.setattr(helpers, "tls_of", lambda profile, setup: True)
    return made


async def test_each_client_has_a_session_and_cookies_of_its_own(
    hass: HomeAssistant, contexts: list[Context]
) -> None:
    saved: list[Mapping[str, Any]] = []
    setup = {"url": "http://192.0.2.1"}
    profile: Any = FakeProfile()
    await async_create_client(hass, profile, setup, tokens={"a": 1}, save_tokens=saved.append)
    await async_create_client(hass, profile, setup)
    first, second = contexts
    assert first.setup == setup
    assert first.tokens == {"a": 1}
    assert second.tokens == {}
    assert first.session is not second.session
    assert first.session.cookie_jar is not second.session.cookie_jar
    first.save_tokens({"b": 2})
    second.save_tokens({"c": 3})
    assert saved == [{"b": 2}]


async def test_session_ends_with_the_account(hass: HomeAssistant, contexts: list[Context]) -> None:
    async def profile(hass: HomeAssistant, vendor_id: str, **_: Any) -> FakeProfile:
        return FakeProfile()

    entry = account_entry()
    entry.add_to_hass(hass)
    with patch("custom_components.vendor_bridge.async_get_profile", profile):
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
    assert hass.config_entries.async_get_known_entry(entry.entry_id).state is (
        ConfigEntryState.LOADED
    )
    [context] = contexts
    assert not context.session.closed
    await hass.config_entries.async_unload(entry.entry_id)
    assert context.session.closed
