"""What shows a picture."""

from typing import Final

from ...model import Kind
from ..rows import AttributeRow, OptionRow, PlatformRow
from .parts import attribute, command, option

ENCODING: Final[OptionRow] = option(
    "image_encoding", "choice", "How the answer holds the picture, if not as it is.", "b64"
)

PATH: Final[AttributeRow] = attribute(
    "picture_path", Kind.TEXT, "Where the picture is, for `{now.picture_path:path}`."
)

CAMERA = PlatformRow(
    name="camera",
    help="A camera that is asked for what it sees just now.",
    attributes=(
        attribute("is_on", Kind.BOOLEAN, "Whether it sees anything."),
        attribute("is_recording", Kind.BOOLEAN, "Whether it records."),
        attribute("is_streaming", Kind.BOOLEAN, "Whether somebody watches it live."),
        attribute("motion_detection", Kind.BOOLEAN, "Whether it looks out for what moves."),
        PATH,
    ),
    options=(
        ENCODING,
        option("frame_interval", "number", "Seconds for which a picture is good. 10 by default."),
    ),
    commands=(
        command("turn_on", "Switch it on.", effect={"is_on": True}, settle=True, feature="ON_OFF"),
        command("turn_off", "Switch it off.", effect={"is_on": False}, settle=True),
        command(
            "enable_motion_detection",
            "Let it look out for what moves.",
            effect={"motion_detection": True},
            settle=True,
        ),
        command(
            "disable_motion_detection",
            "Let it look out no more.",
            effect={"motion_detection": False},
            settle=True,
        ),
    ),
    required=("picture",),
    implies={"turn_on": ("turn_off",), "turn_off": ("turn_on",)},
    has_picture=True,
)

IMAGE = PlatformRow(
    name="image",
    help="A picture that changes now and then: who rang, a map, a cover.",
    attributes=(
        attribute("image_last_updated", Kind.TIMESTAMP, "When the picture was taken."),
        attribute("version", Kind.ANY, "Anything that changes whenever the picture does."),
        PATH,
    ),
    options=(ENCODING,),
    required=("picture",),
    has_picture=True,
)
