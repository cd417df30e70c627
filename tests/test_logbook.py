"""What the logbook says."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.vendor_bridge.bridge.errors import NotConfirmedError
from custom_components.vendor_bridge.const import DOMAIN
from custom_components.vendor_bridge.happenings import EVENTS, What
from custom_components.vendor_bridge.helpers import COMMAND_FAILURES
from custom_components.vendor_bridge.logbook import COMMAND_SENTENCES, async_describe_events

from .fakes import FakeClient, device_of, entity, pass_time, set_up

pytestmark = pytest.mark.filterwarnings("ignore::aiohttp.web_exceptions.NotAppKeyWarning")


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient()
    door = entity("lock.main", attributes=["state"], commands={"lock": (), "unlock": ()})
    client.add("front_door", door, state="unlocked")
    return client


async def entries(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, **about: Any
) -> list[dict[str, Any]]:
    """Return what the logbook shows about something, as its page asks for it."""
    await async_wait_recording_done(hass)
    connection = await hass_ws_client(hass)
    start = dt_util.utcnow() - timedelta(hours=1)
    await connection.send_json_auto_id(
        {"type": "logbook/get_events", "start_time": start.isoformat(), **about}
    )
    answer = await connection.receive_json()
    found: list[dict[str, Any]] = answer["result"]
    return [one for one in found if one.get("domain") == DOMAIN]


async def test_command_that_failed_is_a_sentence_on_the_devices_page(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    client: FakeClient,
    hass_ws_client: WebSocketGenerator,
) -> None:
    await async_setup_component(hass, "logbook", {})
    entry = await set_up(hass, client)
    client.fail("write", NotConfirmedError("it stays unlocked"))
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            "lock", "lock", {"entity_id": "lock.front_door"}, blocking=True
        )
    device_id = device_of(hass, entry, "front_door").id
    for about in ({"device_ids": [device_id]}, {"entity_ids": ["lock.front_door"]}, {}):
        [said] = await entries(hass, hass_ws_client, **about)
        assert said["name"] == "Front_door"
        assert said["message"] == "did not confirm “lock”: it stays unlocked"
        assert said["entity_id"] == "lock.front_door"


async def test_devices_that_come_and_go(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    client: FakeClient,
    hass_ws_client: WebSocketGenerator,
) -> None:
    await async_setup_component(hass, "logbook", {})
    await set_up(hass, client)
    client.add("fan", entity("switch.main", attributes=["state"]), state=True)
    await pass_time(hass, freezer, 300)
    client.remove("fan")
    for _ in range(3):  # it is gone by the second; the logbook tells what was before now
        await pass_time(hass, freezer, 300)
    assert [(one["name"], one["message"]) for one in await entries(hass, hass_ws_client)] == [
        ("Fan", "is new at Acme Home"),
        ("Fan", "is no longer at Acme Home"),
    ]


def test_everything_on_the_bus_is_a_sentence(hass: HomeAssistant) -> None:
    described: dict[str, Callable[[Event], dict[str, Any]]] = {}

    def take(_domain: str, event: str, describe: Callable[[Event], dict[str, Any]]) -> None:
        described[event] = describe

    async_describe_events(hass, take)
    assert set(described) == set(EVENTS.values())
    kinds = {key for _, key in COMMAND_FAILURES} - {"command_invalid"}
    assert set(COMMAND_SENTENCES) == kinds
    for error in (*kinds, "one of a later version"):
        data = {
            "name": "Fan",
            "command": "turn_on",
            "error": error,
            "reason": "so it is",
            "entity_id": None,
        }
        said = described[EVENTS[What.COMMAND_FAILED]](Event("any", data))
        assert "“turn on”" in said["message"]
        assert said["message"].endswith(": so it is")
