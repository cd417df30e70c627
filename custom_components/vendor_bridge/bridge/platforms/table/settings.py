"""One value that can be set."""

from ...model import Kind
from ..rows import Given, PlatformRow
from .parts import DEVICE_CLASS, UNIT, attribute, command, given, option

NUMBER = PlatformRow(
    name="number",
    help="A number that can be set.",
    attributes=(attribute("state", Kind.NUMBER, "Its value."),),
    options=(
        DEVICE_CLASS,
        UNIT,
        option("min", "number", "Its lowest value.", observable=Kind.NUMBER),
        option("max", "number", "Its highest value.", observable=Kind.NUMBER),
        option("step", "number", "The step of its values.", observable=Kind.NUMBER),
        option("mode", "choice", "How it is shown.", "auto", "box", "slider"),
    ),
    commands=(
        command(
            "set_value",
            "Set it.",
            given("value", Kind.NUMBER, attribute="state"),
            effect={"state": Given(parameter="value")},
            settle=True,
        ),
    ),
    required=("state", "set_value"),
)

SELECT = PlatformRow(
    name="select",
    help="One of several options.",
    attributes=(attribute("state", Kind.TEXT, "The option that it is set to."),),
    options=(option("options", "texts", "What there is to choose.", observable=Kind.TEXTS),),
    commands=(
        command(
            "select_option",
            "Choose an option.",
            given("option", Kind.TEXT, attribute="state"),
            effect={"state": Given(parameter="option")},
            settle=True,
        ),
    ),
    required=("state", "options", "select_option"),
)

SWITCH = PlatformRow(
    name="switch",
    help="Something that can be switched on and off.",
    attributes=(attribute("state", Kind.BOOLEAN, "Whether it is on."),),
    options=(DEVICE_CLASS,),
    commands=(
        command("turn_on", "Switch it on.", effect={"state": True}, settle=True),
        command("turn_off", "Switch it off.", effect={"state": False}, settle=True),
    ),
    required=("state", "turn_on", "turn_off"),
)
