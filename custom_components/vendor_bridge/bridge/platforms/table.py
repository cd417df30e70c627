"""The platform table. Names and scales are those of Home Assistant 2026.10."""

from collections.abc import Sequence
from typing import Any

from ..model import Kind
from .rows import (
    AttributeRow,
    CommandRow,
    Given,
    OptionRow,
    OptionType,
    ParameterRow,
    PlatformRow,
)


def _attribute(name: str, kind: Kind, text: str, *choices: str) -> AttributeRow:
    return AttributeRow(name=name, kind=kind, help=text, choices=choices)


def _option(
    name: str, kind: OptionType, text: str, *choices: str, observable: Kind | None = None
) -> OptionRow:
    return OptionRow(name=name, type=kind, help=text, choices=choices, observable=observable)


def _command(
    name: str,
    text: str,
    *parameters: ParameterRow,
    effect: dict[str, Any] | Sequence[dict[str, Any]] = (),
    failure: Sequence[dict[str, Any]] = (),
    settle: bool = False,
    lasting: bool = False,
    feature: str | None = None,
) -> CommandRow:
    return CommandRow(
        name=name,
        help=text,
        parameters=parameters,
        effect=(effect,) if isinstance(effect, dict) else effect,
        failure=failure,
        settle=settle,
        lasting=lasting,
        feature=feature,
    )


def _given(
    name: str, kind: Kind, *, attribute: str | None = None, required: bool = True
) -> ParameterRow:
    return ParameterRow(name=name, kind=kind, attribute=attribute, required=required)


def _may(name: str, kind: Kind) -> ParameterRow:
    return ParameterRow(name=name, kind=kind)


_DEVICE_CLASS = _option(
    "device_class",
    "text",
    "What it is, as Home Assistant's own list for the platform has it.",
    observable=Kind.TEXT,
)
_UNIT = _option("unit_of_measurement", "text", "The unit of its values.", observable=Kind.TEXT)
_CODE = _may("code", Kind.TEXT)
_OPENS: tuple[dict[str, Any], ...] = (
    {"is_closed": False},
    {"is_opening": True},
    {"state": "open"},
    {"state": "opening"},
    {"position": 100},
)
_CLOSES: tuple[dict[str, Any], ...] = (
    {"is_closed": True},
    {"is_closing": True},
    {"state": "closed"},
    {"state": "closing"},
    {"position": 0},
)
_MOVES: tuple[dict[str, Any], ...] = (
    {"position": Given(parameter="position")},
    {"is_opening": True},
    {"is_closing": True},
    {"state": "opening"},
    {"state": "closing"},
)
_JAMS: tuple[dict[str, Any], ...] = ({"is_jammed": True}, {"state": "jammed"})


def _set_mode(mode: str, feature: str) -> CommandRow:
    return _command(
        f"set_{mode}",
        f"Choose its {mode.replace('_', ' ')}.",
        _given(mode, Kind.TEXT),
        effect={mode: Given(parameter=mode)},
        settle=True,
        feature=feature,
    )


BINARY_SENSOR = PlatformRow(
    name="binary_sensor",
    help="Something that is on or off and can only be looked at.",
    attributes=(_attribute("state", Kind.BOOLEAN, "Whether it is on."),),
    options=(_DEVICE_CLASS,),
    required=("state",),
)

BUTTON = PlatformRow(
    name="button",
    help="Something that can be pressed and has no state.",
    options=(_DEVICE_CLASS,),
    commands=(_command("press", "Press it."),),
    required=("press",),
    retryable=False,
)

