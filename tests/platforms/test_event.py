"""Events: each is told once, in order, whatever the vendor repeats and whenever one restarts."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import CoreState, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.entity_registry import EntityRegistry
from homeassistant.helpers.event import async_track_state_change_event
from hypothesis import given, strategies as st
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.model import Entity
from custom_components.vendor_bridge.event_marks import REMEMBERED, EventMarks

from ..fakes import FakeClient, account_entry, entity, pass_time, set_up, state_of
from .acting import snapshot_platform

ENTITY_ID = "event.door_bell"
KEY = "event.bell.events"
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


def bell(**options: Any) -> Entity:
    options = {"device_class": "doorbell", "event_types": ["ring", "ring_long"], **options}
    return entity("event.bell", "Bell", attributes=["events"], options=options)


def rung(number: int, kind: str = "ring", **more: Any) -> dict[str, Any]:
    return {"id": str(number), "type": kind, "at": AT + timedelta(seconds=number), **more}


def listen(hass: HomeAssistant) -> list[tuple[Any, Any]]:
    """Return the list in which the types of events appear, with their numbers."""
    heard: list[tuple[Any, Any]] = []
    last: list[str] = []

    @callback
    def hear(event: Event[EventStateChangedData]) -> None:
        new = event.data["new_state"]
        if new is not None and new.state not in {STATE_UNKNOWN, "unavailable", *last}:
            last[:] = [new.state]
            heard.append((new.attributes["event_type"], new.attributes.get("number")))

    async_track_state_change_event(hass, ENTITY_ID, hear)
    return heard


def numbered(numbers: Iterable[int]) -> list[dict[str, Any]]:
    return [rung(number, attributes={"number": number}) for number in numbers]


async def test_events(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("door", bell(), events=[])
    client.add("plain", entity("event.bell", attributes=["events"], options={"event_types": ["x"]}))
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_what_happened_before_is_not_told(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("door", bell(), events=numbered([1, 2]))
    await set_up(hass, client)
    assert state_of(hass, ENTITY_ID).state == STATE_UNKNOWN
    heard = listen(hass)
    client.say("door", KEY, numbered([1, 2, 3]))
    await pass_time(hass, freezer, 31)
    assert heard == [("ring", 3)]


async def test_each_is_told_once_and_in_order(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("door", bell(), events=[])
    await set_up(hass, client)
    heard = listen(hass)
    told = [
        [3, 1, 2],  # out of order
        [3, 1, 2],
        [4, 3],  # a window that has moved on
        [4, 3, 4, 5, 5],  # twice in one answer
        [],
        [2, 5, 6],  # and one of long ago
    ]
    for numbers in told:
        client.say("door", KEY, numbered(numbers))
        await pass_time(hass, freezer, 31)
    assert heard == [("ring", number) for number in (1, 2, 3, 4, 5, 6)]


async def test_silence_is_not_that_nothing_has_happened(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("door", bell(), events=None)
    await set_up(hass, client)
    heard = listen(hass)
    client.say("door", KEY, numbered([1]))
    await pass_time(hass, freezer, 31)
    assert heard == []
    client.say("door", KEY, numbered([1, 2]))
    await pass_time(hass, freezer, 31)
    assert heard == [("ring", 2)]


async def test_what_happened_meanwhile_is_told_after_a_restart(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hass_storage: dict[str, Any]
) -> None:
    client = FakeClient()
    client.add("door", bell(), events=numbered([1]))
    entry = await set_up(hass, client)
    heard = listen(hass)
    client.say("door", KEY, numbered([1, 2]))
    await pass_time(hass, freezer, 31)
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    stored = hass_storage[f"vendor_bridge.{entry.entry_id}.events"]["data"]
    assert stored == {"acme-1:door:bell": ["1", "2"]}
    client.say("door", KEY, numbered([1, 2, 3, 4]))
    hass.set_state(CoreState.starting)
    await set_up(hass, client, entry)
    assert heard == [("ring", 2)]  # nobody would hear of the others yet
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await hass.async_block_till_done()
    assert heard == [("ring", 2), ("ring", 3), ("ring", 4)]


async def test_marks_are_on_disk_within_seconds(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, hass_storage: dict[str, Any]
) -> None:
    client = FakeClient()
    client.add("door", bell(), events=numbered([1]))
    entry = await set_up(hass, client)
    await pass_time(hass, freezer, 2)
    assert hass_storage[f"vendor_bridge.{entry.entry_id}.events"]["data"] == {
        "acme-1:door:bell": ["1"]
    }


async def test_an_account_that_is_removed_leaves_nothing(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    client = FakeClient()
    client.add("door", bell(), events=numbered([1]))
    entry = await set_up(hass, client)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not [key for key in hass_storage if key.startswith("vendor_bridge.")]


async def test_a_bell_that_comes_back_begins_anew(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("door", bell(), events=numbered([1]))
    await set_up(hass, client)
    client.remove("door")
    await pass_time(hass, freezer, 301)
    await pass_time(hass, freezer, 62)
    assert hass.states.get(ENTITY_ID) is None
    client.add("door", bell(), events=numbered([1, 2]))
    await pass_time(hass, freezer, 301)
    assert state_of(hass, ENTITY_ID).state == STATE_UNKNOWN


async def test_attributes_and_ids_that_are_missing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    one = entity("event.bell", "Bell", attributes=["events"], options={"event_types": ["ring"]})
    client.add("door", one, events=[{"attributes": {"number": 1}}])
    await set_up(hass, client)
    heard = listen(hass)
    client.say("door", KEY, [{"attributes": {"number": 1}}, {"attributes": {"number": 2}}])
    await pass_time(hass, freezer, 31)
    assert heard == [("ring", 2)]


async def test_time_of_an_event_is_shown(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("door", bell(), events=[])
    await set_up(hass, client)
    shown: list[dict[str, Any]] = [
        {"happened_at": "2026-11-24T12:00:00+00:00"},
        {"happened_at": "2026-11-24T12:00:01+00:00", "by": "Ada"},
        {"happened_at": "late"},
    ]
    told: list[dict[str, Any]] = [
        {},
        {"attributes": {"by": "Ada"}},
        {"attributes": {"happened_at": "late"}},
    ]
    for number, (more, expected) in enumerate(zip(told, shown, strict=True)):
        client.say("door", KEY, [rung(number, **more)])
        await pass_time(hass, freezer, 31)
        attributes = state_of(hass, ENTITY_ID).attributes
        assert {name: attributes.get(name) for name in expected} == expected


@pytest.mark.expects_warnings("'squeak' is not among its event_types")
async def test_an_event_of_another_type_is_reported_once_and_not_told(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("door", bell(), events=[])
    entry = await set_up(hass, client)
    heard = listen(hass)
    client.say("door", KEY, [rung(1, "squeak"), rung(2)])
    await pass_time(hass, freezer, 31)
    assert heard == [("ring", None)]
    assert ("door", KEY) in entry.runtime_data.rejected


async def test_too_old_is_not_told(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    freezer.move_to(AT + timedelta(seconds=100))
    client = FakeClient()
    client.add("door", bell(fire_within=60), events=[])
    await set_up(hass, client)
    heard = listen(hass)
    client.say("door", KEY, numbered([1, 90]))
    await pass_time(hass, freezer, 31)
    assert heard == [("ring", 90)]


async def test_event_types_that_the_vendor_tells(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    told = entity("event.bell", "Bell", attributes=["events", "event_types"])
    client.add("door", told, events=[], event_types=["ring"])
    await set_up(hass, client)
    assert state_of(hass, ENTITY_ID).attributes["event_types"] == ["ring"]
    heard = listen(hass)
    client.say("door", "event.bell.event_types", ["ring", "knock"])
    client.say("door", KEY, [rung(1, "knock")])
    await pass_time(hass, freezer, 31)
    assert heard == [("knock", None)]


class Kept(EventMarks):
    """Marks that nobody keeps."""

    def __init__(self, entry: MockConfigEntry) -> None:
        self._told = {}
        self._store = type("Nowhere", (), {"async_delay_save": lambda *_: None})()


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 12)), min_size=1, max_size=20),
    st.randoms(use_true_random=False),
)
def test_whatever_windows_the_vendor_shows_each_mark_is_news_once(
    steps: list[tuple[int, int]], random: Any
) -> None:
    """Windows over a list that only grows: each as far as it has come, and so far back."""
    marks = Kept(account_entry())
    told: list[str] = []
    end, first_end = 0, None
    for more, back in steps:
        start, end = max(0, end - back), end + more
        window = [str(number) for number in range(start, end)]
        if first_end is None:
            first_end = end
        told += marks.async_news("bell", window)
    assert told == [str(number) for number in range(first_end or 0, end)]


def test_marks_do_not_pile_up() -> None:
    marks = Kept(account_entry())
    for number in range(5 * REMEMBERED):
        marks.async_news("bell", [str(number), str(number + 1)])
    assert len(marks._told["bell"]) <= REMEMBERED + 2  # noqa: SLF001 - how much is kept
