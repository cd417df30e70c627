"""Tasks of a user's own, for a vendor that there is a profile for: a file beside it, not a fork."""

from dataclasses import dataclass, field
from typing import Annotated, Any

import probatio

from .fields import SLUG, told
from .tasks import TASKS, TASKS_HELP


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendedType:
    """What is added to a type of device."""

    tasks: Annotated[
        Any,  # a mapping of names to TaskSpec
        TASKS,
        told(TASKS_HELP),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A file of a user's own that adds tasks to a vendor's profile, and nothing else.

    Its requests go to the hosts of the account, are signed in as the profile says, and keep the
    profile's limits.
    """

    profile: Annotated[int, probatio.In([1]), told("The version of the profile's language: 1.")] = 1
    extends: Annotated[
        str, probatio.Match(SLUG), told("The id of the vendor whose profile it adds to.")
    ]
    types: Annotated[
        Any,  # a mapping of names to ExtendedType
        probatio.Schema({str: probatio.DataclassSchema(ExtendedType)}),
        told("What is added to types of device, by their names in the profile."),
    ] = field(default_factory=dict)
    tasks: Annotated[
        Any,  # a mapping of names to TaskSpec
        TASKS,
        told(f"Tasks of the account as a whole. {TASKS_HELP}"),
    ] = field(default_factory=dict)


EXTENSION = probatio.DataclassSchema(Extension)
