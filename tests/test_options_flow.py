from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from homeassistant.helpers import (
    config_validation as cv,
    device_registry as dr,
    entity_registry as er,
)
import probatio
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge import options_flow
from custom_components.vendor_bridge.bridge.errors import UnreachableError
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, Device, Monitor
from custom_components.vendor_bridge.bridge.schedule import parse_schedule
from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_ADD_NEW,
    CONF_CHOSEN,
    CONF_EXCLUDED,
    CONF_INTERVALS,
    CONF_OUTAGE_AFTER,
    CONF_SCHEDULES,
    CONF_VOICE_UNLOCKS,
    DOMAIN,
)

from .fakes import FakeClient, account_entry, monitor, set_up, using
from .own_profiles import OwnProfiles, profile


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient(monitor("status", 30), monitor("meter", 300))
    client.add(Device(id="L1", type="lamp", name="Lamp"))
    client.add(Device(id="P1", type="plug", name="Plug"))
    return client


async def begin(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    return await hass.config_entries.options.async_init(entry.entry_id)


async def finish(
    hass: HomeAssistant, result: ConfigFlowResult, answer: Mapping[str, Any], client: FakeClient
) -> ConfigFlowResult:
    with using(client):
        result = await hass.config_entries.options.async_configure(result["flow_id"], dict(answer))
        await hass.async_block_till_done(wait_background_tasks=True)
    return result


def shown(result: ConfigFlowResult) -> dict[str, Any]:
    """Return the fields of a form as the frontend gets them, by name."""
    fields = probatio.to_field_list(result["data_schema"], custom_serializer=cv.custom_serializer)
    assert isinstance(fields, list)
    return {field["name"]: field for field in fields}


def devices(result: ConfigFlowResult) -> dict[str, str]:
    """Return the devices that a form offers: label by vendor id."""
    options = shown(result)[CONF_CHOSEN]["selector"]["select"]["options"]
    return {option["value"]: option["label"] for option in options}


INTERVALS = {DEVICES_MONITOR: 300, "status": 30, "meter": 300}


async def test_what_is_chosen_now_is_shown(hass: HomeAssistant, client: FakeClient) -> None:
    entry = await set_up(
        hass, client, chosen=["L1"], excluded=["P1"], add_new=False, intervals={"status": 45}
    )
    result = await begin(hass, entry)
    assert (result["type"], result["step_id"]) == (FlowResultType.FORM, "init")
    assert devices(result) == {"L1": "Lamp, lamp (L1)", "P1": "Plug, plug (P1)"}
    fields = shown(result)
    assert fields[CONF_CHOSEN]["default"] == ["L1"]
    assert fields[CONF_ADD_NEW]["default"] is False
    assert fields[CONF_OUTAGE_AFTER]["default"] == 60
    assert {field["name"]: field["default"] for field in fields[CONF_INTERVALS]["schema"]} == {
        DEVICES_MONITOR: 300,
        "status": 45,
        "meter": 300,
    }


async def test_devices_and_intervals_are_changed_and_the_account_starts_anew(
    hass: HomeAssistant, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    result = await begin(hass, entry)
    assert shown(result)[CONF_CHOSEN]["default"] == ["L1", "P1"]
    result = await finish(
        hass,
        result,
        {
            CONF_CHOSEN: ["P1"],
            CONF_ADD_NEW: False,
            CONF_OUTAGE_AFTER: 5.0,
            CONF_INTERVALS: INTERVALS | {"meter": 60.0},
        },
        client,
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == {
        CONF_CHOSEN: ["P1"],
        CONF_EXCLUDED: ["L1"],
        CONF_ADD_NEW: False,
        CONF_OUTAGE_AFTER: 5.0,
        CONF_INTERVALS: {"meter": 60.0},
        CONF_SCHEDULES: {},
    }
    assert entry.state is ConfigEntryState.LOADED
    assert client.connected == 2
    names = {
        device.name
        for device in dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    }
    assert names == {"Acme Home", "Plug"}
    interval = entry.runtime_data.coordinators["meter"].update_interval
    assert interval.total_seconds() == 60


async def test_an_interval_that_is_the_profiles_own_follows_the_profile(
    hass: HomeAssistant, client: FakeClient
) -> None:
    entry = await set_up(hass, client, intervals={"meter": 60})
    result = await begin(hass, entry)
    await finish(hass, result, {CONF_ADD_NEW: True, CONF_INTERVALS: INTERVALS}, client)
    assert entry.options[CONF_INTERVALS] == {}


async def test_an_interval_cannot_be_shorter_than_a_second(
    hass: HomeAssistant, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    result = await begin(hass, entry)
    with pytest.raises(InvalidData):
        await finish(hass, result, {CONF_INTERVALS: INTERVALS | {"meter": 0.5}}, client)


async def test_a_device_that_the_vendor_has_since_is_offered(
    hass: HomeAssistant, client: FakeClient
) -> None:
    entry = await set_up(hass, client, add_new=False)
    client.add("new")
    result = await begin(hass, entry)
    assert sorted(devices(result)) == ["L1", "P1", "new"]
    assert shown(result)[CONF_CHOSEN]["default"] == []


@pytest.mark.parametrize("failure", ["an error", "silence"])
async def test_without_the_vendor_the_last_listing_is_offered(
    hass: HomeAssistant,
    client: FakeClient,
    monkeypatch: pytest.MonkeyPatch,
    failure: str,
) -> None:
    entry = await set_up(hass, client)
    client.add("new")
    if failure == "an error":
        client.fail(DEVICES_MONITOR, UnreachableError("no answer"))
        result = await begin(hass, entry)
    else:
        monkeypatch.setattr(options_flow, "PATIENCE", 0.01)
        with client.hold(DEVICES_MONITOR):
            result = await begin(hass, entry)
    assert sorted(devices(result)) == ["L1", "P1"]


async def test_what_was_decided_of_devices_that_are_not_there_stands(
    hass: HomeAssistant, client: FakeClient
) -> None:
    entry = await set_up(hass, client, chosen=["L1", "away"], excluded=["P1", "out"])
    result = await begin(hass, entry)
    await finish(
        hass,
        result,
        {CONF_CHOSEN: ["P1"], CONF_ADD_NEW: True, CONF_INTERVALS: INTERVALS},
        client,
    )
    assert entry.options[CONF_CHOSEN] == ["P1", "away"]
    assert entry.options[CONF_EXCLUDED] == ["L1", "out"]


async def test_an_account_without_devices_has_options_too(
    hass: HomeAssistant, client: FakeClient
) -> None:
    client.devices.clear()
    entry = await set_up(hass, client)
    result = await begin(hass, entry)
    assert CONF_CHOSEN not in shown(result)
    await finish(hass, result, {CONF_ADD_NEW: False, CONF_INTERVALS: INTERVALS}, client)
    assert entry.options[CONF_ADD_NEW] is False


async def test_an_account_that_is_not_loaded_has_the_devices_that_are_known_of_it(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    OwnProfiles(hass, tmp_path, monkeypatch).write("acme.yaml", profile())
    entry = account_entry(chosen=["L1", "away"], excluded=["out"])
    entry.add_to_hass(hass)
    registry = dr.async_get(hass)
    lamp = registry.async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, f"{entry.data[CONF_ACCOUNT_ID]}:L1")},
        name="Lamp",
    )
    registry.async_update_device(lamp.id, name_by_user="Mine")
    registry.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "of another"), ("x", "y")}
    )
    result = await begin(hass, entry)
    assert devices(result) == {"L1": "Mine (L1)", "away": "away", "out": "out"}
    assert shown(result)[CONF_CHOSEN]["default"] == ["away", "L1"]
    assert [field["name"] for field in shown(result)[CONF_INTERVALS]["schema"]] == ["devices"]


