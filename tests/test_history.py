"""What a vendor remembers arrives in the recorder: whole, once, and newest first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.models import StatisticMeanType, StatisticMetaData
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.entity_registry import EntityRegistry, RegistryEntryDisabler
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.vendor_bridge.bridge.errors import (
    RefusedError,
    UnexpectedAnswerError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.history import HOUR, hour_of
from custom_components.vendor_bridge.bridge.model import Entity, History, Meaning, Point
from custom_components.vendor_bridge.const import CONF_FILL
from custom_components.vendor_bridge.history import HistoryImport
from custom_components.vendor_bridge.statistics import Hours

from .fakes import FakeClient, account_entry, entity, set_up, state_of, using
from .recording import mock_recorder_before_hass, recorder

__all__ = ["mock_recorder_before_hass", "recorder"]

KEY = "sensor.energy.state"
DAYS = 5


def meter(
    meaning: Meaning = Meaning.TOTAL, state_class: str = "total_increasing", unit: str = "kWh"
) -> Entity:
    """Return a sensor whose past the vendor remembers for five days, a day and a half at a time."""
    made = entity(
        "sensor.energy",
        "Energy",
        attributes=["state"],
        options={"state_class": state_class, "unit_of_measurement": unit},
    )
    history = History(
        meaning=meaning,
        interval=HOUR,
        span=timedelta(hours=36),
        reach=timedelta(days=DAYS),
        corrections=timedelta(hours=6),
    )
    state = replace(made.attributes["state"], history=history)
    return replace(made, attributes={"state": state})


def remember(
    client: FakeClient, tell: Callable[[int], float], *, shift: timedelta = timedelta(0)
) -> dict[datetime, float]:
    """Let the vendor remember a value for each hour, and return the truth: hour to value."""
    now = hour_of(dt_util.utcnow())
    hours = [now - (DAYS * 24 - n) * HOUR for n in range(DAYS * 24)]
    truth = {hour: tell(n) for n, hour in enumerate(hours)}
    client.remembered["meter", KEY] = [Point(hour + shift, truth[hour]) for hour in hours]
    return truth


async def statistics(hass: HomeAssistant, recorder: Recorder, statistic_id: str) -> list[Any]:
    await recorder.async_block_till_done()
    found = await recorder.async_add_executor_job(
        statistics_during_period,
        hass,
        dt_util.utc_from_timestamp(0),
        None,
        {statistic_id},
        "hour",
        None,
        {"state", "sum", "mean", "min", "max"},
    )
    return found.get(statistic_id, [])


async def external_id(hass: HomeAssistant, recorder: Recorder) -> str:
    ids = await recorder.async_add_executor_job(list_statistic_ids, hass)
    [found] = [one["statistic_id"] for one in ids if one["source"] == "vendor_bridge"]
    return str(found)


async def import_again(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    history: HistoryImport = entry.runtime_data.history
    await history.async_import()
    await hass.async_block_till_done()


async def test_all_of_it_is_imported_newest_first(recorder: Recorder, hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    truth = remember(client, lambda n: 500 + n * 0.25, shift=HOUR)
    entry = await set_up(hass, client)
    assert entry.runtime_data.status.history.percentage == 100
    statistic_id = await external_id(hass, recorder)
    rows = await statistics(hass, recorder, statistic_id)
    assert [row["state"] for row in rows] == list(truth.values())[:-1]
    for before, after in pairwise(rows):
        assert after["sum"] - before["sum"] == pytest.approx(0.25)
        assert after["start"] - before["start"] == 3600
    starts = [start for _, _, start, _ in client.asked]
    assert starts == sorted(starts, reverse=True)
    assert all(end - start <= timedelta(hours=36) for _, _, start, end in client.asked)


async def test_what_is_known_is_not_asked_for_again(
    recorder: Recorder, hass: HomeAssistant
) -> None:
    client = FakeClient()
    client.add("meter", meter(Meaning.CHANGE), state=1000)
    remember(client, lambda n: 1.0)
    entry = await set_up(hass, client)
    before = await statistics(hass, recorder, await external_id(hass, recorder))
    client.asked.clear()
    await import_again(hass, entry)
    [(_, _, start, end)] = client.asked
    assert end - start == timedelta(hours=6), "only what the vendor may still correct"
    with using(client):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert len(client.asked) == 2, "after a restart neither"
    assert await statistics(hass, recorder, await external_id(hass, recorder)) == before


async def test_a_correction_is_taken_over(recorder: Recorder, hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("meter", meter(Meaning.CHANGE), state=1000)
    remember(client, lambda n: 1.0)
    entry = await set_up(hass, client)
    client.remembered["meter", KEY] = [
        replace(point, value=7.0) if place == DAYS * 24 - 3 else point
        for place, point in enumerate(client.remembered["meter", KEY])
    ]
    await import_again(hass, entry)
    rows = await statistics(hass, recorder, await external_id(hass, recorder))
    assert [row["state"] for row in rows[-4:]] == [1.0, 7.0, 1.0, 1.0]
    assert rows[-1]["sum"] - rows[-4]["sum"] == 9.0


async def test_an_outage_costs_nothing(recorder: Recorder, hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("meter", meter(Meaning.CHANGE), state=1000)
    truth = remember(client, lambda n: n / 4)
    client.fail("history", UnreachableError("is away"))
    entry = await set_up(hass, client)
    assert entry.runtime_data.status.history.failure == "is away"
    client.recover("history")
    await import_again(hass, entry)
    assert entry.runtime_data.status.history.failure is None
    assert state_of(hass, "sensor.acme_home_history_import").state == "100"
    rows = await statistics(hass, recorder, await external_id(hass, recorder))
    assert [row["state"] for row in rows] == list(truth.values())


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_when_an_outage_is_over_the_gap_is_filled(
    recorder: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("meter", meter(Meaning.CHANGE), state=1000)
    remember(client, lambda n: 1.0)
    entry = await set_up(hass, client)
    client.fail("status", UnreachableError("is away"))
    freezer.tick(30)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    client.recover("status")
    client.asked.clear()
    await entry.runtime_data.coordinators["status"].async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert client.asked


async def test_a_device_that_was_offline_tells_later(
    recorder: Recorder, hass: HomeAssistant
) -> None:
    client = FakeClient()
    client.add("meter", meter(Meaning.CHANGE), state=1000)
    truth = remember(client, lambda n: n / 4)
    told = client.remembered["meter", KEY]
    client.remembered["meter", KEY] = told[:-60]
    entry = await set_up(hass, client)
    client.remembered["meter", KEY] = told
    await import_again(hass, entry)
    rows = await statistics(hass, recorder, await external_id(hass, recorder))
    assert [row["state"] for row in rows] == list(truth.values())


@pytest.mark.expects_warnings("the history of Meter Energy: no such thing")
async def test_a_refusal_is_told_once(
    recorder: Recorder, hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    client.fail("history", RefusedError("no such thing"))
    entry = await set_up(hass, client)
    await import_again(hass, entry)
    assert caplog.text.count("no such thing") == 1


async def test_the_next_hour_follows(
    recorder: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("meter", meter(Meaning.CHANGE), state=1000)
    remember(client, lambda n: 1.0)
    await set_up(hass, client)
    client.asked.clear()
    freezer.tick(timedelta(hours=1, minutes=11))
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert client.asked


async def test_a_disabled_sensor_is_left_alone(
    recorder: Recorder, hass: HomeAssistant, entity_registry: EntityRegistry
) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    entry = account_entry()
    entry.add_to_hass(hass)
    entity_registry.async_get_or_create(
        "sensor",
        "vendor_bridge",
        "acme-1:meter:energy",
        config_entry=entry,
        disabled_by=RegistryEntryDisabler.USER,
    )
    await set_up(hass, client, entry)
    assert client.asked == []


async def test_means(recorder: Recorder, hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("meter", meter(Meaning.MEAN, "measurement", "W"), state=5)
    now = hour_of(dt_util.utcnow())
    client.remembered["meter", KEY] = [
        Point(now - HOUR, 10.0),
        Point(now - HOUR / 2, 20.0, 1.0, 90.0),
    ]
    await set_up(hass, client)
    [row] = await statistics(hass, recorder, await external_id(hass, recorder))
    assert (row["mean"], row["min"], row["max"]) == (15.0, 1.0, 90.0)


# --- the entity's own hours -----------------------------------------------------------------------


async def test_missed_hours_are_filled_when_the_user_wants_that(
    recorder: Recorder, hass: HomeAssistant
) -> None:
    """In watt-hours, as the user likes it, where the vendor counts kilowatt-hours."""
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    truth = remember(client, lambda n: 500.0 + n, shift=timedelta(0))
    now = hour_of(dt_util.utcnow())
    made = [now - hours * HOUR for hours in (30, 29, 20, 19)]
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.NONE,
        has_sum=True,
        name=None,
        source="recorder",
        statistic_id="sensor.meter_energy",
        unit_class="energy",
        unit_of_measurement="Wh",
    )
    own: list[dict[str, Any]] = [
        {
            "start": hour,
            "state": truth[hour + HOUR] * 1000,
            "sum": (truth[hour + HOUR] - truth[made[0] + HOUR]) * 1000,
        }
        for hour in made
    ]
    async_import_statistics(hass, metadata, own)  # type: ignore[arg-type]
    await recorder.async_block_till_done()
    entry = account_entry(**{CONF_FILL: True})
    entry.add_to_hass(hass)
    await set_up(hass, client, entry)
    rows = await statistics(hass, recorder, "sensor.meter_energy")
    by_hour = {dt_util.utc_from_timestamp(row["start"]): row for row in rows}
    for row in own:
        assert by_hour[row["start"]]["sum"] == pytest.approx(row["sum"] / 1000), "never touched"
    assert max(by_hour) == made[-1], "what is to come, Home Assistant makes itself"
    assert len(by_hour) == DAYS * 24 - 19 + 2
    for before, after in pairwise(rows):
        assert after["sum"] - before["sum"] == pytest.approx(1.0)


async def test_without_that_wish_they_stay_as_they_are(
    recorder: Recorder, hass: HomeAssistant
) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    remember(client, lambda n: 500.0 + n)
    await set_up(hass, client)
    assert await statistics(hass, recorder, "sensor.meter_energy") == []


# --- without a recorder, and without an account ---------------------------------------------------


async def test_there_may_be_no_recorder(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    entry = await set_up(hass, client)
    assert entry.runtime_data.history is None
    assert client.asked == []


async def test_an_account_that_goes_takes_its_notes_along(
    recorder: Recorder, hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    remember(client, lambda n: 500.0 + n)
    entry = await set_up(hass, client)
    key = f"vendor_bridge.history.{entry.entry_id}"
    assert key in hass_storage
    await hass.config_entries.async_remove(entry.entry_id)
    assert key not in hass_storage


@pytest.mark.expects_warnings("the history of Meter Energy: nonsense")
async def test_one_that_fails_does_not_stop_another(
    recorder: Recorder, hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = FakeClient()
    client.add("meter", meter(Meaning.CHANGE), state=1000)
    client.add("other", meter(Meaning.CHANGE), state=1000)
    now = hour_of(dt_util.utcnow())
    client.remembered["other", KEY] = [Point(now - HOUR, 1.0)]
    real = client.history

    def history(device: Any, attribute: str, start: datetime, end: datetime) -> Any:
        if device.id == "meter":
            raise UnexpectedAnswerError("nonsense")
        return real(device, attribute, start, end)

    monkeypatch.setattr(client, "history", history)
    await set_up(hass, client)
    rows = await statistics(hass, recorder, await external_id(hass, recorder))
    assert [row["state"] for row in rows] == [1.0]


# --- what would change ----------------------------------------------------------------------------


async def make_own(
    hass: HomeAssistant, recorder: Recorder, truth: dict[datetime, float], *back: int
) -> None:
    """Have Home Assistant's own hours of the meter, so many hours back."""
    now = hour_of(dt_util.utcnow())
    metadata = StatisticMetaData(
        mean_type=StatisticMeanType.NONE,
        has_sum=True,
        name=None,
        source="recorder",
        statistic_id="sensor.meter_energy",
        unit_class="energy",
        unit_of_measurement="kWh",
    )
    hours = [now - hours * HOUR for hours in back]
    rows: list[dict[str, Any]] = [
        {"start": hour, "state": truth[hour + HOUR], "sum": truth[hour + HOUR] - truth[hours[0]]}
        for hour in hours
    ]
    async_import_statistics(hass, metadata, rows)  # type: ignore[arg-type]
    await recorder.async_block_till_done()


