"""MQTT discovery's words for how a vendor counts."""

from typing import Any

import pytest

from custom_components.vendor_bridge.bridge.errors import ProfileError
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile
from custom_components.vendor_bridge.bridge.profile.plans import EntityPlan

from .conftest import HEAD

PROFILE = """
devices: {{request: {{get: /d}}, id: id}}
types: {{"*": {{{entity}}}}}
"""
SET = "commands: {set_percentage: {put: /x, json: {speed: '{percentage}'}}}"


def plan(entity: str) -> EntityPlan:
    """Return the one entity of a profile."""
    profile = parse_profile(HEAD + PROFILE.format(entity=entity), "tiny.yaml")
    (made,) = profile.types["*"]
    return made


@pytest.mark.parametrize(
    ("entity", "told"),
    [
        ("cover: {a: {position: p, position_closed: 100, position_open: 0}}", {100: 0, 0: 100}),
        ("cover: {a: {position: p, position_open: 255}}", {0: 0, 51: 20, 255: 100}),
        ("valve: {a: {position: p, position_open: 1000}}", {0: 0, 500: 50, 1000: 100}),
        (
            "cover: {a: {state: s, tilt_position: {value: p}, tilt_min: -90, tilt_max: 90}}",
            {-90: 0, 0: 50, 90: 100},
        ),
        (
            "fan: {a: {percentage: p, speed_range_max: 6}}",
            {0: 0, 3: 50, 6: 100},
        ),
        (
            "fan: {a: {percentage: p, speed_range_min: 101, speed_range_max: 104}}",
            {100: 0, 102: 50, 104: 100},
        ),
        (
            (
                "light: {a: {state: s, brightness: p, brightness_scale: 100, commands: "
                "{turn_on: {put: /x}, turn_off: {put: /x}}}}"
            ),
            {0: 0, 100: 255},
        ),
    ],
)
def test_scale(entity: str, told: dict[int, int]) -> None:
    (picker,) = [one.picker for one in plan(entity).attributes if one.name != "state"]
    assert {theirs: picker.pick({"p": theirs}) for theirs in told} == told
    assert {ours: picker.invert(ours) for ours in told.values()} == {
        ours: theirs for theirs, ours in told.items()
    }


@pytest.mark.parametrize(
    ("more", "count"),
    [
        ("speed_range_max: 6", 6),
        ("speed_range_min: 3, speed_range_max: 6", 4),
        ("speed_range_max: 6, speed_count: 2", 2),
    ],
)
def test_how_many_speeds_there_are_follows(more: str, count: int) -> None:
    options: Any = plan(f"fan: {{a: {{percentage: p, {more}, {SET}}}}}").entity.options
    assert options["speed_count"] == count


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        (
            "cover: {a: {position: {value: p, range: [0, 9]}, position_open: 9}}",
            "`range` and `position_open` say the same",
        ),
        ("cover: {a: {position: p, position_open: 0}}", "a range has two different ends"),
        (
            "fan: {a: {percentage: p, speed_range_min: 9, speed_range_max: 2}}",
            "a range has two different ends",
        ),
        ("cover: {a: {state: s, position_open: 9}}", "position_open needs position beside it"),
    ],
)
def test_mistakes(entity: str, message: str) -> None:
    with pytest.raises(ProfileError) as caught:
        plan(entity)
    assert [one.message for one in caught.value.mistakes] == [message]
