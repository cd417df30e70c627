"""Properties that devices describe themselves become entities, whatever strangers call them."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, strategies as st

from custom_components.vendor_bridge.bridge.described import properties, type_of
from custom_components.vendor_bridge.bridge.profile.loader import extend_profile, parse_profile

PROFILE = parse_profile(
    """
profile: 1
vendor: {id: t, name: T}
api: {base_url: "http://t.local"}
devices: {request: {get: /}, id: id}
monitors: {properties: {request: {get: "/{device.id}"}}}
types: {"*": {}}
""",
    "t.yaml",
)


def write(name: str, value: Any) -> Mapping[str, Any]:
    return {"put": "/x", "json": {name.replace("{", "{{").replace("}", "}}"): value}}


def made(**described: Mapping[str, Any]) -> dict[str, Any]:
    return type_of(list(properties(described)), write)


def test_a_lamp() -> None:
    found = made(
        on={"type": "boolean"},
        brightness={"type": "integer", "minimum": 0, "maximum": 254},
        power={"type": "number", "unit": "watt", "readOnly": True},
    )
    lamp = found["light"]["main"]
    assert lamp["brightness"] == {"value": '"brightness"', "range": [0, 254]}
    assert found["sensor"]["power"]["unit_of_measurement"] == "W"
    assert set(found) == {"light", "sensor"}


def test_a_thermostat_needs_modes_that_are_known() -> None:
    target = {"type": "number", "minimum": 5, "maximum": 30}
    known = made(targetTemperature=target, mode={"type": "string", "enum": ["off", "heat"]})
    assert known["climate"]["main"]["hvac_modes"] == ["off", "heat"]
    unknown = made(targetTemperature=target, mode={"type": "string", "enum": ["cosy", "cold"]})
    assert set(unknown) == {"number", "select"}


def test_single_properties() -> None:
    found = made(
        relay={"type": "boolean"},
        motion={"type": "boolean", "readOnly": True},
        setpoint={"type": "integer", "minimum": 1, "maximum": 9},
        speed={"type": "string", "enum": ["low", "high"]},
        phase={"type": "string", "enum": ["a", "b"], "readOnly": True},
        note={"type": "string"},
        secret={"type": "string", "writeOnly": True},
        blob={"type": "object"},
    )
    assert {platform: sorted(entities) for platform, entities in found.items()} == {
        "switch": ["relay"],
        "binary_sensor": ["motion"],
        "number": ["setpoint"],
        "select": ["speed"],
        "sensor": ["note", "phase"],
    }
    assert found["binary_sensor"]["motion"]["device_class"] == "motion"
    assert found["number"]["setpoint"]["step"] == 1


def test_a_unit_that_is_not_of_its_meaning_leaves_only_the_unit() -> None:
    power = {"type": "number", "readOnly": True, "@type": "InstantaneousPowerProperty"}
    found = made(real=power, odd={**power, "unit": "horses"}, kilo={**power, "unit": "kilowatt"})
    assert {
        name: (one.get("device_class"), one["unit_of_measurement"])
        for name, one in found["sensor"].items()
    } == {"real": ("power", "W"), "odd": (None, "horses"), "kilo": ("power", "kW")}


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
WORD = st.sampled_from(
    [
        *("boolean", "number", "integer", "string", "percent", "watt", "kelvin"),
        *("OnOffProperty", "BrightnessProperty", "TemperatureProperty"),
        "InstantaneousPowerProperty",
    ]
)
PROPERTY = st.fixed_dictionaries(
    {},
    optional={
        "type": WORD | JSON,
        "@type": WORD | JSON,
        "title": JSON,
        "unit": WORD | JSON,
        "minimum": JSON,
        "maximum": JSON,
        "multipleOf": JSON,
        "enum": JSON,
        "readOnly": JSON,
    },
)


@given(st.dictionaries(st.text(max_size=12), PROPERTY | JSON, max_size=4))
def test_whatever_is_described_makes_a_type_or_nothing(described: dict[str, Any]) -> None:
    raw = type_of(list(properties(described)), write)
    for platform, entities in raw.items():
        for key in entities:
            extended = extend_profile(PROFILE, {"x": {platform: {key: entities[key]}}})
            assert len(extended.types["x"]) == 1