CLIMATE = PlatformRow(
    name="climate",
    help="A thermostat or an air conditioner.",
    attributes=(
        _attribute(
            "hvac_mode",
            Kind.TEXT,
            "What it is set to do.",
            *("off", "heat", "cool", "heat_cool", "auto", "dry", "fan_only"),
        ),
        _attribute(
            "hvac_action",
            Kind.TEXT,
            "What it does just now.",
            *("off", "preheating", "heating", "cooling", "drying", "fan", "idle", "defrosting"),
        ),
        _attribute("temperature", Kind.NUMBER, "The temperature that it is to reach."),
        _attribute("target_temp_high", Kind.NUMBER, "The upper end of the range to stay in."),
        _attribute("target_temp_low", Kind.NUMBER, "The lower end of the range to stay in."),
        _attribute("current_temperature", Kind.NUMBER, "The temperature that it measures."),
        _attribute("humidity", Kind.NUMBER, "The humidity that it is to reach, in percent."),
        _attribute("current_humidity", Kind.NUMBER, "The humidity that it measures, in percent."),
        _attribute("fan_mode", Kind.TEXT, "How its fan runs."),
        _attribute("preset_mode", Kind.TEXT, "Which preset it follows."),
        _attribute("swing_mode", Kind.TEXT, "How it swings vertically."),
        _attribute("swing_horizontal_mode", Kind.TEXT, "How it swings horizontally."),
    ),
    options=(
        _option("hvac_modes", "texts", "What it can be set to do.", observable=Kind.TEXTS),
        _option("fan_modes", "texts", "How its fan can run.", observable=Kind.TEXTS),
        _option("preset_modes", "texts", "Its presets.", observable=Kind.TEXTS),
        _option("swing_modes", "texts", "Its vertical swings.", observable=Kind.TEXTS),
        _option("swing_horizontal_modes", "texts", "Its horizontal swings.", observable=Kind.TEXTS),
        _option("min_temp", "number", "Its lowest target.", observable=Kind.NUMBER),
        _option("max_temp", "number", "Its highest target.", observable=Kind.NUMBER),
        _option("target_temp_step", "number", "The step of its target.", observable=Kind.NUMBER),
        _option("min_humidity", "number", "Its lowest humidity.", observable=Kind.NUMBER),
        _option("max_humidity", "number", "Its highest humidity.", observable=Kind.NUMBER),
        _option("precision", "number", "What its temperatures are rounded to: 0.1, 0.5 or 1."),
        _option("temperature_unit", "choice", "The unit of all its temperatures.", "°C", "°F"),
    ),
    commands=(
        _set_mode("hvac_mode", ""),
        _command(
            "set_temperature",
            "Set the temperature, or the range, that it is to reach.",
            _may("temperature", Kind.NUMBER),
            _may("target_temp_high", Kind.NUMBER),
            _may("target_temp_low", Kind.NUMBER),
            _may("hvac_mode", Kind.TEXT),
            effect={
                "temperature": Given(parameter="temperature"),
                "target_temp_high": Given(parameter="target_temp_high"),
                "target_temp_low": Given(parameter="target_temp_low"),
                "hvac_mode": Given(parameter="hvac_mode"),
            },
            settle=True,
        ),
        _command(
            "set_humidity",
            "Set the humidity that it is to reach.",
            _given("humidity", Kind.NUMBER),
            effect={"humidity": Given(parameter="humidity")},
            settle=True,
            feature="TARGET_HUMIDITY",
        ),
        _set_mode("fan_mode", "FAN_MODE"),
        _set_mode("preset_mode", "PRESET_MODE"),
        _set_mode("swing_mode", "SWING_MODE"),
        _set_mode("swing_horizontal_mode", "SWING_HORIZONTAL_MODE"),
        _command("turn_on", "Switch it on.", feature="TURN_ON"),
        _command("turn_off", "Switch it off.", effect={"hvac_mode": "off"}, feature="TURN_OFF"),
    ),
    required=("hvac_mode",),
    implies={
        "set_hvac_mode": ("hvac_modes",),
        "set_fan_mode": ("fan_mode", "fan_modes"),
        "set_preset_mode": ("preset_mode", "preset_modes"),
        "set_swing_mode": ("swing_mode", "swing_modes"),
        "set_swing_horizontal_mode": ("swing_horizontal_mode", "swing_horizontal_modes"),
        "set_humidity": ("humidity",),
        "target_temp_high": ("target_temp_low",),
        "target_temp_low": ("target_temp_high",),
    },
)

