"""Devices that describe themselves: from their properties to entities.

W3C Web of Things servers and WebThings servers alike say of each property its type, its unit, its
range and whether it can be written, and often what it means. From that this makes what a profile
would say under ``types``. The meanings are those of https://webthings.io/schemas/.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
import json
import re
from typing import Any, Final

from .platforms.classes import UNITS as UNITS_OF

LONGEST_NAME: Final = 100
LONGEST_UNIT: Final = 20

type Write = Callable[[str, Any], Mapping[str, Any]]
"""Returns the request that writes a property, given its name and the placeholder of its value."""

UNITS: Final = {
    "percent": "%",
    "percentage": "%",
    "kelvin": "K",
    "degree celsius": "°C",
    "celsius": "°C",
    "degree fahrenheit": "°F",
    "fahrenheit": "°F",
    "watt": "W",
    "kilowatt": "kW",
    "kilowatt hour": "kWh",
    "watt hour": "Wh",
    "volt": "V",
    "ampere": "A",
    "hertz": "Hz",
    "lux": "lx",
    "hectopascal": "hPa",
    "ppm": "ppm",
    "second": "s",
    "milliseconds": "ms",
}
SENSORS: Final[Mapping[str, tuple[str, str]]] = {
    "TemperatureProperty": ("temperature", "°C"),
    "HumidityProperty": ("humidity", "%"),
    "InstantaneousPowerProperty": ("power", "W"),
    "ApparentPowerProperty": ("apparent_power", "VA"),
    "VoltageProperty": ("voltage", "V"),
    "CurrentProperty": ("current", "A"),
    "FrequencyProperty": ("frequency", "Hz"),
    "BarometricPressureProperty": ("atmospheric_pressure", "hPa"),
    "InstantaneousPowerFactorProperty": ("power_factor", "%"),
}
"""Meaning to device class and to the unit where the property names none."""

BINARY_SENSORS: Final[Mapping[str, str | None]] = {
    "BooleanProperty": None,
    "MotionProperty": "motion",
    "OpenProperty": "opening",
    "LeakProperty": "moisture",
    "SmokeProperty": "smoke",
    "AlarmProperty": "safety",
    "PushedProperty": None,
}
MEANINGS_BY_NAME: Final = {
    "on": "OnOffProperty",
    "brightness": "BrightnessProperty",
    "colortemperature": "ColorTemperatureProperty",
    "targettemperature": "TargetTemperatureProperty",
    "temperature": "TemperatureProperty",
    "humidity": "HumidityProperty",
    "power": "InstantaneousPowerProperty",
    "mode": "ThermostatModeProperty",
    "motion": "MotionProperty",
}
"""What a property means that does not say it, where its name is as good as a word."""

MODES: Final = ("off", "heat", "cool", "auto", "dry", "fan_only", "heat_cool")
"""What a thermostat's mode can be called so that Home Assistant knows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property of a device, as the device describes it."""

    name: str
    title: str
    meaning: str | None
    type: str
    unit: str | None
    minimum: float | None
    maximum: float | None
    step: float | None
    choices: tuple[str, ...]
    writable: bool
    readable: bool

    @property
    def key(self) -> str:
        """Return a key for an entity."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+", "_", self.name).strip("_").lower()
        return words if words[:1].isalpha() else f"property_{words}"[:60].rstrip("_")

    @property
    def path(self) -> str:
        """Return where its value stands in an answer that holds all properties."""
        return json.dumps(self.name)


def properties(described: Mapping[str, Any]) -> Iterator[Property]:
    """Yield the properties of a device that has described them; what is no description is left out.

    ``described`` is the value of ``properties`` in a Thing Description or a WebThing.
    """
    for name, told in described.items():
        if not isinstance(told, Mapping) or not _sound(name):
            continue
        meaning = told.get("@type")
        if isinstance(meaning, list):
            meaning = next((word for word in meaning if isinstance(word, str)), None)
        if not isinstance(meaning, str):
            meaning = MEANINGS_BY_NAME.get(name.lower().replace("_", ""))
        choices = told.get("enum")
        yield Property(
            name=name,
            title=_title(told.get("title")),
            meaning=meaning.rpartition(":")[2] if meaning else None,
            type=str(told.get("type", "")),
            unit=_unit(told.get("unit")),
            minimum=_number(told.get("minimum")),
            maximum=_number(told.get("maximum")),
            step=_number(told.get("multipleOf")),
            choices=tuple(choice for choice in choices if _sound(choice))
            if isinstance(choices, list)
            else (),
            writable=told.get("readOnly") is not True,
            readable=told.get("writeOnly") is not True,
        )


def type_of(found: list[Property], write: Write) -> dict[str, Any]:
    """Return what a profile would say of a type of device with such properties."""
    by_meaning = {one.meaning: one for one in found if one.readable and one.meaning}
    entities: dict[str, dict[str, Any]] = {}
    used: set[str] = set()
    for make in (_light, _climate):
        made, names = make(by_meaning, write)
        if made:
            entities.setdefault(make.__name__.strip("_"), {})["main"] = made
            used |= names
    for one in found:
        if one.readable and one.name not in used:
            platform, entity = _single(one, write)
            if platform:
                name = {"name": one.title} if one.title else {}
                entities.setdefault(platform, {})[one.key] = {**name, **entity}
    return entities


def _light(by_meaning: Mapping[str, Property], write: Write) -> tuple[dict[str, Any], set[str]]:
    """Return a lamp, where there is a switch and something to dim or tint."""
    switch = by_meaning.get("OnOffProperty")
    level = by_meaning.get("BrightnessProperty")
    white = by_meaning.get("ColorTemperatureProperty")
    if switch is None or not switch.writable or (level is None and white is None):
        return {}, set()
    steps: list[dict[str, Any]] = [dict(write(switch.name, True))]  # noqa: FBT003 - its value
    entity: dict[str, Any] = {"name": None, "state": switch.path}
    used = {switch.name}
    if level is not None:
        low, high = level.minimum or 0, level.maximum or 100
        entity["brightness"] = {"value": level.path, "range": [low, high]}
        steps.append({"when": "brightness", **write(level.name, "{brightness}")})
        used.add(level.name)
    if white is not None:
        entity["color_temp_kelvin"] = white.path
        if white.minimum and white.maximum:
            entity["min_color_temp_kelvin"] = int(white.minimum)
            entity["max_color_temp_kelvin"] = int(white.maximum)
        steps.append({"when": "color_temp_kelvin", **write(white.name, "{color_temp_kelvin:int}")})
        used.add(white.name)
    off = dict(write(switch.name, False))  # noqa: FBT003 - its value
    entity["commands"] = {"turn_on": steps, "turn_off": off}
    return entity | {"confirm": {"within": 10}}, used


def _climate(by_meaning: Mapping[str, Property], write: Write) -> tuple[dict[str, Any], set[str]]:
    """Return a thermostat, where there are a target and a mode."""
    target = by_meaning.get("TargetTemperatureProperty")
    mode = by_meaning.get("ThermostatModeProperty")
    if target is None or mode is None or not set(mode.choices) <= set(MODES) or not mode.choices:
        return {}, set()
    entity: dict[str, Any] = {
        "name": None,
        "hvac_mode": mode.path,
        "hvac_modes": list(mode.choices),
        "temperature": target.path,
        "temperature_unit": target.unit if target.unit in {"°C", "°F"} else "°C",
        "commands": {
            "set_hvac_mode": dict(write(mode.name, "{hvac_mode}")),
            "set_temperature": [
                {"when": "hvac_mode", **write(mode.name, "{hvac_mode}")},
                {"when": "temperature != `null`", **write(target.name, "{temperature}")},
            ],
        },
    }
    entity |= _said(
        {
            "min_temp": target.minimum,
            "max_temp": target.maximum,
            "target_temp_step": target.step,
        }
    )
    used = {target.name, mode.name}
    if (measured := by_meaning.get("TemperatureProperty")) is not None:
        entity["current_temperature"] = measured.path
        used.add(measured.name)
    return entity | {"confirm": {"within": 10}}, used


def _single(one: Property, write: Write) -> tuple[str, dict[str, Any]]:
    """Return the entity of one property by itself: its platform, and what a profile says of it."""
    confirm = {"confirm": {"within": 10}}
    if one.type == "boolean" and one.writable and one.meaning not in BINARY_SENSORS:
        on, off = write(one.name, True), write(one.name, False)  # noqa: FBT003 - its values
        commands = {"turn_on": dict(on), "turn_off": dict(off)}
        return "switch", {"state": one.path, "commands": commands, **confirm}
    if one.type == "boolean":
        device_class = BINARY_SENSORS.get(one.meaning or "")
        extra = {"device_class": device_class} if device_class else {}
        return "binary_sensor", {"state": one.path, **extra}
    if one.type in {"number", "integer"}:
        return _number_entity(one, write, confirm)
    if one.type == "string" and one.choices and one.writable:
        commands = {"select_option": dict(write(one.name, "{option}"))}
        choices = list(one.choices)
        return "select", {"state": one.path, "options": choices, "commands": commands, **confirm}
    if one.type != "string":
        return "", {}
    enum = {"device_class": "enum", "options": list(one.choices)} if one.choices else {}
    return "sensor", {"state": one.path, **enum}


def _number_entity(
    one: Property, write: Write, confirm: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    device_class, default_unit = SENSORS.get(one.meaning or "", (None, None))
    unit = one.unit or default_unit
    if unit not in UNITS_OF.get(device_class or "", (unit,)):
        device_class = None  # the unit is what the values are in; what they mean is a guess
    options: dict[str, Any] = {"device_class": device_class, "unit_of_measurement": unit}
    ranged = one.minimum is not None and one.maximum is not None
    if one.writable and ranged and one.meaning not in SENSORS:
        step = one.step or (1 if one.type == "integer" else 0.1)
        options |= {"min": one.minimum, "max": one.maximum, "step": step}
        commands = {"set_value": dict(write(one.name, "{value}"))}
        return "number", _said(options) | {"state": one.path, "commands": commands, **confirm}
    return "sensor", _said(options) | {"state": one.path, "state_class": "measurement"}


def _said(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _unit(told: object) -> str | None:
    if not isinstance(told, str) or not _sound(told) or len(told) > LONGEST_UNIT:
        return None
    return UNITS.get(told.lower(), told)


def _number(told: object) -> float | None:
    return told if isinstance(told, int | float) and not isinstance(told, bool) else None


def _sound(word: object) -> bool:
    """Return whether something is a word that can be shown and written down."""
    return isinstance(word, str) and 0 < len(word) <= LONGEST_NAME and word.isprintable()


def _title(told: object) -> str:
    letters = told if isinstance(told, str) else ""
    return "".join(letter for letter in letters if letter.isprintable()).strip()[:LONGEST_NAME]
