import asyncio
import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import ATTR_ENTITY_ID, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.entity_registry import EntityRegistry
from homeassistant.helpers.event import async_track_state_change_event
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.errors import NotConfirmedError, RefusedError

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import snapshot_platform

COMMANDS = {"lock": ["code"], "unlock": ["code"], "open": ["code"]}
BY_WORD = entity(
    "lock.main",
    attributes=["state", "changed_by"],
    commands=COMMANDS,
    options={"code_format": r"^\d{4}$"},
)
FLAGS = ("is_locked", "is_locking", "is_unlocking", "is_open", "is_opening", "is_jammed")
BY_FLAG = entity("lock.main", attributes=FLAGS, commands={"lock": [], "unlock": []})


async def test_locks(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("front", BY_WORD, state="locked", changed_by="Anna")
    client.add("back", BY_FLAG, is_locked=False)
    client.add("cellar", BY_FLAG)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    "word", ["locked", "locking", "unlocked", "unlocking", "open", "opening", "jammed"]
)
async def test_state_as_one_word(hass: HomeAssistant, word: str) -> None:
    client = FakeClient()
    client.add("front", BY_WORD, state=word)
    await set_up(hass, client)
    assert state_of(hass, "lock.front").state == word


@pytest.mark.parametrize(
    ("flags", "shown"),
    [
        ({"is_locked": True}, "locked"),
        ({"is_locked": False}, "unlocked"),
        ({"is_locked": True, "is_unlocking": True}, "unlocking"),
        ({"is_locked": False, "is_locking": True}, "locking"),
        ({"is_locked": False, "is_open": True}, "open"),
        ({"is_locked": False, "is_opening": True}, "opening"),
        ({"is_locked": False, "is_jammed": True}, "jammed"),
        ({}, STATE_UNKNOWN),
    ],
)
async def test_state_as_flags(hass: HomeAssistant, flags: dict[str, bool], shown: str) -> None:
    client = FakeClient()
    client.add("back", BY_FLAG, **flags)
    await set_up(hass, client)
    assert state_of(hass, "lock.back").state == shown


async def test_flag_tells_more_than_the_word(hass: HomeAssistant) -> None:
    client = FakeClient()
    lock = entity("lock.main", attributes=["state", "is_jammed"], commands=COMMANDS)
    client.add("front", lock, state="locked", is_jammed=True)
    await set_up(hass, client)
    assert state_of(hass, "lock.front").state == "jammed"


@pytest.mark.parametrize(
    ("service", "under_way", "after"),
    [
        ("lock", "locking", "locked"),
        ("unlock", "unlocking", "unlocked"),
        ("open", "opening", "open"),
    ],
)
async def test_command_shows_that_it_is_under_way(
    hass: HomeAssistant, service: str, under_way: str, after: str
) -> None:
    client = FakeClient()
    client.outcome = None
    client.add("front", BY_WORD, state="unlocked" if service == "lock" else "locked")
    await set_up(hass, client)
    with client.hold("write"):
        call = hass.async_create_task(
            hass.services.async_call(
                "lock", service, {ATTR_ENTITY_ID: "lock.front", "code": "1234"}, blocking=True
            )
        )
        await asyncio.sleep(0)
        assert state_of(hass, "lock.front").state == under_way
    await call
    assert state_of(hass, "lock.front").state == after
    assert [(one.name, one.data) for _, one in client.writes] == [(service, {"code": "1234"})]


async def test_commands_under_way_are_shown_one_after_the_other(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("front", BY_WORD, state="unlocked")
    await set_up(hass, client)
    data = {ATTR_ENTITY_ID: "lock.front", "code": "1234"}
    with client.hold("write"):
        calls = [
            hass.async_create_task(hass.services.async_call("lock", service, data, blocking=True))
            for service in ("lock", "unlock")
        ]
        await asyncio.sleep(0)
        assert state_of(hass, "lock.front").state == "locking"
    await asyncio.gather(*calls)
    assert state_of(hass, "lock.front").state == "unlocked"


async def test_command_that_fails_leaves_the_state(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("front", BY_WORD, state="unlocked")
    await set_up(hass, client)
    client.fail("write", RefusedError("the door is open"))
    with pytest.raises(HomeAssistantError, match="the door is open"):
        await hass.services.async_call(
            "lock", "lock", {ATTR_ENTITY_ID: "lock.front", "code": "1234"}, blocking=True
        )
    assert state_of(hass, "lock.front").state == "unlocked"


async def test_jam_shows_at_once(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("front", BY_WORD, state="locked")
    await set_up(hass, client)
    states: list[str] = []

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        assert event.data["new_state"] is not None
        states.append(event.data["new_state"].state)

    async_track_state_change_event(hass, "lock.front", note)
    client.fail("write", NotConfirmedError("jammed"))
    client.say("front", "lock.main.state", "jammed")
    with pytest.raises(HomeAssistantError, match="jammed"):
        await hass.services.async_call(
            "lock", "unlock", {ATTR_ENTITY_ID: "lock.front", "code": "1234"}, blocking=True
        )
    assert states == ["unlocking", "jammed"]


async def test_code_goes_to_the_vendor_and_nowhere_else(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = FakeClient()
    client.add("front", BY_WORD, state="unlocked")
    client.add("back", BY_FLAG, is_locked=False)
    entry = await set_up(hass, client)
    ours = logging.getLogger("custom_components.vendor_bridge")
    data = {ATTR_ENTITY_ID: ["lock.front", "lock.back"], "code": "9735"}
    await hass.services.async_call("lock", "lock", data, blocking=True)
    await pass_time(hass, freezer, 31)
    assert {(device_id, *one.data.items()) for device_id, one in client.writes} == {
        ("front", ("code", "9735")),
        ("back",),
    }
    assert not [
        record
        for record in caplog.records
        if record.name == ours.name and "9735" in record.getMessage()
    ]
    assert "9735" not in str(hass.states.async_all())
    assert "9735" not in str((entry.data, entry.options))


async def test_code_has_to_look_like_one(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("front", BY_WORD, state="unlocked")
    await set_up(hass, client)
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(
            "lock", "lock", {ATTR_ENTITY_ID: "lock.front", "code": "x"}, blocking=True
        )
    assert client.writes == []