async def test_the_user_sees_what_would_be_filled_before_it_is(
    recorder: Recorder, hass: HomeAssistant
) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    truth = remember(client, lambda n: 500.0 + n)
    await make_own(hass, recorder, truth, 30, 29, 20, 19)
    entry = await set_up(hass, client)
    before = await statistics(hass, recorder, "sensor.meter_energy")
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert form["data_schema"] is not None
    assert CONF_FILL in form["data_schema"].schema
    answer = form["data_schema"]({CONF_FILL: True, "intervals": {"devices": 300, "status": 30}})
    shown = await hass.config_entries.options.async_configure(form["flow_id"], answer)
    assert (shown["type"], shown["step_id"]) == (FlowResultType.FORM, "fill")
    placeholders = shown["description_placeholders"]
    assert placeholders is not None
    first = dt_util.as_local(min(truth) - HOUR)
    last = dt_util.as_local(hour_of(dt_util.utcnow()) - 21 * HOUR)
    added = DAYS * 24 - 19 + 2 - 4
    assert placeholders["hours"] == (
        f"| Meter Energy | {added} | {first:%Y-%m-%d %H:%M} | {last:%Y-%m-%d %H:%M} |"
    )
    assert await statistics(hass, recorder, "sensor.meter_energy") == before, "not filled yet"
    with using(client):
        await hass.config_entries.options.async_configure(form["flow_id"], {CONF_FILL: True})
        await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options[CONF_FILL] is True
    after = await statistics(hass, recorder, "sensor.meter_energy")
    assert len(after) == len(before) + added


