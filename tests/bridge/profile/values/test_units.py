from fractions import Fraction

from hypothesis import given, strategies as st
import probatio
import pytest

from custom_components.vendor_bridge.bridge.model import Kind
from custom_components.vendor_bridge.bridge.profile.values import PickError, compile_value
from custom_components.vendor_bridge.bridge.profile.values.transforms.units import UNITS

from .hostile import attempt


@pytest.mark.parametrize(
    ("source", "target", "theirs", "ours"),
    [
        ("mW", "W", 2500, 2.5),
        ("Wh", "kWh", 1234, 1.234),
        ("J", "Wh", 3600, 1),
        ("kJ", "kWh", 7200, 2),
        ("MJ", "kWh", 3.6, 1),
        ("mAh", "Ah", 2600, 2.6),
        ("°C", "°F", 20, 68),
        ("°F", "°C", 68, 20),
        ("K", "°C", 293.15, 20),
        ("°C", "K", -273.15, 0),
        ("mired", "K", 250, 4000),
        ("K", "mired", 4000, 250),
        ("min", "s", 2, 120),
        ("ms", "s", 1500, 1.5),
        ("d", "h", 1.5, 36),
        ("s", "min", 90, 1.5),
        ("inHg", "hPa", 29.92, 1013.2075),
        ("hPa", "Pa", 1013, 101300),
        ("psi", "bar", 30, 2.0684271),
        ("bar", "kPa", 1.5, 150),
        ("L", "m³", 1500, 1.5),
        ("mL", "L", 250, 0.25),
        ("km/h", "m/s", 36, 10),
        ("mph", "km/h", 60, 96.56064),
        ("kn", "km/h", 10, 18.52),
        ("mi", "km", 1, 1.609344),
        ("ft", "m", 10, 3.048),
        ("in", "cm", 1, 2.54),
        ("lb", "kg", 1, 0.45359237),
        ("B", "kB", 1500, 1.5),
        ("GiB", "MiB", 2, 2048),
        ("Mbit/s", "MB/s", 80, 10),
        ("ppb", "ppm", 400, 0.4),
        ("1", "%", 0.42, 42),
        ("L/min", "m³/h", 10, 0.6),
    ],
)
def test_conversions(source: str, target: str, theirs: float, ours: float) -> None:
    picker = compile_value({"value": "@", "unit": [source, target]}, Kind.NUMBER)
    assert picker.pick(theirs) == pytest.approx(ours, rel=1e-7)
    assert picker.invert(ours) == pytest.approx(theirs, rel=1e-7)


BY_DIMENSION = {
    dimension: sorted(name for name, (other, _) in UNITS.items() if other == dimension)
    for dimension, _ in UNITS.values()
}


@given(st.data(), st.sampled_from(sorted(BY_DIMENSION)), st.floats(-1e6, 1e6))
def test_every_conversion_comes_back(data: st.DataObject, dimension: str, number: float) -> None:
    source, target = (data.draw(st.sampled_from(BY_DIMENSION[dimension])) for _ in range(2))
    picker = compile_value({"value": "@", "unit": [source, target]}, Kind.NUMBER)
    there = picker.pick(number)
    factor = UNITS[source][1] / UNITS[target][1]
    assert there == pytest.approx(float(Fraction(number) * factor), rel=1e-10)
    assert isinstance(there, int | float)
    assert picker.invert(there) == pytest.approx(number, rel=1e-9)


@pytest.mark.parametrize(
    ("units", "complaint"),
    [
        (["W", "Wh"], "W measures power and Wh energy"),
        (["°C", "W"], "°C measures temperature and W power"),
        (["mired", "°C"], "mired"),
        (["kwh", "Wh"], "did you mean"),
        (["W"], "length"),
        (["W", "W", "W"], "length"),
        (["W", 1], "str"),
    ],
)
def test_what_cannot_be_converted_is_refused(units: list[str], complaint: str) -> None:
    with pytest.raises(probatio.Invalid, match=complaint):
        compile_value({"value": "a", "unit": units})


@pytest.mark.parametrize("value", [0, -1, "0", 0.0, 5e-324])
def test_no_colour_temperature_of_zero(value: object) -> None:
    picker = compile_value({"value": "@", "unit": ["mired", "K"]}, Kind.KELVIN)
    assert isinstance(attempt(picker.pick, value), PickError)


def test_lists_are_converted_one_by_one() -> None:
    assert compile_value({"value": "@", "unit": ["mA", "A"]}).pick([1, 2500]) == [0.001, 2.5]
