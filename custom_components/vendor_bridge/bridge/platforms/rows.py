"""The rows of the platform table: what a profile can say of an entity of each platform."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..model import Entity, Kind

type OptionType = Literal["text", "number", "integer", "boolean", "texts", "choice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One field of the records that an attribute is a list of.

    A field that is ``free`` is a mapping, of names of the profile's own to values.
    """

    name: str
    kind: Kind
    help: str
    choices: Sequence[str] = ()
    required: bool = False
    free: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleRow:
    """MQTT discovery's way of saying how a vendor counts: two options in place of a ``range``.

    ``low`` and ``high`` are their names and ``default`` what they are where only one is given;
    ``off`` says that one less than the lowest is nothing at all. ``steps`` is the option that holds
    how many there are.
    """

    low: str | None
    high: str
    default: tuple[int, int]
    off: bool = False
    steps: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeRow:
    """One thing that is observed: a value or, with ``fields``, a list of records.

    ``name`` is that of the action's data that sets it, else that of Home Assistant's state
    attribute; ``state`` is what the entity's state is made of. ``choices`` are the values that
    Home Assistant knows, where it has a closed list. ``feature`` is the flag of the platform's
    supported features that it brings; so in every row below.
    """

    name: str
    kind: Kind
    help: str
    choices: Sequence[str] = ()
    feature: str | None = None
    fields: Sequence[FieldRow] = ()
    scale: ScaleRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRow:
    """One thing that is fixed for an entity or, where ``observable``, read like an attribute."""

    name: str
    type: OptionType
    help: str
    choices: Sequence[str] = ()
    observable: Kind | None = None
    feature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRow:
    """One value that a command takes.

    It is turned back into the vendor's scale through ``attribute``, by default the attribute of
    the same name, with that attribute's own transforms; ``items.status`` is the field of a record.
    """

    name: str
    kind: Kind
    required: bool = False
    attribute: str | None = None
    feature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandRow:
    """One thing that can be done.

    ``effect`` tells what holds once it took effect: alternatives, each of attribute to value or to
    ``Given(parameter)``; one suffices, and what the entity does not observe counts for nothing.
    ``failure`` tells likewise what means that it never will. A ``lasting`` command
    takes its time, as a cover's way does: success in the answer says that it has begun, not that
    it is done. Commands that ``settle`` replace a waiting one of their kind: only the last value
    counts.
    """

    name: str
    help: str
    parameters: Sequence[ParameterRow] = ()
    effect: Sequence[Mapping[str, Any]] = ()
    failure: Sequence[Mapping[str, Any]] = ()
    settle: bool = False
    lasting: bool = False
    feature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """In an effect: the value that the command was given for a parameter, if it was given."""

    parameter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformRow:
    """One platform.

    ``required`` names what an entity cannot do without: each item is a name or a list of
    alternatives, one of which must be there. ``implies`` maps a name to others that must be there
    with it. A platform that is not ``retryable`` never has a write repeated without being asked.
    One that ``has_history`` can have hours of statistics that the vendor remembers; one that
    ``has_picture`` can have a request that is answered with a picture.
    """

    name: str
    help: str
    attributes: Sequence[AttributeRow] = ()
    options: Sequence[OptionRow] = ()
    commands: Sequence[CommandRow] = ()
    required: Sequence[str | Sequence[str]] = ()
    implies: Mapping[str, Sequence[str]] = field(default_factory=dict)
    retryable: bool = True
    has_history: bool = False
    has_picture: bool = False

    def attribute(self, name: str) -> AttributeRow | None:
        """Return the row of an attribute, or of an option that can be observed."""
        for row in self.attributes:
            if row.name == name:
                return row
        for option in self.options:
            if option.name == name and option.observable is not None:
                return AttributeRow(name=name, kind=option.observable, help=option.help)
        return None

    def features(self, entity: Entity) -> Iterator[str]:
        """Yield the flags of the platform's supported features that an entity's parts bring."""
        there = entity.attributes.keys() | entity.options.keys()
        parts: Sequence[AttributeRow | OptionRow] = (*self.attributes, *self.options)
        for part in parts:
            if part.feature and part.name in there:
                yield part.feature
        for command in self.commands:
            if command.name not in entity.commands:
                continue
            if command.feature:
                yield command.feature
            taken = {parameter.name for parameter in entity.commands[command.name]}
            for parameter in command.parameters:
                if parameter.feature and parameter.name in taken:
                    yield parameter.feature

    def command(self, name: str) -> CommandRow | None:
        """Return the row of a command."""
        return next((row for row in self.commands if row.name == name), None)
