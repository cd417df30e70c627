"""A YAML text as a tree of nodes that know where they stand, within bounds.

Mistakes that do not keep the rest from being understood (a key that is there twice, an unknown
tag) are collected, so that all of them are told at once; the parser's own end the reading.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, NoReturn, Protocol, cast

import yaml

from .words import show
from .yaml_problem import explain
from .yaml_scalar import TAG, Scalar, ScalarError, read_scalar, unknown_tag

MAX_NODES: Final = 100_000
MAX_DEPTH: Final = 64
MAX_MISTAKES: Final = 100

# Both come with PyYAML; the one in C is some fifteen times as fast, but is left out of some builds.
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

type Path = tuple[Scalar, ...]
type Report = Callable[[Place, Path, str, str | None], None]
"""Is told each mistake: its place, path, message and hint."""


class Place(NamedTuple):
    """Where something stands; both count from 1."""

    line: int
    column: int


class Child(NamedTuple):
    """A member of a mapping or a list: where its key stands, where its value, and the value.

    The value of an alias stands where the alias does, what is in it where it was written.
    """

    key: Place
    value: Place
    node: Node


@dataclass(slots=True)
class Node:
    """A value. ``children`` has the keys of a mapping or the indexes of a list.

    ``size`` counts the nodes in it with aliases written out, ``height`` how deep it goes.
    """

    kind: Literal["scalar", "list", "mapping"]
    place: Place
    scalar: Scalar = None
    children: dict[Scalar, Child] = field(default_factory=dict)
    size: int = 1
    height: int = 0

    def data(self) -> object:
        """Return it as plain Python data, without anything shared."""
        if self.kind == "mapping":
            return {key: child.node.data() for key, child in self.children.items()}
        if self.kind == "list":
            return [child.node.data() for child in self.children.values()]
        return self.scalar


class TooMuchError(Exception):
    """A text that is beyond a bound, or has too many mistakes: it was reported already."""


def compose(text: str, report: Report) -> Node:
    """Return the tree of a text. What is wrong goes to ``report``, what stops it also raises."""
    loader = LOADER(text)
    try:
        return _Composer(loader, report).compose()
    except yaml.MarkedYAMLError as error:
        problem = explain(error, text)
        report(Place(problem.line, problem.column), (), problem.message, problem.hint)
    except ValueError:
        # The Python parser hands the number of "\Uffffffff" to chr() without a look at it.
        report(Place(1, 1), (), "a '\\U' in this file stands for no character", None)
    finally:
        loader.dispose()
    raise TooMuchError


class _Events(Protocol):
    """What both parsers have, and neither declares."""

    def check_event(self, *kinds: type[yaml.Event]) -> bool: ...
    def peek_event(self) -> yaml.Event: ...
    def get_event(self) -> yaml.Event: ...


class _Composer:
    """Builds the tree out of the parser's events."""

    def __init__(self, loader: _Events, report: Report) -> None:
        self._loader = loader
        self._report = report
        self._mistakes = 0
        self._anchors: dict[str, Node | None] = {}  # None while the node is still open

    def compose(self) -> Node:
        """Return the only document's tree."""
        self._loader.get_event()  # the stream begins
        if self._loader.check_event(yaml.StreamEndEvent):
            return Node("scalar", Place(1, 1))
        self._loader.get_event()  # the document begins
        child = self._child((), Place(1, 1))
        self._loader.get_event()  # the document ends
        if not self._loader.check_event(yaml.StreamEndEvent):
            place = _place(self._loader.get_event())
            self._wrong(place, (), "a profile is one document", "remove what follows the '---'")
        return child.node

    def _child(self, path: Path, key: Place | None = None) -> Child:
        """Return the next node, whose key stands at ``key``; a list's item has none."""
        event = cast("yaml.NodeEvent", self._loader.get_event())
        place = _place(event)
        anchor: str | None = event.anchor
        if isinstance(event, yaml.AliasEvent):
            return Child(key or place, place, self._alias(anchor or "", path, place))
        if len(path) > MAX_DEPTH:
            self._too_much(place, f"this is nested more than {MAX_DEPTH} deep")
        if anchor:
            self._anchors[anchor] = None
        node = self._node(event, path, place)
        if anchor:
            self._anchors[anchor] = node
        return Child(key or place, place, node)

    def _node(self, event: yaml.NodeEvent, path: Path, place: Place) -> Node:
        """Return the node that begins with an event."""
        if isinstance(event, yaml.ScalarEvent):
            return Node("scalar", place, scalar=self._scalar(event, path, place))
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        tag = cast("yaml.CollectionStartEvent", event).tag
        if tag not in (None, "!", f"{TAG}{'map' if is_mapping else 'seq'}"):
            error = unknown_tag(tag)
            self._wrong(place, path, error.message, error.hint)
        if is_mapping:
            return self._mapping(path, place)
        node = Node("list", place)
        while not self._loader.check_event(yaml.SequenceEndEvent):
            index = len(node.children)
            self._adopt(node, index, self._child((*path, index)))
        self._loader.get_event()
        return node

    def _mapping(self, path: Path, place: Place) -> Node:
        node = Node("mapping", place)
        merged: dict[Scalar, Child] = {}
        while not self._loader.check_event(yaml.MappingEndEvent):
            event = self._loader.peek_event()
            key_place = _place(event)
            if _is_merge(event):
                self._loader.get_event()
                child = self._child((*path, "<<"), key_place)
                self._count(node, child)
                for key, inherited in self._merged(child, path):
                    merged.setdefault(key, inherited)
                continue
            is_key, key = self._key(path, key_place)
            child = self._child((*path, key), key_place)
            if is_key and key in node.children:
                first = node.children[key].key
                message = f"the key {show(key)} is here twice: line {first.line} has it already"
                self._wrong(key_place, (*path, key), message)
            elif is_key:
                self._adopt(node, key, child)
        self._loader.get_event()
        if merged:
            node.children = merged | node.children
        return node

    def _key(self, path: Path, place: Place) -> tuple[bool, Scalar]:
        """Return whether the next node can be a key, and the key."""
        node = self._child((*path, "?"), place).node
        if node.kind == "scalar":
            return True, node.scalar
        hint = "a text with {} or [] in it must be in quotes"
        self._wrong(place, path, f"a {node.kind} cannot be a key", hint)
        return False, None

    def _merged(self, child: Child, path: Path) -> Iterator[tuple[Scalar, Child]]:
        """Yield what a ``<<`` brings in; of a list of mappings, the first counts most."""
        items = [child]
        if child.node.kind == "list":
            items = list(child.node.children.values())
        for item in items:
            if item.node.kind == "mapping":
                yield from item.node.children.items()
            else:
                message = "'<<' takes a mapping, or a list of mappings"
                self._wrong(item.value, (*path, "<<"), message)

    def _alias(self, anchor: str, path: Path, place: Place) -> Node:
        """Return the node that an alias stands for."""
        if anchor not in self._anchors:
            message = f"there is no '&{anchor}' above that '*' could stand for"
            self._wrong(
                place, path, message, "if it is a text that begins with '*', put it in quotes"
            )
            return Node("scalar", place)
        node = self._anchors[anchor]
        if node is None:
            self._wrong(place, path, f"'*{anchor}' stands for something that it is a part of")
            return Node("scalar", place)
        if len(path) + node.height > MAX_DEPTH:
            self._too_much(place, f"this is nested more than {MAX_DEPTH} deep")
        return node

    def _scalar(self, event: yaml.ScalarEvent, path: Path, place: Place) -> Scalar:
        try:
            return read_scalar(event.value, event.tag, plain=not event.style)
        except ScalarError as error:
            self._wrong(place, path, error.message, error.hint)
            return None

    def _adopt(self, node: Node, key: Scalar, child: Child) -> None:
        node.children[key] = child
        self._count(node, child)

    def _count(self, node: Node, child: Child) -> None:
        node.size += child.node.size
        node.height = max(node.height, child.node.height + 1)
        if node.size > MAX_NODES:
            self._too_much(child.value, f"a profile can have {MAX_NODES:,} values at most")

    def _wrong(self, place: Place, path: Path, message: str, hint: str | None = None) -> None:
        self._report(place, path, message, hint)
        self._mistakes += 1
        if self._mistakes >= MAX_MISTAKES:
            raise TooMuchError

    def _too_much(self, place: Place, message: str) -> NoReturn:
        self._report(place, (), message, None)
        raise TooMuchError


def _place(event: yaml.Event) -> Place:
    """Return where an event begins."""
    mark = event.start_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _is_merge(event: yaml.Event) -> bool:
    """Return whether the key that begins here is a ``<<`` without quotes."""
    return (
        isinstance(event, yaml.ScalarEvent)
        and event.value == "<<"
        and event.tag is None
        and not event.style
    )
