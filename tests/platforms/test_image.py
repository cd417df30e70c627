"""Images: fetched when somebody looks, told to have changed when they have."""

from datetime import UTC, datetime
from http import HTTPStatus
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.image import async_get_image
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_registry import EntityRegistry
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.errors import OutageError, SignInError
from custom_components.vendor_bridge.bridge.model import Picture

from ..fakes import FakeClient, entity, pass_time, reauths, set_up, state_of
from .acting import snapshot_platform

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web")  # our host's own

ENTITY_ID = "image.door_visitor"
KEY = "image.visitor"
FIRST = Picture(content=b"\x89PNG one", content_type="image/png")
SECOND = Picture(content=b"\xff\xd8\xff two", content_type="image/jpeg")
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def client() -> FakeClient:
    """Return the client of a door that shows who rang."""
    client = FakeClient()
    client.add("door", entity(KEY, "Visitor", attributes=["image_last_updated"]))
    client.say("door", f"{KEY}.image_last_updated", AT)
    client.pictures["door", KEY] = FIRST
    return client


async def test_images(
    hass: HomeAssistant,
    entity_registry: EntityRegistry,
    snapshot: SnapshotAssertion,
    client: FakeClient,
) -> None:
    client.add("map", entity(KEY))
    with patch("random.SystemRandom.getrandbits", return_value=1):  # makes tokens for pictures
        entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_picture_comes_through_home_assistant(
    hass: HomeAssistant, client: FakeClient, hass_client_no_auth: ClientSessionGenerator
) -> None:
    await set_up(hass, client)
    state = state_of(hass, ENTITY_ID)
    assert state.state == AT.isoformat()
    address = state.attributes["entity_picture"]
    assert address.startswith(f"/api/image_proxy/{ENTITY_ID}?token=")
    browser = await hass_client_no_auth()
    answer = await browser.get(address)
    assert (answer.status, answer.content_type) == (HTTPStatus.OK, "image/png")
    assert await answer.read() == FIRST.content
    assert (await browser.get(address.partition("?")[0])).status == HTTPStatus.FORBIDDEN


async def test_a_new_time_is_told_and_the_new_picture_fetched(
    hass: HomeAssistant, client: FakeClient, freezer: FrozenDateTimeFactory
) -> None:
    await set_up(hass, client)
    assert (await async_get_image(hass, ENTITY_ID)).content == FIRST.content
    later = AT.replace(hour=13)
    client.pictures["door", KEY] = SECOND
    client.say("door", f"{KEY}.image_last_updated", later)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, ENTITY_ID).state == later.isoformat()
    image = await async_get_image(hass, ENTITY_ID)
    assert (image.content_type, image.content) == ("image/jpeg", SECOND.content)


async def test_without_a_time_it_is_when_the_picture_was_seen_to_be_another(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("door", entity(KEY, "Visitor"))
    client.pictures["door", KEY] = FIRST
    await set_up(hass, client)
    assert state_of(hass, ENTITY_ID).state == STATE_UNKNOWN
    await async_get_image(hass, ENTITY_ID)
    seen = state_of(hass, ENTITY_ID).state
    assert seen == dt_util.utcnow().isoformat()
    freezer.tick(60)
    await async_get_image(hass, ENTITY_ID)
    assert state_of(hass, ENTITY_ID).state == seen
    client.pictures["door", KEY] = SECOND
    await async_get_image(hass, ENTITY_ID)
    assert state_of(hass, ENTITY_ID).state == dt_util.utcnow().isoformat()


async def test_anything_that_changes_with_it_tells_that_it_changed(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("door", entity(KEY, "Visitor", attributes=["version"]), version=1)
    await set_up(hass, client)
    assert state_of(hass, ENTITY_ID).state == STATE_UNKNOWN
    client.say("door", f"{KEY}.version", 2)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, ENTITY_ID).state != STATE_UNKNOWN


async def test_nothing_to_see_is_no_failure_of_the_account(
    hass: HomeAssistant, client: FakeClient
) -> None:
    client.pictures.clear()
    await set_up(hass, client)
    with pytest.raises(HomeAssistantError, match="Unable to get image"):
        await async_get_image(hass, ENTITY_ID)
    assert state_of(hass, ENTITY_ID).state == AT.isoformat()


async def test_failures_are_told(hass: HomeAssistant, client: FakeClient) -> None:
    await set_up(hass, client)
    client.fail("fetch", OutageError("503 Service Unavailable"))
    with pytest.raises(HomeAssistantError, match="503"):
        await async_get_image(hass, ENTITY_ID)
    client.fail("fetch", SignInError("401 Unauthorized"))
    with reauths() as asked, pytest.raises(HomeAssistantError, match="401"):
        await async_get_image(hass, ENTITY_ID)
    asked.assert_called_once()
