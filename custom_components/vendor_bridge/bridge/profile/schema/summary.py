"""The declaration of a profile, summed up for its reference: the blocks, and types in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
import json
import re
from typing import Any, Final, get_args, get_type_hints

import probatio

from .fields import Later

_NUMBER: Final = frozenset({"number", "integer"})
_PLURALS: Final = {
    "text": "texts",
    "number": "numbers",
    "whole number": "whole numbers",
    "mapping": "mappings",
}
_SINGLE: Final = {"string": "text", "boolean": "true or false", "null": "null"}


@dataclass(slots=True)
class Block:
    """A dataclass of the declaration, and where it stands: (the block, its field) each."""

    kind: type
    title: str
    places: list[tuple[type, str]] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Return what a link to its heading leads to."""
        return anchor(self.title)


def anchor(title: str) -> str:
    """Return the anchor that Markdown viewers give to a heading."""
    return re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-")


def blocks_of(root: type) -> Mapping[type, Block]:
    """Return a block and all that its fields lead to, in the order of the declaration."""
    found: dict[type, Block] = {}

    def visit(kind: type) -> Block:
        if kind in found:
            return found[kind]
        block = found[kind] = Block(kind, _title(kind))
        hints = get_type_hints(kind, include_extras=True)
        for one in fields(kind):
            inside = dict.fromkeys(_dataclasses(hints[one.name], set()))
            for inner in inside:
                visit(inner).places.append((kind, one.name))
        return block

    visit(root)
    return found


def _title(kind: type) -> str:
    words = re.findall(r"[A-Z][a-z0-9]*", kind.__name__.removesuffix("Spec"))
    return " ".join(words).capitalize()


def _dataclasses(thing: Any, seen: set[int]) -> Iterator[type]:  # noqa: ANN401 - a schema
    """Yield the dataclasses that an annotation or a schema leads to, but not those inside them."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, type):
        if is_dataclass(thing):
            yield thing
    elif isinstance(thing, probatio.DataclassSchema):
        yield thing.dataclass_type
    else:
        for part in _parts(thing):
            yield from _dataclasses(part, seen)


def _parts(thing: Any) -> Iterator[Any]:  # noqa: ANN401 - a schema
    yield from get_args(thing)
    if isinstance(thing, Mapping):
        yield from thing.values()
    elif isinstance(thing, list | tuple):
        yield from thing
    elif isinstance(thing, Later):
        yield thing.schema
    elif type(thing).__module__.startswith("probatio"):
        yield from getattr(thing, "__dict__", {}).values()


def json_of(schema: Any) -> dict[str, Any]:  # noqa: ANN401 - a schema
    """Return a part of the declaration as JSON Schema, with all its parts in their places.

    What stands there more than once is made once: the same command is part of every platform.
    """
    made: dict[int, tuple[Any, dict[str, Any]]] = {}  # with the part, so that its id stays its own
    making: set[int] = set()

    def once(part: Any) -> Any:  # noqa: ANN401 - a schema
        if isinstance(part, Later):
            part = part.schema
        key = id(part)
        if key in making:
            return probatio.UNSUPPORTED  # have it made
        if key not in made:
            making.add(key)
            made[key] = part, probatio.to_json_schema(part, custom_serializer=once)
            making.remove(key)
        return dict(made[key][1])

    whole: dict[str, Any] = probatio.to_json_schema(
        schema if isinstance(schema, probatio.Schema) else probatio.Schema(schema),
        custom_serializer=once,
    )
    return whole


def json_of_block(kind: type) -> dict[str, Any]:
    """Return a block of the declaration as JSON Schema."""
    return json_of(probatio.DataclassSchema(kind))


class Wording:
    """Says in words what a part of the declaration takes.

    ``named`` are the parts that are described elsewhere: what to say for each, and its JSON Schema.
    """

    def __init__(self, named: Mapping[str, Mapping[str, Any]]) -> None:
        """Learn to recognise the named parts."""
        self._named = {_mark(part): words for words, part in named.items()}

    def of(self, schema: Any) -> str:  # noqa: ANN401 - a schema
        """Return the words for a schema."""
        return self.of_json(json_of(schema))

    def of_json(self, part: Mapping[str, Any], *, optional: bool = False) -> str:
        """Return the words for a part of a JSON Schema; ``optional`` leaves null unsaid."""
        if (name := self._named.get(_mark(part))) is not None:
            return name
        for key in ("anyOf", "allOf"):
            if key not in part:
                continue
            said = dict.fromkeys(self.of_json(one, optional=optional) for one in part[key])
            if optional:
                said.pop("null", None)
            if key == "allOf":
                said.pop("anything", None)
                return max(said, key=len, default="anything")
            if set(said) == {"whole number", "number"}:
                return "number" + _range(part)
            return _alternatives(list(said))
        if "enum" in part:
            return " or ".join(f"`{value}`" for value in part["enum"])
        return self._of_type(part)

    def _of_type(self, part: Mapping[str, Any]) -> str:
        kind = part.get("type")
        if kind in _NUMBER:
            return ("whole number" if kind == "integer" else "number") + _range(part)
        if kind == "array":
            return f"list of {_plural(self.of_json(part.get('items', {})))}"
        if kind == "object":
            return self._of_object(part)
        return _SINGLE.get(str(kind), "anything")

    def _of_object(self, part: Mapping[str, Any]) -> str:
        if part.get("properties"):
            must = part.get("required", ())
            keys = ", ".join(
                f"`{key}`{'' if key in must else '?'}: {self.of_json(value)}"
                for key, value in part["properties"].items()
            )
            return f"mapping of {keys}"
        more = part.get("additionalProperties")
        patterns = list(part.get("patternProperties", {}).values())
        inner = more if isinstance(more, Mapping) else next(iter(patterns), {})
        return f"mapping of keys to {self.of_json(inner)}"


def _mark(part: Mapping[str, Any]) -> str:
    """Return what two equal parts have in common, however they are described where they stand."""
    bare = {key: value for key, value in part.items() if key not in {"description", "default"}}
    return json.dumps(bare, sort_keys=True)


def _alternatives(said: list[str]) -> str:
    """Join alternatives; where one is a list of the other, say that shortly."""
    for one in said:
        listed = f"list of {_plural(one)}"
        if listed in said:
            rest = [words for words in said if words not in {one, listed}]
            return " or ".join([*rest, one, "a list of these"])
    return " or ".join(said)


def _plural(words: str) -> str:
    first, space, rest = words.partition(" (")
    return f"{_PLURALS.get(first, first)}{space}{rest}"


def _range(part: Mapping[str, Any]) -> str:
    low, high = part.get("minimum"), part.get("maximum")
    if low is not None and high is not None:
        return f" ({low} to {high})"
    if low is not None:
        return f" ({low} or more)"
    return f" ({high} or less)" if high is not None else ""
