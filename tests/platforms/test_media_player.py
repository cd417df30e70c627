"""What plays: its state, what can be done with it, and the picture that goes with it."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import MediaPlayerEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.model import Picture
from custom_components.vendor_bridge.bridge.platforms import PLATFORMS

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import perform, snapshot_platform, written

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web")  # our host's own

ENTITY_ID = "media_player.tv"
KEY = "media_player.main"
ROW = PLATFORMS["media_player"]
VALUES: dict[str, Any] = {
    "state": "playing",
    "volume_level": 0.4,
    "is_volume_muted": False,
    "source": "HDMI 1",
    "sound_mode": "Film",
    "shuffle": False,
    "repeat": "off",
    "media_content_id": "7",
    "media_content_type": "movie",
    "media_title": "Metropolis",
    "media_duration": 9180.4,
    "media_position": 60,
    "media_position_updated_at": datetime(2026, 11, 24, 12, tzinfo=UTC),
    "app_name": "Cinema",
}
FULL = entity(
    KEY,
    attributes=list(VALUES),
    commands={one.name: [part.name for part in one.parameters] for one in ROW.commands},
    options={
        "device_class": "tv",
        "source_list": ["HDMI 1", "TV"],
        "sound_mode_list": ["Film", "Music"],
        "volume_step": 0.1,
    },
    picture=True,
)
PLAIN = entity(
    KEY,
    attributes=["state", "volume_level", "media_position"],
    commands={"volume_set": ["volume_level"]},
)
COVER = Picture(content=b"\x89PNG cover", content_type="image/png")


@pytest.fixture
def client() -> FakeClient:
    """Return the client of a television that shows a film."""
    client = FakeClient()
    client.add("tv", FULL, **VALUES)
    client.pictures["tv", KEY] = COVER
    return client


async def test_media_players(
    hass: HomeAssistant,
    entity_registry: EntityRegistry,
    snapshot: SnapshotAssertion,
    client: FakeClient,
) -> None:
    client.add("plain", PLAIN, state="idle", volume_level=0.5, media_position=None)
    with patch("secrets.token_hex", return_value="1"):  # makes tokens for pictures
        entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)
    left_out = {"BROWSE_MEDIA", "SEARCH_MEDIA", "GROUPING"}
    features = MediaPlayerEntityFeature(state_of(hass, ENTITY_ID).attributes["supported_features"])
    assert {flag.name for flag in features} == {
        flag.name for flag in MediaPlayerEntityFeature
    } - left_out


@pytest.mark.parametrize(
    ("action", "data", "command"),
    [
        ("turn_off", {}, ("turn_off", {})),
        ("turn_on", {}, ("turn_on", {})),
        ("volume_set", {"volume_level": 0.2}, ("volume_set", {"volume_level": 0.2})),
        ("volume_mute", {"is_volume_muted": True}, ("volume_mute", {"is_volume_muted": True})),
        ("volume_up", {}, ("volume_up", {})),
        ("volume_down", {}, ("volume_down", {})),
        ("media_play", {}, ("media_play", {})),
        ("media_pause", {}, ("media_pause", {})),
        ("media_play_pause", {}, ("media_pause", {})),
        ("media_stop", {}, ("media_stop", {})),
        ("media_next_track", {}, ("media_next_track", {})),
        ("media_previous_track", {}, ("media_previous_track", {})),
        ("media_seek", {"seek_position": 90}, ("media_seek", {"seek_position": 90})),
        ("select_source", {"source": "TV"}, ("select_source", {"source": "TV"})),
        (
            "select_sound_mode",
            {"sound_mode": "Music"},
            ("select_sound_mode", {"sound_mode": "Music"}),
        ),
        ("shuffle_set", {"shuffle": True}, ("shuffle_set", {"shuffle": True})),
        ("repeat_set", {"repeat": "one"}, ("repeat_set", {"repeat": "one"})),
        ("clear_playlist", {}, ("clear_playlist", {})),
        (
            "play_media",
            {"media_content_id": "9", "media_content_type": "music", "enqueue": "next"},
            (
                "play_media",
                {"media_content_id": "9", "media_content_type": "music", "enqueue": "next"},
            ),
        ),
    ],
)
async def test_commands(
    hass: HomeAssistant,
    client: FakeClient,
    action: str,
    data: dict[str, Any],
    command: tuple[str, dict[str, Any]],
) -> None:
    await set_up(hass, client)
    await perform(hass, f"media_player.{action}", ENTITY_ID, **data)
    assert written(client) == [command]


async def test_louder_and_quieter_by_steps(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("tv", PLAIN, state="idle", volume_level=0.5, media_position=None)
    await set_up(hass, client)
    await perform(hass, "media_player.volume_up", ENTITY_ID)
    assert state_of(hass, ENTITY_ID).attributes["volume_level"] == 0.6
    await perform(hass, "media_player.volume_down", ENTITY_ID)
    assert state_of(hass, ENTITY_ID).attributes["volume_level"] == 0.5


async def test_where_it_is_holds_since_it_was_told(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("tv", PLAIN, state="playing", volume_level=0.5, media_position=10)
    await set_up(hass, client)
    began = dt_util.utcnow()
    client.say("tv", f"{KEY}.volume_level", 0.7)
    await pass_time(hass, freezer, 31)
    attributes = state_of(hass, ENTITY_ID).attributes
    assert abs((attributes["media_position_updated_at"] - began).total_seconds()) < 5
    client.say("tv", f"{KEY}.media_position", 70)
    await pass_time(hass, freezer, 31)
    attributes = state_of(hass, ENTITY_ID).attributes
    assert attributes["media_position_updated_at"] > began


async def test_picture(
    hass: HomeAssistant,
    client: FakeClient,
    hass_client_no_auth: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    await set_up(hass, client)
    address = state_of(hass, ENTITY_ID).attributes["entity_picture"]
    browser = await hass_client_no_auth()
    answer = await browser.get(address)
    assert (answer.status, await answer.read()) == (HTTPStatus.OK, COVER.content)
    client.say("tv", f"{KEY}.media_title", "Nosferatu")
    await pass_time(hass, freezer, 31)
    assert state_of(hass, ENTITY_ID).attributes["entity_picture"] != address
    for name in ("media_title", "media_content_id"):
        client.say("tv", f"{KEY}.{name}", None)
    await pass_time(hass, freezer, 31)
    assert "entity_picture" not in state_of(hass, ENTITY_ID).attributes
