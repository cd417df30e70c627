"""What the schema says of a value, in words for people who know no Python."""

from collections.abc import Callable, Mapping, Sequence
import re
from typing import Final, NamedTuple

import probatio

from .source import Of, Source
from .words import MAX_LISTED, close_to, listed, show

_QUOTES: Final = "put it in quotes"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_SECRET: Final = re.compile(
    r"pass(word|phrase|code)|secret|token|api_?key|authorization|cookie|credential|\bpin\b",
    re.IGNORECASE,
)
_SWITCH: Final = re.compile(r"on|off|y|n|yes|no", re.IGNORECASE)
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_GLUED: Final = re.compile(r"\w+:\S")
_NESTED: Final = frozenset({"dict", "list"})
_KINDS: Final = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "dict": "a mapping",
    "list": "a list",
    "None": "nothing",
    "NoneType": "nothing",
}


class Complaint(NamedTuple):
    """A mistake before it is located."""

    path: Sequence[object]
    message: str
    hint: str | None = None
    of: Of = "value"


class _Case(NamedTuple):
    """An error of the schema, and what it is about."""

    error: probatio.Invalid
    path: tuple[object, ...]
    is_key: bool
    value: object
    secret: bool

    @property
    def shown(self) -> str:
        """Return the value, unless it might be a secret."""
        return "this" if self.secret else show(self.value)

    @property
    def got(self) -> str:
        """Return what sort of value it is."""
        return _KINDS.get(type(self.value).__name__, "something else")

    def tell(self, message: str, hint: str | None = None) -> Complaint:
        """Complain about the value, or the key where it is the key that is wrong."""
        return Complaint(self.path, message, hint, "key" if self.is_key else "value")


def complain(error: probatio.Invalid, source: Source) -> Complaint:
    """Return what an error says."""
    path = tuple(error.path)
    parent = source.get(path[:-1])
    # The schema marks its errors about a mapping's values, and leaves those about keys unmarked.
    is_key = (
        error.error_type is None
        and bool(path)
        and isinstance(parent, dict)
        and error.translation_key in _OF_KEYS
    )
    secret = error.secret or any(_SECRET.search(str(part)) for part in path)
    case = _Case(
        error=error,
        path=path,
        is_key=is_key,
        value=path[-1] if is_key else source.get(path),
        secret=secret and not is_key,
    )
    teller = _TELLERS.get(error.translation_key or "")
    return teller(case, parent) if teller else _as_it_is(case, parent)


# --- keys ---------------------------------------------------------------------------------------


def _missing(case: _Case, _parent: object) -> Complaint:
    return Complaint(case.path[:-1], f"needs {show(case.path[-1])}", of="key")


def _missing_one(case: _Case, _parent: object) -> Complaint:
    keys = case.error.placeholders.get("keys", ())
    return Complaint(case.path[:-1], f"needs one of {listed(keys)}", of="key")


def _unknown(case: _Case, parent: object) -> Complaint:
    key = case.path[-1]
    known: Sequence[object] = getattr(case.error, "_suggest_pool", ())
    # What is there already is hardly what was meant.
    free = [name for name in known if not (isinstance(parent, Mapping) and name in parent)]
    hint = close_to(key, free) or close_to(key, known)
    if hint is None and 0 < len(free) <= MAX_LISTED:
        hint = f"possible here: {listed(free)}"
    return Complaint(case.path, f"unknown key {show(key)}", hint, "key")


def _tag(case: _Case, parent: object) -> Complaint:
    """Tell of the key by which shapes are told apart."""
    key = case.path[-1]
    values = case.error.placeholders.get("values", ())
    if isinstance(parent, Mapping) and key not in parent:
        meant = [name for name in parent if close_to(name, [key])]
        hint = f"is {show(meant[0])} meant to be it?" if meant else None
        message = f"needs {show(key)}, one of {listed(values)}"
        return Complaint(case.path[:-1], message, hint, "key")
    return _choice(case, parent)


def _together(case: _Case, _parent: object) -> Complaint:
    group = case.error.placeholders.get("group")
    return Complaint(case.path[:-1], f"give all of {group}, or none", of="key")


def _apart(case: _Case, _parent: object) -> Complaint:
    group = case.error.placeholders.get("group")
    return Complaint(case.path[:-1], f"give only one of {group}", of="key")


# --- values -------------------------------------------------------------------------------------


def _kind(case: _Case, _parent: object) -> Complaint:
    """Tell of a value of the wrong sort."""
    fixed = _EXPECTED.get(case.error.translation_key or "")
    expected = str(case.error.placeholders.get("expected", "")).split(" or ")
    names = [fixed] if fixed else expected
    if "float" in names and "int" in names:
        names.remove("int")
    words = [_KINDS.get(name, name) for name in names]
    got = case.got
    if got in words:  # a number that is not whole, say, or one that is no number at all
        got = case.shown
    hint = _text_hint(case) if "str" in names else _other_hint(case, names[0])
    return case.tell(f"expected {' or '.join(words)}, got {got}", hint)