async def test_whoever_has_a_lock_decides_whether_it_is_unlocked_by_voice(
    hass: HomeAssistant, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    result = await begin(hass, entry)
    assert CONF_VOICE_UNLOCKS not in shown(result)
    er.async_get(hass).async_get_or_create("lock", DOMAIN, "door", config_entry=entry)
    result = await begin(hass, entry)
    assert shown(result)[CONF_VOICE_UNLOCKS]["default"] is False
    answer = {
        CONF_CHOSEN: ["L1", "P1"],
        CONF_ADD_NEW: True,
        CONF_OUTAGE_AFTER: 60,
        CONF_VOICE_UNLOCKS: True,
        CONF_INTERVALS: INTERVALS,
    }
    result = await finish(hass, result, answer, client)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options[CONF_VOICE_UNLOCKS] is True


async def test_without_its_profile_the_intervals_of_an_account_stay(
    hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: FakeClient
) -> None:
    OwnProfiles(hass, tmp_path, monkeypatch)
    entry = account_entry(intervals={"meter": 60})
    entry.add_to_hass(hass)
    result = await begin(hass, entry)
    assert set(shown(result)) == {CONF_ADD_NEW, CONF_OUTAGE_AFTER}
    with patch.object(hass.config_entries, "async_schedule_reload"):
        await finish(hass, result, {CONF_ADD_NEW: False}, client)
    assert entry.options[CONF_INTERVALS] == {"meter": 60}


async def test_a_schedule_takes_the_place_of_an_interval(
    hass: HomeAssistant, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    result = await begin(hass, entry)
    lines = ["*/15 6-21 * * *", "sunset-00:30"]
    answer = {
        CONF_INTERVALS: INTERVALS,
        CONF_SCHEDULES: {"meter": [*lines, " "], "status": [], DEVICES_MONITOR: []},
    }
    await finish(hass, result, answer, client)
    assert entry.options[CONF_SCHEDULES] == {"meter": lines}
    fields = shown(await begin(hass, entry))
    assert {field["name"]: field["default"] for field in fields[CONF_SCHEDULES]["schema"]} == {
        DEVICES_MONITOR: [],
        "status": [],
        "meter": lines,
    }


async def test_a_schedule_that_cannot_be_understood_is_named_and_nothing_that_was_filled_in_is_lost(
    hass: HomeAssistant, client: FakeClient
) -> None:
    entry = await set_up(hass, client)
    before = dict(entry.options)
    result = await begin(hass, entry)
    schedules = {"meter": ["at noon"], "status": ["never"], DEVICES_MONITOR: []}
    answer = {CONF_INTERVALS: INTERVALS | {"status": 31.0}, CONF_SCHEDULES: schedules}
    result = await finish(hass, result, answer, client)
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": "schedule_invalid"}
    placeholders = result["description_placeholders"]
    assert placeholders is not None
    assert placeholders["monitor"] == "meter"
    assert "at noon" in placeholders["reason"]
    assert entry.options == before
    assert result["data_schema"] is not None
    suggested = {
        str(marker): marker.description["suggested_value"]
        for marker in result["data_schema"].schema[CONF_SCHEDULES].schema.schema
    }
    assert suggested == schedules


async def test_an_emptied_schedule_of_the_profile_means_the_interval(hass: HomeAssistant) -> None:
    hourly = Monitor(
        key="meter", every=timedelta(seconds=300), schedule=parse_schedule(["0 * * * *"])
    )
    client = FakeClient(hourly)
    client.add(Device(id="L1", type="lamp", name="Lamp"))
    entry = await set_up(hass, client)
    result = await begin(hass, entry)
    fields = {field["name"]: field for field in shown(result)[CONF_SCHEDULES]["schema"]}
    assert fields["meter"]["default"] == ["0 * * * *"]
    answer = {
        CONF_INTERVALS: {DEVICES_MONITOR: 300, "meter": 300},
        CONF_SCHEDULES: {"meter": [], DEVICES_MONITOR: []},
    }
    await finish(hass, result, answer, client)
    assert entry.options[CONF_SCHEDULES] == {"meter": []}
