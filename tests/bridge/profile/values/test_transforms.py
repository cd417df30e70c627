"""Every transform: its example, the way there and back, and whatever a vendor may send."""

import json
from typing import Any

from hypothesis import assume, given, strategies as st
import probatio
import pytest

from custom_components.vendor_bridge.bridge.model import Kind
from custom_components.vendor_bridge.bridge.profile.values import (
    TRANSFORMS,
    PickError,
    compile_value,
)

from .hostile import JSON, ODD, attempt

SENSIBLE = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6).map(lambda x: round(x, 4))
FACTORS = st.sampled_from([0.001, 0.01, 0.1, 0.5, 1, 2, 3.6, 10, 1000, -1, 1.8, 0.0254])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def there(name: str, argument: Any, value: Any, kind: Kind = Kind.ANY) -> Any:
    return compile_value({"value": "@", name: argument}, kind).pick(value)


def back(name: str, argument: Any, value: Any, kind: Kind = Kind.ANY) -> Any:
    return compile_value({"value": "@", name: argument}, kind).invert(value)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_its_example_is_true(name: str) -> None:
    argument, kind, theirs, ours = TRANSFORMS[name].example
    got = there(name, argument, theirs, kind)
    assert got == ours
    assert type(got) is type(ours)


@pytest.mark.parametrize("name", TRANSFORMS)
def test_it_is_described_in_one_line(name: str) -> None:
    row = TRANSFORMS[name]
    assert row.name == name
    assert row.help.endswith(".")
    assert "\n" not in row.help


@pytest.mark.parametrize("name", TRANSFORMS)
def test_its_argument_has_a_json_schema(name: str) -> None:
    schema = probatio.Schema({probatio.Optional(name): TRANSFORMS[name].argument})
    assert json.dumps(probatio.to_json_schema(schema))


@pytest.mark.parametrize("name", TRANSFORMS)
def test_odd_values_break_it_for_no_kind(name: str) -> None:
    for kind in Kind:
        try:
            picker = compile_value({"value": "@", name: TRANSFORMS[name].example[0]}, kind)
        except probatio.Invalid:
            assert name in {"range", "invert"}
            continue
        for odd in ODD:
            attempt(picker.pick, odd)
            attempt(picker.invert, odd)


@given(st.sampled_from(sorted(TRANSFORMS)), st.sampled_from(list(Kind)), JSON)
def test_whatever_comes_it_gives_a_value_or_a_misfit(name: str, kind: Kind, value: Any) -> None:
    try:
        picker = compile_value({"value": "@", name: TRANSFORMS[name].example[0]}, kind)
    except probatio.Invalid:
        return
    attempt(picker.pick, value)
    attempt(picker.invert, value)


@given(st.sampled_from(sorted(TRANSFORMS)), JSON)
def test_whatever_its_argument_is_it_compiles_or_is_invalid(name: str, argument: Any) -> None:
    for odd in (argument, {"from": argument, "to": [0, 1]}, {"by": argument}, [argument]):
        try:
            compile_value({"value": "@", name: odd})
        except probatio.Invalid as error:
            assert error.path[:1] == [name]  # noqa: PT017 - invalid is as good as compiled


# --- numbers ------------------------------------------------------------------------------------


@given(SENSIBLE, FACTORS)
def test_scale_there_and_back(number: float, factor: float) -> None:
    ours = there("scale", factor, number)
    assert back("scale", factor, ours) == pytest.approx(number, rel=1e-9, abs=1e-9)


@given(st.integers(-(10**9), 10**9), st.sampled_from([0.1, 0.01, 0.001, 0.5, 0.25]))
def test_scaled_integers_are_exact(number: int, factor: float) -> None:
    """The vendor's 3 tenths are 0.3, not 0.30000000000000004, and 3 again on the way back."""
    ours = there("scale", factor, number)
    assert ours == float(f"{ours:.12g}")
    theirs = back("scale", factor, ours)
    assert theirs == number
    assert type(theirs) is int


@given(SENSIBLE, SENSIBLE)
def test_offset_there_and_back(number: float, offset: float) -> None:
    ours = there("offset", offset, number)
    assert back("offset", offset, ours) == pytest.approx(number, rel=1e-9, abs=1e-5)


@given(SENSIBLE, st.integers(0, 12))
def test_round_is_idempotent_and_the_same_both_ways(number: float, digits: int) -> None:
    once = there("round", digits, number)
    assert abs(once - number) <= 0.5 * 10**-digits + 1e-9
    assert there("round", digits, once) == once
    assert back("round", digits, number) == once
    assert digits or isinstance(once, int)


