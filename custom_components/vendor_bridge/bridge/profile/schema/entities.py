"""How a profile describes entities: made from the platform table, one schema a platform."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import probatio

from ...platforms import PLATFORMS, AttributeRow, OptionRow, PlatformRow
from .commands import COMMAND, CONFIRM, CONFIRM_HELP, CommandSpec, ConfirmSpec
from .fields import NUMBER, SECONDS, SLUG, Later, either, one_or_more
from .history import HISTORY, HistorySpec
from .requests import RequestSpec
from .tasks import TASKS, TASKS_HELP
from .values import ATTRIBUTE, PICK_KEYS, PICK_NAMES, SOURCE_KEYS, VALUE

ENTITY_CATEGORIES = ("config", "diagnostic")
AVAILABILITY_MODES = ("all", "any", "latest")

COMMON: Mapping[probatio.Marker, Any] = {
    probatio.Optional(
        "name", description="Its name; null where it bears its device's; else made from its key."
    ): probatio.Any(None, str),
    probatio.Optional("from", description="The monitor that reads its attributes."): str,
    probatio.Optional("icon", description="An icon such as `mdi:lightbulb`."): probatio.Match(
        r"^mdi:[a-z0-9-]+$"
    ),
    probatio.Optional(
        "entity_category", description="What sort of entity it is; null for what its device is for."
    ): probatio.Any(None, probatio.In(list(ENTITY_CATEGORIES))),
    probatio.Optional(
        "enabled_by_default", description="False leaves it to the user to enable it."
    ): bool,
    probatio.Optional(
        "expire_after", description="Seconds after which an observation is too old to trust."
    ): SECONDS,
    probatio.Optional(
        "when", description="Only devices for whose item of the listing this is true have it."
    ): VALUE,
    probatio.Optional(
        "availability", description="What must be true for it to be usable, beside being read."
    ): one_or_more(ATTRIBUTE),
    probatio.Optional(
        "availability_mode", description="How several of these combine."
    ): probatio.In(list(AVAILABILITY_MODES)),
    probatio.Optional(
        "writable", description="What must be true for its commands to be sent; else it refuses."
    ): ATTRIBUTE,
    probatio.Optional("confirm", description=CONFIRM_HELP): CONFIRM,
}
"""What every entity can have."""

EACH: Mapping[probatio.Marker, Any] = {
    probatio.Required("each", description="Where the records stand: a JMESPath expression."): str,
}
"""What every list of records has besides."""

COMMON_NAMES = frozenset(str(key) for key in COMMON)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySpec:
    """An entity as a profile describes it, sorted into its parts."""

    platform: str
    common: Mapping[str, Any]
    attributes: Mapping[str, str | Mapping[str, Any]]
    options: Mapping[str, Any]
    commands: Mapping[str, CommandSpec] = field(default_factory=dict)
    confirm: str | ConfirmSpec | None = None
    history: HistorySpec | None = None
    picture: RequestSpec | None = None


def _literal(row: OptionRow) -> Any:  # noqa: ANN401 - a schema
    """Return the schema of an option that is written down."""
    match row.type:
        case "number":
            return NUMBER
        case "integer":
            return int
        case "boolean":
            return bool
        case "texts":
            return probatio.All([str], probatio.Length(min=1, max=500))
        case "choice":
            return probatio.In(list(row.choices))
    return str


def _option(row: OptionRow) -> Any:  # noqa: ANN401 - a schema
    """Return the schema of an option: written down or, where it may be, observed."""
    if row.observable is None:
        return _literal(row)
    observed = ATTRIBUTE.validators[1]
    return either((Mapping, observed), (object, _literal(row)))


def _records(row: AttributeRow) -> dict[Any, Any]:
    """Return the schema of an attribute that is a list of records."""
    fields = {
        (probatio.Required if field.required else probatio.Optional)(
            field.name, description=field.help
        ): ({probatio.Match(SLUG): VALUE} if field.free else VALUE)
        for field in row.fields
    }
    source = {key: value for key, value in SOURCE_KEYS.items() if str(key) != "kind"}
    return {**source, **EACH, **fields}


class _Sort:
    """Sort what a profile says of an entity into its parts, once it is valid."""

    def __init__(self, row: PlatformRow) -> None:
        self._row = row
        self._options = {option.name for option in row.options}
        self._attributes = {attribute.name for attribute in row.attributes}

    def __call__(self, raw: dict[str, Any]) -> EntitySpec:
        attributes = {name: raw[name] for name in raw if name in self._attributes}
        inline = {name: raw[name] for name in raw if name in PICK_NAMES or name == "kind"}
        if inline:
            if "state" in attributes or "state" not in self._attributes:
                message = f"give {', '.join(inline)} below the attribute that it belongs to"
                raise probatio.Invalid(message)
            attributes["state"] = inline
        options: dict[str, Any] = {}
        for name, value in raw.items():
            if name in self._options:
                (attributes if isinstance(value, Mapping) else options)[name] = value
        return EntitySpec(
            platform=self._row.name,
            common={name: raw[name] for name in raw if name in COMMON_NAMES},
            attributes=attributes,
            options=options,
            commands=raw.get("commands", {}),
            confirm=raw.get("confirm"),
            history=raw.get("history"),
            picture=raw.get("picture"),
        )


def entity_mapping(row: PlatformRow) -> dict[Any, Any]:
    """Return the schema of one entity of a platform, before it is sorted into parts."""
    described: dict[Any, Any] = dict(COMMON)
    if row.attribute("state"):
        described |= {
            **PICK_KEYS,
            probatio.Optional("kind", description="What sort of value its state is."): str,
        }
    if row.has_history:
        described[
            probatio.Optional("history", description="What the vendor has measured before.")
        ] = HISTORY
    if row.has_picture:
        described[
            probatio.Optional("picture", description="The request that is answered with a picture.")
        ] = probatio.DataclassSchema(RequestSpec)
    for attribute in row.attributes:
        described[probatio.Optional(attribute.name, description=attribute.help)] = (
            _records(attribute) if attribute.fields else ATTRIBUTE
        )
    for option in row.options:
        described[probatio.Optional(option.name, description=option.help)] = _option(option)
    if row.commands:
        described[probatio.Optional("commands", description="What can be done with it.")] = {
            probatio.Optional(command.name, description=command.help): COMMAND
            for command in row.commands
        }
    return described


def platform_schema(row: PlatformRow) -> dict[Any, Any]:
    """Return the schema of a platform's block: entities by their keys."""
    return {probatio.Match(SLUG): probatio.All(Later(partial(entity_mapping, row)), _Sort(row))}


def type_schema(platforms: Sequence[PlatformRow] = tuple(PLATFORMS.values())) -> dict[Any, Any]:
    """Return the schema of one type of device."""
    return {
        **{
            key: COMMON[key]
            for key in COMMON
            if str(key) in {"from", "availability", "availability_mode", "expire_after", "confirm"}
        },
        probatio.Optional("tasks", description=TASKS_HELP): TASKS,
        **{
            probatio.Optional(row.name, description=row.help): platform_schema(row)
            for row in platforms
        },
    }
