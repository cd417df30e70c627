from typing import Any

from homeassistant.components.siren import SirenEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, snapshot_platform, written

COMMANDS = {"turn_on": ["tone", "duration", "volume_level"], "turn_off": []}
FULL = entity("siren.main", attributes=["state", "available_tones"], commands=COMMANDS)
PLAIN = entity("siren.main", "Horn", attributes=["state"], commands={"turn_on": [], "turn_off": []})
TONES = ["fire", "7"]


async def test_sirens(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("full", FULL, state=False, available_tones=TONES)
    client.add("plain", PLAIN, state=True)
    client.add("silent", FULL)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("action", "given", "command"),
    [
        ("turn_on", {}, ("turn_on", {})),
        (
            "turn_on",
            {"tone": "fire", "duration": 10, "volume_level": 0.5},
            ("turn_on", {"tone": "fire", "duration": 10, "volume_level": 0.5}),
        ),
        ("turn_on", {"tone": "7"}, ("turn_on", {"tone": "7"})),
        ("turn_on", {"tone": 7}, ("turn_on", {"tone": "7"})),
        ("toggle", {}, ("turn_on", {})),
        ("turn_off", {}, ("turn_off", {})),
    ],
)
async def test_commands(
    hass: HomeAssistant, action: str, given: dict[str, Any], command: tuple[str, dict[str, Any]]
) -> None:
    client = FakeClient()
    client.add("alarm", FULL, state=False, available_tones=TONES)
    await set_up(hass, client)
    await perform(hass, f"siren.{action}", "siren.alarm", **given)
    assert written(client) == [command]
    assert state_of(hass, "siren.alarm").state == ("off" if action == "turn_off" else "on")


async def test_what_it_does_not_take_stays_here(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("alarm", PLAIN, state=False)
    await set_up(hass, client)
    await perform(hass, "siren.turn_on", "siren.alarm_horn", tone="fire", duration=5)
    assert written(client) == [("turn_on", {})]


async def test_tone_has_to_be_one(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("alarm", FULL, state=False, available_tones=TONES)
    await set_up(hass, client)
    with pytest.raises(ValueError, match="Invalid tone"):
        await perform(hass, "siren.turn_on", "siren.alarm", tone="flood")
    assert client.writes == []


async def test_no_tones_while_the_vendor_tells_none(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("alarm", FULL, state=False)
    await set_up(hass, client)
    assert state_of(hass, "siren.alarm").attributes["supported_features"] == (
        SirenEntityFeature.TURN_ON
        | SirenEntityFeature.TURN_OFF
        | SirenEntityFeature.DURATION
        | SirenEntityFeature.VOLUME_SET
    )