def test_lists_are_transformed_number_by_number() -> None:
    assert there("scale", 0.5, [2, 4]) == [1.0, 2.0]
    assert there("scale", [0.5, 2], [2, 4]) == [1.0, 8]
    assert back("scale", [0.5, 2], [1.0, 8]) == [2, 4]
    for wrong in ([1], [1, 2, 3], 1, "12"):
        assert isinstance(attempt(there, "scale", [0.5, 2], wrong), PickError)


RANGES = st.tuples(st.integers(-1000, 70000), st.integers(-1000, 70000)).filter(
    lambda ends: abs(ends[0] - ends[1]) >= 1
)
NATIVE = st.sampled_from([Kind.BRIGHTNESS, Kind.PERCENTAGE, Kind.FRACTION])


@given(RANGES, st.floats(0, 1), NATIVE)
def test_range_keeps_within_both_ranges(ends: tuple[int, int], share: float, kind: Kind) -> None:
    picker = compile_value({"value": "@", "range": list(ends)}, kind)
    theirs = ends[0] + (ends[1] - ends[0]) * share
    ours = picker.pick(theirs)
    assert isinstance(ours, int | float)
    again = picker.invert(ours)
    assert type(again) is int
    assert min(ends) <= again <= max(ends)
    coarseness = abs(ends[1] - ends[0]) / {Kind.BRIGHTNESS: 254, Kind.PERCENTAGE: 100}.get(
        kind, 1e9
    )
    assert abs(again - theirs) <= coarseness + 1


@given(st.sampled_from([(0, 255), (0, 1000), (0, 65535), (1, 1000), (10, 1000), (1000, 0)]))
def test_brightness_comes_back_as_it_was_set(ends: tuple[int, int]) -> None:
    """With a scale at least as fine as ours, each level survives being sent and read back."""
    picker = compile_value({"value": "@", "range": list(ends)}, Kind.BRIGHTNESS)
    for level in range(1, 256):
        theirs = picker.invert(level)
        assert picker.pick(theirs) == level


@given(RANGES, st.integers(1, 255))
def test_a_lamp_that_is_on_is_never_sent_to_off(ends: tuple[int, int], level: int) -> None:
    assume(ends[0] == 0 or ends[0] > ends[1])
    picker = compile_value({"value": "@", "range": list(ends)}, Kind.BRIGHTNESS)
    assert picker.invert(level) != ends[0]
    assert picker.invert(0) == ends[0]


@given(st.integers(1, 100_000), st.integers(1, 100_000))
def test_a_lamp_that_is_barely_on_is_not_shown_as_off(high: int, level: int) -> None:
    assume(level <= high)
    picker = compile_value({"value": "@", "range": [0, high]}, Kind.BRIGHTNESS)
    ours = picker.pick(level)
    assert isinstance(ours, int)
    assert ours >= 1
    assert picker.pick(0) == 0


@pytest.mark.parametrize(
    ("argument", "kind", "theirs", "ours"),
    [
        ([0, 100], Kind.BRIGHTNESS, 100, 255),
        ([1, 254], Kind.BRIGHTNESS, 1, 1),
        ([1, 254], Kind.BRIGHTNESS, 254, 255),
        ([0, 100], Kind.BRIGHTNESS, 101, 255),
        ([0, 100], Kind.BRIGHTNESS, -0.4, 0),
        ({"from": [-100, -50], "to": [0, 100]}, Kind.NUMBER, -30, 100),
        ([100, 0], Kind.PERCENTAGE, 30, 70),
        ([0, 255], Kind.PERCENTAGE, 128, 50),
        ([0, 50], Kind.FRACTION, 20, 0.4),
        ({"from": [0, 10], "to": [-1, 1]}, Kind.NUMBER, 5, 0),
        ({"from": [-100, -50], "to": [0, 100]}, Kind.NUMBER, -75, 50),
    ],
)
def test_range_examples(argument: Any, kind: Kind, theirs: Any, ours: Any) -> None:
    assert there("range", argument, theirs, kind) == ours


@pytest.mark.parametrize("theirs", [250, 103, -3, "1000"])
def test_what_the_vendors_range_does_not_hold_is_refused(theirs: Any) -> None:
    with pytest.raises(PickError, match="expected a number from 0 to 100"):
        there("range", [0, 100], theirs, Kind.BRIGHTNESS)


