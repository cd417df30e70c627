from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.notify import NotifyEntityFeature
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.errors import UnreachableError

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, snapshot_platform, written

# Home Assistant sets its own web server up for notifiers, with what aiohttp advises against.
pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web")

TITLED = entity("notify.screen", "Screen", commands={"send_message": ["message", "title"]})
PLAIN = entity("notify.screen", "Screen", commands={"send_message": ["message"]})


async def test_notifiers(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("hall", TITLED)
    client.add("attic", PLAIN)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("entity_id", "given", "data"),
    [
        ("notify.hall_screen", {}, {"message": "Dinner"}),
        ("notify.hall_screen", {"title": "Now"}, {"message": "Dinner", "title": "Now"}),
        ("notify.attic_screen", {"title": "Now"}, {"message": "Dinner"}),
    ],
)
async def test_send_message(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entity_id: str,
    given: dict[str, Any],
    data: dict[str, Any],
) -> None:
    client = FakeClient()
    client.add("hall", TITLED)
    client.add("attic", PLAIN)
    await set_up(hass, client)
    freezer.move_to("2026-11-24T20:00:00+00:00")
    await perform(hass, "notify.send_message", entity_id, message="Dinner", **given)
    assert written(client) == [("send_message", data)]
    assert state_of(hass, entity_id).state == "2026-11-24T20:00:00+00:00"


async def test_features_follow_from_the_parameters(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("hall", TITLED)
    client.add("attic", PLAIN)
    await set_up(hass, client)
    features = [
        state_of(hass, one).attributes["supported_features"]
        for one in ("notify.hall_screen", "notify.attic_screen")
    ]
    assert features == [NotifyEntityFeature.TITLE, 0]


async def test_message_that_did_not_arrive_is_told(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("hall", TITLED)
    await set_up(hass, client)
    client.fail("write", UnreachableError("down"))
    with pytest.raises(HomeAssistantError, match="down"):
        await perform(hass, "notify.send_message", "notify.hall_screen", message="Dinner")
    assert state_of(hass, "notify.hall_screen").state == STATE_UNKNOWN
