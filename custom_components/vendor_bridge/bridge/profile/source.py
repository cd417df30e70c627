"""A profile's text as plain data that knows its lines and columns."""

from collections.abc import Sequence
from dataclasses import dataclass
import re
from typing import Any, Final, Literal

from ..errors import Mistake, ProfileError
from .words import show
from .yaml_tree import Child, Node, Path, Place, TooMuchError, compose

type Of = Literal["key", "value"]

MAX_BYTES: Final = 1024 * 1024
MAX_CHARACTER_MISTAKES: Final = 20

# What editors do not show, and what YAML would take for the end of a line where they see none.
_UNSEEN: Final = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Source:
    """A profile as it was written.

    ``data`` is made of dict, list, str, int, float, bool and None. A path is made of the keys and
    indexes that lead from the top of ``data`` to a value in it.
    """

    name: str
    data: Any
    _root: Node

    def locate(self, path: Sequence[object], of: Of = "value") -> tuple[int, int]:
        """Return the line and the column, from 1, of a value or of its key.

        An item of a list has no key: its value counts as one. For what is not there, it is the key
        of the nearest value around it that is there, and the top of the file for the whole.
        """
        child = Child(self._root.place, self._root.place, self._root)
        for part in path:
            inner = _step(child.node, part)
            if inner is None:
                return child.key
            child = inner
        return child.key if of == "key" else child.value

    def get(self, path: Sequence[object]) -> object:
        """Return the value at a path, None where there is none."""
        node = self._root
        for part in path:
            child = _step(node, part)
            if child is None:
                return None
            node = child.node
        return node.data()

    def mistake(
        self,
        path: Sequence[object],
        message: str,
        hint: str | None = None,
        of: Of = "value",
    ) -> Mistake:
        """Return a mistake in the value at a path, or in its key."""
        line, column = self.locate(path, of)
        return Mistake(
            file=self.name, line=line, column=column, path=_shown(path), message=message, hint=hint
        )


def read_source(text: str | bytes, name: str) -> Source:
    """Return a profile's text as data; bytes are UTF-8. Raises ProfileError.

    ``name`` is what mistakes call the file.
    """
    mistakes: list[Mistake] = []

    def report(place: Place, path: Path, message: str, hint: str | None) -> None:
        mistakes.append(
            Mistake(
                file=name,
                line=place.line,
                column=place.column,
                path=_shown(path),
                message=message,
                hint=hint,
            )
        )

    if len(text) > MAX_BYTES:
        report(Place(1, 1), (), "the file is larger than 1 MiB", None)
        raise ProfileError(mistakes)
    if isinstance(text, bytes):
        text = _decode(text, name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    for found in _UNSEEN.finditer(text):
        report(_position(text, found.start()), (), *_unseen(found.group()))
        if len(mistakes) >= MAX_CHARACTER_MISTAKES:
            break
    if mistakes:
        raise ProfileError(mistakes)
    try:
        root = compose(text, report)
    except TooMuchError:
        raise ProfileError(mistakes) from None
    if mistakes:
        raise ProfileError(mistakes)
    return Source(name, root.data(), root)


def _step(node: Node, part: object) -> Child | None:
    """Return a node's child, None where it has none of that name."""
    if isinstance(part, bool | int | float | str) or part is None:
        return node.children.get(part)
    return None


def _shown(path: Sequence[object]) -> tuple[str | int, ...]:
    """Return a path as a mistake has it: a key that is neither a text nor a number, as written."""
    return tuple(
        part if isinstance(part, str) or type(part) is int else show(part) for part in path
    )


def _decode(raw: bytes, name: str) -> str:
    """Return the text of a file's bytes."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        message, before = "the file is in UTF-16", ""
    else:
        try:
            return raw.decode()
        except UnicodeDecodeError as error:
            message, before = "this is not UTF-8", raw[: error.start].decode()
    line, column = _position(before, len(before))
    hint = "save the file as UTF-8"
    mistake = Mistake(file=name, line=line, column=column, path=(), message=message, hint=hint)
    raise ProfileError([mistake])


def _position(text: str, index: int) -> Place:
    """Return the line and the column of the character at an index."""
    return Place(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def _unseen(character: str) -> tuple[str, str]:
    """Return what is wrong with a character that cannot be seen, and what to do."""
    code = ord(character)
    if _SURROGATE.match(character):
        return f"half a character (U+{code:04X}) is here", "save the file as UTF-8"
    escape = f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004
    return (
        f"a character that cannot be seen (U+{code:04X}) is here",
        f'remove it, or write it as "{escape}" in double quotes',
    )
