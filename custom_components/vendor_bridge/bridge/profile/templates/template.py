"""A template: a text, or texts anywhere inside lists and mappings, with placeholders."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
import re
from typing import Any, Final
from urllib.parse import unquote

import probatio

from ...model import Json
from ..values import MISSING, Missing, Raw
from .errors import TemplateError
from .formats import apply_format
from .places import INSIDE, Place, address, to_json
from .scalars import plain
from .syntax import Placeholder, parse

type Scope = Mapping[str, Any]
type Fill = Callable[[Scope], Any]
type Path = tuple[str | int, ...]

_MAX_DEPTH = 32
_MAX_PATH = 8 * 1024
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_TEXTS: Final = frozenset({Place.PATH, Place.TEXT, Place.XML})


@dataclass(frozen=True, slots=True)
class Reference:
    """A placeholder and where it stands: the path inside the template, the column in its text."""

    name: str
    path: Path
    column: int
    format: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A compiled template.

    ``fill(scope)`` returns what goes into the request: a text for a path, a text or an XML body;
    a mapping to texts (lists of texts for what is repeated) for a query or a form; a mapping to
    texts for headers; any JSON for a JSON body. A body of which nothing is left is MISSING. It
    raises nothing but TemplateError.
    """

    fill: Callable[[Scope], Any]
    references: Sequence[Reference]

    @property
    def names(self) -> frozenset[str]:
        """Return the names of all placeholders, such as ``device.id``."""
        return frozenset(reference.name for reference in self.references)


def compile_template(value: Json, place: Place) -> Template:
    """Compile a part of a request. Raises probatio.Invalid, with the path inside the value."""
    compiler = _Compiler(place)
    if value is None:
        return Template(fill=lambda _: None, references=())
    if place in _TEXTS:
        if not isinstance(value, str):
            raise probatio.Invalid("expected a text")
        fill = compiler.path(value) if place is Place.PATH else compiler.text(value, ())
    elif place is Place.JSON:
        fill = compiler.json(value, (), _MAX_DEPTH)
    else:
        if not isinstance(value, Mapping):
            raise probatio.Invalid("expected a mapping")
        fill = compiler.mapping(value)
    return Template(fill=fill, references=tuple(compiler.references))


