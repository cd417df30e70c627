from pathlib import Path

from homeassistant.components.repairs import DOMAIN as REPAIRS, repairs_flow_manager
from homeassistant.components.repairs.issue_handler import RepairsFlowManager
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_VENDOR,
    DOMAIN,
)
from custom_components.vendor_bridge.profiles import async_get_library, async_vendors

from .own_profiles import OwnProfiles, issues, profile

# Home Assistant's own http component.
pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")

BROKEN = "vendor: [\n"


@pytest.fixture
def own(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnProfiles:
    return OwnProfiles(hass, tmp_path, monkeypatch)


@pytest.fixture
async def flows(hass: HomeAssistant) -> RepairsFlowManager:
    assert await async_setup_component(hass, REPAIRS, {})
    assert await async_setup_component(hass, DOMAIN, {})
    manager = repairs_flow_manager(hass)
    assert manager is not None
    return manager


async def test_a_broken_profile_is_shown_and_checked_again_until_it_is_mended(
    hass: HomeAssistant, own: OwnProfiles, flows: RepairsFlowManager
) -> None:
    own.write("acme.yaml", BROKEN)
    await async_get_library(hass)
    issue = "broken_profile_acme.yaml"
    result = await flows.async_init(DOMAIN, data={"issue_id": issue})
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "confirm")
    assert result["errors"] == {}
    assert result["description_placeholders"] is not None
    assert result["description_placeholders"]["file"] == "acme.yaml"
    assert "**1:10**" in result["description_placeholders"]["mistakes"]

    own.write("acme.yaml", "vendor: {id: acme\n")
    result = await flows.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "still_broken"}
    assert result["description_placeholders"] is not None
    assert "is not closed" in result["description_placeholders"]["mistakes"]

    own.write("acme.yaml", profile())
    result = await flows.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert issues(hass) == {}
    assert [vendor.id for vendor in await async_vendors(hass)] == ["acme"]


async def test_a_missing_profile_is_looked_for_again(
    hass: HomeAssistant, own: OwnProfiles, flows: RepairsFlowManager
) -> None:
    MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        data={CONF_VENDOR: "acme", CONF_ACCOUNT_ID: "acme:1", CONF_SETUP: {}},
        disabled_by=None,
    ).add_to_hass(hass)
    await async_get_library(hass)
    result = await flows.async_init(DOMAIN, data={"issue_id": "missing_profile_acme"})
    assert result["description_placeholders"] == {
        "vendor": "acme",
        "account": "Home",
        "folder": "vendor_bridge",
    }
    result = await flows.async_configure(result["flow_id"], {})
    assert result["errors"] == {"base": "still_missing"}
    own.write("mine.yaml", "vendor: {id: acme, name: Acme}\n")  # there, but broken
    result = await flows.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert list(issues(hass)) == ["broken_profile_mine.yaml"]


async def test_an_issue_that_mended_itself_meanwhile_is_closed(
    hass: HomeAssistant, own: OwnProfiles, flows: RepairsFlowManager
) -> None:
    own.write("acme.yaml", BROKEN)
    library = await async_get_library(hass)
    result = await flows.async_init(DOMAIN, data={"issue_id": "broken_profile_acme.yaml"})
    own.remove("acme.yaml")
    await library.async_reload()
    result = await flows.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_any_other_issue_only_has_to_be_confirmed(
    hass: HomeAssistant, own: OwnProfiles, flows: RepairsFlowManager
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        "something",
        is_fixable=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="something",
    )
    result = await flows.async_init(DOMAIN, data={"issue_id": "something"})
    assert result["step_id"] == "confirm"
    result = await flows.async_configure(result["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
