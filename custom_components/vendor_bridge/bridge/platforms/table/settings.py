"""One value that can be set."""

from ...model import Kind
from ..rows import Given, OptionRow, PlatformRow
from .parts import UNIT, attribute, command, device_class, given, option

NUMBER = PlatformRow(
    name="number",
    help="A number that can be set.",
    attributes=(attribute("state", Kind.NUMBER, "Its value."),),
    options=(
        device_class("number"),
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
    options=(device_class("switch"),),
    commands=(
        command("turn_on", "Switch it on.", effect={"state": True}, settle=True),
        command("turn_off", "Switch it off.", effect={"state": False}, settle=True),
    ),
    required=("state", "turn_on", "turn_off"),
)


def _value(name: str, kind: Kind, text: str, *options: OptionRow) -> PlatformRow:
    """Return a platform of entities that are nothing but a value that can be set."""
    return PlatformRow(
        name=name,
        help=text,
        attributes=(attribute("state", kind, "Its value."),),
        options=options,
        commands=(
            command(
                "set_value",
                "Set it.",
                given("value", kind, attribute="state"),
                effect={"state": Given(parameter="value")},
                settle=True,
            ),
        ),
        required=("state", "set_value"),
    )


DATE = _value("date", Kind.DATE, "A day that can be set.")
DATETIME = _value("datetime", Kind.TIMESTAMP, "A moment that can be set.")
TEXT = _value(
    "text",
    Kind.TEXT,
    "A text that can be set.",
    option("min", "integer", "How long it is at least.", observable=Kind.INTEGER),
    option("max", "integer", "How long it is at most.", observable=Kind.INTEGER),
    option("pattern", "text", "The regular expression that it matches.", observable=Kind.TEXT),
    option("mode", "choice", "How it is shown.", "text", "password", observable=Kind.TEXT),
)
TIME = _value("time", Kind.TIME, "A time of day that can be set.")
