"""Units and classes that do not go together are mistakes of the profile, with the right ones."""

import textwrap
from typing import Any

from hypothesis import given, strategies as st
import pytest
import yaml

from custom_components.vendor_bridge.bridge.errors import ProfileError
from custom_components.vendor_bridge.bridge.platforms.classes import (
    DEVICE_CLASSES,
    NOT_NUMERIC,
    STATE_CLASS_UNITS,
    STATE_CLASSES,
    UNITS,
)
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

FRAME = """\
profile: 1
vendor: {{id: acme, name: Acme}}
api: {{base_url: http://acme.example}}
devices: {{request: {{get: /devices}}, each: data, id: id}}
types:
  "*":
{entities}
"""
SET = "commands: {set_value: {put: /x, json: {v: '{value}'}}}"


def mistakes(entities: str) -> list[str]:
    """Return what is wrong with a profile that has these entities: line:column and message."""
    text = FRAME.format(entities=textwrap.indent(textwrap.dedent(entities), " " * 4))
    try:
        parse_profile(text, "acme.yaml")
    except ProfileError as error:
        return [
            f"{one.line - 6}:{one.column - 4} {one.message}"
            + (f" ({one.hint})" if one.hint else "")
            for one in error.mistakes
        ]
    return []


def sensor(**parts: Any) -> list[str]:
    """Return what is wrong with a sensor."""
    return [
        message.partition(" ")[2]
        for message in mistakes(yaml.safe_dump({"sensor": {"one": {"value": "v", **parts}}}))
    ]


WRONG = (
    (
        "{sensor: {a: {value: v, device_class: power, unit_of_measurement: kWh}}}",
        "kWh",
        (
            "device_class power takes GW, MW, TW, W, kW, mW: got 'kWh' "
            "(kWh goes with device_class energy, energy_storage)"
        ),
    ),
    (
        "{sensor: {a: {value: v, device_class: power, unit_of_measurement: horses}}}",
        "horses",
        "device_class power takes GW, MW, TW, W, kW, mW: got 'horses'",
    ),
    (
        "{sensor: {a: {value: v, device_class: battery}}}",
        "battery",
        "device_class battery needs unit_of_measurement: %",
    ),
    (
        "{sensor: {a: {value: v, device_class: powr, unit_of_measurement: W}}}",
        "powr",
        "'powr' is not one of ",
    ),
    (
        (
            "{sensor: {a: {value: v, device_class: energy, unit_of_measurement: kWh, state_class: "
            "measurement}}}"
        ),
        "measurement}",
        "device_class energy takes total, total_increasing: got 'measurement'",
    ),
    (
        "{sensor: {a: {value: v, device_class: timestamp, state_class: measurement}}}",
        "measurement",
        "device_class timestamp takes no state_class: got 'measurement'",
    ),
    (
        "{sensor: {a: {value: v, device_class: enum, unit_of_measurement: W}}}",
        "W}",
        "device_class enum is no number",
    ),
    (
        "{sensor: {a: {value: v, options: [a, b]}}}",
        "[a",
        "options go with device_class enum",
    ),
    (
        "{sensor: {a: {value: v, state_class: measurement_angle}}}",
        "measurement",
        "state_class measurement_angle needs unit_of_measurement: °",
    ),
    (
        "{sensor: {a: {value: v, state_class: measurement, last_reset: {value: t}}}}",
        "{value: t",
        "last_reset goes with state_class total",
    ),
    (
        (
            "{sensor: {a: {value: v, device_class: power, unit_of_measurement: W, "
            "suggested_unit_of_measurement: kWh}}}"
        ),
        "kWh",
        "device_class power is shown in BTU/h, ",
    ),
    (
        "{sensor: {a: {value: v, unit_of_measurement: W, suggested_unit_of_measurement: kW}}}",
        "kW",
        "what has no device_class cannot be shown in another unit",
    ),
    (
        f"{{number: {{a: {{value: v, device_class: power, unit_of_measurement: V, {SET}}}}}}}",
        "V,",
        (
            "device_class power takes GW, MW, TW, W, kW, mW: got 'V' "
            "(V goes with device_class voltage)"
        ),
    ),
    (
        "{binary_sensor: {a: {value: v, device_class: dor}}}",
        "dor",
        "'dor' is not one of ",
    ),
)


@pytest.mark.parametrize(("entity", "at", "expected"), WRONG)
def test_mistake_names_what_is_right(entity: str, at: str, expected: str) -> None:
    (found,) = mistakes(entity)
    place, _, message = found.partition(" ")
    assert place == f"1:{entity.index(at) + 1}"
    assert message.startswith(expected) if expected.endswith(" ") else message == expected


@pytest.mark.parametrize(
    "entity",
    [
        "sensor: {a: {value: v, device_class: {value: c}, unit_of_measurement: kWh}}",
        "sensor: {a: {value: v, device_class: power, unit_of_measurement: {value: u}}}",
        "sensor: {a: {value: v, device_class: aqi}}",
        "sensor: {a: {value: v, device_class: monetary, unit_of_measurement: EUR}}",
        "sensor: {a: {value: v, device_class: pm25, unit_of_measurement: \u00b5g/m³}}",
        "sensor: {a: {value: v, device_class: pm25, unit_of_measurement: \u03bcg/m³}}",
        "sensor: {a: {value: v, device_class: enum, options: [a, b]}}",
        "sensor: {a: {value: v, device_class: enum, options: {value: all}}}",
        "sensor: {a: {value: v, device_class: {value: c}, options: {value: all}}}",
        "sensor: {a: {value: v, unit_of_measurement: horses, state_class: measurement}}",
        (
            "sensor: {a: {value: v, device_class: power, unit_of_measurement: W,"
            " suggested_unit_of_measurement: kW}}"
        ),
        f"number: {{a: {{value: v, device_class: power, unit_of_measurement: W, {SET}}}}}",
        f"number: {{a: {{value: v, unit_of_measurement: things, {SET}}}}}",
    ],
)
def test_what_goes_together_is_no_mistake(entity: str) -> None:
    assert mistakes(entity) == []


ALL_UNITS = sorted({unit for units in UNITS.values() for unit in units if unit is not None})


@given(
    device_class=st.sampled_from(sorted(set(DEVICE_CLASSES["sensor"]) - set(NOT_NUMERIC))),
    unit=st.none() | st.sampled_from(ALL_UNITS),
    state_class=st.none()
    | st.sampled_from(["measurement", "measurement_angle", "total", "total_increasing"]),
)
def test_mistakes_are_told_exactly_where_home_assistant_would_complain(
    device_class: str, unit: str | None, state_class: str | None
) -> None:
    given = {"unit_of_measurement": unit, "state_class": state_class}
    found = sensor(
        device_class=device_class, **{name: value for name, value in given.items() if value}
    )
    units = UNITS.get(device_class)
    complaints = [
        units is not None and unit not in units,
        state_class is not None and state_class not in STATE_CLASSES[device_class],
        state_class in STATE_CLASS_UNITS and unit not in STATE_CLASS_UNITS[str(state_class)],
    ]
    assert len(found) == sum(complaints)
