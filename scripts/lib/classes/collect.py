"""Print Home Assistant's lists of classes and units as a Python module (`./scripts/classes`)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from importlib import import_module
import json

from homeassistant.components.sensor.const import (
    AMBIGUOUS_UNITS,
    DEVICE_CLASS_STATE_CLASSES,
    DEVICE_CLASS_UNITS,
    NON_NUMERIC_DEVICE_CLASSES,
    STATE_CLASS_UNITS,
    UNIT_CONVERTERS,
)

PLATFORMS = (
    *("binary_sensor", "button", "cover", "event", "humidifier", "media_player", "number"),
    *("sensor", "switch", "update", "valve"),
)

HEAD = '''\
"""Device classes, state classes and units, as Home Assistant 2026.10 has them.

Written by `./scripts/classes`; a test compares it with Home Assistant's own lists.
"""

from collections.abc import Mapping, Sequence
from typing import Final
'''


def units(listed: Iterable[type[StrEnum] | str | None]) -> list[str | None]:
    """Return units in a fixed order, no unit (None) last."""
    found: set[str | None] = set()
    for one in listed:
        found |= {unit.value for unit in one} if isinstance(one, type) else {one and str(one)}
    return sorted(found, key=lambda unit: (unit is None, unit or ""))


def device_classes(platform: str) -> list[str]:
    """Return the device classes of a platform."""
    module = import_module(f"homeassistant.components.{platform}")
    name = "".join(word.capitalize() for word in platform.split("_")) + "DeviceClass"
    return sorted(one.value for one in getattr(module, name))


def tables() -> Mapping[str, tuple[str, str, object]]:
    """Return each table: its type, what it holds, and what is in it."""
    return {
        "DEVICE_CLASSES": (
            "Mapping[str, Sequence[str]]",
            "The device classes of each platform that has some.",
            {platform: device_classes(platform) for platform in PLATFORMS},
        ),
        "UNITS": (
            "Mapping[str, Sequence[str | None]]",
            "The units that a device class takes; None is no unit. Others take any.",
            {one.value: units(of) for one, of in sorted(DEVICE_CLASS_UNITS.items())},
        ),
        "CONVERTIBLE": (
            "Mapping[str, Sequence[str]]",
            "The units that a sensor of a device class can be shown in, whichever of them it has.",
            {
                str(one): [unit for unit in units(converter.VALID_UNITS) if unit is not None]
                for one, converter in sorted(UNIT_CONVERTERS.items(), key=lambda item: str(item[0]))
                if one is not None
            },
        ),
        "STATE_CLASSES": (
            "Mapping[str, Sequence[str]]",
            "The state classes that a device class of sensors goes with.",
            {
                one.value: sorted(state_class.value for state_class in of)
                for one, of in sorted(DEVICE_CLASS_STATE_CLASSES.items())
            },
        ),
        "STATE_CLASS_UNITS": (
            "Mapping[str, Sequence[str | None]]",
            "The units that a state class takes. Others take any.",
            {one.value: units(of) for one, of in sorted(STATE_CLASS_UNITS.items())},
        ),
        "NOT_NUMERIC": (
            "Sequence[str]",
            "The device classes of sensors that are no numbers.",
            sorted(one.value for one in NON_NUMERIC_DEVICE_CLASSES),
        ),
        "SAME_UNITS": (
            "Mapping[str, str]",
            "Other ways of writing units, and Home Assistant's own way.",
            {str(other): str(own) for other, own in sorted(AMBIGUOUS_UNITS.items(), key=str)},
        ),
    }


def written(value: object) -> str:
    """Return a value as code."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{written(k)}: {written(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return f"({', '.join(map(written, value))}{',' if len(value) == 1 else ''})"
    if value is None:
        return "None"
    return json.dumps(value, ensure_ascii=not str(value).isprintable())


def main() -> None:
    """Print the module."""
    print(HEAD)
    for name, (kind, text, value) in tables().items():
        print(f'{name}: Final[{kind}] = {written(value)}\n"""{text}"""\n')


if __name__ == "__main__":
    main()
