"""What is done to one entity of each kind, and how it shows on the other side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

CODE = "2580"
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One entity: an action, what the vendor then knows, and a change there that shows here.

    ``at_vendor`` are fields of the device's status, or of what the simulator alone knows of it.
    ``pull`` is done to the device; then the entity has the state ``state`` and these
    ``attributes``. What is not given is not done, and not looked at.
    """

    serial: str
    platform: str
    key: str = "main"
    action: str | None = None
    data: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    at_vendor: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    pull: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    state: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    elsewhere: str | None = None
    """Another device, on which the action shows."""
    picture: bool = False
    """Whether it shows the very picture that the vendor has, once all else is as it should be."""
    refused: str | None = None
    """Part of the reason for which the action has to fail."""


SCENES = (
    Deed(
        serial="HUB-0001",
        platform="scene",
        key="movie",
        action="turn_on",
        data={"transition": 2},
        elsewhere="LMP-0001",
        at_vendor={"on": True, "level": 20},
    ),
    Deed(
        serial="HUB-0001",
        platform="scene",
        key="good_night",
        action="turn_on",
        elsewhere="LMP-0001",
        at_vendor={"on": False},
    ),
)
"""What is done to many devices at once, and so before everything else."""
_GUARDS = (
    Deed(
        serial="ALM-0001",
        platform="alarm_control_panel",
        action="alarm_arm_away",
        at_vendor={"mode": "exit_delay"},
        state="arming",
    ),
    Deed(
        serial="ALM-0001",
        platform="alarm_control_panel",
        action="alarm_disarm",
        data={"code": "9999"},
        refused="the code is wrong",
        at_vendor={"mode": "exit_delay"},
    ),
    Deed(
        serial="ALM-0001",
        platform="alarm_control_panel",
        action="alarm_disarm",
        data={"code": CODE},
        at_vendor={"mode": "off"},
        pull={"mode": "night"},
        state="armed_night",
        attributes={"changed_by": "keypad"},
    ),
    Deed(
        serial="LCK-0002",
        platform="lock",
        action="unlock",
        data={"code": CODE},
        at_vendor={"state": "unlocked"},
        pull={"state": "locked"},
        state="locked",
    ),
    Deed(
        serial="SIR-0001",
        platform="siren",
        action="turn_on",
        data={"tone": "whoop", "duration": 120, "volume_level": 0.7},
        at_vendor={"noise": "sounding", "tone": "whoop", "seconds": 120, "loudness": 7},
        pull={"do": "stop"},
        state="off",
    ),
    Deed(
        serial="SMK-0001",
        platform="binary_sensor",
        key="smoke",
        pull={"smoke": True},
        state="on",
    ),
    Deed(
        serial="TAG-0001",
        platform="device_tracker",
        pull={"lat_e7": 481_372_000, "lon_e7": 115_756_000, "accuracy_cm": 1200},
        state="not_home",
        attributes={"latitude": 48.1372, "longitude": 11.5756, "gps_accuracy": 12},
    ),
    Deed(
        serial="TAG-0001",
        platform="button",
        key="ring",
        action="press",
        at_vendor={"identified": 1},
    ),
)
_SIGNALS = (
    Deed(
        serial="DBL-0001",
        platform="event",
        key="ring",
        pull={"press": True},
        attributes={"event_type": "ring", "long": False},
    ),
    Deed(
        serial="CLK-0001",
        platform="event",
        pull={"click": "double"},
        attributes={"event_type": "double"},
    ),
    Deed(
        serial="CAM-0001",
        platform="camera",
        action="disable_motion_detection",
        at_vendor={"watching": False},
        pull={"recording": True},
        state="recording",
        picture=True,
    ),
    Deed(serial="DBL-0001", platform="image", key="visitor", pull={"press": True}, picture=True),
)
_AIR = (
    Deed(
        serial="AIR-0001",
        platform="climate",
        action="set_temperature",
        data={"temperature": 20, "hvac_mode": "cool"},
        at_vendor={"mode": "cooling", "target_f": 68},
        pull={"room_f": 86},
        state="cool",
        attributes={"current_temperature": 30, "hvac_action": "cooling"},
    ),
    # The mode allows other targets, and fewer levels of the fan.
    Deed(
        serial="AIR-0001",
        platform="climate",
        action="set_hvac_mode",
        data={"hvac_mode": "heat"},
        at_vendor={"mode": "heating", "target_f": 68},
        attributes={"min_temp": 10, "max_temp": 25, "fan_modes": ["auto", "F1", "F2"]},
    ),
    Deed(
        serial="BOI-0001",
        platform="water_heater",
        action="set_operation_mode",
        data={"operation_mode": "high_demand"},
        at_vendor={"program": "turbo"},
        attributes={"max_temp": 70},
    ),
    Deed(
        serial="BOI-0001",
        platform="water_heater",
        action="set_temperature",
        data={"temperature": 65.5},
        at_vendor={"target_dc": 655},
        pull={"water_dc": 433},
        state="high_demand",
        attributes={"current_temperature": 43.3},
    ),
    Deed(
        serial="HUM-0001",
        platform="humidifier",
        action="set_humidity",
        data={"humidity": 65},
        at_vendor={"target": 65},
        pull={"on": True, "humidity": 40},
        state="on",
        attributes={"action": "humidifying"},
    ),
    Deed(
        serial="FAN-0001",
        platform="fan",
        action="set_percentage",
        data={"percentage": 50},
        at_vendor={"speed": 3},
        pull={"breeze": "storm", "turn": "in"},
        state="on",
        attributes={"percentage": 100, "preset_mode": "storm", "direction": "reverse"},
    ),
    Deed(
        serial="FAN-0001",
        platform="switch",
        key="child_lock",
        pull={"child_lock": True},
        state="on",
    ),
    Deed(
        serial="FAN-0001",
        platform="fan",
        action="set_percentage",
        data={"percentage": 17},
        refused="cannot be changed just now",
        at_vendor={"speed": 6},
        pull={"child_lock": False},
    ),
    Deed(
        serial="VNT-0001",
        platform="number",
        key="level",
        action="set_value",
        data={"value": 70},
        at_vendor={"level": 70, "mode": "manual"},
        pull={"level": 30},
        state="30",
    ),
    Deed(
        serial="TMP-0001",
        platform="sensor",
        key="temperature",
        pull={"temperature": 28.5},
        state="28.5",
    ),
)
_OPENINGS = (
    Deed(
        serial="BLD-0001",
        platform="cover",
        action="set_cover_position",
        data={"position": 15},
        at_vendor={"position": 15, "moving": None},
        pull={"position": 40},
        state="open",
        attributes={"current_position": 40},
    ),
    Deed(
        serial="VLV-0001",
        platform="valve",
        action="set_valve_position",
        data={"position": 50},
        at_vendor={"opening_pm": 500, "turning": None},
        pull={"opening_pm": 0},
        state="closed",
    ),
)
_ROBOTS = (
    Deed(
        serial="MOW-0001",
        platform="lawn_mower",
        action="start_mowing",
        at_vendor={"state": "mowing"},
        pull={"state": "trapped"},
        state="error",
    ),
    Deed(
        serial="VAC-0001",
        platform="vacuum",
        action="start",
        at_vendor={"state": "cleaning"},
        pull={"state": "stuck"},
        state="error",
    ),
)
_SWITCHES = (
    Deed(
        serial="LMP-0002",
        platform="light",
        action="turn_on",
        data={"hs_color": [240, 80], "brightness_pct": 50, "transition": 1},
        at_vendor={"on": True, "hue": 240, "saturation": 80, "level": 50},
        pull={"effect": "candle", "level": 80},
        state="on",
        attributes={"brightness": 204, "effect": "candle"},
    ),
    Deed(
        serial="STR-0001-1",
        platform="switch",
        key="outlet",
        action="turn_off",
        at_vendor={"on": False},
        pull={"on": True},
        state="on",
    ),
    Deed(
        serial="DBL-0001",
        platform="select",
        key="chime",
        action="select_option",
        data={"option": "bird"},
        at_vendor={"chime": "bird"},
        pull={"chime": "silent"},
        state="silent",
    ),
)
_HUB = (
    Deed(
        serial="HUB-0001",
        platform="text",
        key="greeting",
        action="set_value",
        data={"value": "Grüß Gott"},
        at_vendor={"greeting": "Grüß Gott"},
        pull={"greeting": "Hello"},
        state="Hello",
    ),
    Deed(
        serial="HUB-0001",
        platform="time",
        key="wake_at",
        action="set_value",
        data={"time": "07:05:00"},
        at_vendor={"wake_at": "07.05"},
        pull={"wake_at": "09.30"},
        state="09:30:00",
    ),
    Deed(
        serial="HUB-0001",
        platform="date",
        key="holiday_from",
        action="set_value",
        data={"date": "2026-12-24"},
        at_vendor={"holiday_from": "24.12.2026"},
        pull={"holiday_from": "01.05.2027"},
        state="2027-05-01",
    ),
    Deed(
        serial="HUB-0001",
        platform="datetime",
        key="service_at",
        action="set_value",
        data={"datetime": "2027-03-01T10:00:00+01:00"},
        at_vendor={"service_at": 1_803_891_600},
        pull={"service_at": 1_800_000_000},
        state="2027-01-15T08:00:00+00:00",
    ),
    Deed(
        serial="HUB-0001",
        platform="notify",
        key="display",
        action="send_message",
        data={"message": "Dinner is ready", "title": "Kitchen"},
        at_vendor={"messages": [{"text": "Dinner is ready", "headline": "Kitchen"}]},
    ),
    Deed(
        serial="HUB-0001",
        platform="update",
        key="firmware",
        action="install",
        at_vendor={"firmware": "3.3.0", "progress": None},
        state="off",
        attributes={"installed_version": "3.3.0", "in_progress": False},
    ),
)
_FOR_PEOPLE = (
    Deed(
        serial="TEL-0001",
        platform="media_player",
        action="play_media",
        data={"media_content_id": "Evening News", "media_content_type": "tvshow"},
        at_vendor={"power": "on", "doing": "playing", "title": "Evening News"},
        pull={"do": "next", "volume": 30, "input": "hdmi_1"},
        state="playing",
        attributes={
            "media_title": "Gardens of the North",
            "volume_level": 0.5,
            "source": "Console",
            "media_duration": 2700,
        },
    ),
    Deed(
        serial="TEL-0001",
        platform="media_player",
        action="media_seek",
        data={"seek_position": 600},
        at_vendor={"position_ms": 600_000},
        picture=True,
    ),
    Deed(
        serial="SPK-0001",
        platform="media_player",
        action="repeat_set",
        data={"repeat": "one"},
        at_vendor={"again": "one"},
        pull={"do": "play", "sound": "bass"},
        state="playing",
        attributes={"media_artist": "The Lindens", "sound_mode": "bass", "repeat": "one"},
    ),
    Deed(
        serial="TEL-0001",
        platform="remote",
        key="keys",
        action="send_command",
        data={"command": ["up", "ok"], "delay_secs": 0},
        at_vendor={"keys": ["up", "ok"]},
        state="on",
    ),
    Deed(
        serial="BRD-0001",
        platform="todo",
        action="add_item",
        data={"item": "Candles", "due_date": "2026-12-24"},
        at_vendor={"open": 3},
        state="3",
    ),
    Deed(
        serial="BRD-0001",
        platform="todo",
        action="update_item",
        data={"item": "Milk", "status": "completed"},
        at_vendor={"open": 2},
        state="2",
    ),
    Deed(
        serial="WEA-0001",
        platform="weather",
        attributes={"temperature_unit": "°C", "wind_speed_unit": "km/h"},
    ),
)
DEEDS = (*_GUARDS, *_FOR_PEOPLE, *_SIGNALS, *_AIR, *_OPENINGS, *_ROBOTS, *_SWITCHES, *_HUB)
"""Those of one entity are done one after the other, in this order."""
