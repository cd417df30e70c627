from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.update import UpdateEntityFeature
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import perform, snapshot_platform, written

FULL = entity(
    "update.firmware",
    "Firmware",
    attributes=[
        "installed_version",
        "latest_version",
        "in_progress",
        "update_percentage",
        "release_summary",
        "release_notes",
        "release_url",
        "auto_update",
        "title",
    ],
    options={"device_class": "firmware", "display_precision": 1},
    commands={"install": ["version", "backup"]},
)
VALUES: dict[str, Any] = {
    "installed_version": "1.2.0",
    "latest_version": "1.3.0",
    "in_progress": False,
    "update_percentage": None,
    "release_summary": "Less noise",
    "release_notes": "Less noise in *every* room.",
    "release_url": "https://example.com/1.3.0",
    "auto_update": False,
    "title": "Acme OS",
}
VERSIONS = ["installed_version", "latest_version"]
PLAIN = entity("update.firmware", attributes=VERSIONS, commands={"install": []})
ENTITY_ID = "update.hub_firmware"


async def test_updates(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("full", FULL, **VALUES)
    client.add("plain", PLAIN, installed_version="7", latest_version="7")
    client.add("looked at", entity("update.firmware", attributes=VERSIONS))
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("installed", "latest", "shown"),
    [
        ("1.2.0", "1.3.0", "on"),
        ("1.3.0", "1.3.0", "off"),
        ("1.3.0", "1.2.9", "off"),
        ("build a", "build b", "on"),
        (None, "1.3.0", STATE_UNKNOWN),
        ("1.2.0", None, STATE_UNKNOWN),
    ],
)
async def test_state(
    hass: HomeAssistant, installed: str | None, latest: str | None, shown: str
) -> None:
    client = FakeClient()
    client.add("hub", PLAIN, installed_version=installed, latest_version=latest)
    await set_up(hass, client)
    assert state_of(hass, "update.hub").state == shown


async def test_progress(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    client = FakeClient()
    client.add("hub", FULL, **VALUES)
    await set_up(hass, client)
    await perform(hass, "update.install", ENTITY_ID)
    assert written(client) == [("install", {"backup": False})]
    assert state_of(hass, ENTITY_ID).attributes["in_progress"] is True
    with pytest.raises(HomeAssistantError):
        await perform(hass, "update.install", ENTITY_ID)
    client.say("hub", "update.firmware.update_percentage", 42.5)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, ENTITY_ID).attributes["update_percentage"] == 42.5
    for name, value in (("in_progress", False), ("installed_version", "1.3.0")):
        client.say("hub", f"update.firmware.{name}", value)
    await pass_time(hass, freezer, 31)
    state = state_of(hass, ENTITY_ID)
    assert (state.state, state.attributes["in_progress"]) == ("off", False)


async def test_progress_that_is_a_percentage_alone(hass: HomeAssistant) -> None:
    hub = entity("update.firmware", attributes=[*VERSIONS, "update_percentage"])
    client = FakeClient()
    client.add("hub", hub, installed_version="1", latest_version="2", update_percentage=10)
    client.add("idle", hub, installed_version="1", latest_version="2", update_percentage=None)
    await set_up(hass, client)
    progress = [
        state_of(hass, f"update.{one}").attributes["in_progress"] for one in ("hub", "idle")
    ]
    assert progress == [True, False]


async def test_version_and_backup_go_along_where_the_vendor_takes_them(
    hass: HomeAssistant,
) -> None:
    client = FakeClient()
    client.add("hub", FULL, **VALUES)
    client.add("plain", PLAIN, installed_version="1", latest_version="2")
    await set_up(hass, client)
    await perform(hass, "update.install", ENTITY_ID, version="1.2.5", backup=True)
    await perform(hass, "update.install", "update.plain")
    assert written(client) == [
        ("install", {"version": "1.2.5", "backup": True}),
        ("install", {}),
    ]
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (
        state_of(hass, "update.plain").attributes["supported_features"]
        == UpdateEntityFeature.INSTALL
    )


@pytest.mark.filterwarnings("ignore:It is recommended to use web")
async def test_release_notes(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> None:
    client = FakeClient()
    client.add("hub", FULL, **VALUES)
    await set_up(hass, client)
    browser = await hass_ws_client(hass)
    await browser.send_json_auto_id({"type": "update/release_notes", "entity_id": ENTITY_ID})
    assert (await browser.receive_json())["result"] == "Less noise in *every* room."
