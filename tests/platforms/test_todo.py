"""Lists: what is on them, and what becomes of what users do with them."""

from datetime import UTC, date, datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.todo import TodoListEntityFeature
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import perform, snapshot_platform, written

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web")  # our host's own

ENTITY_ID = "todo.fridge"
ITEM = ["summary", "status", "due_date", "due_datetime", "description"]
FULL = entity(
    "todo.list",
    attributes=["items"],
    commands={
        "create_item": ITEM,
        "update_item": ["uid", *ITEM],
        "delete_item": ["uid"],
        "move_item": ["uid", "previous_uid"],
    },
)
MILK = {"uid": "1", "summary": "Milk"}
BREAD: dict[str, Any] = {
    "uid": "2",
    "summary": "Bread",
    "status": "completed",
    "due_date": date(2026, 11, 25),
    "description": "Rye",
    "completed": datetime(2026, 11, 24, 9, tzinfo=UTC),
}
CALL = {"uid": "3", "summary": "Call", "due_datetime": datetime(2026, 11, 24, 9, tzinfo=UTC)}


@pytest.fixture
def client() -> FakeClient:
    """Return the client of a list with three items on it."""
    client = FakeClient()
    client.add("fridge", FULL, items=[MILK, BREAD, CALL])
    return client


async def items(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> list[dict[str, Any]]:
    browser = await hass_ws_client(hass)
    await browser.send_json_auto_id({"type": "todo/item/list", "entity_id": ENTITY_ID})
    found: list[dict[str, Any]] = (await browser.receive_json())["result"]["items"]
    return found


async def test_lists(
    hass: HomeAssistant,
    entity_registry: EntityRegistry,
    snapshot: SnapshotAssertion,
    client: FakeClient,
) -> None:
    client.add("silent", entity("todo.list", attributes=["items"]), items=None)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)
    assert state_of(hass, "todo.silent").state == STATE_UNKNOWN
    features = TodoListEntityFeature(state_of(hass, ENTITY_ID).attributes["supported_features"])
    assert features == TodoListEntityFeature(0x7F)


async def test_items(
    hass: HomeAssistant,
    client: FakeClient,
    hass_ws_client: WebSocketGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    await set_up(hass, client)
    assert state_of(hass, ENTITY_ID).state == "2"
    milk, bread, call = await items(hass, hass_ws_client)
    assert (milk["summary"], milk["status"], milk.get("due")) == ("Milk", "needs_action", None)
    assert (bread["status"], bread["due"], bread["description"]) == (
        "completed",
        "2026-11-25",
        "Rye",
    )
    assert datetime.fromisoformat(call["due"]) == CALL["due_datetime"]
    client.say("fridge", "todo.list.items", [MILK])
    await pass_time(hass, freezer, 31)
    assert state_of(hass, ENTITY_ID).state == "1"


async def test_commands(
    hass: HomeAssistant, client: FakeClient, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up(hass, client)
    await perform(hass, "todo.add_item", ENTITY_ID, item="Eggs", due_date="2026-11-26")
    await perform(hass, "todo.update_item", ENTITY_ID, item="Milk", status="completed")
    await perform(hass, "todo.remove_item", ENTITY_ID, item=["Milk", "Bread"])
    browser = await hass_ws_client(hass)
    for previous in ("2", None):
        await browser.send_json_auto_id(
            {"type": "todo/item/move", "entity_id": ENTITY_ID, "uid": "1"}
            | ({"previous_uid": previous} if previous else {})
        )
        assert (await browser.receive_json())["success"]
    assert written(client) == [
        (
            "create_item",
            {"summary": "Eggs", "status": "needs_action", "due_date": date(2026, 11, 26)},
        ),
        ("update_item", {"uid": "1", "summary": "Milk", "status": "completed"}),
        ("delete_item", {"uid": "1"}),
        ("delete_item", {"uid": "2"}),
        ("move_item", {"uid": "1", "previous_uid": "2"}),
        ("move_item", {"uid": "1"}),
    ]


async def test_only_what_the_vendor_takes_is_sent(hass: HomeAssistant) -> None:
    client = FakeClient()
    plain = entity("todo.list", attributes=["items"], commands={"create_item": ["summary"]})
    client.add("fridge", plain, items=[])
    await set_up(hass, client)
    await perform(hass, "todo.add_item", ENTITY_ID, item="Eggs")
    assert written(client) == [("create_item", {"summary": "Eggs"})]
