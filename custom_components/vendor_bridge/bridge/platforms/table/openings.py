"""What opens, closes and locks."""

from typing import Any, Final

from ...model import Kind
from ..rows import Given, OptionRow, PlatformRow, ScaleRow
from .parts import CODE, attribute, command, device_class, given, may, option

OPENS: Final[tuple[dict[str, Any], ...]] = (
    {"is_closed": False},
    {"is_opening": True},
    {"state": "open"},
    {"state": "opening"},
    {"position": 100},
)
CLOSES: Final[tuple[dict[str, Any], ...]] = (
    {"is_closed": True},
    {"is_closing": True},
    {"state": "closed"},
    {"state": "closing"},
    {"position": 0},
)
MOVES: Final[tuple[dict[str, Any], ...]] = (
    {"position": Given(parameter="position")},
    {"is_opening": True},
    {"is_closing": True},
    {"state": "opening"},
    {"state": "closing"},
)
SPEED: Final = may("speed", Kind.TEXT)
POSITION: Final = attribute(
    "position",
    Kind.PERCENTAGE,
    "How far it is open: 0 closed, 100 open.",
    scale=ScaleRow(low="position_closed", high="position_open", default=(0, 100)),
)
ENDS: Final[tuple[OptionRow, ...]] = (
    option("position_closed", "integer", "The vendor's number where it is closed."),
    option("position_open", "integer", "The vendor's number where it is open."),
)
JAMS: Final[tuple[dict[str, Any], ...]] = ({"is_jammed": True}, {"state": "jammed"})

COVER = PlatformRow(
    name="cover",
    help="Something that opens and closes: a blind, an awning, a garage door.",
    attributes=(
        attribute(
            "state", Kind.TEXT, "What it does or is.", "open", "opening", "closed", "closing"
        ),
        attribute("is_closed", Kind.BOOLEAN, "Whether it is closed."),
        attribute("is_opening", Kind.BOOLEAN, "Whether it is on its way up."),
        attribute("is_closing", Kind.BOOLEAN, "Whether it is on its way down."),
        POSITION,
        attribute(
            "tilt_position",
            Kind.PERCENTAGE,
            "How far its slats are open.",
            scale=ScaleRow(low="tilt_min", high="tilt_max", default=(0, 100)),
        ),
    ),
    options=(
        device_class("cover"),
        option(
            "supported_speeds",
            "texts",
            "How fast it can move.",
            observable=Kind.TEXTS,
            feature="SPEED",
        ),
        *ENDS,
        option("tilt_min", "integer", "The vendor's number where its slats are closed."),
        option("tilt_max", "integer", "The vendor's number where they are open."),
    ),
    commands=(
        command("open", "Open it.", SPEED, effect=OPENS, lasting=True, feature="OPEN"),
        command("close", "Close it.", SPEED, effect=CLOSES, lasting=True, feature="CLOSE"),
        command("stop", "Stop it where it is.", feature="STOP"),
        command(
            "set_position",
            "Move it to a position.",
            given("position", Kind.PERCENTAGE),
            SPEED,
            effect=MOVES,
            lasting=True,
            settle=True,
            feature="SET_POSITION",
        ),
        command("open_tilt", "Open its slats.", effect={"tilt_position": 100}, feature="OPEN_TILT"),
        command(
            "close_tilt", "Close its slats.", effect={"tilt_position": 0}, feature="CLOSE_TILT"
        ),
        command("stop_tilt", "Stop its slats where they are.", feature="STOP_TILT"),
        command(
            "set_tilt_position",
            "Tilt its slats.",
            given("tilt_position", Kind.PERCENTAGE),
            effect={"tilt_position": Given(parameter="tilt_position")},
            settle=True,
            feature="SET_TILT_POSITION",
        ),
    ),
    required=(("state", "is_closed", "position"),),
    implies={
        "set_position": ("position",),
        "position_closed": ("position",),
        "position_open": ("position",),
        "set_tilt_position": ("tilt_position",),
        "tilt_min": ("tilt_position",),
        "tilt_max": ("tilt_position",),
    },
    retryable=False,
)

LOCK = PlatformRow(
    name="lock",
    help="A lock.",
    attributes=(
        attribute(
            "state",
            Kind.TEXT,
            "What it does or is.",
            *("locked", "locking", "unlocked", "unlocking", "open", "opening", "jammed"),
        ),
        attribute("is_locked", Kind.BOOLEAN, "Whether it is locked."),
        attribute("is_locking", Kind.BOOLEAN, "Whether it is about to be locked."),
        attribute("is_unlocking", Kind.BOOLEAN, "Whether it is about to be unlocked."),
        attribute("is_open", Kind.BOOLEAN, "Whether its latch is drawn back."),
        attribute("is_opening", Kind.BOOLEAN, "Whether its latch is being drawn back."),
        attribute("is_jammed", Kind.BOOLEAN, "Whether it is jammed."),
        attribute("changed_by", Kind.TEXT, "Who or what changed it last."),
    ),
    options=(
        option(
            "code_format",
            "text",
            "The regular expression that a code must match.",
            observable=Kind.TEXT,
        ),
    ),
    commands=(
        command(
            "lock",
            "Lock it.",
            CODE,
            effect=({"is_locked": True}, {"state": "locked"}),
            failure=JAMS,
        ),
        command(
            "unlock",
            "Unlock it.",
            CODE,
            effect=({"is_locked": False}, {"state": "unlocked"}, {"state": "open"}),
            failure=JAMS,
        ),
        command(
            "open",
            "Draw its latch back.",
            CODE,
            effect=({"is_open": True}, {"state": "open"}),
            failure=JAMS,
            feature="OPEN",
        ),
    ),
    required=(("state", "is_locked"), "lock", "unlock"),
    retryable=False,
)

VALVE = PlatformRow(
    name="valve",
    help="A valve, of water or of gas.",
    attributes=(
        attribute(
            "state", Kind.TEXT, "What it does or is.", "open", "opening", "closed", "closing"
        ),
        attribute("is_closed", Kind.BOOLEAN, "Whether it is closed."),
        attribute("is_opening", Kind.BOOLEAN, "Whether it is about to be open."),
        attribute("is_closing", Kind.BOOLEAN, "Whether it is about to be closed."),
        POSITION,
    ),
    options=(device_class("valve"), *ENDS),
    commands=(
        command("open", "Open it.", effect=OPENS, lasting=True, feature="OPEN"),
        command("close", "Close it.", effect=CLOSES, lasting=True, feature="CLOSE"),
        command("stop", "Stop it where it is.", feature="STOP"),
        command(
            "set_position",
            "Move it to a position.",
            given("position", Kind.PERCENTAGE),
            effect=MOVES,
            lasting=True,
            settle=True,
            feature="SET_POSITION",
        ),
    ),
    required=(("state", "is_closed", "position"),),
    implies={
        "set_position": ("position",),
        "position_closed": ("position",),
        "position_open": ("position",),
    },
    retryable=False,
)