async def test_the_user_may_think_better_of_it(recorder: Recorder, hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    remember(client, lambda n: 500.0 + n)
    entry = await set_up(hass, client)
    form = await hass.config_entries.options.async_init(entry.entry_id)
    assert form["data_schema"] is not None
    answer = form["data_schema"](
        {CONF_FILL: True, "add_new": False, "intervals": {"devices": 300, "status": 30}}
    )
    shown = await hass.config_entries.options.async_configure(form["flow_id"], answer)
    assert shown["description_placeholders"] == {"hours": "| - | 0 | | |"}
    with using(client):
        await hass.config_entries.options.async_configure(form["flow_id"], {CONF_FILL: False})
        await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.options[CONF_FILL] is False
    assert entry.options["add_new"] is False, "the rest is kept"


async def test_a_dry_run_says_what_an_import_would_change(
    recorder: Recorder, hass: HomeAssistant
) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    truth = remember(client, lambda n: 500.0 + n, shift=HOUR)
    await make_own(hass, recorder, {hour: truth[hour - HOUR] for hour in list(truth)[1:]}, 30, 20)
    entry = await set_up(hass, client)
    history: HistoryImport = entry.runtime_data.history
    statistic_id = await external_id(hass, recorder)
    before = await statistics(hass, recorder, statistic_id)
    client.remembered["meter", KEY] = [
        replace(point, value=point.value + (place >= 100) * 0.5)
        for place, point in enumerate(client.remembered["meter", KEY])
    ]
    client.asked.clear()
    planned = await history.async_backfill(fill=True, dry_run=True)
    assert client.asked
    assert await statistics(hass, recorder, statistic_id) == before, "nothing is written"
    ours, own = planned
    assert (ours.statistic_id, ours.added, ours.changed) == (statistic_id, 0, 19)
    assert ours.last == list(truth)[-2]
    assert (own.statistic_id, own.entity_id) == ("sensor.meter_energy", "sensor.meter_energy")
    assert own.changed == 0
    assert await history.async_backfill(fill=True) == planned, "it comes as it was said"
    rows = await statistics(hass, recorder, statistic_id)
    assert [row["state"] for row in rows] == [
        truth[dt_util.utc_from_timestamp(row["start"])] + (place >= 100) * 0.5
        for place, row in enumerate(rows)
    ]
    assert len(await statistics(hass, recorder, "sensor.meter_energy")) == own.added + 2
    assert [one.added + one.changed for one in await history.async_backfill(fill=True)] == [0, 0]


async def test_a_part_of_the_past_is_imported_anew(recorder: Recorder, hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("meter", meter(Meaning.CHANGE), state=1000)
    truth = remember(client, lambda n: 1.0)
    entry = await set_up(hass, client)
    client.remembered["meter", KEY] = [
        replace(point, value=2.0) for point in client.remembered["meter", KEY]
    ]
    history: HistoryImport = entry.runtime_data.history
    hours = list(truth)
    client.asked.clear()
    [effect] = await history.async_backfill(
        start=hours[10] + HOUR / 2, end=hours[20] + HOUR / 2, fill=True
    )
    assert [(start, end) for _, _, start, end in client.asked] == [(hours[10], hours[20])]
    assert (effect.first, effect.last) == (hours[10], hours[-1]), "later sums follow"
    rows = await statistics(hass, recorder, effect.statistic_id)
    assert [row["state"] for row in rows] == [1.0] * 10 + [2.0] * 10 + [1.0] * 100
    assert rows[-1]["sum"] - rows[0]["sum"] == 129.0


async def test_a_backfill_says_what_the_vendor_did_not_tell(
    recorder: Recorder, hass: HomeAssistant
) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    entry = await set_up(hass, client)
    client.fail("history", UnreachableError("is away"))
    [effect] = await entry.runtime_data.history.async_backfill()
    assert (effect.failure, effect.added) == ("is away", 0)


async def test_hours_that_cannot_matter_are_not_looked_at_again(
    recorder: Recorder, hass: HomeAssistant
) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    truth = remember(client, lambda n: 500.0 + n)
    await make_own(hass, recorder, truth, 30, 29, 20, 19)
    entry = account_entry(**{CONF_FILL: True})
    entry.add_to_hass(hass)
    await set_up(hass, client, entry)
    filled = await statistics(hass, recorder, "sensor.meter_energy")
    with patch.object(Hours, "async_known", autospec=True, side_effect=Hours.async_known) as known:
        await import_again(hass, entry)
    looked = [call.args[1] for call in known.call_args_list]
    assert min(looked) >= hour_of(dt_util.utcnow()) - 20 * HOUR, "from the last own hour on"
    assert await statistics(hass, recorder, "sensor.meter_energy") == filled


async def test_what_is_told_late_of_an_old_gap_fills_it(
    recorder: Recorder, hass: HomeAssistant
) -> None:
    client = FakeClient()
    client.add("meter", meter(), state=1000)
    truth = remember(client, lambda n: 500.0 + n)
    await make_own(hass, recorder, truth, 30, 29, 20, 19)
    known = client.remembered["meter", KEY]
    now = hour_of(dt_util.utcnow())
    client.remembered["meter", KEY] = [
        point for point in known if not now - 27 * HOUR <= point.at <= now - 20 * HOUR
    ]
    entry = account_entry(**{CONF_FILL: True})
    entry.add_to_hass(hass)
    await set_up(hass, client, entry)
    before = len(await statistics(hass, recorder, "sensor.meter_energy"))
    client.remembered["meter", KEY] = known
    _, own = await entry.runtime_data.history.async_backfill(fill=True)
    assert own.added == 8
    assert len(await statistics(hass, recorder, "sensor.meter_energy")) == before + 8
