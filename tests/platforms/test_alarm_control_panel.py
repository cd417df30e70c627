import logging

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.alarm_control_panel import AlarmControlPanelEntityFeature
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.errors import RefusedError

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import perform, snapshot_platform, written

MODES = ("home", "away", "night", "vacation", "custom_bypass")
COMMANDS = {name: ["code"] for name in ("disarm", *(f"arm_{mode}" for mode in MODES), "trigger")}
CODED = entity("alarm_control_panel.main", attributes=["state", "changed_by"], commands=COMMANDS)
CODELESS = entity(
    "alarm_control_panel.main",
    "Alarm",
    attributes=["state"],
    commands={"disarm": [], "arm_away": []},
)
OBSERVED = entity(
    "alarm_control_panel.main",
    attributes=["state", "code_format", "code_arm_required"],
    commands=COMMANDS,
)
ENTITY_ID = "alarm_control_panel.house"


async def test_alarm_systems(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("coded", CODED, state="armed_away", changed_by="Anna")
    client.add("codeless", CODELESS, state="disarmed")
    client.add(
        "observed", OBSERVED, state="triggered", code_format="number", code_arm_required=False
    )
    client.add("silent", OBSERVED)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        *((word, word) for word in ("disarmed", "pending", "arming", "disarming", "triggered")),
        *((f"armed_{mode}", f"armed_{mode}") for mode in MODES),
        ("confused", STATE_UNKNOWN),
        (None, STATE_UNKNOWN),
    ],
)
async def test_state(hass: HomeAssistant, word: str | None, shown: str) -> None:
    client = FakeClient()
    client.add("house", CODED, state=word)
    await set_up(hass, client)
    assert state_of(hass, ENTITY_ID).state == shown


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("disarm", "disarmed"),
        *((f"arm_{mode}", f"armed_{mode}") for mode in MODES),
        ("trigger", "triggered"),
    ],
)
async def test_commands(hass: HomeAssistant, command: str, shown: str) -> None:
    client = FakeClient()
    client.add("house", CODED, state="pending")
    await set_up(hass, client)
    await perform(hass, f"alarm_control_panel.alarm_{command}", ENTITY_ID, code="1234")
    assert written(client) == [(command, {"code": "1234"})]
    assert state_of(hass, ENTITY_ID).state == shown


async def test_code_is_asked_for_as_the_vendor_wants(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("house", OBSERVED, state="disarmed", code_format="number", code_arm_required=True)
    await set_up(hass, client)
    with pytest.raises(ServiceValidationError):
        await perform(hass, "alarm_control_panel.alarm_arm_away", ENTITY_ID)
    assert client.writes == []
    client.say("house", "alarm_control_panel.main.code_format", None)
    client.say("house", "alarm_control_panel.main.code_arm_required", False)
    await pass_time(hass, freezer, 31)
    attributes = state_of(hass, ENTITY_ID).attributes
    assert (attributes["code_format"], attributes["code_arm_required"]) == (None, False)
    await perform(hass, "alarm_control_panel.alarm_arm_away", ENTITY_ID)
    assert written(client) == [("arm_away", {})]


async def test_alarm_without_codes(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("house", CODELESS, state="disarmed")
    await set_up(hass, client)
    entity_id = f"{ENTITY_ID}_alarm"
    attributes = state_of(hass, entity_id).attributes
    assert (attributes["code_format"], attributes["code_arm_required"]) == (None, False)
    assert attributes["supported_features"] == AlarmControlPanelEntityFeature.ARM_AWAY
    await perform(hass, "alarm_control_panel.alarm_arm_away", entity_id, code="9735")
    assert written(client) == [("arm_away", {})]


async def test_wrong_code_is_told(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("house", CODED, state="armed_home")
    await set_up(hass, client)
    client.fail("write", RefusedError("wrong code"))
    with pytest.raises(HomeAssistantError, match="wrong code"):
        await perform(hass, "alarm_control_panel.alarm_disarm", ENTITY_ID, code="0000")
    assert state_of(hass, ENTITY_ID).state == "armed_home"


async def test_code_goes_to_the_vendor_and_nowhere_else(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = FakeClient()
    client.add("house", CODED, state="armed_home")
    entry = await set_up(hass, client)
    await perform(hass, "alarm_control_panel.alarm_disarm", ENTITY_ID, code="9735")
    await pass_time(hass, freezer, 31)
    assert written(client) == [("disarm", {"code": "9735"})]
    ours = [one for one in caplog.records if one.name.startswith("custom_components")]
    assert ours
    assert not [one for one in ours if "9735" in one.getMessage()]
    assert "9735" not in str(hass.states.async_all())
    assert "9735" not in str((entry.data, entry.options))
