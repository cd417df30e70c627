"""What plays, and what commands what plays."""

from typing import Any, Final

from ...model import Kind
from ..rows import Given, PlatformRow
from .parts import attribute, command, device_class, given, may, option

STATES: Final = ("off", "on", "idle", "playing", "paused", "buffering")
SWITCHED_ON: Final[tuple[dict[str, Any], ...]] = tuple({"state": one} for one in STATES[1:])
PLAYS: Final[tuple[dict[str, Any], ...]] = ({"state": "playing"}, {"state": "buffering"})

MEDIA_PLAYER = PlatformRow(
    name="media_player",
    help="Something that plays: a television, a loudspeaker, a receiver.",
    attributes=(
        attribute("state", Kind.TEXT, "What it does.", *STATES),
        attribute("volume_level", Kind.FRACTION, "How loud it is, 0 to 1."),
        attribute("is_volume_muted", Kind.BOOLEAN, "Whether it is muted."),
        attribute("source", Kind.TEXT, "Which input it plays from."),
        attribute("sound_mode", Kind.TEXT, "How it sounds."),
        attribute("shuffle", Kind.BOOLEAN, "Whether it plays in no order."),
        attribute("repeat", Kind.TEXT, "What it plays again.", "off", "all", "one"),
        attribute("media_content_id", Kind.TEXT, "The vendor's id of what plays."),
        attribute("media_content_type", Kind.TEXT, "What plays: `music`, `tvshow`, `movie` ..."),
        attribute("media_title", Kind.TEXT, "The title of what plays."),
        attribute("media_artist", Kind.TEXT, "Who plays it."),
        attribute("media_album_name", Kind.TEXT, "The album that it is from."),
        attribute("media_album_artist", Kind.TEXT, "Whose album that is."),
        attribute("media_track", Kind.INTEGER, "Its number on the album."),
        attribute("media_series_title", Kind.TEXT, "The series that it is from."),
        attribute("media_season", Kind.TEXT, "Its season."),
        attribute("media_episode", Kind.TEXT, "Its number in the season."),
        attribute("media_channel", Kind.TEXT, "The channel that it comes on."),
        attribute("media_playlist", Kind.TEXT, "The playlist that it is from."),
        attribute("media_duration", Kind.NUMBER, "How long it is, in seconds."),
        attribute("media_position", Kind.NUMBER, "How far it has come, in seconds."),
        attribute("media_position_updated_at", Kind.TIMESTAMP, "When it was there."),
        attribute("app_id", Kind.TEXT, "The id of the app that plays it."),
        attribute("app_name", Kind.TEXT, "The name of that app."),
        attribute("picture_path", Kind.TEXT, "Where the picture of what plays is."),
    ),
    options=(
        device_class("media_player"),
        option("source_list", "texts", "Its inputs.", observable=Kind.TEXTS),
        option("sound_mode_list", "texts", "How it can sound.", observable=Kind.TEXTS),
        option("volume_step", "number", "By how much louder and quieter go, of 1."),
    ),
    commands=(
        command("turn_on", "Switch it on.", effect=SWITCHED_ON, settle=True, feature="TURN_ON"),
        command(
            "turn_off", "Switch it off.", effect={"state": "off"}, settle=True, feature="TURN_OFF"
        ),
        command(
            "volume_set",
            "Set how loud it is.",
            given("volume_level", Kind.FRACTION),
            effect={"volume_level": Given(parameter="volume_level")},
            settle=True,
            feature="VOLUME_SET",
        ),
        command("volume_up", "Make it louder.", feature="VOLUME_STEP"),
        command("volume_down", "Make it quieter.", feature="VOLUME_STEP"),
        command(
            "volume_mute",
            "Mute it, or no more.",
            given("is_volume_muted", Kind.BOOLEAN),
            effect={"is_volume_muted": Given(parameter="is_volume_muted")},
            settle=True,
            feature="VOLUME_MUTE",
        ),
        command("media_play", "Let it play.", effect=PLAYS, lasting=True, feature="PLAY"),
        command(
            "media_pause",
            "Let it pause.",
            effect=({"state": "paused"}, {"state": "idle"}),
            feature="PAUSE",
        ),
        command(
            "media_stop",
            "Let it stop.",
            effect=({"state": "idle"}, {"state": "on"}, {"state": "off"}),
            feature="STOP",
        ),
        command("media_next_track", "Go on to the next.", feature="NEXT_TRACK"),
        command("media_previous_track", "Go back to the one before.", feature="PREVIOUS_TRACK"),
        command(
            "media_seek",
            "Go to a place in what plays.",
            given("seek_position", Kind.NUMBER, attribute="media_position"),
            feature="SEEK",
        ),
        command(
            "play_media",
            "Play something.",
            given("media_content_id", Kind.TEXT),
            may("media_content_type", Kind.TEXT),
            may("enqueue", Kind.TEXT, feature="MEDIA_ENQUEUE"),
            may("announce", Kind.BOOLEAN, feature="MEDIA_ANNOUNCE"),
            effect=PLAYS,
            lasting=True,
            feature="PLAY_MEDIA",
        ),
        command(
            "select_source",
            "Choose an input.",
            given("source", Kind.TEXT),
            effect={"source": Given(parameter="source")},
            settle=True,
            feature="SELECT_SOURCE",
        ),
        command(
            "select_sound_mode",
            "Choose how it sounds.",
            given("sound_mode", Kind.TEXT),
            effect={"sound_mode": Given(parameter="sound_mode")},
            settle=True,
            feature="SELECT_SOUND_MODE",
        ),
        command(
            "shuffle_set",
            "Play in no order, or in order again.",
            given("shuffle", Kind.BOOLEAN),
            effect={"shuffle": Given(parameter="shuffle")},
            settle=True,
            feature="SHUFFLE_SET",
        ),
        command(
            "repeat_set",
            "Choose what it plays again.",
            given("repeat", Kind.TEXT),
            effect={"repeat": Given(parameter="repeat")},
            settle=True,
            feature="REPEAT_SET",
        ),
        command("clear_playlist", "Empty its playlist.", feature="CLEAR_PLAYLIST"),
    ),
    required=("state",),
    implies={
        "volume_set": ("volume_level",),
        "volume_mute": ("is_volume_muted",),
        "select_source": ("source", "source_list"),
        "select_sound_mode": ("sound_mode", "sound_mode_list"),
        "shuffle_set": ("shuffle",),
        "repeat_set": ("repeat",),
        "volume_up": ("volume_down",),
        "volume_down": ("volume_up",),
        "picture_path": ("picture",),
        "media_position_updated_at": ("media_position",),
    },
    retryable=False,
    has_picture=True,
)

