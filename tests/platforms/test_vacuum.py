from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.vacuum import DOMAIN, VacuumEntityFeature
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.area_registry import AreaRegistry
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import perform, snapshot_platform, written

FULL = entity(
    "vacuum.main",
    attributes=["state", "fan_speed", "segments"],
    options={"fan_speed_list": ["quiet", "max"], "segment_ids": ["1", "2"]},
    commands={
        "start": [],
        "pause": [],
        "stop": [],
        "return_to_base": [],
        "clean_spot": [],
        "clean_area": ["segment_ids"],
        "locate": [],
        "set_fan_speed": ["fan_speed"],
        "send_command": ["command", "params"],
    },
)
VALUES: dict[str, Any] = {
    "state": "docked",
    "fan_speed": "quiet",
    "segments": ["Kitchen", "Hall"],
}
PLAIN = entity("vacuum.main", "Robot", attributes=["state"], commands={"start": []})


async def test_vacuums(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("full", FULL, **VALUES)
    client.add("plain", PLAIN, state="returning")
    client.add("silent", PLAIN)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        *((word, word) for word in ("cleaning", "docked", "idle", "paused", "returning", "error")),
        ("dancing", STATE_UNKNOWN),
        (None, STATE_UNKNOWN),
    ],
)
async def test_state(hass: HomeAssistant, word: str | None, shown: str) -> None:
    client = FakeClient()
    client.add("robot", FULL, **(VALUES | {"state": word}))
    await set_up(hass, client)
    assert state_of(hass, "vacuum.robot").state == shown


@pytest.mark.parametrize(
    ("action", "given", "command", "shown"),
    [
        ("start", {}, "start", "cleaning"),
        ("pause", {}, "pause", "paused"),
        ("stop", {}, "stop", "idle"),
        ("return_to_base", {}, "return_to_base", "returning"),
        ("clean_spot", {}, "clean_spot", "cleaning"),
        ("locate", {}, "locate", "docked"),
        ("set_fan_speed", {"fan_speed": "max"}, "set_fan_speed", "docked"),
        ("send_command", {"command": "sing", "params": {"song": 3}}, "send_command", "docked"),
        ("send_command", {"command": "sing"}, "send_command", "docked"),
    ],
)
async def test_commands(
    hass: HomeAssistant, action: str, given: dict[str, Any], command: str, shown: str
) -> None:
    client = FakeClient()
    client.add("robot", FULL, **VALUES)
    entry = await set_up(hass, client)
    await perform(hass, f"vacuum.{action}", "vacuum.robot", **given)
    assert written(client) == [(command, given)]
    state = state_of(hass, "vacuum.robot")
    assert state.state == shown
    assert state.attributes["fan_speed"] == given.get("fan_speed", "quiet")
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_features_follow_from_the_commands(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("robot", PLAIN, state="docked")
    await set_up(hass, client)
    assert state_of(hass, "vacuum.robot_robot").attributes["supported_features"] == (
        VacuumEntityFeature.STATE | VacuumEntityFeature.START
    )


async def _match(
    entity_registry: EntityRegistry, area_id: str, segments: list[dict[str, Any]]
) -> None:
    """Match an area with the first segment, as the user does in the frontend."""
    entity_registry.async_update_entity_options(
        "vacuum.robot",
        DOMAIN,
        {"area_mapping": {area_id: [segments[0]["id"]]}, "last_seen_segments": segments},
    )


@pytest.mark.filterwarnings("ignore:It is recommended to use web")
async def test_areas_are_cleaned_by_the_parts_that_they_are_matched_with(
    hass: HomeAssistant,
    entity_registry: EntityRegistry,
    area_registry: AreaRegistry,
    hass_ws_client: WebSocketGenerator,
) -> None:
    client = FakeClient()
    client.add("robot", FULL, **VALUES)
    await set_up(hass, client)
    browser = await hass_ws_client(hass)
    await browser.send_json_auto_id({"type": "vacuum/get_segments", "entity_id": "vacuum.robot"})
    segments = (await browser.receive_json())["result"]["segments"]
    assert [(one["id"], one["name"]) for one in segments] == [("1", "Kitchen"), ("2", "Hall")]
    kitchen = area_registry.async_create("Kitchen")
    await _match(entity_registry, kitchen.id, segments)
    await perform(hass, "vacuum.clean_area", "vacuum.robot", cleaning_area_id=[kitchen.id])
    assert written(client) == [("clean_area", {"segment_ids": ["1"]})]
    assert state_of(hass, "vacuum.robot").state == "cleaning"


async def test_user_is_told_when_parts_come_or_go(
    hass: HomeAssistant,
    entity_registry: EntityRegistry,
    issue_registry: ir.IssueRegistry,
    freezer: FrozenDateTimeFactory,
) -> None:
    robot = entity(
        "vacuum.main", attributes=["state", "segments"], commands={"clean_area": ["segment_ids"]}
    )
    client = FakeClient()
    client.add("robot", robot, state="docked", segments=["Kitchen"])
    await set_up(hass, client)
    await _match(entity_registry, "kitchen", [{"id": "Kitchen", "name": "Kitchen"}])
    client.say("robot", "vacuum.main.state", "cleaning")
    await pass_time(hass, freezer, 31)
    assert not issue_registry.issues
    client.say("robot", "vacuum.main.segments", ["Kitchen", "Cellar"])
    await pass_time(hass, freezer, 31)
    assert [issue.translation_key for issue in issue_registry.issues.values()] == [
        "segments_changed"
    ]