COVER = PlatformRow(
    name="cover",
    help="Something that opens and closes: a blind, an awning, a garage door.",
    attributes=(
        _attribute(
            "state", Kind.TEXT, "What it does or is.", "open", "opening", "closed", "closing"
        ),
        _attribute("is_closed", Kind.BOOLEAN, "Whether it is closed."),
        _attribute("is_opening", Kind.BOOLEAN, "Whether it is on its way up."),
        _attribute("is_closing", Kind.BOOLEAN, "Whether it is on its way down."),
        _attribute("position", Kind.PERCENTAGE, "How far it is open: 0 closed, 100 open."),
        _attribute("tilt_position", Kind.PERCENTAGE, "How far its slats are open."),
    ),
    options=(_DEVICE_CLASS,),
    commands=(
        _command("open", "Open it.", effect=_OPENS, lasting=True, feature="OPEN"),
        _command("close", "Close it.", effect=_CLOSES, lasting=True, feature="CLOSE"),
        _command("stop", "Stop it where it is.", feature="STOP"),
        _command(
            "set_position",
            "Move it to a position.",
            _given("position", Kind.PERCENTAGE),
            effect=_MOVES,
            lasting=True,
            settle=True,
            feature="SET_POSITION",
        ),
        _command(
            "open_tilt", "Open its slats.", effect={"tilt_position": 100}, feature="OPEN_TILT"
        ),
        _command(
            "close_tilt", "Close its slats.", effect={"tilt_position": 0}, feature="CLOSE_TILT"
        ),
        _command("stop_tilt", "Stop its slats where they are.", feature="STOP_TILT"),
        _command(
            "set_tilt_position",
            "Tilt its slats.",
            _given("tilt_position", Kind.PERCENTAGE),
            effect={"tilt_position": Given(parameter="tilt_position")},
            settle=True,
            feature="SET_TILT_POSITION",
        ),
    ),
    required=(("state", "is_closed", "position"),),
    implies={"set_position": ("position",), "set_tilt_position": ("tilt_position",)},
    retryable=False,
)

_COLORS = ("hs_color", "xy_color", "rgb_color", "rgbw_color", "rgbww_color")

LIGHT = PlatformRow(
    name="light",
    help="A lamp.",
    attributes=(
        _attribute("state", Kind.BOOLEAN, "Whether it is on."),
        _attribute("brightness", Kind.BRIGHTNESS, "How bright it is, 0 to 255."),
        _attribute(
            "color_mode",
            Kind.TEXT,
            "What its colour comes from, where it has several ways.",
            *("onoff", "brightness", "color_temp", "hs", "xy", "rgb", "rgbw", "rgbww", "white"),
        ),
        _attribute("color_temp_kelvin", Kind.KELVIN, "Its colour temperature in kelvin."),
        _attribute("hs_color", Kind.COLOR, "Hue (0 to 360) and saturation (0 to 100)."),
        _attribute("xy_color", Kind.COLOR, "CIE 1931 x and y (0 to 1)."),
        _attribute("rgb_color", Kind.COLOR, "Red, green and blue (0 to 255)."),
        _attribute("rgbw_color", Kind.COLOR, "Red, green, blue and white (0 to 255)."),
        _attribute("rgbww_color", Kind.COLOR, "Red, green, blue, cold and warm white (0 to 255)."),
        _attribute("effect", Kind.TEXT, "The effect that it plays."),
    ),
    options=(
        _option("effect_list", "texts", "The effects that it has.", observable=Kind.TEXTS),
        _option("min_color_temp_kelvin", "integer", "Its warmest white.", observable=Kind.INTEGER),
        _option("max_color_temp_kelvin", "integer", "Its coldest white.", observable=Kind.INTEGER),
        _option("supported_color_modes", "texts", "Its colour modes.", observable=Kind.TEXTS),
    ),
    commands=(
        _command(
            "turn_on",
            "Switch it on, or change how it shines.",
            _may("brightness", Kind.BRIGHTNESS),
            _may("color_temp_kelvin", Kind.KELVIN),
            *(_may(color, Kind.COLOR) for color in _COLORS),
            _may("white", Kind.BRIGHTNESS),
            _may("effect", Kind.TEXT),
            _may("transition", Kind.NUMBER),
            _may("flash", Kind.TEXT),
            effect={"state": True}
            | {
                name: Given(parameter=name)
                for name in ("brightness", "color_temp_kelvin", *_COLORS, "effect")
            },
            settle=True,
        ),
        _command(
            "turn_off",
            "Switch it off.",
            _may("transition", Kind.NUMBER),
            _may("flash", Kind.TEXT),
            effect={"state": False},
            settle=True,
        ),
    ),
    required=("state", "turn_on", "turn_off"),
    implies={"effect": ("effect_list",)},
)

