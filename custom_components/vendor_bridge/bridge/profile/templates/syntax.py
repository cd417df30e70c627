"""How a placeholder is written, and where its value is looked up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
import re
from typing import Any, Final

import probatio

from ...model import Device
from ..values import MISSING, Raw
from .formats import check_format

_MAX_TEXT = 64 * 1024
_MAX_PARTS = 10
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}(?:\.(?:[A-Za-z][A-Za-z0-9_-]{0,99}|[0-9]{1,4}))*")
_DEVICE: Final = frozenset(field.name for field in fields(Device))


GIVEN: Final = "{}"
"""In a scope: values whose names stand for them and nothing else, as ``{device}`` does for the one
that a command was given, while ``{device.id}`` stays what it is."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A ``{name.more:format}`` in a text; ``column`` counts from 1."""

    name: str
    parts: Sequence[str]
    format: str | None
    column: int

    def look_up(self, scope: Mapping[str, Any]) -> Raw:
        """Return the value that the name leads to, or MISSING.

        It leads through mappings, lists (by number) and the fields of a Device, and nowhere else.
        """
        found: Any = scope
        if len(self.parts) == 1 and self.name in scope.get(GIVEN, ()):
            found = scope[GIVEN]
        for part in self.parts:
            if isinstance(found, Device):
                found = getattr(found, part) if part in _DEVICE else MISSING
            elif isinstance(found, Mapping):
                found = found.get(part, MISSING)
            elif isinstance(found, list | tuple) and part.isdigit():
                found = found[int(part)] if int(part) < len(found) else MISSING
            else:
                return MISSING
        return found


def parse(text: str) -> Sequence[str | Placeholder]:
    """Split a text into literal parts and placeholders.

    Raises probatio.Invalid for a brace that is none of ``{name}``, ``{{`` and ``}}``, and for a
    name or a format that can't be.
    """
    if len(text) > _MAX_TEXT:
        raise probatio.Invalid(f"a text has at most {_MAX_TEXT} characters")
    parts: list[str | Placeholder] = []
    literal, end = "", 0
    for token in _TOKEN.finditer(text):
        literal += text[end : token.start()]
        end = token.end()
        match token[0]:
            case "{{" | "}}":
                literal += token[0][0]
            case "{" | "}":
                raise probatio.Invalid(
                    f"a single {token[0]} at column {token.start() + 1}: "
                    f"write {token[0] * 2} for a brace, {{name}} for a placeholder"
                )
            case _:
                if literal:
                    parts.append(literal)
                literal = ""
                parts.append(_placeholder(token[1], token.start() + 1))
    literal += text[end:]
    return [*parts, literal] if literal or not parts else parts


def _placeholder(inside: str, column: int) -> Placeholder:
    name, colon, form = inside.partition(":")
    if not name:
        raise probatio.Invalid(
            f"an empty placeholder at column {column}: write {{{{}}}} for braces, {{name}} else"
        )
    if not _NAME.fullmatch(name) or name.count(".") >= _MAX_PARTS:
        raise probatio.Invalid(
            f"not a name at column {column}: {name[:60]!r} "
            "(letters, digits, _ and -, parted by dots; write {{ for a brace)"
        )
    if colon:
        check_format(form)
    return Placeholder(name, name.split("."), form if colon else None, column)
