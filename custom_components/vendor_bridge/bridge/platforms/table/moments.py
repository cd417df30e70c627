"""What is set off, and has little or no state of its own."""

from ...model import Kind
from ..rows import Given, PlatformRow
from .parts import attribute, command, device_class, given, may, option, part, records

BUTTON = PlatformRow(
    name="button",
    help="Something that can be pressed and has no state.",
    options=(device_class("button"),),
    commands=(command("press", "Press it."),),
    required=("press",),
    retryable=False,
)

EVENT = PlatformRow(
    name="event",
    help="Something that happens: a button is pressed, a bell rings, a tag is read.",
    attributes=(
        records(
            "events",
            "What has happened, whether that is news or not.",
            part("type", Kind.TEXT, "Which of `event_types` it is, where there are several."),
            part("id", Kind.TEXT, "The vendor's id of it. Without one, all else tells it apart."),
            part(
                "at",
                Kind.TIMESTAMP,
                "When it happened, shown as `happened_at`. Events come in this order.",
            ),
            part("attributes", Kind.ANY, "What else is told of it, by name.", free=True),
        ),
    ),
    options=(
        device_class("event"),
        option("event_types", "texts", "All that can happen.", observable=Kind.TEXTS),
        option(
            "fire_within",
            "number",
            "Seconds after which an event is too old to be told. It takes `at`.",
        ),
    ),
    required=("events", "event_types"),
)

NOTIFY = PlatformRow(
    name="notify",
    help="Something that takes messages for people.",
    commands=(
        command(
            "send_message",
            "Send a message.",
            given("message", Kind.TEXT),
            may("title", Kind.TEXT, feature="TITLE"),
        ),
    ),
    required=("send_message",),
    retryable=False,
)

SCENE = PlatformRow(
    name="scene",
    help="A scene of the vendor's, which several devices take part in.",
    commands=(command("turn_on", "Set it.", may("transition", Kind.NUMBER)),),
    required=("turn_on",),
    retryable=False,
)

UPDATE = PlatformRow(
    name="update",
    help="Software that there may be a newer version of.",
    attributes=(
        attribute("installed_version", Kind.TEXT, "The version that it has."),
        attribute("latest_version", Kind.TEXT, "The newest version that there is for it."),
        attribute("in_progress", Kind.BOOLEAN, "Whether it is being updated.", feature="PROGRESS"),
        attribute(
            "update_percentage", Kind.PERCENTAGE, "How far that has come.", feature="PROGRESS"
        ),
        attribute("release_summary", Kind.TEXT, "What is new, in up to 255 characters."),
        attribute("release_notes", Kind.TEXT, "What is new, at length.", feature="RELEASE_NOTES"),
        attribute("release_url", Kind.TEXT, "Where what is new is described."),
        attribute("auto_update", Kind.BOOLEAN, "Whether it updates itself."),
    ),
    options=(
        device_class("update"),
        option("title", "text", "What the software is called.", observable=Kind.TEXT),
        option(
            "display_precision",
            "integer",
            "How many decimals its progress is shown with.",
            observable=Kind.INTEGER,
        ),
    ),
    commands=(
        command(
            "install",
            "Install a version, by default the newest.",
            may(
                "version",
                Kind.TEXT,
                attribute="installed_version",
                feature="SPECIFIC_VERSION",
            ),
            may("backup", Kind.BOOLEAN, feature="BACKUP"),
            effect=({"in_progress": True}, {"installed_version": Given(parameter="version")}),
            lasting=True,
            feature="INSTALL",
        ),
    ),
    required=("installed_version", "latest_version"),
    retryable=False,
)
