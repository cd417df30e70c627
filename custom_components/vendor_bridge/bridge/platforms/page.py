"""The page of the platforms, made from their table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from ..markdown import code, section, table
from . import PLATFORMS
from .classes import DEVICE_CLASSES, NOT_NUMERIC, STATE_CLASSES, UNITS
from .rows import AttributeRow, CommandRow, OptionRow, PlatformRow

INTRODUCTION: Final = """\
What an entity of each platform can show and do, made from the table in the code by \
`./scripts/bridge platforms`. Names are those of Home Assistant and of its MQTT integration's \
discovery. [profile.md](profile.md#types-platforms-and-entities) explains how they are used."""

HOW_TO_READ: Final = """\
- An **attribute** is read from an answer. Its kind says what it holds once its transforms have run.
- An **option** is written down. Many can be read like an attribute instead, so that they may \
differ from device to device and change while running.
- A **command** is a request. `{parameter}` puts into the request what Home Assistant wants.
- A **feature** is what Home Assistant's own actions and dashboards look at. It follows from what \
the profile gives: nothing is switched on by hand.
- What every entity can have besides (`name`, `icon`, `entity_category`, `enabled_by_default`, \
`expire_after`, `availability`, `availability_mode`, `when` ...) is in \
[profile.md](profile.md#types-platforms-and-entities)."""

MQTT: Final = (
    *("alarm_control_panel", "binary_sensor", "button", "camera", "climate", "cover", "date"),
    *("datetime", "device_automation", "device_tracker", "event", "fan", "humidifier", "image"),
    *("infrared", "lawn_mower", "light", "lock", "notify", "number", "scene", "select", "sensor"),
    *("siren", "switch", "tag", "text", "time", "update", "vacuum", "valve", "water_heater"),
)
"""What Home Assistant's MQTT integration can discover."""

WORDS_TEXT: Final = """\
Options have MQTT discovery's names, but for what concerns its topics and payloads:"""

WORDS: Final = (
    ("`state_topic`, `value_template`", "`state: {from: <monitor>, value: <JMESPath>}`"),
    ("`<name>_state_topic`, `<name>_value_template`", "the attribute `<name>`, likewise"),
    ("`command_topic`, `payload_on`, `payload_off`", "`commands: {turn_on: ..., turn_off: ...}`"),
    ("`<name>_command_topic`, `<name>_command_template`", "`commands: {set_<name>: ...}`"),
    ("`state_on`, `state_locked`, `state_open` ...", "`map: {<the vendor's>: <Home Assistant's>}`"),
    ("`availability_topic`, `payload_available`", "`availability`, `availability_mode`"),
    ("`json_attributes_topic`", "sensors of their own; of an event its `attributes`"),
    (
        "`modes` of a climate, a humidifier, a water heater",
        "`hvac_modes`, `available_modes`, `operation_list`",
    ),
    ("`temp_step`, `initial`", "`target_temp_step`; nothing, the vendor knows"),
    ("`max_kelvin`, `min_mireds` ...", "`max_color_temp_kelvin` ...; `unit: [mired, K]`"),
    ("`optimistic`", "`confirm: answer`"),
    ("`qos`, `retain`, `encoding`, `message_expiry_interval`", "nothing"),
)
"""What MQTT discovery calls it, and how a profile says it."""

INSTEAD: Final[Mapping[str, str]] = {
    "device_automation": "left out; Home Assistant's own triggers work with every entity here",
    "infrared": "left out; a vendor's blaster is a [remote](#remote)",
    "tag": "an [event](#event) for each tag that was read",
}
"""What takes the place of the rest of them."""


BEYOND: Final[Mapping[str, tuple[Sequence[str], str]]] = {
    "camera": (("STREAM",), "live video is no answer to a request; a camera has pictures"),
    "media_player": (
        ("BROWSE_MEDIA", "SEARCH_MEDIA", "GROUPING"),
        "a library takes many requests, and a group is of entities, which no vendor knows",
    ),
    "vacuum": (
        ("TURN_ON", "TURN_OFF", "STATUS", "MAP"),
        "Home Assistant itself does without: `start`, `return_to_base`, its `state`, a camera",
    ),
}
"""The features of Home Assistant's that no profile can describe, by platform, and why."""

BEYOND_TEXT: Final = "All other features of these platforms can be described."

DEVICE_CLASSES_TEXT: Final = """\
What goes together in a [sensor](#sensor); a [number](#number) takes the same units. Anything else \
is a mistake in the profile. A class without units here takes any; a dash is no unit."""

UNITS_AND_MORE: Final = [name for name in DEVICE_CLASSES["sensor"] if name not in NOT_NUMERIC]
"""The device classes that have units."""


