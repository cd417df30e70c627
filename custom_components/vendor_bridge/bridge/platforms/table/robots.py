"""What drives around by itself and does some work."""

from typing import Any, Final

from ...model import Kind
from ..rows import PlatformRow
from .parts import attribute, command, given, may, option, set_mode

FAILS: Final[tuple[dict[str, Any], ...]] = ({"state": "error"},)

LAWN_MOWER = PlatformRow(
    name="lawn_mower",
    help="A robot that mows a lawn.",
    attributes=(
        attribute(
            "state",
            Kind.TEXT,
            "What it does or is.",
            *("error", "paused", "mowing", "docked", "returning", "idle"),
        ),
    ),
    commands=(
        command(
            "start_mowing",
            "Let it begin, or go on.",
            effect={"state": "mowing"},
            failure=FAILS,
            feature="START_MOWING",
        ),
        command("pause", "Let it pause.", effect={"state": "paused"}, feature="PAUSE"),
        command(
            "dock",
            "Send it back to its dock.",
            effect=({"state": "returning"}, {"state": "docked"}),
            failure=FAILS,
            feature="DOCK",
        ),
        command(
            "stop",
            "Stop it where it is.",
            effect=({"state": "idle"}, {"state": "docked"}),
            feature="STOP",
        ),
    ),
    required=("state",),
    retryable=False,
)

VACUUM = PlatformRow(
    name="vacuum",
    help="A robot that cleans floors.",
    attributes=(
        attribute(
            "state",
            Kind.TEXT,
            "What it does or is.",
            *("cleaning", "docked", "idle", "paused", "returning", "error"),
            feature="STATE",
        ),
        attribute("fan_speed", Kind.TEXT, "How hard it sucks."),
    ),
    options=(
        option("fan_speed_list", "texts", "How hard it can suck.", observable=Kind.TEXTS),
        option(
            "segments",
            "texts",
            "The names of the parts of the home that it can be sent to.",
            observable=Kind.TEXTS,
        ),
        option(
            "segment_ids",
            "texts",
            "The vendor's ids of these, in the same order, where they are not their names.",
            observable=Kind.TEXTS,
        ),
    ),
    commands=(
        command(
            "start",
            "Let it begin, or go on.",
            effect={"state": "cleaning"},
            failure=FAILS,
            feature="START",
        ),
        command(
            "pause",
            "Let it pause.",
            effect=({"state": "paused"}, {"state": "idle"}),
            feature="PAUSE",
        ),
        command(
            "stop",
            "Stop it where it is.",
            effect=({"state": "idle"}, {"state": "docked"}),
            feature="STOP",
        ),
        command(
            "return_to_base",
            "Send it back to its dock.",
            effect=({"state": "returning"}, {"state": "docked"}),
            failure=FAILS,
            feature="RETURN_HOME",
        ),
        command(
            "clean_spot",
            "Let it clean around where it is.",
            effect={"state": "cleaning"},
            failure=FAILS,
            feature="CLEAN_SPOT",
        ),
        command(
            "clean_area",
            "Let it clean some parts of the home.",
            given("segment_ids", Kind.TEXTS),
            effect={"state": "cleaning"},
            failure=FAILS,
            feature="CLEAN_AREA",
        ),
        command("locate", "Let it say where it is.", feature="LOCATE"),
        set_mode("fan_speed", "FAN_SPEED"),
        command(
            "send_command",
            "Send it a command of the vendor's own.",
            given("command", Kind.TEXT),
            may("params", Kind.ANY),
            feature="SEND_COMMAND",
        ),
    ),
    required=("state",),
    implies={
        "set_fan_speed": ("fan_speed", "fan_speed_list"),
        "clean_area": ("segments",),
        "segment_ids": ("segments",),
    },
    retryable=False,
)
