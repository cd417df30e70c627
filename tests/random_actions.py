"""What Home Assistant's actions send to the vendor of an entity that was made at random."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from homeassistant.const import STATE_ON
from homeassistant.core import State

from .random_profiles import WORDS, Made

CODE: Final = "1234"
SECONDS: Final = 12


@dataclass(frozen=True)
class Act:
    """An action with its data, the command that it sends, and what the request has to hold."""

    action: str
    command: str
    data: Mapping[str, Any] = field(default_factory=dict)
    sent: Mapping[str, Any] | None = None

    @property
    def body(self) -> Mapping[str, Any]:
        """Return what the request holds: the action's data, unless it is another."""
        return self.data if self.sent is None else self.sent


type Acts = Callable[[Made, State], Iterator[Act]]

PLAIN: Final[Mapping[str, Sequence[str]]] = {
    "button": ("press",),
    "camera": ("turn_on", "turn_off", "enable_motion_detection", "disable_motion_detection"),
    "climate": ("turn_on", "turn_off"),
    "fan": ("turn_on", "turn_off"),
    "humidifier": ("turn_on", "turn_off"),
    "lawn_mower": ("start_mowing", "pause", "dock"),
    "light": ("turn_on", "turn_off"),
    "media_player": (
        *("turn_on", "turn_off", "volume_up", "volume_down", "media_play", "media_pause"),
        *("media_stop", "media_next_track", "media_previous_track", "clear_playlist"),
    ),
    "remote": ("turn_on", "turn_off"),
    "scene": ("turn_on",),
    "siren": ("turn_on", "turn_off"),
    "switch": ("turn_on", "turn_off"),
    "vacuum": ("start", "pause", "stop", "return_to_base", "clean_spot", "locate"),
    "water_heater": ("turn_on", "turn_off"),
}
"""Commands that have the names of their actions, and take nothing."""

ADDED: Final[Mapping[str, Sequence[str]]] = {
    "cover": ("open", "close", "stop"),
    "valve": ("open", "close", "stop"),
}
"""Commands to whose names their actions add the platform's."""

VALUES: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "climate": {"set_humidity": {"humidity": 40}},
    "date": {"set_value": {"date": "2026-12-01"}},
    "fan": {
        "oscillate": {"oscillating": True},
        "set_direction": {"direction": "reverse"},
    },
    "humidifier": {"set_humidity": {"humidity": 40}},
    "media_player": {
        "volume_set": {"volume_level": 0.25},
        "volume_mute": {"is_volume_muted": True},
        "media_seek": {"seek_position": SECONDS},
        "play_media": {"media_content_id": "first", "media_content_type": "music"},
        "shuffle_set": {"shuffle": True},
        "repeat_set": {"repeat": "all"},
    },
    "notify": {"send_message": {"message": "Rain", "title": "Weather"}},
    "select": {"select_option": {"option": WORDS[2]}},
    "text": {"set_value": {"value": WORDS[2]}},
    "time": {"set_value": {"time": "07:45:00"}},
    "vacuum": {"send_command": {"command": "first"}},
    "water_heater": {"set_away_mode": {"away_mode": True}},
}
"""Commands that have the names of their actions, and what those are given."""

RENAMED: Final = {"date": "value", "time": "value"}
"""What a command calls what its action is given, where that is another word."""

CHOICES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "climate": {
        "set_hvac_mode": ("hvac_mode", "hvac_modes"),
        "set_fan_mode": ("fan_mode", "fan_modes"),
        "set_preset_mode": ("preset_mode", "preset_modes"),
        "set_swing_mode": ("swing_mode", "swing_modes"),
        "set_swing_horizontal_mode": ("swing_horizontal_mode", "swing_horizontal_modes"),
    },
    "fan": {"set_preset_mode": ("preset_mode", "preset_modes")},
    "humidifier": {"set_mode": ("mode", "available_modes")},
    "media_player": {
        "select_source": ("source", "source_list"),
        "select_sound_mode": ("sound_mode", "sound_mode_list"),
    },
    "vacuum": {"set_fan_speed": ("fan_speed", "fan_speed_list")},
    "water_heater": {"set_operation_mode": ("operation_mode", "operation_list")},
}
"""Commands that choose one of what a state's attribute lists."""


def _temperatures(made: Made, state: State) -> Iterator[Act]:
    platform = made.platform
    low, high = state.attributes["min_temp"], state.attributes["max_temp"]
    # The middle of what is shown, which Home Assistant turns into the vendor's unit.
    celsius = round((low + high) / 2)
    unit = made.values.get("temperature_unit", made.spec.get("temperature_unit"))
    vendors = celsius * 1.8 + 32 if unit == "°F" else celsius
    if "temperature" in state.attributes:
        yield Act(
            f"{platform}.set_temperature",
            "set_temperature",
            {"temperature": celsius},
            {"temperature": vendors},
        )
    elif "target_temp_high" in state.attributes:
        yield Act(
            f"{platform}.set_temperature",
            "set_temperature",
            {"target_temp_high": celsius, "target_temp_low": celsius},
            {"target_temp_high": vendors, "target_temp_low": vendors},
        )


def _coded(made: Made, state: State) -> Iterator[Act]:
    code = state.attributes.get("code_format") if made.platform == "lock" else None
    for name in made.spec.get("commands", ()):
        action = f"alarm_{name}" if made.platform == "alarm_control_panel" else name
        yield Act(f"{made.platform}.{action}", name, {"code": code or CODE})


