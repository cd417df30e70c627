from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.errors import RefusedError

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, snapshot_platform, written

FADING = entity("scene.main", commands={"turn_on": ["transition"]})
PLAIN = entity("scene.main", commands={"turn_on": []})


async def test_scenes(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("evening", FADING)
    client.add("night", PLAIN)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("entity_id", "given", "data"),
    [
        ("scene.evening", {}, {}),
        ("scene.evening", {"transition": 3}, {"transition": 3}),
        ("scene.night", {"transition": 3}, {}),
    ],
)
async def test_turn_on(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    entity_id: str,
    given: dict[str, Any],
    data: dict[str, Any],
) -> None:
    client = FakeClient()
    client.add("evening", FADING)
    client.add("night", PLAIN)
    await set_up(hass, client)
    assert state_of(hass, entity_id).state == STATE_UNKNOWN
    freezer.move_to("2026-11-24T20:00:00+00:00")
    await perform(hass, "scene.turn_on", entity_id, **given)
    assert written(client) == [("turn_on", data)]
    assert state_of(hass, entity_id).state == "2026-11-24T20:00:00+00:00"


async def test_refusal_is_told(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("night", PLAIN)
    await set_up(hass, client)
    client.fail("write", RefusedError("a lamp is missing"))
    with pytest.raises(HomeAssistantError, match="a lamp is missing"):
        await perform(hass, "scene.turn_on", "scene.night")
