"""Cameras: what they see, how often the vendor is asked for it, and what can be switched."""

import asyncio
from unittest.mock import patch

from homeassistant.components.camera import async_get_image
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.model import Picture

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, snapshot_platform, written

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web")  # our host's own

ENTITY_ID = "camera.yard"
KEY = "camera.eye"
COMMANDS = ("turn_on", "turn_off", "enable_motion_detection", "disable_motion_detection")
FULL = entity(
    KEY,
    attributes=["is_on", "is_recording", "is_streaming", "motion_detection"],
    commands=dict.fromkeys(COMMANDS, ()),
)
FIRST = Picture(content=b"\x89PNG one", content_type="image/png")
SECOND = Picture(content=b"\xff\xd8\xff two", content_type="image/jpeg")


@pytest.fixture
def client() -> FakeClient:
    """Return the client of a camera that sees something."""
    client = FakeClient()
    values = {"is_on": True, "is_recording": False, "is_streaming": False, "motion_detection": True}
    client.add("yard", FULL, **values)
    client.pictures["yard", KEY] = FIRST
    return client


async def test_cameras(
    hass: HomeAssistant,
    entity_registry: EntityRegistry,
    snapshot: SnapshotAssertion,
    client: FakeClient,
) -> None:
    client.add("plain", entity(KEY))
    with patch("random.SystemRandom.getrandbits", return_value=1):  # makes tokens for pictures
        entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("recording", "streaming", "shown"),
    [
        (False, False, "idle"),
        (True, False, "recording"),
        (True, True, "recording"),
        (False, True, "streaming"),
        (None, None, "idle"),
    ],
)
async def test_state(
    hass: HomeAssistant,
    client: FakeClient,
    recording: bool | None,
    streaming: bool | None,
    shown: str,
) -> None:
    client.say("yard", f"{KEY}.is_recording", recording)
    client.say("yard", f"{KEY}.is_streaming", streaming)
    await set_up(hass, client)
    assert state_of(hass, ENTITY_ID).state == shown


async def test_many_who_look_are_one_request(hass: HomeAssistant, client: FakeClient) -> None:
    await set_up(hass, client)
    with client.hold("fetch"):
        looks = [asyncio.create_task(async_get_image(hass, ENTITY_ID)) for _ in range(5)]
        await asyncio.sleep(0)
        one_who_looks_away = looks.pop(0)
        one_who_looks_away.cancel()
        with pytest.raises(HomeAssistantError):
            await one_who_looks_away
    images = await asyncio.gather(*looks)
    assert {image.content for image in images} == {FIRST.content}
    assert client.fetches == 1
    client.pictures["yard", KEY] = SECOND
    assert (await async_get_image(hass, ENTITY_ID)).content == FIRST.content


async def test_a_picture_is_good_for_as_long_as_the_profile_says(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("yard", entity(KEY, options={"frame_interval": 0.01}))
    client.pictures["yard", KEY] = FIRST
    await set_up(hass, client)
    assert (await async_get_image(hass, ENTITY_ID)).content == FIRST.content
    client.pictures["yard", KEY] = SECOND
    await asyncio.sleep(0.02)
    image = await async_get_image(hass, ENTITY_ID)
    assert (image.content, image.content_type) == (SECOND.content, "image/jpeg")


async def test_commands(hass: HomeAssistant, client: FakeClient) -> None:
    await set_up(hass, client)
    for command in COMMANDS:
        await perform(hass, f"camera.{command}", ENTITY_ID)
    assert written(client) == [(command, {}) for command in COMMANDS]
    assert "motion_detection" not in state_of(hass, ENTITY_ID).attributes


async def test_a_camera_that_is_off_shows_nothing(hass: HomeAssistant, client: FakeClient) -> None:
    client.say("yard", f"{KEY}.is_on", value=False)
    await set_up(hass, client)
    with pytest.raises(HomeAssistantError, match="off"):
        await async_get_image(hass, ENTITY_ID)
    assert client.fetches == 0
