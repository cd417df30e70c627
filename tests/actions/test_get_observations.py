"""``get_observations`` tells what the recorder keeps."""

from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.models import StatisticMeanType, StatisticMetaData
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
import voluptuous as vol

from custom_components.vendor_bridge.actions import get_observations

from ..fakes import FakeClient, device_of, set_up
from ..recording import mock_recorder_before_hass
from .acting import act, house

__all__ = ["mock_recorder_before_hass"]

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def measured(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, *watts: float | None
) -> FakeClient:
    """Have a plug whose power has changed once a minute. None is a time without the vendor."""
    freezer.move_to(AT)
    client = house()
    await set_up(hass, client)
    for value in watts:
        freezer.tick(60)
        if value is None:
            hass.states.async_set("sensor.plug_power", "unavailable")
        else:
            client.say("plug", "sensor.power.state", value)
            await act(hass, "refresh", entity_id="sensor.plug_power")
    freezer.tick(60)
    await async_wait_recording_done(hass)
    return client


async def look(hass: HomeAssistant, entity_id: str, **more: Any) -> list[tuple[Any, Any, str]]:
    response = await act(hass, "get_observations", entity_id=entity_id, **more)
    assert response["failed"] == []
    (device,) = response["devices"]
    assert device["entity_ids"] == [entity_id]
    assert {one["entity_id"] for one in device["observations"]} <= {entity_id}
    return [
        (one["value"], one["unit"], one["observed_at"].partition("T")[2][:5])
        for one in device["observations"]
    ]


