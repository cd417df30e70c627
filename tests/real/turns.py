"""How an entity of each platform is controlled, and what then has to be seen of it.

Both sides are Home Assistants and speak of the same entity: a turn taken at one of them is looked
for at the other one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

type State = Mapping[str, Any]
ALARM_CODE = "1234"


@dataclass(frozen=True, slots=True)
class Turn:
    """An action, and the state and attributes that the entity has after it.

    ``moves``: that the state is another one than before, where it is the time of the action.
    ``reason``: the action fails, and says so with this. ``lasting``: it takes minutes, and what is
    to be seen is that it is under way.
    """

    service: str
    data: Mapping[str, Any] = field(default_factory=dict)
    state: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    moves: bool = False
    reason: str | None = None
    lasting: bool = False

    def unseen(self, state: State | None, before: State) -> str | None:
        """Return what of it a state does not show, None where it shows all."""
        if state is None:
            return "it has gone"
        if self.state is not None and not _same(state["state"], self.state):
            return f"the state is {state['state']!r}, not {self.state!r}"
        if self.moves and state["state"] in {before["state"], "unknown", "unavailable"}:
            return f"the state is still {state['state']!r}"
        for name, wanted in self.attributes.items():
            if state["attributes"].get(name) != wanted:
                return f"{name} is {state['attributes'].get(name)!r}, not {wanted!r}"
        return None


def _same(one: str, other: str) -> bool:
    """Return whether two states are the same, also as numbers: 2 is 2.0."""
    if one == other:
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Measured:
    """A state that the other house is given as if it had been measured."""

    state: str
    attributes: Mapping[str, Any] = field(default_factory=dict)


type Back = Turn | Measured | None
"""None where the action from here goes on changing the entity there."""


def has(state: State, *features: int) -> bool:
    """Return whether an entity has all of these features."""
    mask = sum(features)
    return bool(state["attributes"].get("supported_features", 0) & mask == mask)


def other(options: list[str], now: str | None) -> str:
    """Return an option other than the present one."""
    return next(option for option in options if option != now)


def _alarm(_state: State) -> tuple[Turn, Back]:
    code = {"code": ALARM_CODE}
    return (
        Turn("alarm_arm_night", code, "armed_night"),
        Turn("alarm_disarm", code, "disarmed"),
    )


def _button(_state: State) -> tuple[Turn, Back]:
    return Turn("press", moves=True), Turn("press", moves=True)


def _camera(_state: State) -> tuple[Turn, Back]:
    return Turn("turn_off", state="idle"), Turn("turn_on", state="streaming")


def _climate(state: State) -> tuple[Turn, Back]:
    if state["attributes"].get("temperature") is not None:
        there = Turn("set_temperature", {"temperature": 24}, attributes={"temperature": 24})
    else:
        limits = {"target_temp_low": 19, "target_temp_high": 26}
        there = Turn("set_temperature", limits, attributes=limits)
    return there, Turn("set_hvac_mode", {"hvac_mode": "off"}, "off")


def _cover(state: State) -> tuple[Turn, Back]:
    if has(state, 128):
        tilts = ({"tilt_position": 30}, {"tilt_position": 90})
        turns = [
            Turn("set_cover_tilt_position", tilt, attributes=_renamed(tilt, "current_"))
            for tilt in tilts
        ]
        return turns[0], turns[1]
    if has(state, 4):
        places = ({"position": 30}, {"position": 60})
        turns = [
            Turn("set_cover_position", place, attributes=_renamed(place, "current_"))
            for place in places
        ]
        return turns[0], turns[1]
    opened, closed = Turn("open_cover", state="open"), Turn("close_cover", state="closed")
    return (opened, closed) if state["state"] == "closed" else (closed, opened)


def _renamed(values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {f"{prefix}{name}": value for name, value in values.items()}


def _setting(name: str, first: str, second: str) -> Callable[[State], tuple[Turn, Back]]:
    """Return what takes two values one after the other, under a name, as its state."""

    def turns(_state: State) -> tuple[Turn, Back]:
        return tuple(  # type: ignore[return-value]
            Turn("set_value", {name: value}, value) for value in (first, second)
        )

    return turns


def _datetime(_state: State) -> tuple[Turn, Back]:
    there = Turn("set_value", {"datetime": "2027-03-01T10:00:00+00:00"})
    back = Turn("set_value", {"datetime": "2028-03-01T10:00:00+00:00"})
    return (
        Turn(there.service, there.data, "2027-03-01T10:00:00+00:00"),
        Turn(back.service, back.data, "2028-03-01T10:00:00+00:00"),
    )


def _device_tracker(state: State) -> tuple[None, Back]:
    if state["attributes"].get("latitude") is None:
        return None, Measured(other(["home", "not_home"], state["state"]))
    place = {"latitude": 48.1372, "longitude": 11.5756, "gps_accuracy": 40}
    return None, Measured("not_home", place)


def _event(state: State) -> tuple[None, Back]:
    kind = state["attributes"]["event_types"][0]
    return None, Measured(datetime.now(UTC).isoformat(), {"event_type": kind})


def _fan(state: State) -> tuple[Turn, Back]:
    off = Turn("turn_off", state="off")
    if not has(state, 1):
        mode = {"preset_mode": other(state["attributes"]["preset_modes"], None)}
        return Turn("turn_on", mode, "on", mode), off
    step = state["attributes"]["percentage_step"]
    asked = {"percentage": round(2 * step)}
    return Turn("turn_on", asked, "on", asked), off


def _humidifier(_state: State) -> tuple[Turn, Back]:
    return Turn("set_humidity", {"humidity": 45}, attributes={"humidity": 45}), Turn(
        "turn_off", state="off"
    )


def _image(_state: State) -> tuple[None, Back]:
    return None, Measured(datetime.now(UTC).isoformat())


def _lawn_mower(state: State) -> tuple[Turn | None, Back]:
    # Its features: start (1), pause (2), dock (4), stop (8).
    turns = [
        Turn(service, state=after)
        for feature, service, after in (
            (1, "start_mowing", "mowing"),
            (2, "pause", "paused"),
            (4, "dock", "docked"),
            (8, "stop", "idle"),
        )
        if has(state, feature) and state["state"] != after
    ]
    if len(turns) > 1:
        return turns[0], turns[1]
    after = other(["docked", "error"], turns[0].state if turns else state["state"])
    return (turns[0] if turns else None), Measured(after)


def _light(_state: State) -> tuple[Turn, Back]:
    return Turn("turn_on", {"brightness": 77}, "on", {"brightness": 77}), Turn(
        "turn_off", state="off"
    )


def _lock(state: State) -> tuple[Turn, Back]:
    locked, unlocked = Turn("lock", state="locked"), Turn("unlock", state="unlocked")
    if "poorly" in state["entity_id"]:
        # It jams: the command fails, and the state says why.
        return Turn("lock", state="jammed", reason="not do it in time"), unlocked
    return (unlocked, locked) if state["state"] == "locked" else (locked, unlocked)


def _media_player(state: State) -> tuple[Turn | None, Back]:
    # Its features: set the volume (4), turn off (256).
    there = None
    if has(state, 4):
        asked = {"volume_level": 0.4}
        there = Turn("volume_set", asked, attributes=asked)
    back: Back = Turn("turn_off", state="off") if has(state, 256) else Measured("idle")
    return there, back


def _notify(_state: State) -> tuple[Turn, Back]:
    told = Turn("send_message", {"message": "Dinner"}, moves=True)
    return told, told


def _number(state: State) -> tuple[Turn, Back]:
    low, step = state["attributes"]["min"], state["attributes"]["step"]
    values = [round(low + count * step, 6) for count in (1, 2)]
    turns = [Turn("set_value", {"value": value}, str(value)) for value in values]
    return turns[0], turns[1]


def _on_off(state: State) -> tuple[Turn, Back]:
    on, off = Turn("turn_on", state="on"), Turn("turn_off", state="off")
    return (off, on) if state["state"] == "on" else (on, off)


def _reading(state: State) -> tuple[None, Back]:
    """Return what another measurement looks like: of the same sort as the present one."""
    attributes, now = state["attributes"], state["state"]
    if options := attributes.get("options"):
        return None, Measured(other(options, now))
    if attributes.get("device_class") == "timestamp":
        return None, Measured("2027-03-01T10:00:00+00:00")
    if now in {"on", "off"}:
        return None, Measured(other(["on", "off"], now))
    try:
        return None, Measured(str(round(float(now) + 1, 3)))
    except ValueError:
        numeric = attributes.get("state_class") or attributes.get("unit_of_measurement")
        return None, Measured("41" if numeric else "another")


def _select(state: State) -> tuple[Turn, Back]:
    first = other(state["attributes"]["options"], state["state"])
    second = other(state["attributes"]["options"], first)
    return Turn("select_option", {"option": first}, first), Turn(
        "select_option", {"option": second}, second
    )


def _scene(_state: State) -> tuple[Turn, Back]:
    return Turn("turn_on", moves=True), Turn("turn_on", moves=True)


def _todo(state: State) -> tuple[Turn, Back]:
    count = int(state["state"])
    return Turn("add_item", {"item": "Candles"}, str(count + 1)), Turn(
        "add_item", {"item": "Matches"}, str(count + 2)
    )


def _update(state: State) -> tuple[Turn | None, Back]:
    latest = state["attributes"]["latest_version"]
    there = None
    if has(state, 1) and state["state"] == "on":
        there = Turn("install", state="off", attributes={"installed_version": latest})
        if "decimal" in state["entity_id"]:
            return Turn("install", attributes={"in_progress": True}, lasting=True), None
    return there, Measured("on", {"latest_version": "99.9", "in_progress": False})


def _vacuum(state: State) -> tuple[Turn | None, Back]:
    # Its features: stop (8), start (8192).
    if not has(state, 8, 8192):
        return None, Measured(other(["cleaning", "idle"], state["state"]))
    return Turn("start", state="cleaning"), Turn("stop", state="idle")


def _valve(state: State) -> tuple[Turn, Back]:
    if has(state, 4):
        places = ({"position": 40}, {"position": 60})
        turns = [
            Turn("set_valve_position", place, attributes=_renamed(place, "current_"))
            for place in places
        ]
        return turns[0], turns[1]
    opened, closed = Turn("open_valve", state="open"), Turn("close_valve", state="closed")
    return (opened, closed) if state["state"] == "closed" else (closed, opened)


def _water_heater(_state: State) -> tuple[Turn, Back]:
    return Turn("set_temperature", {"temperature": 50}, attributes={"temperature": 50}), Turn(
        "set_operation_mode", {"operation_mode": "gas"}, "gas"
    )


def _weather(state: State) -> tuple[None, Back]:
    return None, Measured(other(["cloudy", "fog"], state["state"]), {"humidity": 41})


_TEXT = _setting("value", "abc", "xyz")

TURNS: Mapping[str, Callable[[State], tuple[Turn | None, Back]]] = {
    "alarm_control_panel": _alarm,
    "binary_sensor": _reading,
    "button": _button,
    "camera": _camera,
    "climate": _climate,
    "cover": _cover,
    "date": _setting("date", "2027-03-01", "2028-03-01"),
    "datetime": _datetime,
    "device_tracker": _device_tracker,
    "event": _event,
    "fan": _fan,
    "humidifier": _humidifier,
    "image": _image,
    "input_boolean": _on_off,
    "input_button": _button,
    "input_number": _number,
    "input_select": _select,
    "input_text": _TEXT,
    "lawn_mower": _lawn_mower,
    "light": _light,
    "lock": _lock,
    "media_player": _media_player,
    "notify": _notify,
    "number": _number,
    "remote": _on_off,
    "scene": _scene,
    "select": _select,
    "sensor": _reading,
    "siren": _on_off,
    "switch": _on_off,
    "text": _TEXT,
    "time": _setting("time", "07:05:00", "09:30:00"),
    "todo": _todo,
    "update": _update,
    "vacuum": _vacuum,
    "valve": _valve,
    "water_heater": _water_heater,
    "weather": _weather,
}
"""Of each type of the profile: the turn that is taken here, and the one that is taken there."""
