from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.sensor import VendorBridgeSensor

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import snapshot_platform

POWER = {
    "device_class": "power",
    "state_class": "measurement",
    "unit_of_measurement": "W",
    "suggested_display_precision": 1,
    "suggested_unit_of_measurement": "kW",
}
MOMENT = datetime(2026, 11, 1, 12, tzinfo=timezone(timedelta(hours=1)))


async def test_sensors(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("plug", entity("sensor.power", attributes=["state"], options=POWER), state=1200)
    client.add(
        "meter",
        entity(
            "sensor.energy",
            "Energy",
            attributes=["state", "last_reset"],
            options={
                "device_class": "energy",
                "state_class": "total",
                "unit_of_measurement": "kWh",
            },
        ),
        state=1.5,
        last_reset=MOMENT,
    )
    client.add(
        "washer",
        entity(
            "sensor.phase",
            "Phase",
            attributes=["state"],
            options={"device_class": "enum", "options": ["wash", "spin"]},
        ),
        state="spin",
    )
    client.add("text", entity("sensor.note", "Note", attributes=["state"]), state="hello")
    client.add("unit", entity("sensor.level", attributes=["state", "unit_of_measurement"]),
               state=3, unit_of_measurement="l")  # fmt: skip
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("options", "value", "shown"),
    [
        ({"device_class": "timestamp"}, MOMENT, "2026-11-01T11:00:00+00:00"),
        ({"device_class": "date"}, date(2026, 11, 1), "2026-11-01"),
        ({"device_class": "date"}, MOMENT, "2026-11-01"),
        ({}, MOMENT, "2026-11-01T12:00:00+01:00"),
        ({}, date(2026, 11, 1), "2026-11-01"),
        ({}, time(7, 30), "07:30:00"),
        ({}, 5, "5"),
        ({}, 5.5, "5.5"),
        ({}, True, "True"),
        ({}, "x" * 300, "x" * 255),
        ({}, None, STATE_UNKNOWN),
        ({"unit_of_measurement": "W"}, 0, "0"),
        ({"device_class": "toaster", "state_class": "measurement"}, 7, "7"),
    ],
)
async def test_values_that_fit(
    hass: HomeAssistant, options: dict[str, Any], value: Any, shown: str
) -> None:
    client = FakeClient()
    client.add("lamp", entity("sensor.one", attributes=["state"], options=options), state=value)
    await set_up(hass, client)
    assert state_of(hass, "sensor.lamp").state == shown


async def test_a_unit_that_the_vendor_leaves_open_is_none(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add(
        "lamp",
        entity("sensor.one", attributes=["state", "unit_of_measurement"]),
        state="dawn",
        unit_of_measurement=None,
    )
    await set_up(hass, client)
    state = state_of(hass, "sensor.lamp")
    assert (state.state, "unit_of_measurement" in state.attributes) == ("dawn", False)


@pytest.mark.expects_warnings("device lamp: sensor.one.state was not understood: .* is no state")
@pytest.mark.parametrize(
    ("options", "value"),
    [
        ({"device_class": "timestamp"}, "yesterday"),
        ({"device_class": "timestamp"}, datetime(2026, 11, 1)),  # noqa: DTZ001 - what is refused
        ({"device_class": "date"}, 5),
        ({"device_class": "enum", "options": ["a"]}, "b"),
        ({"device_class": "enum", "options": ["a"]}, ["a"]),
        ({"device_class": "power", "unit_of_measurement": "W"}, "much"),
        ({"state_class": "measurement"}, float("nan")),
        ({"state_class": "measurement"}, True),
        ({}, {"a": 1}),
        ({}, [1, 2]),
    ],
)
async def test_values_that_do_not_fit_are_unknown_and_reported(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, options: dict[str, Any], value: Any
) -> None:
    client = FakeClient()
    client.add("lamp", entity("sensor.one", attributes=["state"], options=options), state=value)
    entry = await set_up(hass, client)
    assert state_of(hass, "sensor.lamp").state == STATE_UNKNOWN
    assert list(entry.runtime_data.rejected) == [("lamp", "sensor.one.state")]
    client.say("lamp", "sensor.one.state", None)
    await pass_time(hass, freezer, 31)
    assert entry.runtime_data.rejected == {}


@pytest.mark.expects_warnings("is no state")
async def test_value_that_does_not_fit_leaves_the_last_one_until_that_is_too_old(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    options = {"device_class": "enum", "options": ["a", "b"]}
    client.add("lamp", entity("sensor.one", attributes=["state"], options=options), state="a")
    await set_up(hass, client)
    client.say("lamp", "sensor.one.state", "c")
    for _ in range(3):
        await pass_time(hass, freezer, 31)
        assert state_of(hass, "sensor.lamp").state == "a"
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp").state == STATE_UNAVAILABLE
    client.say("lamp", "sensor.one.state", "b")
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp").state == "b"


async def test_last_reset_without_a_total_is_left_out(hass: HomeAssistant) -> None:
    client = FakeClient()
    sensor = entity(
        "sensor.one", attributes=["state", "last_reset"], options={"state_class": "measurement"}
    )
    client.add("lamp", sensor, state=1, last_reset=datetime(2026, 1, 1, tzinfo=UTC))
    await set_up(hass, client)
    assert "last_reset" not in state_of(hass, "sensor.lamp").attributes


async def test_the_precision_is_left_to_home_assistant_where_it_does_not_tell_it(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = FakeClient()
    client.add("plug", entity("sensor.power", attributes=["state"], options=POWER), state=1200)
    await set_up(hass, client)
    sensor = hass.data["entity_components"]["sensor"].get_entity("sensor.plug")
    assert isinstance(sensor, VendorBridgeSensor)
    assert "sensor" in (sensor.get_initial_entity_options() or {})
    monkeypatch.setattr(VendorBridgeSensor, "_get_adjusted_display_precision", None)
    assert "sensor" not in (sensor.get_initial_entity_options() or {})