@pytest.mark.usefixtures("recorder_mock")
async def test_states_are_told_as_observations(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    await measured(hass, freezer, 20, None, 30.5)
    assert await look(hass, "sensor.plug_power") == [
        (12.5, "W", "12:00"),
        (20, "W", "12:01"),
        (30.5, "W", "12:03"),
    ]
    start = (AT + timedelta(seconds=90)).isoformat()
    assert await look(hass, "sensor.plug_power", start=start) == [
        (20, "W", "12:01"),  # what held at the start
        (30.5, "W", "12:03"),
    ]
    end = (AT + timedelta(seconds=61)).isoformat()
    assert await look(hass, "sensor.plug_power", end=end) == [
        (12.5, "W", "12:00"),
        (20, "W", "12:01"),
    ]
    assert await look(hass, "switch.plug") == [("on", None, "12:00")]


@pytest.mark.usefixtures("recorder_mock")
async def test_an_answer_holds_no_more_than_it_may(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    await measured(hass, freezer, 20, 30, 40)
    entity_ids = ["sensor.plug_power", "switch.plug"]
    response = await act(hass, "get_observations", entity_id=entity_ids, limit=2)
    values = [one["value"] for one in response["devices"][0]["observations"]]
    assert values == [12.5, 20, "on"]
    assert response["cut"] == ["sensor.plug_power"]
    monkeypatch.setattr(get_observations, "MOST", 6)
    response = await act(hass, "get_observations", entity_id=entity_ids)
    assert len(response["devices"][0]["observations"]) == 4
    assert response["cut"] == ["sensor.plug_power"]


async def import_hours(hass: HomeAssistant, entity_id: str, unit: str, means: list[float]) -> None:
    async_import_statistics(
        hass,
        StatisticMetaData(
            mean_type=StatisticMeanType.ARITHMETIC,
            has_sum=False,
            name=None,
            source="recorder",
            statistic_id=entity_id,
            unit_class="power",
            unit_of_measurement=unit,
        ),
        [
            {"start": AT + timedelta(hours=hour), "mean": mean, "min": mean - 1, "max": mean + 1}
            for hour, mean in enumerate(means)
        ],
    )
    await async_wait_recording_done(hass)


@pytest.mark.usefixtures("recorder_mock")
async def test_periods_are_told_in_the_unit_that_is_shown(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    await measured(hass, freezer)
    await import_hours(hass, "sensor.plug_power", "kW", [1, 2, 3])
    freezer.move_to(AT + timedelta(hours=5))
    response = await act(hass, "get_observations", entity_id="sensor.plug_power", period="hour")
    observations = response["devices"][0]["observations"]
    assert [one["value"] for one in observations] == [1000, 2000, 3000]
    assert observations[0] == {
        "entity_id": "sensor.plug_power",
        "attribute": "state",
        "value": 1000,
        "unit": "W",
        "observed_at": "2026-11-24T12:00:00+00:00",
        "until": "2026-11-24T13:00:00+00:00",
        "mean": 1000,
        "min": 0,
        "max": 2000,
    }
    assert response["period"] == "hour"
    assert response["cut"] == []
    days = await act(hass, "get_observations", entity_id="sensor.plug_power", period="day")
    assert [one["value"] for one in days["devices"][0]["observations"]] == [2000]
    cut = await act(
        hass, "get_observations", entity_id="sensor.plug_power", period="hour", start=AT, limit=2
    )
    assert [one["value"] for one in cut["devices"][0]["observations"]] == [1000, 2000]
    assert cut["cut"] == ["sensor.plug_power"]


@pytest.mark.usefixtures("recorder_mock")
async def test_who_has_no_statistics_is_told_when_named(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    await measured(hass, freezer)
    await import_hours(hass, "sensor.plug_power", "W", [1])
    freezer.move_to(AT + timedelta(hours=5))
    both = ["sensor.plug_power", "switch.plug"]
    response = await act(hass, "get_observations", entity_id=both, period="hour")
    assert response["devices"][0]["entity_ids"] == ["sensor.plug_power"]
    assert [(one["entity_id"], one["error_key"]) for one in response["failed"]] == [
        ("switch.plug", "no_statistics")
    ]
    (entry,) = hass.config_entries.async_entries("vendor_bridge")
    plug = device_of(hass, entry, "plug")
    response = await act(hass, "get_observations", device_id=plug.id, period="hour")
    assert response["failed"] == []
    assert response["devices"][0]["entity_ids"] == ["sensor.plug_power"]
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "get_observations", entity_id="switch.plug", period="hour")
    assert caught.value.translation_key == "no_statistics"


async def test_without_a_recorder_there_is_nothing_to_ask(hass: HomeAssistant) -> None:
    await set_up(hass, house())
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "get_observations", entity_id="switch.plug")
    assert caught.value.translation_key == "no_recorder"


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"start": "2026-11-24 12:00", "end": "2026-11-24 12:00"}, "empty_span"),
        ({"start": "2099-01-01"}, "empty_span"),
    ],
)
async def test_a_time_has_a_length(
    hass: HomeAssistant, recorder_mock: Recorder, data: dict[str, Any], key: str
) -> None:
    await set_up(hass, house())
    with pytest.raises(ServiceValidationError) as caught:
        await act(hass, "get_observations", entity_id="switch.plug", **data)
    assert caught.value.translation_key == key


@pytest.mark.parametrize(
    "data", [{"period": "year"}, {"limit": 0}, {"limit": 10_001}, {"start": "yesterday"}]
)
async def test_the_action_takes_what_it_says(hass: HomeAssistant, data: dict[str, Any]) -> None:
    await set_up(hass, house())
    with pytest.raises(vol.Invalid):
        await act(hass, "get_observations", entity_id="switch.plug", **data)


async def test_users_are_told_of_what_they_may_see(
    hass: HomeAssistant, recorder_mock: Recorder, hass_read_only_user: MockUser
) -> None:
    entry = await set_up(hass, house())
    await async_wait_recording_done(hass)
    hass_read_only_user.mock_policy({"entities": {"entity_ids": {"switch.plug": {"read": True}}}})
    response = await act(
        hass,
        "get_observations",
        device_id=device_of(hass, entry, "plug").id,
        user=hass_read_only_user.id,
    )
    assert response["devices"][0]["entity_ids"] == ["switch.plug"]
