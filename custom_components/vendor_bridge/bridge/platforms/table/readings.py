"""What can only be looked at."""

from typing import Final

from ...model import Kind
from ..rows import PlatformRow
from .parts import UNIT, attribute, device_class, option

FORCE_UPDATE: Final = option(
    "force_update",
    "boolean",
    "Whether each reading is an update, also one that says the same as the last.",
)

DETAILS = attribute(
    "details",
    Kind.STRUCTURE,
    "What belongs to it and has a structure of its own; shown, and left out by the recorder.",
)

BINARY_SENSOR = PlatformRow(
    name="binary_sensor",
    help="Something that is on or off and can only be looked at.",
    attributes=(attribute("state", Kind.BOOLEAN, "Whether it is on."), DETAILS),
    options=(
        device_class("binary_sensor"),
        option(
            "off_delay",
            "number",
            "Seconds after which it is off again, where the vendor says on and never off. They "
            "count from `observed_at`, or else from when it was first read.",
        ),
        FORCE_UPDATE,
    ),
    required=("state",),
)

SENSOR = PlatformRow(
    name="sensor",
    help="A value that can only be looked at.",
    attributes=(
        attribute("state", Kind.ANY, "Its value."),
        attribute("last_reset", Kind.TIMESTAMP, "When its total began to count."),
        DETAILS,
    ),
    options=(
        device_class("sensor"),
        UNIT,
        option(
            "state_class",
            "choice",
            "What statistics are made of it.",
            *("measurement", "measurement_angle", "total", "total_increasing"),
            observable=Kind.TEXT,
        ),
        option("suggested_display_precision", "integer", "How many decimals are shown."),
        option("suggested_unit_of_measurement", "text", "The unit that it is shown in at first."),
        option(
            "options",
            "texts",
            "All values that it can have (device class enum).",
            observable=Kind.TEXTS,
        ),
        FORCE_UPDATE,
    ),
    required=("state",),
    has_history=True,
)

DEVICE_TRACKER = PlatformRow(
    name="device_tracker",
    help="Where something or someone is.",
    attributes=(
        attribute("state", Kind.BOOLEAN, "Whether it is connected, and so at home."),
        attribute("latitude", Kind.NUMBER, "Where it is, in degrees north."),
        attribute("longitude", Kind.NUMBER, "Where it is, in degrees east."),
        attribute("gps_accuracy", Kind.NUMBER, "How far off that may be, in metres."),
        attribute("in_zones", Kind.TEXTS, "The entity ids of the zones that it is in."),
        attribute("ip", Kind.TEXT, "Its address on the network."),
        attribute("mac", Kind.TEXT, "The address of its network adapter."),
        attribute("host_name", Kind.TEXT, "Its name on the network."),
    ),
    options=(
        option(
            "source_type",
            "choice",
            "How the vendor knows.",
            *("gps", "router", "bluetooth", "bluetooth_le"),
            observable=Kind.TEXT,
        ),
    ),
    required=(("state", "latitude", "in_zones"),),
    implies={"latitude": ("longitude",), "longitude": ("latitude",), "gps_accuracy": ("latitude",)},
)
