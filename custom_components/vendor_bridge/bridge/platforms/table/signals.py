"""What shines or sounds."""

from typing import Final

from ...model import Kind
from ..rows import Given, PlatformRow, ScaleRow
from .parts import attribute, command, may, option

COLORS: Final = ("hs_color", "xy_color", "rgb_color", "rgbw_color", "rgbww_color")
TRANSITION: Final = may("transition", Kind.NUMBER, feature="TRANSITION")
FLASH: Final = may("flash", Kind.TEXT, feature="FLASH")

LIGHT = PlatformRow(
    name="light",
    help="A lamp.",
    attributes=(
        attribute("state", Kind.BOOLEAN, "Whether it is on."),
        attribute(
            "brightness",
            Kind.BRIGHTNESS,
            "How bright it is, 0 to 255.",
            scale=ScaleRow(low=None, high="brightness_scale", default=(0, 255)),
        ),
        attribute(
            "color_mode",
            Kind.TEXT,
            "What its colour comes from, where it has several ways.",
            *("onoff", "brightness", "color_temp", "hs", "xy", "rgb", "rgbw", "rgbww", "white"),
        ),
        attribute("color_temp_kelvin", Kind.KELVIN, "Its colour temperature in kelvin."),
        attribute("hs_color", Kind.COLOR, "Hue (0 to 360) and saturation (0 to 100)."),
        attribute("xy_color", Kind.COLOR, "CIE 1931 x and y (0 to 1)."),
        attribute("rgb_color", Kind.COLOR, "Red, green and blue (0 to 255)."),
        attribute("rgbw_color", Kind.COLOR, "Red, green, blue and white (0 to 255)."),
        attribute("rgbww_color", Kind.COLOR, "Red, green, blue, cold and warm white (0 to 255)."),
        attribute("effect", Kind.TEXT, "The effect that it plays."),
    ),
    options=(
        option("brightness_scale", "integer", "The vendor's number where it is brightest."),
        option("effect_list", "texts", "The effects that it has.", observable=Kind.TEXTS),
        option("min_color_temp_kelvin", "integer", "Its warmest white.", observable=Kind.INTEGER),
        option("max_color_temp_kelvin", "integer", "Its coldest white.", observable=Kind.INTEGER),
        option("supported_color_modes", "texts", "Its colour modes.", observable=Kind.TEXTS),
    ),
    commands=(
        command(
            "turn_on",
            "Switch it on, or change how it shines.",
            may("brightness", Kind.BRIGHTNESS),
            may("color_temp_kelvin", Kind.KELVIN),
            *(may(color, Kind.COLOR) for color in COLORS),
            may("white", Kind.BRIGHTNESS),
            may("effect", Kind.TEXT, feature="EFFECT"),
            TRANSITION,
            FLASH,
            effect={"state": True}
            | {
                name: Given(parameter=name)
                for name in ("brightness", "color_temp_kelvin", *COLORS, "effect")
            },
            settle=True,
        ),
        command(
            "turn_off",
            "Switch it off.",
            TRANSITION,
            FLASH,
            effect={"state": False},
            settle=True,
        ),
    ),
    required=("state", "turn_on", "turn_off"),
    implies={"effect": ("effect_list",), "brightness_scale": ("brightness",)},
)

SIREN = PlatformRow(
    name="siren",
    help="Something that makes noise to warn, or to call.",
    attributes=(attribute("state", Kind.BOOLEAN, "Whether it sounds."),),
    options=(option("available_tones", "texts", "Its tones.", observable=Kind.TEXTS),),
    commands=(
        command(
            "turn_on",
            "Let it sound.",
            may("tone", Kind.TEXT, feature="TONES"),
            may("duration", Kind.INTEGER, feature="DURATION"),
            may("volume_level", Kind.FRACTION, feature="VOLUME_SET"),
            effect={"state": True},
            feature="TURN_ON",
        ),
        command("turn_off", "Silence it.", effect={"state": False}, feature="TURN_OFF"),
    ),
    required=("state",),
    retryable=False,
)
