"""What Assist may use, what else entities are called, and what stays as the user wants it."""

from homeassistant.components.homeassistant.const import DATA_EXPOSED_ENTITIES
from homeassistant.components.homeassistant.exposed_entities import (
    async_expose_entity,
    async_should_expose,
)
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import chat_session, device_registry as dr, entity_registry as er, intent
from homeassistant.helpers.intent import IntentResponseErrorCode, IntentResponseType
from homeassistant.setup import async_setup_component
import pytest

from custom_components.vendor_bridge.const import CONF_VOICE_UNLOCKS

from .conftest import Home, MakeHome, spoken

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web")

ASSIST = "conversation"
ALIAS = "Power of the Dishwasher"


def exposed(home: Home, serial: str, key: str = "main", assistant: str = ASSIST) -> bool:
    return async_should_expose(home.hass, assistant, home.entity_id(serial, key))


def aliases(home: Home, serial: str, key: str = "main") -> list[str]:
    entry = er.async_get(home.hass).async_get(home.entity_id(serial, key))
    assert entry is not None
    assert entry.aliases[0] is er.COMPUTED_NAME
    return [str(alias) for alias in entry.aliases[1:]]


async def reload(home: Home) -> None:
    assert await home.hass.config_entries.async_reload(home.entry.entry_id)
    await home.hass.async_block_till_done()


async def test_assist_may_use_what_can_only_be_asked_and_locks(home: Home) -> None:
    for serial, key in (
        ("PLG-0001", "power"),
        ("SMK-0001", "smoke"),
        ("WEA-0001", "main"),
        ("MOW-0001", "main"),
        ("LCK-0001", "main"),
        ("LMP-0001", "main"),
    ):
        assert exposed(home, serial, key), (serial, key)
    for serial, key in (
        ("LCK-0001", "battery"),  # diagnostic
        ("SMK-0001", "fault"),
        ("PLG-0001", "restart"),
        ("PLG-0001", "led"),
        ("VLV-0001", "main"),
        ("ALM-0001", "main"),
        ("SIR-0001", "main"),
    ):
        assert not exposed(home, serial, key), (serial, key)


async def test_assistants_in_a_cloud_are_the_users_to_decide(home: Home) -> None:
    for assistant in ("cloud.alexa", "cloud.google_assistant"):
        assert not exposed(home, "LCK-0001", assistant=assistant)
        assert not exposed(home, "PLG-0001", "power", assistant=assistant)


async def test_what_the_user_took_back_stays_so(home: Home) -> None:
    async_expose_entity(home.hass, ASSIST, home.entity_id("LCK-0001"), should_expose=False)
    await reload(home)
    assert not exposed(home, "LCK-0001")
    assert spoken(await home.say("lock the front door")) == "Sorry, Front door is not exposed"


async def test_nothing_is_exposed_where_the_user_decides_about_each(make_home: MakeHome) -> None:
    def decide(hass: HomeAssistant) -> None:
        hass.data[DATA_EXPOSED_ENTITIES].async_set_expose_new_entities(ASSIST, expose_new=False)

    async with make_home(before=decide) as home:
        assert not exposed(home, "LCK-0001")
        assert not exposed(home, "PLG-0001", "power")


async def test_what_is_exposed_by_hand_is_understood_too(home: Home) -> None:
    async_expose_entity(home.hass, ASSIST, home.entity_id("VLV-0001"), should_expose=True)
    assert spoken(await home.say("open the garden water")) == "Opening"


async def test_a_humidifier_is_set_by_an_assistant_that_finds_words_for_it(home: Home) -> None:
    slots = {"name": {"value": "Humidifier"}, "humidity": {"value": 55}}
    await intent.async_handle(home.hass, "test", "HassHumidifierSetpoint", slots, assistant=ASSIST)
    await home.hass.async_block_till_done()
    truth = home.truth("HUM-0001")
    assert (truth["on"], truth["target"]) == (True, 55)


# --- unlocking ------------------------------------------------------------------------------------