def _text_hint(case: _Case) -> str | None:
    """Return what was probably meant, where a text is expected."""
    value = case.value
    if isinstance(value, list):
        return f"if it is an expression, {_QUOTES}"
    if not isinstance(value, dict):
        return None if value is None else _QUOTES
    # {setup.url} without quotes is a mapping of "setup.url" to nothing.
    if len(value) == 1 and None in value.values() and not case.secret:
        return f'{_QUOTES}: "{{{show(next(iter(value)))[1:-1]}}}"'
    return None


def _other_hint(case: _Case, expected: str) -> str | None:
    """Return what was probably meant, where a mapping, list, number or boolean is expected."""
    value = case.value
    if value is None:
        return "indent what belongs to it by two spaces more" if expected in _NESTED else None
    if not isinstance(value, str):
        return None
    hints = {
        "bool": ("write true or false", _SWITCH.fullmatch(value)),
        "int": ("write it without quotes", _NUMBER.fullmatch(value)),
        "float": ("write it without quotes", _NUMBER.fullmatch(value)),
        "dict": ("put a space after the ':'", _GLUED.match(value)),
    }
    hint, fits = hints.get(expected, ("", None))
    return hint if fits else None


def _choice(case: _Case, _parent: object) -> Complaint:
    values = case.error.placeholders.get("values", ())
    if isinstance(values, str):  # an enumeration's, joined already
        values = re.findall(r"'([^']*)'", values)
    if isinstance(case.value, dict | list | None):
        return case.tell(f"expected one of {listed(values)}, got {case.got}")
    return case.tell(f"{case.shown} is not one of {listed(values)}", close_to(case.value, values))


def _bound(case: _Case, _parent: object) -> Complaint:
    words, name = _BOUNDS[case.error.translation_key or ""]
    bound = case.error.placeholders.get(name)
    return case.tell(f"must be {words} {bound}, got {case.shown}")


def _length(case: _Case, _parent: object) -> Complaint:
    """Tell of a list or a text that is too short or too long."""
    is_min = case.error.translation_key == "length_min"
    bound = case.error.placeholders.get("min" if is_min else "max")
    unit = _UNITS.get(type(case.value).__name__, "character")
    plural = "" if bound == 1 else "s"
    return case.tell(f"must have at {'least' if is_min else 'most'} {bound} {unit}{plural}")


def _pattern(case: _Case, _parent: object) -> Complaint:
    """Tell of a name that has other characters than a name can have."""
    what = "this key" if case.is_key else "this"
    name = re.sub(r"[^a-z0-9]+", "_", str(case.value).lower()).strip("_0123456789")
    if case.error.args[0]:
        return case.tell(str(case.error.args[0]))
    if case.secret or not isinstance(case.value, str) or _NAME.fullmatch(case.value):
        return case.tell(f"{what} cannot be used here")
    hint = f"small letters, digits and '_', a letter first{f": '{name}', say" if name else ''}"
    return case.tell(f"{case.shown} cannot be used as a name", hint)


def _detail(case: _Case, _parent: object) -> Complaint:
    """Pass on what a check of ours says of the whole."""
    of: Of = "key" if isinstance(case.value, dict) else "value"
    return Complaint(case.path, str(case.error.placeholders.get("detail")), of=of)


def _as_it_is(case: _Case, _parent: object) -> Complaint:
    """Pass on what no other knows how to say."""
    of: Of = "key" if case.is_key or isinstance(case.value, dict) else "value"
    return Complaint(case.path, case.error.error_message or "this cannot be used here", of=of)


_EXPECTED: Final = {
    "expected_mapping": "dict",
    "expected_sequence": "list",
    "expected_string": "str",
    "expected_boolean": "bool",
    "invalid_value_or_type": "float",
}
_OF_KEYS: Final = frozenset(
    {"does_not_match_pattern", "expected_type", "value_one_of", "length_min", "length_max"}
)
_UNITS: Final = {"list": "item", "dict": "key"}
_BOUNDS: Final = {
    "range_min": ("at least", "min"),
    "range_max": ("at most", "max"),
    "range_min_exclusive": ("more than", "min"),
    "range_max_exclusive": ("less than", "max"),
}
_TELLERS: Final[Mapping[str, Callable[[_Case, object], Complaint]]] = {
    "required": _missing,
    "required_any_of": _missing_one,
    "required_one_of": _missing_one,
    "not_a_valid_option": _unknown,
    "expected_discriminator": _tag,
    "inclusive_group": _together,
    "exclusive_group": _apart,
    "expected_type": _kind,
    **dict.fromkeys(_EXPECTED, _kind),
    "value_one_of": _choice,
    "expected_type_or_one_of": _choice,
    **dict.fromkeys(_BOUNDS, _bound),
    "length_min": _length,
    "length_max": _length,
    "does_not_match_pattern": _pattern,
    "not_a_valid_value_detail": _detail,
}
