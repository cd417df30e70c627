"""What guards a home."""

from ...model import Kind
from ..rows import CommandRow, PlatformRow
from .parts import CODE, attribute, command, option


def _arm(mode: str, text: str) -> CommandRow:
    """Return the command that arms in a mode, which may give people time to leave first."""
    return command(
        f"arm_{mode}",
        text,
        CODE,
        effect=({"state": f"armed_{mode}"}, {"state": "arming"}),
        lasting=True,
        feature=f"ARM_{mode.upper()}",
    )


ALARM_CONTROL_PANEL = PlatformRow(
    name="alarm_control_panel",
    help="An alarm system.",
    attributes=(
        attribute(
            "state",
            Kind.TEXT,
            "What it does or is.",
            *("disarmed", "armed_home", "armed_away", "armed_night", "armed_vacation"),
            *("armed_custom_bypass", "pending", "arming", "disarming", "triggered"),
        ),
        attribute("changed_by", Kind.TEXT, "Who or what changed it last."),
    ),
    options=(
        option(
            "code_format",
            "choice",
            "What its codes are made of.",
            "number",
            "text",
            observable=Kind.TEXT,
        ),
        option(
            "code_arm_required",
            "boolean",
            "Whether it takes a code to arm it.",
            observable=Kind.BOOLEAN,
        ),
    ),
    commands=(
        command("disarm", "Disarm it.", CODE, effect={"state": "disarmed"}),
        _arm("home", "Arm it while people are at home."),
        _arm("away", "Arm it while nobody is at home."),
        _arm("night", "Arm it for the night."),
        _arm("vacation", "Arm it for a longer absence."),
        _arm("custom_bypass", "Arm it, but for what the user left out."),
        command(
            "trigger",
            "Set it off.",
            CODE,
            effect=({"state": "triggered"}, {"state": "pending"}),
            lasting=True,
            feature="TRIGGER",
        ),
    ),
    required=("state",),
    retryable=False,
)