@pytest.mark.parametrize(
    ("argument", "kind"),
    [
        ([0, 100], Kind.NUMBER),
        ([5, 5], Kind.BRIGHTNESS),
        ({"from": [0, 1], "to": [2, 2]}, Kind.NUMBER),
        ([0, float("nan")], Kind.BRIGHTNESS),
        ([0], Kind.BRIGHTNESS),
    ],
)
def test_a_range_that_cannot_be_is_refused(argument: Any, kind: Kind) -> None:
    with pytest.raises(probatio.Invalid):
        compile_value({"value": "a", "range": argument}, kind)


@given(NATIVE, st.integers(0, 100))
def test_invert_is_its_own_inverse(kind: Kind, share: int) -> None:
    top = {Kind.BRIGHTNESS: 255, Kind.PERCENTAGE: 100, Kind.FRACTION: 1}[kind]
    value = round(top * share / 100) if kind is Kind.BRIGHTNESS else top * share / 100
    picker = compile_value({"value": "@", "invert": True}, kind)
    mirrored = picker.pick(value)
    assert isinstance(mirrored, int | float)
    assert picker.pick(mirrored) == pytest.approx(value)
    assert picker.invert(mirrored) == pytest.approx(value)


def test_invert_of_words() -> None:
    assert there("invert", True, "off", Kind.BOOLEAN) is True
    assert back("invert", True, True, Kind.BOOLEAN) is False
    assert there("invert", False, "off", Kind.BOOLEAN) is False
    with pytest.raises(probatio.Invalid, match="can't be inverted"):
        compile_value({"value": "a", "invert": True}, Kind.TEXT)


# --- choices ------------------------------------------------------------------------------------

CHOICES = st.dictionaries(
    st.integers(0, 50) | TEXTS | st.booleans(),
    TEXTS | st.booleans() | st.integers(0, 9),
    min_size=1,
)


@given(CHOICES)
def test_map_there_and_back(choices: dict[Any, Any]) -> None:
    try:
        picker = compile_value({"value": "@", "map": choices})
    except probatio.Invalid as error:
        assert "same to a vendor" in str(error)  # noqa: PT017 - as good as compiled
        return
    for theirs, ours in choices.items():
        assert picker.pick(theirs) == ours
        if picker.invertible:
            assert picker.invert(ours) == theirs
    if not picker.invertible:
        texts = [
            str(ours).lower() if isinstance(ours, bool) else str(ours) for ours in choices.values()
        ]
        assert len(set(texts)) < len(texts)


@pytest.mark.parametrize(
    ("choices", "value", "expected"),
    [
        ({"1": "a", True: "b"}, 1, "a"),
        ({"1": "a", True: "b"}, 1.0, "a"),
        ({"1": "a", True: "b"}, True, "b"),
        ({"1": "a", True: "b"}, "true", "b"),
        ({1.5: "a"}, "1.5", "a"),
        ({"": "empty"}, "", "empty"),
    ],
)
def test_map_takes_what_means_the_same(choices: Any, value: Any, expected: Any) -> None:
    assert there("map", choices, value) == expected


@pytest.mark.parametrize("value", [3, "TRUE", [1], {"a": 1}, float("nan"), 2**70, "x" * 10**6])
def test_map_refuses_what_it_does_not_know(value: Any) -> None:
    misfit = attempt(there, "map", {"1": "a", True: "b", "true ": "c"}, value)
    assert isinstance(misfit, PickError)
    assert "1" in misfit.expected or "true" in misfit.expected


@pytest.mark.parametrize(
    ("name", "argument", "value", "expected"),
    [
        ("equals", "on", "on", True),
        ("equals", 1, "1", True),
        ("equals", [1, 2], 3, False),
        ("equals", True, 1, False),
        ("equals", "x", {"x": 1}, False),
        ("unknown", ["", "--"], "--", None),
        ("unknown", 65535, 65535.0, None),
        ("unknown", 65535, 1, 1),
        ("above", 5, 5, False),
        ("above", 5, "5.1", True),
        ("below", -5, -6, True),
        ("contains", "a", ["b"], False),
        ("contains", 1, ["1"], True),
        ("contains", "a", {"a": None}, True),
        ("contains", "art", "start", True),
        ("bit", 63, -1, True),
        ("bit", 0, "2", False),
        ("length", True, "abc", 3),
        ("length", True, {}, 0),
    ],
)
def test_comparisons(name: str, argument: Any, value: Any, expected: Any) -> None:
    assert there(name, argument, value) is expected or there(name, argument, value) == expected


@given(st.integers(0, 63), st.integers(0, 2**63 - 1))
def test_bit_tells_each_bit(place: int, number: int) -> None:
    assert there("bit", place, number) is (f"{number:064b}"[63 - place] == "1")
