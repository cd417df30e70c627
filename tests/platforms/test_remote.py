"""Remote controls: keys one after the other, and activities."""

from homeassistant.components.remote import RemoteEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, snapshot_platform, written

HUB = entity(
    "remote.hub",
    attributes=["state", "current_activity"],
    options={"activity_list": ["TV", "Music"]},
    commands={
        "turn_on": ["activity"],
        "turn_off": [],
        "send_command": ["command", "device", "hold_secs"],
    },
)
PLAIN = entity("remote.keys", attributes=["state"], commands={"send_command": ["command"]})


@pytest.fixture
def client() -> FakeClient:
    """Return the client of a hub with activities, and of a plain remote control."""
    client = FakeClient()
    client.add("hub", HUB, state=False, current_activity=None)
    client.add("plain", PLAIN, state=True)
    return client


async def test_remotes(
    hass: HomeAssistant,
    entity_registry: EntityRegistry,
    snapshot: SnapshotAssertion,
    client: FakeClient,
) -> None:
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)
    features = state_of(hass, "remote.hub").attributes["supported_features"]
    assert features == RemoteEntityFeature.ACTIVITY


async def test_activity(hass: HomeAssistant, client: FakeClient) -> None:
    await set_up(hass, client)
    await perform(hass, "remote.turn_on", "remote.hub", activity="Music")
    state = state_of(hass, "remote.hub")
    assert (state.state, state.attributes["current_activity"]) == ("on", "Music")
    await perform(hass, "remote.turn_off", "remote.hub")
    assert state_of(hass, "remote.hub").state == "off"
    assert written(client) == [("turn_on", {"activity": "Music"}), ("turn_off", {})]


async def test_keys_are_sent_one_by_one(hass: HomeAssistant, client: FakeClient) -> None:
    await set_up(hass, client)
    await perform(
        hass,
        "remote.send_command",
        "remote.hub",
        command=["up", "ok"],
        num_repeats=2,
        delay_secs=0,
        hold_secs=1,
        device="tv",
    )
    await perform(hass, "remote.send_command", "remote.plain", command="mute")
    more = {"device": "tv", "hold_secs": 1}
    assert written(client) == [
        *(("send_command", {"command": key, **more}) for key in ("up", "ok", "up", "ok")),
        ("send_command", {"command": "mute"}),
    ]


async def test_keys_are_learned_and_forgotten(hass: HomeAssistant) -> None:
    client = FakeClient()
    more = ["device", "command_type", "alternative", "timeout"]
    commands = {"learn_command": ["command", *more], "delete_command": ["command", "device"]}
    client.add("hub", entity("remote.hub", attributes=["state"], commands=commands), state=True)
    await set_up(hass, client)
    assert state_of(hass, "remote.hub").attributes["supported_features"] == (
        RemoteEntityFeature.LEARN_COMMAND | RemoteEntityFeature.DELETE_COMMAND
    )
    await perform(
        hass,
        "remote.learn_command",
        "remote.hub",
        command=["up", "down"],
        device="tv",
        command_type="ir",
        alternative=True,
        timeout=20,
    )
    await perform(hass, "remote.delete_command", "remote.hub", command=["up"], device="tv")
    told = {"device": "tv", "command_type": "ir", "alternative": True, "timeout": 20}
    assert written(client) == [
        *(("learn_command", {"command": key, **told}) for key in ("up", "down")),
        ("delete_command", {"command": "up", "device": "tv"}),
    ]
