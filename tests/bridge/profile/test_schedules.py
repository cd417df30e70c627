"""Schedules as a profile writes them."""

import pytest

from custom_components.vendor_bridge.bridge.errors import ProfileError
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, AtStart
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

PROFILE = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup: {url: {type: url}}
api: {base_url: "{setup.url}"}
devices:
  - {request: {get: /lamps}, id: id, type: type, schedule: "06:30"}
  - {request: {get: /plugs}, id: id, type: type, schedule: [sunset, never-ending]}
monitors:
  all: {request: {get: /all}, each: "@", device: id, schedule: ["*/15 6-21 * * *", "0 22 * * *"]}
  one: {request: {get: /one}, each: "@", device: id, schedule: never, at_start: missed}
  two: {request: {get: /two}, each: "@", device: id}
types:
  lamp:
    sensor: {a: {from: all, value: x}, b: {from: one, value: x}, c: {from: two, value: x}}
"""
GOOD = PROFILE.replace("never-ending", "dusk")


def test_a_schedule_is_a_line_or_several() -> None:
    monitors = parse_profile(GOOD, "tiny.yaml").monitors
    written = {
        key: one.schedule.texts if one.schedule is not None else None
        for key, one in monitors.items()
    }
    assert written == {
        DEVICES_MONITOR: ["06:30", "sunset", "dusk"],
        "all": ["*/15 6-21 * * *", "0 22 * * *"],
        "one": ["never"],
        "two": None,
    }
    assert [monitors[key].at_start for key in ("one", "two")] == [AtStart.MISSED, AtStart.ALWAYS]


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (PROFILE, "8:60: devices.1.schedule: `never-ending` is no time"),
        (GOOD.replace("*/15 6-21", "*/15 6-25"), "10:64: monitors.all.schedule: `*/15 6-25 * * *`"),
        (GOOD.replace("missed", "sometimes"), "at_start"),
        (GOOD.replace("schedule: never", "schedule: []"), "schedule"),
        (GOOD.replace("schedule: never", "schedule: 5"), "schedule"),
    ],
    ids=["sun", "hour", "start", "none", "number"],
)
def test_a_schedule_that_cannot_be_understood_is_a_mistake(text: str, mistake: str) -> None:
    with pytest.raises(ProfileError) as raised:
        parse_profile(text, "tiny.yaml")
    assert mistake in str(raised.value)


@pytest.mark.parametrize(
    ("devices", "place"),
    [
        (
            "devices:\n  {request: {get: /d}, id: id, type: type,\n  schedule: sometime}",
            "8:13: devices",
        ),
        (
            "devices:\n- {request: {get: /d}, id: id, type: type,\n  schedule: sometime}",
            "8:13: devices.0",
        ),
    ],
)
def test_a_mistake_is_told_of_where_it_is(devices: str, place: str) -> None:
    """The only listing may be an item of a list, or not."""
    head, _, rest = GOOD.partition("devices:")
    text = f"{head.lstrip()}\n{devices}\nmonitors:{rest.partition('monitors:')[2]}"
    with pytest.raises(ProfileError) as raised:
        parse_profile(text, "tiny.yaml")
    assert f"{place}.schedule: `sometime` is no time" in str(raised.value)
