"""``backfill`` imports a time anew, or tells what that would change."""

import asyncio
from datetime import timedelta
from typing import Any

from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError, Unauthorized
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.vendor_bridge.bridge.errors import RefusedError
from custom_components.vendor_bridge.bridge.history import HOUR, hour_of
from custom_components.vendor_bridge.bridge.model import Point

from ..fakes import FakeClient, device_of, set_up
from ..recording import mock_recorder_before_hass
from ..test_history import KEY, meter, statistics
from .acting import OUTLET, act

__all__ = ["mock_recorder_before_hass"]


def remembering(*, hours: int = 48, step: float = 1) -> FakeClient:
    """Return a vendor that remembers the energy of a meter, and nothing of a plug."""
    client = FakeClient()
    client.add("meter", meter(), state=100)
    client.add("plug", OUTLET, state=True)
    now = hour_of(dt_util.utcnow())
    client.remembered["meter", KEY] = [
        Point(at=now - (hours - place) * HOUR, value=step * place) for place in range(hours)
    ]
    return client


async def account(hass: HomeAssistant, client: FakeClient) -> MockConfigEntry:
    entry = await set_up(hass, client)
    await async_wait_recording_done(hass)
    client.asked.clear()
    return entry


async def backfill(hass: HomeAssistant, **data: Any) -> dict[str, Any]:
    return await act(hass, "backfill", **data)


async def imported(hass: HomeAssistant, recorder: Recorder, statistic_id: str) -> list[Any]:
    rows = await statistics(hass, recorder, statistic_id)
    return [row["state"] for row in rows]


async def test_a_time_is_imported_anew(hass: HomeAssistant, recorder_mock: Recorder) -> None:
    client = remembering()
    entry = await account(hass, client)
    client.remembered["meter", KEY] = [
        Point(at=point.at, value=point.value + 1000) for point in client.remembered["meter", KEY]
    ]
    start = hour_of(dt_util.utcnow()) - 3 * HOUR
    span: dict[str, Any] = {"start": start.isoformat(), "end": (start + 2 * HOUR).isoformat()}
    entity_id = "sensor.meter_energy"

    dry = await backfill(hass, entity_id=entity_id, dry_run=True, **span)
    assert dry["dry_run"] is True
    (device,) = dry["devices"]
    assert device["vendor_id"] == "meter"
    assert device["device_id"] == device_of(hass, entry, "meter").id
    (effect,) = device["statistics"]
    assert effect["entity_id"] == entity_id
    assert effect["changed"] >= 2
    before = await imported(hass, recorder_mock, effect["statistic_id"])
    assert max(before) < 1000
    assert {(asked[2], asked[3]) for asked in client.asked} == {(start, start + 2 * HOUR)}

    done = await backfill(hass, device_id=device["device_id"], **span)
    assert done["dry_run"] is False
    assert done["devices"][0]["statistics"] == [effect]
    await async_wait_recording_done(hass)
    after = await imported(hass, recorder_mock, effect["statistic_id"])
    assert len(after) == len(before)
    assert sum(state > 1000 for state in after) == 2
    again = await backfill(hass, entity_id=entity_id, **span)
    assert again["devices"][0]["statistics"][0]["changed"] == 0


async def test_what_the_vendor_refuses_is_told(
    hass: HomeAssistant, recorder_mock: Recorder
) -> None:
    client = remembering()
    await account(hass, client)
    client.fail("history", RefusedError("not today", request="GET /v1/history"))
    with pytest.raises(HomeAssistantError) as caught:
        await backfill(hass, entity_id="sensor.meter_energy")
    assert str(caught.value) == (
        "The past of Meter Energy could not be asked for: GET /v1/history: not today"
    )


async def test_who_has_no_past_is_told_when_named(
    hass: HomeAssistant, recorder_mock: Recorder
) -> None:
    entry = await account(hass, remembering())
    both = ["switch.plug", "sensor.meter_energy"]
    response = await backfill(hass, entity_id=both, dry_run=True)
    assert [one["vendor_id"] for one in response["devices"]] == ["meter"]
    assert [(one["entity_id"], one["error_key"]) for one in response["failed"]] == [
        ("switch.plug", "no_history")
    ]
    with pytest.raises(ServiceValidationError) as caught:
        await backfill(hass, device_id=device_of(hass, entry, "plug").id)
    assert caught.value.translation_key == "no_history"


async def test_an_area_without_a_past_is_told(hass: HomeAssistant, recorder_mock: Recorder) -> None:
    client = FakeClient()
    client.add("plug", OUTLET, state=True)
    await account(hass, client)
    with pytest.raises(ServiceValidationError) as caught:
        await backfill(hass, entity_id="all")
    assert caught.value.translation_key == "no_history_there"


async def test_without_a_recorder_nothing_is_imported(hass: HomeAssistant) -> None:
    await set_up(hass, remembering())
    with pytest.raises(ServiceValidationError) as caught:
        await backfill(hass, entity_id="sensor.meter_energy")
    assert caught.value.translation_key == "no_recorder"


async def test_a_time_has_a_length(hass: HomeAssistant, recorder_mock: Recorder) -> None:
    await account(hass, remembering())
    with pytest.raises(ServiceValidationError) as caught:
        await backfill(
            hass,
            entity_id="sensor.meter_energy",
            start=(dt_util.utcnow() + timedelta(days=1)).isoformat(),
        )
    assert caught.value.translation_key == "empty_span"


async def test_an_account_that_is_unloaded_meanwhile_is_told(
    hass: HomeAssistant, recorder_mock: Recorder
) -> None:
    client = remembering()
    entry = await account(hass, client)
    with client.hold("history"):
        importing = hass.async_create_task(backfill(hass, entity_id="sensor.meter_energy"))
        await asyncio.sleep(0.01)
        await hass.config_entries.async_unload(entry.entry_id)
        with pytest.raises(HomeAssistantError) as caught:
            await importing
    assert caught.value.translation_key == "account_not_loaded"


async def test_only_administrators_import(
    hass: HomeAssistant, recorder_mock: Recorder, hass_read_only_user: MockUser
) -> None:
    await account(hass, remembering())
    with pytest.raises(Unauthorized):
        await backfill(hass, entity_id="sensor.meter_energy", user=hass_read_only_user.id)
