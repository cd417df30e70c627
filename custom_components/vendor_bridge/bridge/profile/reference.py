"""The reference page of the profile's language, made from its declaration."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
import inspect
import json
from typing import Any, Final

from ..markdown import section, table
from ..model import Kind
from ..platforms import PLATFORMS
from ..platforms.page import platform_section
from .compiler.auth import SIGN_NAMES, TOKEN_NAMES
from .compiler.commands import ANSWER_NAMES
from .compiler.devices import BATCH_NAMES
from .compiler.history import PERIOD_NAMES
from .compiler.requests import DEVICE_NAMES
from .schema.commands import COMMAND, CONFIRM
from .schema.entities import COMMON, type_schema
from .schema.extension import Extension
from .schema.root import Profile
from .schema.summary import Block, Wording, anchor, blocks_of, json_of, json_of_block
from .schema.tasks import TaskSpec
from .schema.values import ATTRIBUTE, PICK_KEYS, SOURCE_KEYS, VALUE
from .templates import FORMATS
from .values import TRANSFORMS, TransformSpec

INTRODUCTION: Final = """\
All that a profile can say, made from the declaration in the code by `./scripts/bridge reference`.
[profile.md](profile.md) explains the same from the beginning, with examples.

A field without a default must be there. A key that is not listed is a mistake."""

COMMAND_FORMS: Final = """\
A command is a [request](#one-request), a list of [requests](#request) that are sent in order, or \
the [long form](#command) with `steps`."""

PLACES: Final[Mapping[str, tuple[Sequence[str], str]]] = {
    "everywhere": (("setup.",), "What the user filled in."),
    "monitors that ask for one device, and commands": (DEVICE_NAMES, "The device."),
    "monitors that ask for several devices at once": (BATCH_NAMES, "The devices."),
    "`history.request`": (
        (*DEVICE_NAMES, *PERIOD_NAMES),
        "The device, and the time that is asked for, from and up to.",
    ),
    "every request but those that sign in": (
        ("auth.",),
        "What the sign-in gave: its `token` or `key`, what it kept and what it hashed.",
    ),
    "`api.auth.steps` from the second on, and `api.auth.hashes`": (
        ("auth.", *ANSWER_NAMES),
        "What was kept and hashed so far; in a step, the answer to the one before.",
    ),
    "`api.auth.refresh` and `api.auth.logout`": (
        (*TOKEN_NAMES, "auth."),
        "The tokens that there are, likewise.",
    ),
    "`api.signature`": (
        (*SIGN_NAMES, "sign.signature"),
        "The request as it is sent, a time, a random text; outside `text` also the signature.",
    ),
    "commands": (
        ("<parameter>", "now."),
        "What the command was given, in the vendor's own scale, and what is known of an attribute.",
    ),
    "commands, from the second step on, and `confirm.request`": (
        ANSWER_NAMES,
        "The answer to the step before.",
    ),
    "tasks": (
        ("<field>", "kept."),
        "What the task was told, and what the steps before have kept of their answers.",
    ),
    "tasks of a type of device": (DEVICE_NAMES, "The device."),
    "tasks, from the second step on": (ANSWER_NAMES, "The answer to the step before."),
}
"""Where a placeholder can stand, what it can be called there, and what it stands for."""

KINDS: Final[Mapping[Kind, str]] = {
    Kind.ANY: "whatever the vendor sends",
    Kind.BOOLEAN: 'true or false; also 1 or 0, "on" or "off", and these as texts',
    Kind.NUMBER: "a number, also as a text",
    Kind.INTEGER: "a whole number",
    Kind.TEXT: "a text; a number becomes one",
    Kind.BRIGHTNESS: "0 to 255",
    Kind.PERCENTAGE: "0 to 100",
    Kind.FRACTION: "0 to 1",
    Kind.KELVIN: "a colour temperature in kelvin, rounded",
    Kind.COLOR: "a list of 2 to 5 numbers",
    Kind.TEXTS: "a list of texts",
    Kind.STRUCTURE: "a mapping or a list of whatever the vendor sends, up to 16 kB as JSON",
    Kind.TIMESTAMP: "a time in ISO 8601 with its offset, unless `timestamp` says how it is written",
    Kind.DATE: "a date in ISO 8601, likewise",
    Kind.TIME: "a time of day in ISO 8601, likewise",
}
"""What each kind of value holds."""


def reference_page() -> str:
    """Return the page, as Markdown."""
    blocks = {**blocks_of(Profile), **_more(blocks_of(Extension), blocks_of(Profile))}
    described = {kind: json_of_block(kind) for kind in blocks}
    words = Wording(
        {
            "[value](#values)": json_of(VALUE),
            "[attribute](#attributes)": json_of(ATTRIBUTE),
            "[command](#commands)": json_of(COMMAND),
            "`answer` or [confirm](#confirm)": json_of(CONFIRM),
            "mapping of names to [types](#types)": described[Profile]["properties"]["types"],
            **{
                f"[{block.title.lower()}](#{block.anchor})": described[kind]
                for kind, block in blocks.items()
            },
        }
    )
    parts = [
        "# The profile's language",
        INTRODUCTION,
        *(_block(block, blocks, described[kind], words) for kind, block in blocks.items()),
        _types(words),
        section("Entities", "What every entity can have.", _markers(COMMON, words)),
        section(
            "Attributes",
            "An attribute is a [value](#values), and may say besides:",
            _markers(SOURCE_KEYS, words),
        ),
        _values(words),
        section("Transforms", _TRANSFORMS_TEXT, *_transforms(words)),
        _kinds(),
        section("Commands", COMMAND_FORMS),
        _placeholders(),
        section("Platforms", "", *(platform_section(row, level=3) for row in PLATFORMS.values())),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _more(blocks: Mapping[type, Block], known: Mapping[type, Block]) -> Mapping[type, Block]:
    return {kind: block for kind, block in blocks.items() if kind not in known}


# --- blocks -------------------------------------------------------------------------------------


def _block(
    block: Block, blocks: Mapping[type, Block], described: Mapping[str, Any], words: Wording
) -> str:
    required = described.get("required", ())
    base = blocks.get(block.kind.__mro__[1])
    inherited = {one.name for one in fields(base.kind)} if base else set()
    rows = []
    for one in fields(block.kind):
        if one.name in inherited:
            continue
        part = described["properties"][one.name]
        default = "" if one.name in required else _default(part)
        taken = words.of_json(part, optional=part.get("default", 0) is None)
        rows.append((f"`{one.name}`", taken, default, part.get("description", "")))
    inside = "`tasks` in [types](#types)" if block.kind is TaskSpec else "a [command](#commands)"
    places = ", ".join(
        inside
        if (owner, name) == (Profile, "types")
        else f"`{name}` in [{blocks[owner].title.lower()}](#{blocks[owner].anchor})"
        for owner, name in block.places
    )
    return section(
        block.title,
        inspect.getdoc(block.kind) or "",
        f"Used as {places}." if places else "",
        f"Everything that a [{base.title.lower()}](#{base.anchor}) has, and:" if base else "",
        table(("field", "takes", "default", "what it is"), rows),
    )


def _default(part: Mapping[str, Any]) -> str:
    value = part.get("default")
    return "-" if value in (None, {}, []) and value is not False else f"`{_json(value)}`"


def _types(words: Wording) -> str:
    keys = {key: value for key, value in type_schema().items() if str(key) not in PLATFORMS}
    platforms = ", ".join(f"[`{name}`](#{anchor(name)})" for name in PLATFORMS)
    return section(
        "Types",
        f"A type of device has platforms ({platforms}), each a mapping of keys to "
        "[entities](#entities). Besides it can say, for all of its entities:",
        _markers(keys, words),
    )


def _markers(keys: Mapping[Any, Any], words: Wording) -> str:
    """Return the table of a mapping whose keys describe themselves."""
    rows = [(f"`{key}`", words.of(value), key.description or "") for key, value in keys.items()]
    return table(("field", "takes", "what it is"), rows)


# --- values -------------------------------------------------------------------------------------

_TRANSFORMS_TEXT: Final = """\
They apply in the order in which they are written, and backwards where a command sends the value \
to the vendor. Those marked one way cannot go back."""


def _values(words: Wording) -> str:
    keys = {key: value for key, value in PICK_KEYS.items() if str(key) not in TRANSFORMS}
    then = [key for key in keys if str(key) == "then"]
    rows = _markers({key: value for key, value in keys.items() if key not in then}, words)
    more = "\n".join(f"| `{key}` | list of transforms | {key.description} |" for key in then)
    return section(
        "Values",
        "A value is a [JMESPath](https://jmespath.org) expression, or a mapping of what follows "
        "and of [transforms](#transforms). Give one of `value`, `const`, or `values` with "
        "`compute`.",
        f"{rows}\n{more}",
    )


def _transforms(words: Wording) -> Iterator[str]:
    rows = [_transform(name, row, words) for name, row in TRANSFORMS.items()]
    yield table(("transform", "takes", "what it does", "example", "back"), rows)


def _transform(name: str, row: TransformSpec, words: Wording) -> Sequence[str]:
    argument, kind, theirs, ours = row.example
    back = "one way" if row.compile(argument, kind).invert is None else "yes"
    example = f"`{name}: {_json(argument)}`: `{_json(theirs)}` becomes `{_json(ours)}`"
    return f"`{name}`", words.of(row.argument), row.help, example, back


def _kinds() -> str:
    rows = [(f"`{kind}`", text) for kind, text in KINDS.items()]
    return section(
        "Kinds",
        "What an attribute holds once its transforms have run. Anything else is an error, and "
        "changes no state. The platform says which kind an attribute has.",
        table(("kind", "holds"), rows),
    )


def _placeholders() -> str:
    names = [
        (where, " ".join(f"`{{{name}{'…' if name[-1] == '.' else ''}}}`" for name in known), text)
        for where, (known, text) in PLACES.items()
    ]
    formats = [(f"`:{name}`", f"{text}.") for name, (_, text) in FORMATS.items()]
    return section(
        "Placeholders",
        "A `{name}` in a request is filled in, a `{name:format}` in that format. Write `{{` and "
        "`}}` for braces. A text that is one placeholder keeps its type in JSON, and is left out "
        "where there is no value.",
        table(("where", "name", "stands for"), names),
        table(("format", "makes"), [*formats, ("`:%Y-%m-%d`", "A time in this pattern.")]),
    )


def _json(value: Any) -> str:  # noqa: ANN401 - a default or an example
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