REMOTE = PlatformRow(
    name="remote",
    help="Something that sends the keys of a remote control, and knows activities.",
    attributes=(
        attribute("state", Kind.BOOLEAN, "Whether it is on."),
        attribute(
            "current_activity", Kind.TEXT, "Which activity goes on just now.", feature="ACTIVITY"
        ),
    ),
    options=(option("activity_list", "texts", "Its activities.", observable=Kind.TEXTS),),
    commands=(
        command(
            "turn_on",
            "Switch it on, or begin an activity.",
            may("activity", Kind.TEXT, attribute="current_activity"),
            effect={"state": True, "current_activity": Given(parameter="activity")},
            settle=True,
        ),
        command(
            "turn_off",
            "Switch it off, or end an activity.",
            may("activity", Kind.TEXT, attribute="current_activity"),
            effect={"state": False},
            settle=True,
        ),
        command(
            "send_command",
            "Send a key, one request for each.",
            given("command", Kind.TEXT),
            may("device", Kind.TEXT),
            may("hold_secs", Kind.NUMBER),
        ),
        command(
            "learn_command",
            "Learn a key that is pressed on another remote control, one request for each.",
            given("command", Kind.TEXT),
            may("device", Kind.TEXT),
            may("command_type", Kind.TEXT),
            may("alternative", Kind.BOOLEAN),
            may("timeout", Kind.NUMBER),
            lasting=True,
            feature="LEARN_COMMAND",
        ),
        command(
            "delete_command",
            "Forget a key that was learned, one request for each.",
            given("command", Kind.TEXT),
            may("device", Kind.TEXT),
            feature="DELETE_COMMAND",
        ),
    ),
    required=("state",),
    implies={
        "current_activity": ("activity_list",),
        "turn_on": ("turn_off",),
        "turn_off": ("turn_on",),
    },
    retryable=False,
)
