"""What a start costs, in counts that are the same everywhere; `./scripts/bench` has times."""

from collections import Counter
import gc
from types import FunctionType
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest

from bench.shape import Shape
from tests.own_profiles import OwnProfiles

from .test_costs import account_of

SENSORS = "sensor.device_"
SHAPE = Shape(devices=5, attributes=20)
OURS = "custom_components.vendor_bridge"
OBJECTS_AN_ENTITY = 5
"""The entity, its listener, the observation, what is known of it, and a share of its device."""

pytestmark = pytest.mark.usefixtures("socket_enabled")


@callback
def _always(_data: object) -> bool:
    return True


def count_events(hass: HomeAssistant) -> Counter[str]:
    """Count what the entities of the devices cause, by what it is."""
    events: Counter[str] = Counter()

    @callback
    def heard(event: Event[Any]) -> None:
        if event.data["entity_id"].startswith(SENSORS):
            events[event.data.get("action", event.event_type)] += 1

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, heard)
    hass.bus.async_listen(EVENT_STATE_CHANGED, heard)
    hass.bus.async_listen(EVENT_STATE_REPORTED, heard, event_filter=_always)
    return events


async def test_a_new_entity_is_registered_named_and_written_and_no_more(
    hass: HomeAssistant, own_profiles: OwnProfiles
) -> None:
    """Each update of the registry is an event to all who listen, and an entry made anew."""
    assert await async_setup_component(hass, "homeassistant", {})  # it decides who is exposed
    events = count_events(hass)
    async with account_of(hass, own_profiles, SHAPE):
        assert events == {
            "create": SHAPE.size,
            "update": SHAPE.size,  # its other names, which nothing is registered with
            EVENT_STATE_CHANGED: SHAPE.size,
        }
        entry = er.async_get(hass).async_get(f"{SENSORS}d00003_a07")
    assert entry is not None
    assert entry.aliases[1:] == ["a07 of the Device d00003", "a07 of Device d00003"]
    assert entry.options["sensor"] == {"suggested_display_precision": 1}


async def test_an_entity_that_is_registered_is_written_and_no_more(
    hass: HomeAssistant, own_profiles: OwnProfiles
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    async with account_of(hass, own_profiles, SHAPE) as (_, entry):
        await hass.config_entries.async_unload(entry.entry_id)
        events = count_events(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        assert events == {EVENT_STATE_CHANGED: SHAPE.size}


def our_objects() -> int:
    """Return how many objects of our classes, and functions of ours, there are."""
    gc.collect()
    return sum(
        str((one if isinstance(one, FunctionType) else type(one)).__module__).startswith(OURS)
        for one in gc.get_objects()
    )


async def test_what_is_held_for_each_entity(hass: HomeAssistant, own_profiles: OwnProfiles) -> None:
    """What all entities that are described alike have in common is held once."""
    held = []
    for devices in (5, 10):
        async with account_of(hass, own_profiles, Shape(devices=devices, attributes=20)):
            held.append(our_objects())
    assert held[1] - held[0] <= OBJECTS_AN_ENTITY * SHAPE.size
