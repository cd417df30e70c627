from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import perform, snapshot_platform, written

COMMANDS = {"set_value": ["value"]}
PLAIN = entity("text.note", "Note", attributes=["state"], commands=COMMANDS)
LIMITED = entity(
    "text.note",
    attributes=["state", "pattern"],
    options={"min": 2, "max": 5, "mode": "password"},
    commands=COMMANDS,
)


async def test_texts(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("plain", PLAIN, state="hello")
    client.add("limited", LIMITED, state="abc", pattern="[a-z]+")
    client.add("silent", LIMITED)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_set_value(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("board", PLAIN, state="hello")
    await set_up(hass, client)
    await perform(hass, "text.set_value", "text.board_note", value="bye")
    assert written(client) == [("set_value", {"value": "bye"})]
    assert state_of(hass, "text.board_note").state == "bye"


@pytest.mark.parametrize("text", ["a", "abcdef", "12"])
async def test_text_has_to_be_as_the_vendor_wants(hass: HomeAssistant, text: str) -> None:
    client = FakeClient()
    client.add("board", LIMITED, state="abc", pattern="[a-z]+")
    await set_up(hass, client)
    with pytest.raises(ValueError, match="text"):
        await perform(hass, "text.set_value", "text.board", value=text)
    assert client.writes == []


@pytest.mark.expects_warnings("it has 6 characters, not 2 to 5", r"it does not match \[a-z\]\+")
async def test_what_does_not_fit_is_unknown_and_reported(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    client = FakeClient()
    client.add("board", LIMITED, state="secret", pattern="[a-z]+")
    await set_up(hass, client)
    assert state_of(hass, "text.board").state == STATE_UNKNOWN
    client.say("board", "text.note.state", "1234")
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "text.board").state == STATE_UNKNOWN
    client.say("board", "text.note.state", "fine")
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "text.board").state == "fine"
    warnings = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
    assert not [text for text in warnings if "secret" in text or "1234" in text]


@pytest.mark.parametrize("pattern", ["(", "(a+)+$", None])
async def test_pattern_that_cannot_be_used_is_left_out(
    hass: HomeAssistant, pattern: str | None
) -> None:
    client = FakeClient()
    client.add("board", LIMITED, state="abc", pattern=pattern)
    await set_up(hass, client)
    state = state_of(hass, "text.board")
    assert (state.state, state.attributes["pattern"]) == ("abc", None)