@pytest.mark.expects_warnings(r"Service call failed for lock\.hall_front_door")
async def test_nobody_unlocks_by_voice_until_it_is_switched_on(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    response = await home.say("unlock the front door")
    assert response.error_code is IntentResponseErrorCode.FAILED_TO_HANDLE
    assert home.truth("LCK-0001")["state"] == "locked"
    assert "Front door is not unlocked by voice" in caplog.text


async def test_whoever_switches_it_on_unlocks_by_voice(home: Home) -> None:
    options = {CONF_VOICE_UNLOCKS: True}
    home.hass.config_entries.async_update_entry(home.entry, options=options)
    await reload(home)
    response = await home.say("unlock the front door")
    assert response.response_type is IntentResponseType.ACTION_DONE
    assert home.truth("LCK-0001")["state"] == "unlocked"


async def test_all_but_voice_unlocks_as_ever(home: Home) -> None:
    await home.hass.services.async_call(
        "lock", "unlock", {"entity_id": home.entity_id("LCK-0001")}, blocking=True
    )
    assert home.truth("LCK-0001")["state"] == "unlocked"


async def test_an_automation_unlocks_at_a_sentence_of_the_users_own(home: Home) -> None:
    automation = {
        "alias": "Let me in",
        "triggers": {"trigger": "conversation", "command": "open sesame"},
        "actions": {
            "action": "lock.unlock",
            "target": {"entity_id": home.entity_id("LCK-0001")},
        },
    }
    assert await async_setup_component(home.hass, "automation", {"automation": automation})
    await home.hass.async_block_till_done()
    await home.say("open sesame")
    assert home.truth("LCK-0001")["state"] == "unlocked"


async def test_a_script_unlocks_that_is_run_by_voice(home: Home) -> None:
    unlock = {"action": "lock.unlock", "target": {"entity_id": home.entity_id("LCK-0001")}}
    scripts = {"script": {"come_in": {"alias": "Let me in", "sequence": [unlock]}}}
    assert await async_setup_component(home.hass, "script", scripts)
    async_expose_entity(home.hass, ASSIST, "script.come_in", should_expose=True)
    await home.hass.async_block_till_done()
    await home.say("run let me in")
    assert home.truth("LCK-0001")["state"] == "unlocked"


@pytest.mark.parametrize("action", ["unlock", "open"])
async def test_an_assistant_that_calls_actions_is_refused_in_the_users_language(
    home: Home, action: str
) -> None:
    with (
        chat_session.async_get_chat_session(home.hass),
        pytest.raises(ServiceValidationError) as raised,
    ):
        await home.hass.services.async_call(
            "lock",
            action,
            {"entity_id": home.entity_id("LCK-0001")},
            blocking=True,
            context=Context(),
        )
    assert raised.value.translation_key == "not_by_voice"
    assert raised.value.translation_placeholders == {"device": "Front door"}


# --- names ----------------------------------------------------------------------------------------


async def test_other_names(home: Home) -> None:
    assert aliases(home, "PLG-0001", "power") == [ALIAS, "Power of Dishwasher"]
    assert aliases(home, "HUB-0001", "movie") == ["Movie"]
    assert aliases(home, "GAR-0001") == ["Garage"]
    assert aliases(home, "LMP-0001") == []
    assert aliases(home, "LCK-0001", "battery") == []


async def test_names_are_in_the_users_language(make_home: MakeHome) -> None:
    async with make_home("de") as home:
        entity_id = home.entity_id("PLG-0001", "power")
        state = home.hass.states.get(entity_id)
        assert state is not None
        assert state.name == "Geschirrspüler Leistung"
        assert "Leistung des Geschirrspülers" in aliases(home, "PLG-0001", "power")
        assert aliases(home, "GAR-0001") == ["Garage"]
        # What the profile calls otherwise than the device class stays as it says.
        leak = home.hass.states.get(home.entity_id("VLV-0001", "leak"))
        assert leak is not None
        assert leak.name == "Gartenwasser Leak"


async def test_there_are_no_other_names_in_a_language_whose_grammar_we_do_not_know(
    make_home: MakeHome,
) -> None:
    async with make_home("fi") as home:
        assert aliases(home, "PLG-0001", "power") == []
        assert aliases(home, "HUB-0001", "movie") == ["Movie"]


async def test_what_else_people_call_a_device_is_understood_too(make_home: MakeHome) -> None:
    async with make_home(aliases='"[model, label]"') as home:
        assert aliases(home, "LMP-0001") == ["Glow Dim"]
        assert aliases(home, "GAR-0001") == ["Gate Motor", "Garage"]
        assert "Power of the Plug Pro" in aliases(home, "PLG-0001", "power")
        assert aliases(home, "LMP-0001", "identify") == []
        response = await home.say("turn on the glow dim")
        assert response.response_type is IntentResponseType.ACTION_DONE
        assert home.truth("LMP-0001")["on"] is True


async def test_other_names_follow_the_name_of_the_device(home: Home) -> None:
    registry = dr.async_get(home.hass)
    entry = er.async_get(home.hass).async_get(home.entity_id("PLG-0001", "power"))
    assert entry is not None
    assert entry.device_id is not None
    registry.async_update_device(entry.device_id, name_by_user="Dryer")
    await reload(home)
    assert aliases(home, "PLG-0001", "power") == ["Power of the Dryer", "Power of Dryer"]


@pytest.mark.parametrize("wanted", [[], ["The hungry one"], [ALIAS]])
async def test_other_names_that_the_user_changed_stay(home: Home, wanted: list[str]) -> None:
    registry = er.async_get(home.hass)
    entity_id = home.entity_id("PLG-0001", "power")
    entry = registry.async_update_entity(entity_id, aliases=[er.COMPUTED_NAME, *wanted])
    await reload(home)
    assert aliases(home, "PLG-0001", "power") == wanted
    assert entry.device_id is not None
    dr.async_get(home.hass).async_update_device(entry.device_id, name_by_user="Dryer")
    await reload(home)
    assert aliases(home, "PLG-0001", "power") == wanted


async def test_what_begins_disabled_gets_its_other_names_once_it_is_enabled(home: Home) -> None:
    registry = er.async_get(home.hass)
    registry.async_remove(home.entity_id("PLG-0001", "power"))
    registry.deleted_entities.clear()
    home.hass.config_entries.async_update_entry(home.entry, pref_disable_new_entities=True)
    await reload(home)
    entry = registry.async_get(home.entity_id("PLG-0001", "power"))
    assert entry is not None
    assert entry.disabled
    registry.async_update_entity(entry.entity_id, disabled_by=None)
    await reload(home)
    assert aliases(home, "PLG-0001", "power") == [ALIAS, "Power of Dishwasher"]