def platforms_page() -> str:
    """Return the page, as Markdown."""
    beyond = [name for name in PLATFORMS if name not in MQTT]
    parts = [
        "# Platforms",
        INTRODUCTION,
        HOW_TO_READ,
        section(
            "Beside MQTT",
            "All that Home Assistant's MQTT integration can discover, and what it is here:",
            table(("MQTT discovery", "Vendor Bridge"), map(_beside, MQTT)),
            WORDS_TEXT,
            table(("MQTT discovery", "here"), WORDS),
            f"What MQTT discovery lacks: {', '.join(map(_link, beyond))}." if beyond else "",
        ),
        section(
            "What a profile cannot describe",
            table(
                ("platform", "features", "why"),
                [(_link(name), code(flags), why) for name, (flags, why) in BEYOND.items()],
            ),
            BEYOND_TEXT,
        ),
        *(platform_section(row, level=2) for row in PLATFORMS.values()),
        section(
            "Device classes and their units",
            DEVICE_CLASSES_TEXT,
            table(("device class", "units", "state classes"), map(_class, UNITS_AND_MORE)),
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _beside(name: str) -> Sequence[str]:
    return f"`{name}`", _link(name) if name in PLATFORMS else INSTEAD[name]


def _class(name: str) -> Sequence[str]:
    units = ["-" if unit is None else f"`{unit}`" for unit in UNITS.get(name, ())]
    return f"`{name}`", " ".join(units), code(STATE_CLASSES[name])


def _link(name: str) -> str:
    return f"[{name}](#{name})"


def platform_section(row: PlatformRow, *, level: int) -> str:
    """Return all that the table knows of a platform, below a heading of that level."""
    return section(
        row.name,
        row.help,
        *_needs(row),
        _table(("attribute", "kind", "what it is"), map(_attribute, row.attributes)),
        *map(_records, row.attributes),
        _table_of_picture(row),
        _table(("option", "takes", "what it is"), map(_option, row.options)),
        _table(("command", "parameters", "what it does"), map(_command, row.commands)),
        level=level,
    )


def _table_of_picture(row: PlatformRow) -> str:
    return (
        '`picture` is a request, as in `picture: {get: "/devices/{device.id}/picture"}`. It '
        "carries the account's sign-in."
        if row.has_picture
        else ""
    )


def _needs(row: PlatformRow) -> Iterator[str]:
    needs = [code([need] if isinstance(need, str) else need, " or ") for need in row.required]
    lines = [f"Needs {', '.join(needs)}."] if needs else []
    lines += [f"With `{name}` it needs {code(need, ', ')}." for name, need in row.implies.items()]
    if row.commands and not row.retryable:
        lines.append("A command that may have reached the vendor is never sent a second time.")
    yield "\n".join(f"- {line}" for line in lines)


def _attribute(row: AttributeRow) -> Sequence[str]:
    kind = "list of records" if row.fields else f"`{row.kind}`"
    return f"`{row.name}`", kind, _with_choices(row.help, row.choices), _feature(row.feature)


def _records(row: AttributeRow) -> str:
    """Return how a list of records is written, where an attribute is one."""
    if not row.fields:
        return ""
    fields = table(
        (f"in each of `{row.name}`", "kind", "what it is"),
        [
            (
                f"`{field.name}`",
                "values, by name" if field.free else f"`{field.kind}`",
                _with_choices(field.help + (" Needed." if field.required else ""), field.choices),
            )
            for field in row.fields
        ],
    )
    text = "has `each`, which says where the list stands, and what is picked out of each of it:"
    return f"`{row.name}` {text}\n\n{fields}"


def _option(row: OptionRow) -> Sequence[str]:
    kinds = {"boolean": "true or false", "texts": "list of texts", "integer": "whole number"}
    taken = "one of these" if row.type == "choice" else kinds.get(row.type, row.type)
    if row.observable is not None:
        taken += f", or an attribute (`{row.observable}`)"
    return f"`{row.name}`", taken, _with_choices(row.help, row.choices), _feature(row.feature)


def _command(row: CommandRow) -> Sequence[str]:
    parameters = ", ".join(
        f"`{part.name}` (`{part.kind}`{'' if part.required else ', optional'})"
        for part in row.parameters
    )
    features = [
        *([f"`{row.feature}`"] if row.feature else []),
        *(f"`{part.feature}` with `{part.name}`" for part in row.parameters if part.feature),
    ]
    return f"`{row.name}`", parameters or "-", row.help, ", ".join(features)


def _feature(name: str | None) -> str:
    return f"`{name}`" if name else ""


def _with_choices(text: str, choices: Sequence[str]) -> str:
    return f"{text} {code(choices)}".rstrip()


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose last column, the features, is there only where there is one."""
    lines = list(rows)
    if any(line[-1] for line in lines):
        return table((*header, "feature"), lines)
    return table(header, [line[:-1] for line in lines])
