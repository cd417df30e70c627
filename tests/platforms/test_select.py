from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import snapshot_platform

COMMANDS = {"select_option": ["option"]}
OBSERVED = entity("select.program", attributes=["state", "options"], commands=COMMANDS)
FIXED = entity(
    "select.program",
    "Program",
    attributes=["state"],
    options={"options": ["eco", "fast"]},
    commands=COMMANDS,
)


async def test_selects(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("fixed", FIXED, state="eco")
    client.add("own", OBSERVED, state="short", options=["short", "long"])
    client.add("silent", OBSERVED)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_select_option(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("washer", FIXED, state="eco")
    await set_up(hass, client)
    data = {ATTR_ENTITY_ID: "select.washer_program"}
    await hass.services.async_call(
        "select", "select_option", data | {"option": "fast"}, blocking=True
    )
    assert [(one.name, one.data) for _, one in client.writes] == [
        ("select_option", {"option": "fast"})
    ]
    assert state_of(hass, "select.washer_program").state == "fast"
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            "select", "select_option", data | {"option": "slow"}, blocking=True
        )


async def test_options_may_change_while_running(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("washer", OBSERVED, state="short", options=["short", "long"])
    await set_up(hass, client)
    client.say("washer", "select.program.options", ["wool", "silk"])
    await pass_time(hass, freezer, 31)
    state = state_of(hass, "select.washer")
    assert state.state == STATE_UNKNOWN
    assert state.attributes["options"] == ["wool", "silk"]