LOCK = PlatformRow(
    name="lock",
    help="A lock.",
    attributes=(
        _attribute(
            "state",
            Kind.TEXT,
            "What it does or is.",
            *("locked", "locking", "unlocked", "unlocking", "open", "opening", "jammed"),
        ),
        _attribute("is_locked", Kind.BOOLEAN, "Whether it is locked."),
        _attribute("is_locking", Kind.BOOLEAN, "Whether it is about to be locked."),
        _attribute("is_unlocking", Kind.BOOLEAN, "Whether it is about to be unlocked."),
        _attribute("is_open", Kind.BOOLEAN, "Whether its latch is drawn back."),
        _attribute("is_opening", Kind.BOOLEAN, "Whether its latch is being drawn back."),
        _attribute("is_jammed", Kind.BOOLEAN, "Whether it is jammed."),
        _attribute("changed_by", Kind.TEXT, "Who or what changed it last."),
    ),
    options=(
        _option(
            "code_format",
            "text",
            "The regular expression that a code must match.",
            observable=Kind.TEXT,
        ),
    ),
    commands=(
        _command(
            "lock",
            "Lock it.",
            _CODE,
            effect=({"is_locked": True}, {"state": "locked"}),
            failure=_JAMS,
        ),
        _command(
            "unlock",
            "Unlock it.",
            _CODE,
            effect=({"is_locked": False}, {"state": "unlocked"}, {"state": "open"}),
            failure=_JAMS,
        ),
        _command(
            "open",
            "Draw its latch back.",
            _CODE,
            effect=({"is_open": True}, {"state": "open"}),
            failure=_JAMS,
            feature="OPEN",
        ),
    ),
    required=(("state", "is_locked"), "lock", "unlock"),
    retryable=False,
)

NUMBER = PlatformRow(
    name="number",
    help="A number that can be set.",
    attributes=(_attribute("state", Kind.NUMBER, "Its value."),),
    options=(
        _DEVICE_CLASS,
        _UNIT,
        _option("min", "number", "Its lowest value.", observable=Kind.NUMBER),
        _option("max", "number", "Its highest value.", observable=Kind.NUMBER),
        _option("step", "number", "The step of its values.", observable=Kind.NUMBER),
        _option("mode", "choice", "How it is shown.", "auto", "box", "slider"),
    ),
    commands=(
        _command(
            "set_value",
            "Set it.",
            _given("value", Kind.NUMBER, attribute="state"),
            effect={"state": Given(parameter="value")},
            settle=True,
        ),
    ),
    required=("state", "set_value"),
)

SELECT = PlatformRow(
    name="select",
    help="One of several options.",
    attributes=(_attribute("state", Kind.TEXT, "The option that it is set to."),),
    options=(_option("options", "texts", "What there is to choose.", observable=Kind.TEXTS),),
    commands=(
        _command(
            "select_option",
            "Choose an option.",
            _given("option", Kind.TEXT, attribute="state"),
            effect={"state": Given(parameter="option")},
            settle=True,
        ),
    ),
    required=("state", "options", "select_option"),
)

SENSOR = PlatformRow(
    name="sensor",
    help="A value that can only be looked at.",
    attributes=(
        _attribute("state", Kind.ANY, "Its value."),
        _attribute("last_reset", Kind.TIMESTAMP, "When its total began to count."),
    ),
    options=(
        _DEVICE_CLASS,
        _UNIT,
        _option(
            "state_class",
            "choice",
            "What statistics are made of it.",
            *("measurement", "measurement_angle", "total", "total_increasing"),
            observable=Kind.TEXT,
        ),
        _option("suggested_display_precision", "integer", "How many decimals are shown."),
        _option("suggested_unit_of_measurement", "text", "The unit that it is shown in at first."),
        _option(
            "options",
            "texts",
            "All values that it can have (device class enum).",
            observable=Kind.TEXTS,
        ),
    ),
    required=("state",),
)

SWITCH = PlatformRow(
    name="switch",
    help="Something that can be switched on and off.",
    attributes=(_attribute("state", Kind.BOOLEAN, "Whether it is on."),),
    options=(_DEVICE_CLASS,),
    commands=(
        _command("turn_on", "Switch it on.", effect={"state": True}, settle=True),
        _command("turn_off", "Switch it off.", effect={"state": False}, settle=True),
    ),
    required=("state", "turn_on", "turn_off"),
)
