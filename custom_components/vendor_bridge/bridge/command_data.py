"""What a command is told, checked against what the profile declares, before anything is sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
import re
from typing import Any, Final

import probatio

from .errors import CommandError
from .model import Entity, Parameter, Value
from .platforms import PLATFORMS
from .profile.values import PickError
from .profile.values.kinds import COERCE, NATIVE
from .profile.values.transforms.regex import checked
from .profile.words import close_to, listed, show

type Told = Callable[[str], Value]
"""What returns the value that an entity's attribute was last observed to have, None for none."""

_CHOICES: Final[Mapping[str, str]] = {
    "activity": "activity_list",
    "effect": "effect_list",
    "fan_mode": "fan_modes",
    "fan_speed": "fan_speed_list",
    "hvac_mode": "hvac_modes",
    "mode": "available_modes",
    "operation_mode": "operation_list",
    "option": "options",
    "preset_mode": "preset_modes",
    "sound_mode": "sound_mode_list",
    "source": "source_list",
    "speed": "supported_speeds",
    "swing_horizontal_mode": "swing_horizontal_modes",
    "swing_mode": "swing_modes",
    "tone": "available_tones",
}
"""Which option of an entity holds what a parameter can be."""

_RANGES: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("climate", "humidity"): ("min_humidity", "max_humidity"),
    ("climate", "target_temp_high"): ("min_temp", "max_temp"),
    ("climate", "target_temp_low"): ("min_temp", "max_temp"),
    ("climate", "temperature"): ("min_temp", "max_temp"),
    ("humidifier", "humidity"): ("min_humidity", "max_humidity"),
    ("light", "color_temp_kelvin"): ("min_color_temp_kelvin", "max_color_temp_kelvin"),
    ("number", "value"): ("min", "max"),
    ("text", "value"): ("min", "max"),
    ("water_heater", "temperature"): ("min_temp", "max_temp"),
}
"""Which options of an entity bound a parameter, by platform; for a text, how long it is."""

_LENGTHS: Final[Mapping[str, int]] = {
    "hs_color": 2,
    "rgb_color": 3,
    "rgbw_color": 4,
    "rgbww_color": 5,
    "xy_color": 2,
}
"""How many numbers a colour is made of."""

_LONGEST: Final = 255
"""Characters of a text: no state of Home Assistant's is longer."""

_ASIDE: Final = re.compile(r" \([^)]*\)")
"""What a message says besides for those who write profiles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a parameter can be: one of the ``choices`` where there are any, ``low`` to ``high``."""

    choices: Sequence[str] = ()
    low: float | None = None
    high: float | None = None


def check_command(
    entity: Entity, command: str, data: Mapping[str, Any], told: Told
) -> dict[str, Any]:
    """Return what a command is told, each value as its kind says; one that is null is left out.

    Raises CommandError, which names the parameter and what it takes, but no value: that may be a
    code.
    """
    parameters = {parameter.name: parameter for parameter in entity.commands[command]}
    for name in data:
        if name not in parameters:
            takes = f"it takes {', '.join(parameters)}" if parameters else "it takes nothing"
            near = close_to(name, parameters)
            hint = f"{near} {takes[0].upper()}{takes[1:]}" if near else takes
            raise CommandError(f"{command} takes no {show(name)} here; {hint}")
    given = {name: value for name, value in data.items() if value is not None}
    missing = [
        part.name for part in parameters.values() if part.required and part.name not in given
    ]
    if missing:
        raise CommandError(f"{command} needs {', '.join(missing)}")
    return {name: _checked(entity, parameters[name], value, told) for name, value in given.items()}


def bounds(entity: Entity, parameter: Parameter, told: Told) -> Bounds:
    """Return what a parameter can be, by the entity's options and by what is observed of them."""

    def known(option: str) -> Any:  # noqa: ANN401 - what the option is
        fixed = entity.options.get(option)
        return told(option) if fixed is None else fixed

    choices = known(_CHOICES[parameter.name]) if parameter.name in _CHOICES else None
    row = PLATFORMS[entity.platform].attribute(parameter.name)
    if not choices and row is not None:
        choices = row.choices
    low, high = _RANGES.get((entity.platform, parameter.name), (None, None))
    native = NATIVE.get(parameter.kind, (None, None))
    if entity.platform == "text" and low:
        native = (0, _LONGEST)
    least = _number(known(low)) if low else None
    most = _number(known(high)) if high else None
    return Bounds(
        choices=tuple(str(one) for one in choices) if isinstance(choices, list | tuple) else (),
        low=native[0] if least is None else least,
        high=native[1] if most is None else most,
    )


def secrets(entity: Entity, data: Mapping[str, Any]) -> list[str]:
    """Return what of a command's data must be repeated nowhere."""
    hidden = entity.options.get("mode") == "password"
    return [
        str(value)
        for name, value in data.items()
        if value is not None and (name == "code" or (hidden and name == "value"))
    ]


def _checked(entity: Entity, parameter: Parameter, value: Any, told: Told) -> Any:  # noqa: ANN401 - a stranger's
    name = parameter.name
    try:
        made = COERCE[parameter.kind](value)
    except PickError as error:
        raise CommandError(f"{name} takes {_ASIDE.sub('', error.expected)}") from None
    if isinstance(made, list) and len(made) != _LENGTHS.get(name, len(made)):
        raise CommandError(f"{name} takes a list of {_LENGTHS[name]} numbers")
    limits = bounds(entity, parameter, told)
    if limits.choices and made not in limits.choices:
        near = close_to(made, limits.choices)
        hint = f"; {near}" if near else ""
        raise CommandError(f"{name} is one of {listed(limits.choices)}{hint}")
    if isinstance(made, str):
        _check_text(entity, name, made, limits)
    elif isinstance(made, int | float):
        if limits.low is not None and made < limits.low:
            raise CommandError(f"{name} is at least {limits.low:g}")
        if limits.high is not None and made > limits.high:
            raise CommandError(f"{name} is at most {limits.high:g}")
    return made


def _check_text(entity: Entity, name: str, text: str, limits: Bounds) -> None:
    if limits.low is not None and len(text) < limits.low:
        raise CommandError(f"{name} has at least {limits.low:g} characters")
    if limits.high is not None and len(text) > limits.high:
        raise CommandError(f"{name} has at most {limits.high:g} characters")
    pattern = entity.options.get("pattern") if entity.platform == "text" else None
    if pattern is None:
        return
    try:
        fits = checked(pattern).match(text)
    except probatio.Invalid:
        return  # the entity does without such a pattern, too
    if not fits:
        raise CommandError(f"{name} has to match {show(pattern)}")


def _number(value: Any) -> float | None:  # noqa: ANN401 - what was observed
    number = isinstance(value, int | float) and not isinstance(value, bool) and value == value  # noqa: PLR0124
    return value if number and value not in {float("inf"), float("-inf")} else None
