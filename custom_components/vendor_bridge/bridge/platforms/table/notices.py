"""What is written down for people: what is to be done, and what the weather will be."""

from collections.abc import Iterator
from typing import Final

from ...model import Kind
from ..rows import AttributeRow, FieldRow, OptionRow, ParameterRow, PlatformRow
from .parts import attribute, command, given, may, option, part, records

ITEM: Final[tuple[ParameterRow, ...]] = (
    may("status", Kind.TEXT, attribute="items.status"),
    may("due_date", Kind.DATE, attribute="items.due_date", feature="SET_DUE_DATE_ON_ITEM"),
    may(
        "due_datetime",
        Kind.TIMESTAMP,
        attribute="items.due_datetime",
        feature="SET_DUE_DATETIME_ON_ITEM",
    ),
    may("description", Kind.TEXT, attribute="items.description", feature="SET_DESCRIPTION_ON_ITEM"),
)
UID: Final = given("uid", Kind.TEXT, attribute="items.uid")
SUMMARY: Final = given("summary", Kind.TEXT, attribute="items.summary")

TODO = PlatformRow(
    name="todo",
    help="A list of what is to be done, or to be bought.",
    attributes=(
        records(
            "items",
            "What is on the list, in its order.",
            part("uid", Kind.TEXT, "The vendor's id of it.", required=True),
            part("summary", Kind.TEXT, "What is to be done.", required=True),
            part("status", Kind.TEXT, "Whether it has been.", "needs_action", "completed"),
            part("due_date", Kind.DATE, "The day by which it is to be done."),
            part("due_datetime", Kind.TIMESTAMP, "The moment, where that is told, too."),
            part("description", Kind.TEXT, "What else is said of it."),
            part("completed", Kind.TIMESTAMP, "When it was done."),
        ),
    ),
    commands=(
        command("create_item", "Add to it.", SUMMARY, *ITEM, feature="CREATE_TODO_ITEM"),
        command("update_item", "Change it.", UID, SUMMARY, *ITEM, feature="UPDATE_TODO_ITEM"),
        command("delete_item", "Take it off.", UID, feature="DELETE_TODO_ITEM"),
        command(
            "move_item",
            "Move it behind another, or to the top.",
            UID,
            may("previous_uid", Kind.TEXT, attribute="items.uid"),
            feature="MOVE_TODO_ITEM",
        ),
    ),
    required=("items",),
    retryable=False,
)

CONDITIONS: Final = (
    *("clear-night", "cloudy", "exceptional", "fog", "hail", "lightning", "lightning-rainy"),
    *("partlycloudy", "pouring", "rainy", "snowy", "snowy-rainy", "sunny", "windy"),
    "windy-variant",
)

PRESSURES: Final = ("hPa", "kPa", "mbar", "inHg", "mmHg")

MEASURED: Final[tuple[tuple[str, str], ...]] = (
    ("temperature", "How warm it is."),
    ("apparent_temperature", "How warm it feels."),
    ("dew_point", "Where dew begins to fall."),
    ("humidity", "How humid it is, in percent."),
    ("pressure", "How high the air pressure is."),
    ("wind_speed", "How fast the wind is."),
    ("wind_gust_speed", "How fast its gusts are."),
    ("wind_bearing", "Where it comes from, in degrees."),
    ("cloud_coverage", "How much of the sky is cloudy, in percent."),
    ("uv_index", "How strong the sun burns."),
)
"""What is told of now and of the days and hours to come alike."""


def _forecast(name: str, text: str, *more: FieldRow) -> AttributeRow:
    """Return the row of a forecast."""

    def fields() -> Iterator[FieldRow]:
        yield part("datetime", Kind.TIMESTAMP, "When that begins.")
        yield part("date", Kind.DATE, "The day, in place of `datetime`.")
        yield from more
        yield part("condition", Kind.TEXT, "What the weather will be like.", *CONDITIONS)
        yield part("templow", Kind.NUMBER, "How warm it will be at least.")
        yield part("precipitation", Kind.NUMBER, "How much will fall.")
        yield part("precipitation_probability", Kind.NUMBER, "How likely that is, in percent.")
        for one, help_text in MEASURED:
            yield part(one, Kind.NUMBER, help_text)

    return records(f"forecast_{name}", text, *fields(), feature=f"FORECAST_{name.upper()}")


WIND_UNITS = ("m/s", "km/h", "mph", "ft/s", "kn", "Beaufort")


def _unit(quantity: str, text: str, *units: str) -> OptionRow:
    """Return the row of a unit, which some vendors choose themselves and tell."""
    return option(f"{quantity}_unit", "choice", text, *units, observable=Kind.TEXT)


WEATHER = PlatformRow(
    name="weather",
    help="What the weather is, and what it will be.",
    attributes=(
        attribute("condition", Kind.TEXT, "What the weather is like.", *CONDITIONS),
        *(attribute(name, Kind.NUMBER, text) for name, text in MEASURED),
        attribute("visibility", Kind.NUMBER, "How far one sees."),
        attribute("ozone", Kind.NUMBER, "How much ozone is in the air."),
        _forecast("daily", "The days to come."),
        _forecast("hourly", "The hours to come."),
        _forecast(
            "twice_daily",
            "The days and nights to come.",
            part("is_daytime", Kind.BOOLEAN, "Whether it is a day.", required=True),
        ),
    ),
    options=(
        _unit("temperature", "The unit of temperatures.", "°C", "°F"),
        _unit("pressure", "... of pressures.", "hPa", "kPa", "mbar", "inHg", "mmHg"),
        _unit("wind_speed", "... of the wind's speed.", *WIND_UNITS),
        _unit("visibility", "... of how far one sees.", "km", "mi"),
        _unit("precipitation", "... of what falls.", "mm", "in"),
    ),
    required=("condition",),
)
