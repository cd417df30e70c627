from typing import Any

from homeassistant.components.cover import CoverEntityFeature
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import snapshot_platform

COMMANDS: dict[str, list[str]] = {
    "open": [],
    "close": [],
    "stop": [],
    "set_position": ["position"],
    "open_tilt": [],
    "close_tilt": [],
    "stop_tilt": [],
    "set_tilt_position": ["tilt_position"],
}
BLIND = entity(
    "cover.main",
    attributes=["state", "position", "tilt_position"],
    options={"device_class": "blind"},
    commands=COMMANDS,
)


async def test_covers(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("blind", BLIND, state="open", position=40.4, tilt_position=100)
    client.add(
        "garage",
        entity("cover.door", "Door", attributes=["is_closed"], commands={"open": [], "close": []}),
        is_closed=True,
    )
    client.add("awning", entity("cover.main", attributes=["position"]), position=0)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("observed", "shown", "closed"),
    [
        ({"state": "open"}, "open", False),
        ({"state": "closed"}, "closed", True),
        ({"state": "opening"}, "opening", False),
        ({"state": "closing"}, "closing", False),
        ({"state": "closing", "position": 0}, "closing", True),
        ({"state": "open", "position": 0}, "open", False),
        ({"state": None}, STATE_UNKNOWN, None),
        ({"state": None, "position": 0}, "closed", True),
        ({"position": 0}, "closed", True),
        ({"position": 1}, "open", False),
        ({"position": None}, STATE_UNKNOWN, None),
        ({"is_closed": True}, "closed", True),
        ({"is_closed": False, "position": 0}, "open", False),
        ({"is_closed": None, "position": 0}, STATE_UNKNOWN, None),
        ({"is_closed": False, "is_closing": True}, "closing", False),
        ({"is_closed": False, "is_opening": True}, "opening", False),
        ({"state": "open", "is_opening": True}, "opening", False),
    ],
)
async def test_state(
    hass: HomeAssistant, observed: dict[str, Any], shown: str, *, closed: bool | None
) -> None:
    client = FakeClient()
    client.add("blind", entity("cover.main", attributes=list(observed)), **observed)
    await set_up(hass, client)
    state = state_of(hass, "cover.blind")
    assert state.state == shown
    assert state.attributes["is_closed"] is closed


@pytest.mark.parametrize(
    ("service", "given", "command", "data"),
    [
        ("open_cover", {}, "open", {}),
        ("close_cover", {}, "close", {}),
        ("stop_cover", {}, "stop", {}),
        ("set_cover_position", {"position": 30}, "set_position", {"position": 30}),
        ("open_cover_tilt", {}, "open_tilt", {}),
        ("close_cover_tilt", {}, "close_tilt", {}),
        ("stop_cover_tilt", {}, "stop_tilt", {}),
        (
            "set_cover_tilt_position",
            {"tilt_position": 20},
            "set_tilt_position",
            {"tilt_position": 20},
        ),
        ("toggle", {}, "close", {}),
        ("toggle_cover_tilt", {}, "close_tilt", {}),
    ],
)
async def test_commands(
    hass: HomeAssistant,
    service: str,
    given: dict[str, Any],
    command: str,
    data: dict[str, Any],
) -> None:
    client = FakeClient()
    client.add("blind", BLIND, state="open", position=50, tilt_position=50)
    entry = await set_up(hass, client)
    await hass.services.async_call(
        "cover", service, {ATTR_ENTITY_ID: "cover.blind"} | given, blocking=True
    )
    assert [(one.name, one.data) for _, one in client.writes] == [(command, data)]
    await hass.async_block_till_done(wait_background_tasks=True)
    await hass.config_entries.async_unload(entry.entry_id)


async def test_features_follow_from_the_commands(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("one", BLIND)
    client.add("two", entity("cover.main", attributes=["state"], commands={"open": [], "stop": []}))
    await set_up(hass, client)
    assert state_of(hass, "cover.one").attributes["supported_features"] == 255
    assert state_of(hass, "cover.two").attributes["supported_features"] == (
        CoverEntityFeature.OPEN | CoverEntityFeature.STOP
    )


async def test_speeds(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add(
        "blind",
        entity(
            "cover.main",
            attributes=["position"],
            options={"supported_speeds": ["slow", "fast"]},
            commands={"open": ["speed"], "close": ["speed"], "set_position": ["position", "speed"]},
        ),
        position=50,
    )
    await set_up(hass, client)
    state = state_of(hass, "cover.blind")
    assert state.attributes["supported_speeds"] == ["slow", "fast"]
    assert state.attributes["supported_features"] & CoverEntityFeature.SPEED
    for service, given in (
        ("open_cover", {"speed": "slow"}),
        ("close_cover", {"speed": "fast"}),
        ("set_cover_position", {"position": 30, "speed": "slow"}),
    ):
        await hass.services.async_call(
            "cover", service, {ATTR_ENTITY_ID: "cover.blind"} | given, blocking=True
        )
        assert client.writes[-1][1].data == given