def _positions(made: Made, state: State) -> Iterator[Act]:
    there = {"position": 40}
    sent = {"position": made.vendors("position", 40)}
    yield Act(f"{made.platform}.set_{made.platform}_position", "set_position", there, sent)
    if made.platform == "cover":
        for name in ("open", "close", "stop"):
            yield Act(f"cover.{name}_cover_tilt", f"{name}_tilt")
        sent = {"tilt_position": made.vendors("tilt_position", 40)}
        yield Act("cover.set_cover_tilt_position", "set_tilt_position", {"tilt_position": 40}, sent)


def _colors(made: Made, state: State) -> Iterator[Act]:
    modes = state.attributes.get("supported_color_modes", [])
    colors: Mapping[str, Mapping[str, Any]] = {
        "hs": {"hs_color": [30, 50]},
        "xy": {"xy_color": [0.3, 0.4]},
        "rgb": {"rgb_color": [10, 20, 30]},
        "rgbw": {"rgbw_color": [10, 20, 30, 40]},
        "rgbww": {"rgbww_color": [10, 20, 30, 40, 50]},
        "color_temp": {"color_temp_kelvin": 3000},
        "brightness": {"brightness": 100},
    }
    sent = {"brightness": {"brightness": made.vendors("brightness", 100, 255)}}
    for mode, data in colors.items():
        if mode in modes:
            yield Act("light.turn_on", "turn_on", data, sent.get(mode, data))
    for effect in state.attributes.get("effect_list") or ():
        yield Act("light.turn_on", "turn_on", {"effect": effect})
    yield Act("light.turn_on", "turn_on", {"transition": 2.0})


def _remote(made: Made, state: State) -> Iterator[Act]:
    for name in ("send_command", "learn_command", "delete_command"):
        keys = {"command": ["up"], "device": "tv"}
        yield Act(f"remote.{name}", name, keys, {"command": "up", "device": "tv"})
    for activity in state.attributes.get("activity_list") or ():
        yield Act("remote.turn_on", "turn_on", {"activity": activity})


def _todo(made: Made, state: State) -> Iterator[Act]:
    new = {"summary": "Milk", "status": "needs_action"}
    yield Act("todo.add_item", "create_item", {"item": "Milk"}, new)
    for item in made.values["items"][:1]:
        yield Act("todo.remove_item", "delete_item", {"item": ["0"]}, {"uid": "0"})
        change = {"item": "0", "rename": "Bread", "status": "completed"}
        changed = {"uid": "0", "summary": "Bread", "status": "completed"}
        # What is not changed is sent along: of the two ways to be due, the more exact.
        due = "due_datetime" if "f_due_datetime" in item else "due_date"
        for name in ("description", due):
            if f"f_{name}" in item:
                changed[name] = item[f"f_{name}"]
        yield Act("todo.update_item", "update_item", change, changed)


def _update(made: Made, state: State) -> Iterator[Act]:
    if not state.attributes.get("in_progress"):
        yield Act("update.install", "install", {"version": "9.9", "backup": True})
        if state.state == STATE_ON:
            yield Act("update.install", "install", {}, {"backup": False})


def _number(made: Made, state: State) -> Iterator[Act]:
    if "device_class" not in made.spec:  # else perhaps in another unit
        yield Act("number.set_value", "set_value", {"value": 30})


def _datetime(made: Made, state: State) -> Iterator[Act]:
    at = "2026-12-01T10:00:00+00:00"
    yield Act(
        "datetime.set_value", "set_value", {"datetime": at}, {"value": "2026-12-01T10:00:00Z"}
    )


def _fan(made: Made, state: State) -> Iterator[Act]:
    sent = {"percentage": made.vendors("percentage", 40)}
    yield Act("fan.set_percentage", "set_percentage", {"percentage": 40}, sent)


def _siren(made: Made, state: State) -> Iterator[Act]:
    yield Act("siren.turn_on", "turn_on", {"duration": SECONDS, "volume_level": 0.25})
    for tone in state.attributes.get("available_tones") or ():
        yield Act("siren.turn_on", "turn_on", {"tone": tone})


MORE: Final[Mapping[str, Acts]] = {
    "alarm_control_panel": _coded,
    "climate": _temperatures,
    "cover": _positions,
    "datetime": _datetime,
    "fan": _fan,
    "light": _colors,
    "lock": _coded,
    "number": _number,
    "remote": _remote,
    "siren": _siren,
    "todo": _todo,
    "update": _update,
    "valve": _positions,
    "water_heater": _temperatures,
}

NOT_BY_ACTION: Final = {
    "lawn_mower.stop",  # asked for by an action that takes areas
    "todo.move_item",  # by a command of the dashboards
    "vacuum.clean_area",  # takes areas that the user has matched
}


def acts_of(made: Made, state: State) -> list[Act]:
    """Return actions for each command of an entity, in its present state."""
    platform = made.platform
    found = [Act(f"{platform}.{name}", name) for name in PLAIN.get(platform, ())]
    found += [Act(f"{platform}.{name}_{platform}", name) for name in ADDED.get(platform, ())]
    for name, data in VALUES.get(platform, {}).items():
        sent = {RENAMED.get(key, key): value for key, value in data.items()}
        found.append(Act(f"{platform}.{name}", name, data, sent))
    for name, (key, listed) in CHOICES.get(platform, {}).items():
        choices = state.attributes.get(listed) or []
        found += [Act(f"{platform}.{name}", name, {key: choice}) for choice in choices]
    if platform in MORE:
        found += MORE[platform](made, state)
    return [act for act in found if act.command in made.spec.get("commands", {})]
