"""From what a profile says of a value to a function that picks it, and one that turns it back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final

import probatio

from ...model import Json, Kind, Value
from .basics import MISSING, Apply, Argument, NoMatchError, Picked, PickError, Raw, Transform
from .formulas import compile_formula
from .kinds import COERCE
from .paths import Path, compile_path, root_of
from .transforms import TRANSFORMS

type _Where = tuple[str | int, ...]
type _Said = tuple[_Where, str, Any]

_SOURCES: Final = ("value", "const", "values", "compute")
_MAX_STEPS = 50
_SCHEMAS: Final = {name: probatio.Schema(row.argument) for name, row in TRANSFORMS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """How to pick one value out of an item.

    ``pick(item)`` returns the value, None where the vendor says null, or MISSING where there is
    nothing. ``invert(value)`` turns a value of Home Assistant's back into the vendor's; where that
    can't be done it always fails and ``why_not`` says why. Both raise nothing but PickError.

    As long as what stands below the key ``root`` of an item is the same, so is the value.
    """

    pick: Callable[[Any], Picked]
    invert: Callable[[Value], Json]
    kind: Kind
    why_not: str | None = None
    root: str | None = None

    @property
    def invertible(self) -> bool:
        """Return whether a value can be turned back."""
        return self.why_not is None


def compile_value(spec: str | Mapping[str, Any], kind: Kind = Kind.ANY) -> Picker:
    """Compile what a profile says of a value: a JMESPath, or a mapping with transforms.

    Raises probatio.Invalid (MultipleInvalid for several mistakes) with paths inside the spec.
    """
    if isinstance(spec, str):
        return replace(_assemble(compile_path(spec), (), kind, None), root=root_of(spec))
    mistakes: list[probatio.Invalid] = []
    path: Path = lambda _: MISSING  # noqa: E731 - stands in while mistakes are collected
    why_not: str | None = None
    try:
        path, why_not = _source(spec)
    except probatio.Invalid as err:
        mistakes.append(err)
    steps: list[Transform] = []
    for where, name, argument in _steps(spec):
        try:
            step = _transform(name, argument, kind)
        except probatio.Invalid as err:
            err.prepend(list(where))
            mistakes.extend(err.errors if isinstance(err, probatio.MultipleInvalid) else [err])
            continue
        if name == "default":
            steps = [_lenient(before) for before in steps]
        steps.append(step)
    if len(steps) > _MAX_STEPS:
        mistakes.append(probatio.Invalid(f"a value has at most {_MAX_STEPS} transforms"))
    if mistakes:
        raise mistakes[0] if len(mistakes) == 1 else probatio.MultipleInvalid(mistakes)
    root = root_of(spec["value"]) if "value" in spec else None
    return replace(_assemble(path, steps, kind, why_not), root=root)


def _source(spec: Mapping[str, Any]) -> tuple[Path, str | None]:
    """Return where the value comes from, and why it can't be turned back if so."""
    given = [name for name in _SOURCES if name in spec]
    match given:
        case ["value"]:
            return _at("value", compile_path, spec["value"]), None
        case ["const"]:
            constant = spec["const"]
            return lambda _: constant, "`const` is always the same"
        case ["values", "compute"]:
            return _computed(spec["values"], spec["compute"]), "`compute` has several values"
        case ["values"] | ["compute"]:
            raise probatio.Invalid("`values` and `compute` belong together", path=[given[0]])
    raise probatio.Invalid("give one of `value`, `const`, or `values` with `compute`")


def _computed(values: Raw, formula: Raw) -> Path:
    if not isinstance(values, Mapping) or len(values) > _MAX_STEPS:
        raise probatio.Invalid(f"expected a mapping of at most {_MAX_STEPS}", path=["values"])
    paths = [_at("values", compile_path, path, name) for name, path in values.items()]
    compute = _at("compute", lambda text: compile_formula(text, list(values)), formula)

    def pick(item: Raw) -> Picked:
        found = [path(item) for path in paths]
        if MISSING in found:
            return MISSING
        return None if None in found else compute(found)

    return pick


def _at[T](key: str, make: Callable[[str], T], text: Raw, *inner: str) -> T:
    """Compile one text of the spec; its mistakes are reported where it stands."""
    where = [key, *inner]
    if not isinstance(text, str):
        raise probatio.Invalid("expected a text", path=where)
    try:
        return make(text)
    except probatio.Invalid as err:
        err.prepend(where)
        raise


def _steps(spec: Mapping[str, Any], where: _Where = ()) -> Iterator[_Said]:
    """Yield each transform with its place, in the order in which they are written."""
    for name, argument in spec.items():
        if name == "then" and not where and isinstance(argument, list):
            for place, more in enumerate(argument):
                yield from _steps(more if isinstance(more, Mapping) else {}, ("then", place))
        elif where or name not in _SOURCES:
            yield (*where, name), name, argument


def _transform(name: str, argument: Argument, kind: Kind) -> Transform:
    row = TRANSFORMS.get(name)
    if row is None:
        close = get_close_matches(str(name)[:40], [*TRANSFORMS, *_SOURCES, "then"], n=1)
        hint = f", did you mean `{close[0]}`?" if close else ""
        raise probatio.Invalid(f"no such transform{hint}")
    return row.compile(_SCHEMAS[name](argument), kind)


def _lenient(step: Transform) -> Transform:
    """Return a step that finds nothing where it has no match, for a `default` that follows."""
    apply = step.apply

    def or_nothing(value: Raw) -> Raw:
        try:
            return apply(value)
        except NoMatchError:
            return MISSING

    return Transform(
        apply=or_nothing,
        invert=step.invert,
        takes_nothing=step.takes_nothing,
        one_way=step.one_way,
    )


def _assemble(path: Path, steps: Sequence[Transform], kind: Kind, why_not: str | None) -> Picker:
    coerce = COERCE[kind]
    backwards: list[Apply] = []
    for step in reversed(steps):
        if step.invert is None:
            why_not = step.one_way
        else:
            backwards.append(step.invert)

    def invert(value: Value) -> Json:
        if why_not is not None:
            raise PickError("a value that can be turned back", why_not)
        if value is None:
            return None
        theirs = coerce(value)
        for back in backwards:
            theirs = back(theirs)
        return theirs  # type: ignore[no-any-return]

    return Picker(pick=_picking(path, steps, coerce), invert=invert, kind=kind, why_not=why_not)


def _picking(path: Path, steps: Sequence[Transform], coerce: Apply) -> Callable[[Any], Picked]:
    """Return the quickest way along the steps."""
    if not steps:

        def pick_plain(item: Raw) -> Picked:
            value = path(item)
            if value is None or value is MISSING:
                return value
            return coerce(value)  # type: ignore[no-any-return]

        return pick_plain
    applies = [(step.apply, step.takes_nothing) for step in steps]

    def pick(item: Raw) -> Picked:
        value: Raw = path(item)
        for apply, takes_nothing in applies:
            if takes_nothing or (value is not None and value is not MISSING):
                value = apply(value)
        if value is None or value is MISSING:
            return value
        return coerce(value)  # type: ignore[no-any-return]

    return pick
