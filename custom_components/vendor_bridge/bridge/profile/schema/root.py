"""The whole of a profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

import probatio

from ...platforms import PLATFORMS
from .api import Api, SetupField, Vendor
from .devices import DevicesSpec, MonitorSpec
from .entities import EntitySpec, type_schema
from .fields import SLUG, one_or_more, told
from .requests import RequestSpec
from .tasks import TASKS, TASKS_HELP, TaskSpec
from .values import OPTIONAL_VALUE, VALUE


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSpec:
    """How two accounts of one vendor are told apart. By default: by what the user filled in."""

    request: Annotated[RequestSpec, told("A request that tells who signed in.")]
    id: Annotated[Any, VALUE, told("Where its answer has what never changes of the account.")]
    name: Annotated[Any, OPTIONAL_VALUE, told("Where it has a name for people.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSpec:
    """One type of device: defaults for its entities, the entities and the tasks by their keys.

    Keys of entities are ``<platform>.<name>``.
    """

    defaults: Mapping[str, Any]
    entities: Mapping[str, EntitySpec]
    tasks: Mapping[str, TaskSpec] = field(default_factory=dict)


def _type(raw: dict[str, Any]) -> TypeSpec:
    """Sort one type of device into its parts."""
    return TypeSpec(
        defaults={
            key: value for key, value in raw.items() if key not in PLATFORMS and key != "tasks"
        },
        entities={
            f"{platform}.{name}": entity
            for platform, entities in raw.items()
            if platform in PLATFORMS
            for name, entity in entities.items()
        },
        tasks=raw.get("tasks", {}),
    )


TYPES = probatio.Schema({str: probatio.All(type_schema(), _type)})
"""Types of device, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One vendor's API."""

    profile: Annotated[int, probatio.In([1]), told("The version of the profile's language: 1.")]
    vendor: Annotated[Vendor, told("Who made the API.")]
    override: Annotated[
        bool, told("Whether a profile of the user's own takes the place of a bundled one.")
    ] = False
    setup: Annotated[
        Any,  # a mapping of names to SetupField
        probatio.Schema({probatio.Match(SLUG): probatio.DataclassSchema(SetupField)}),
        told("What the user fills in, by the names that `{setup.name}` uses."),
    ] = field(default_factory=dict)
    api: Annotated[Api, told("Where the API is and how one signs in.")]
    account: Annotated[AccountSpec | None, told("How two accounts are told apart.")] = None
    devices: Annotated[
        Any,  # a list of DevicesSpec
        one_or_more(probatio.DataclassSchema(DevicesSpec)),
        told("How devices are listed."),
    ]
    monitors: Annotated[
        Any,  # a mapping of keys to MonitorSpec
        probatio.Schema({probatio.Match(SLUG): probatio.DataclassSchema(MonitorSpec)}),
        told("The scheduled reads, by their keys."),
    ] = field(default_factory=dict)
    types: Annotated[
        Any,  # a mapping of names to TypeSpec
        TYPES,
        told("What each type of device has; `*` is any type that is not named."),
    ] = field(default_factory=dict)
    tasks: Annotated[
        Any,  # a mapping of names to TaskSpec
        TASKS,
        told(f"Tasks of the account as a whole. {TASKS_HELP}"),
    ] = field(default_factory=dict)


SCHEMA = probatio.DataclassSchema(Profile)
