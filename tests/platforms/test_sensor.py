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


KINDS: list[dict[str, Any]] = [
    {},
    {"state_class": "measurement", "unit_of_measurement": "things"},
    {"device_class": "temperature", "unit_of_measurement": "°C", "state_class": "measurement"},
    {"device_class": "temperature", "unit_of_measurement": "°F", "state_class": "measurement"},
    POWER,
    {"device_class": "enum", "options": ["a", "1"]},
    {"device_class": "timestamp"},
    {"suggested_display_precision": 0},
]
VALUES = [20.5, 21, 21.0, 21, -0.0, 0, 1e-17, 1 / 3, 1e300, 10**15, 10**16, True, 1, None, 2.5]
OTHERS = ["a", "1", 1, float("inf"), 3.25, float("nan"), "text", MOMENT, 7, "7", 8]


def refusing(options: dict[str, Any]) -> Any:
    """Return options of a sensor that does not take everything, for a test's parameters."""
    return pytest.param(options, marks=pytest.mark.expects_warnings("is no state"))


def sensor_of(hass: HomeAssistant, entity_id: str) -> VendorBridgeSensor:
    sensor = hass.data["entity_components"]["sensor"].get_entity(entity_id)
    assert isinstance(sensor, VendorBridgeSensor)
    return sensor


@pytest.mark.parametrize(
    "options",
    [
        KINDS[0],  # takes anything
        *(
            pytest.param(one, marks=pytest.mark.expects_warnings("is no state"))
            for one in KINDS[1:]
        ),
    ],
)
async def test_what_is_written_in_short_is_what_is_written_in_full(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, options: dict[str, Any]
) -> None:
    client = FakeClient()
    client.add("lamp", entity("sensor.one", attributes=["state"], options=options))
    await set_up(hass, client)
    sensor = sensor_of(hass, "sensor.lamp")
    for value in (*VALUES, *OTHERS, *VALUES):
        client.say("lamp", "sensor.one.state", value)
        await pass_time(hass, freezer, 31)
        short = state_of(hass, "sensor.lamp")
        sensor.async_write_ha_state()
        full = state_of(hass, "sensor.lamp")
        assert (short.state, short.attributes) == (full.state, full.attributes), value


async def test_other_units_than_before(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    client = FakeClient()
    client.add("lamp", entity("sensor.one", attributes=["state"], options=KINDS[2]), state=20.0)
    await set_up(hass, client)
    client.say("lamp", "sensor.one.state", 21.0)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp").state == "21.0"
    await hass.config.async_update(unit_system="us_customary")
    client.say("lamp", "sensor.one.state", 25.0)
    await pass_time(hass, freezer, 31)
    state = state_of(hass, "sensor.lamp")
    assert (state.state, state.attributes["unit_of_measurement"]) == ("77.0", "°F")
    client.say("lamp", "sensor.one.state", 30.0)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "sensor.lamp").state == "86.0"


async def test_the_users_own_unit(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, entity_registry: EntityRegistry
) -> None:
    client = FakeClient()
    client.add("plug", entity("sensor.power", attributes=["state"], options=KINDS[1]), state=1)
    client.add("heater", entity("sensor.one", attributes=["state"], options=KINDS[2]), state=1.0)
    await set_up(hass, client)
    entity_registry.async_update_entity_options(
        "sensor.heater", "sensor", {"unit_of_measurement": "K"}
    )
    await hass.async_block_till_done()
    client.say("heater", "sensor.one.state", 0.0)
    await pass_time(hass, freezer, 31)
    state = state_of(hass, "sensor.heater")
    assert (state.state, state.attributes["unit_of_measurement"]) == ("273.15", "K")
    entity_registry.async_update_entity("sensor.plug", name="Socket")
    await hass.async_block_till_done()
    client.say("plug", "sensor.power.state", 2)
    await pass_time(hass, freezer, 31)
    state = state_of(hass, "sensor.plug")
    assert (state.state, state.attributes["friendly_name"]) == ("2", "Socket")


async def test_what_somebody_else_wrote_is_gone_with_the_next_value(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("plug", entity("sensor.power", attributes=["state"], options=KINDS[1]), state=1)
    await set_up(hass, client)
    before = state_of(hass, "sensor.plug").attributes
    hass.states.async_set("sensor.plug", "unavailable", {"mine": True})
    client.say("plug", "sensor.power.state", 2)
    await pass_time(hass, freezer, 31)
    state = state_of(hass, "sensor.plug")
    assert (state.state, state.attributes) == ("2", before)
