from homeassistant.components.lawn_mower import LawnMowerEntityFeature
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, snapshot_platform, written

SINCE_2026_10 = pytest.mark.skipif(
    not hasattr(LawnMowerEntityFeature, "STOP"), reason="stopping came with Home Assistant 2026.10"
)
FULL = entity(
    "lawn_mower.main",
    attributes=["state"],
    commands={"start_mowing": [], "pause": [], "dock": [], "stop": []},
)
PLAIN = entity("lawn_mower.main", "Robot", attributes=["state"], commands={"dock": []})


@SINCE_2026_10
async def test_lawn_mowers(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("full", FULL, state="mowing")
    client.add("plain", PLAIN, state="error")
    client.add("silent", PLAIN)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        *((word, word) for word in ("error", "paused", "mowing", "docked", "returning")),
        pytest.param("idle", "idle", marks=SINCE_2026_10),
        ("grazing", STATE_UNKNOWN),
        (None, STATE_UNKNOWN),
    ],
)
async def test_state(hass: HomeAssistant, word: str | None, shown: str) -> None:
    client = FakeClient()
    client.add("robot", FULL, state=word)
    await set_up(hass, client)
    assert state_of(hass, "lawn_mower.robot").state == shown


@pytest.mark.parametrize(
    ("action", "shown"),
    [
        ("start_mowing", "mowing"),
        ("pause", "paused"),
        ("dock", "returning"),
        pytest.param("stop", "idle", marks=SINCE_2026_10),
    ],
)
async def test_commands(hass: HomeAssistant, action: str, shown: str) -> None:
    client = FakeClient()
    client.add("robot", FULL, state="error")
    await set_up(hass, client)
    await perform(hass, f"lawn_mower.{action}", "lawn_mower.robot")
    assert written(client) == [(action, {})]
    assert state_of(hass, "lawn_mower.robot").state == shown


async def test_features_follow_from_the_commands(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("robot", PLAIN, state="docked")
    await set_up(hass, client)
    assert (
        state_of(hass, "lawn_mower.robot_robot").attributes["supported_features"]
        == LawnMowerEntityFeature.DOCK
    )