class _Compiler:
    """Makes one function of a template, and notes its placeholders on the way."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.references: list[Reference] = []

    def _parse(self, text: str, path: Path) -> Sequence[str | Placeholder]:
        literally = INSIDE[Place.TEXT if self.place in _TEXTS else self.place]
        try:
            parts = parse(text)
            for part in parts:
                if isinstance(part, str):
                    literally(part)
        except (probatio.Invalid, TemplateError) as err:
            reason = err.error_message if isinstance(err, probatio.Invalid) else f"it {err}"
            raise probatio.Invalid(reason, path=list(path)) from None
        for place, part in enumerate(parts):
            if isinstance(part, Placeholder):
                self.references.append(Reference(part.name, path, part.column, part.format))
                if part.format == "path" and (place or self.place is not Place.PATH):
                    raise probatio.Invalid(
                        "the format path is for the start of a path only", path=list(path)
                    )
        return parts

    def text(self, text: str, path: Path) -> Fill:
        """Return what fills in a text: a placeholder that is all of it may be missing."""
        parts = self._parse(text, path)
        match parts:
            case [str(literal)]:
                return lambda _: literal
            case [Placeholder() as whole]:
                return _whole(whole, self.place)
        return _mixed(parts, self.place)

    def path(self, text: str) -> Fill:
        """Return what fills in a path, of whose segments none can be left."""
        parts = self._parse(text, ())
        outline = "".join(part if isinstance(part, str) else "\0" for part in parts)
        if "#" in outline:
            raise probatio.Invalid("a path has no #; write %23 for one")
        return _segments(parts, [("\0" in one) for one in outline.partition("?")[0].split("/")])

    def mapping(self, value: Mapping[Any, Json]) -> Fill:
        """Return what fills in headers, a query or a form: a mapping of scalars, or of lists."""
        fills: dict[str, Fill] = {}
        for key, inner in value.items():
            if not isinstance(key, str) or (
                self.place is Place.HEADER and not _TOKEN.fullmatch(key)
            ):
                raise probatio.Invalid("not a name that can stand here", path=[key])
            if isinstance(inner, list) and self.place is not Place.HEADER:
                items = [self._scalar(part, (key, i)) for i, part in enumerate(inner)]
                fills[key] = _list(items)
            else:
                fills[key] = self._scalar(inner, (key,))
        fill = _dict([(lambda _, key=key: key, inner) for key, inner in fills.items()])  # type: ignore[misc]
        return lambda scope: {} if (filled := fill(scope)) is MISSING else filled

    def _scalar(self, value: Json, path: Path) -> Fill:
        if isinstance(value, str):
            return self.text(value, path)
        if value is None:
            return lambda _: MISSING
        try:
            literal = INSIDE[self.place](value)
        except TemplateError as err:
            raise probatio.Invalid(f"it {err}", path=list(path)) from None
        return lambda _: literal

    def json(self, value: Json, path: Path, depth: int) -> Fill:
        """Return what fills in any JSON; a branch without placeholders is made only once."""
        if depth == 0:
            raise probatio.Invalid("nested too deeply", path=list(path))
        before = len(self.references)
        if isinstance(value, str):
            return self.text(value, path)
        if isinstance(value, Mapping):
            pairs = []
            for key, inner in value.items():
                where = (*path, key)
                if not isinstance(key, str):
                    raise probatio.Invalid("a key in JSON is a text", path=list(where))
                pairs.append((self.text(key, where), self.json(inner, where, depth - 1)))
            fill = _dict(pairs)
        elif isinstance(value, list | tuple):
            fill = _list([self.json(inner, (*path, i), depth - 1) for i, inner in enumerate(value)])
        else:
            try:
                literal = to_json(value)
            except TemplateError as err:
                raise probatio.Invalid(f"it {err}", path=list(path)) from None
            return lambda _: literal
        if len(self.references) > before:
            return fill
        made = fill({})
        return lambda _: made


def _value(placeholder: Placeholder, scope: Scope) -> Raw:
    """Return what a placeholder stands for, in its format; None and MISSING as they are."""
    value = placeholder.look_up(scope)
    if value is None or value is MISSING or placeholder.format is None:
        return value
    return apply_format(placeholder.format, value)


def _whole(placeholder: Placeholder, place: Place) -> Fill:
    """Return what fills in a text that is one placeholder: in JSON it keeps its type."""
    inside = INSIDE[place]
    repeats = place in {Place.QUERY, Place.FORM}

    def fill(scope: Scope) -> Raw:
        try:
            value = _value(placeholder, scope)
            if value is MISSING:
                return value
            if place is Place.JSON:
                return to_json(value)
            if value is None:
                return MISSING
            if repeats and isinstance(value, list | tuple):
                return [inside(part) for part in value] or MISSING
            return inside(value)
        except TemplateError as err:
            raise TemplateError(err.reason, placeholder.name) from None

    return fill


def _mixed(parts: Sequence[str | Placeholder], place: Place) -> Fill:
    """Return what fills in a text in which every placeholder must have a value."""
    inside = INSIDE[place]

    def fill(scope: Scope) -> str:
        return "".join(
            part if isinstance(part, str) else _inside(part, scope, inside) for part in parts
        )

    return fill


def _inside(placeholder: Placeholder, scope: Scope, inside: Callable[[Any], str]) -> str:
    try:
        value = _value(placeholder, scope)
        if value is not None and value is not MISSING:
            return address(value) if placeholder.format == "path" else inside(value)
    except TemplateError as err:
        raise TemplateError(err.reason, placeholder.name) from None
    raise TemplateError("has no value", placeholder.name)


def _segments(parts: Sequence[str | Placeholder], filled_in: Sequence[bool]) -> Fill:
    given = bool(parts) and isinstance(parts[0], Placeholder) and parts[0].format == "path"
    join = _mixed(parts, Place.PATH)
    names = ", ".join(part.name for part in parts if isinstance(part, Placeholder))

    def fill(scope: Scope) -> str:
        path: str = join(scope)
        if len(path) > _MAX_PATH:
            raise TemplateError("makes the path too long", names)
        if not given:
            for segment, checked in zip(path.partition("?")[0].split("/"), filled_in, strict=True):
                if checked and unquote(segment) in {"", ".", ".."}:
                    raise TemplateError("leaves its segment of the path", names)
        return path

    return fill


def _list(fills: Sequence[Fill]) -> Fill:
    """Return what fills in a list: items without a value are left out, and it if none is left."""

    def fill(scope: Scope) -> list[Any] | Missing:
        made = [value for inner in fills if (value := inner(scope)) is not MISSING]
        return made if made or not fills else MISSING

    return fill


def _dict(pairs: Sequence[tuple[Fill, Fill]]) -> Fill:
    """Return what fills in a mapping, as for lists; two keys that become one are an error."""

    def fill(scope: Scope) -> dict[str, Any] | Missing:
        made: dict[str, Any] = {}
        for name, inner in pairs:
            value = inner(scope)
            if value is MISSING:
                continue
            key = name(scope)
            if key is MISSING:
                continue
            key = plain(key)
            if key in made:
                raise TemplateError("two keys of a mapping are the same once they are filled in")
            made[key] = value
        return made if made or not pairs else MISSING

    return fill
