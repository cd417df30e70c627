"""Regular expressions out of a profile, on texts out of a vendor: neither may hang us."""

from collections.abc import Mapping
import re
from typing import Final

import probatio

from ....model import Kind
from ..basics import Argument, NoMatchError, PickError, Raw, Transform, TransformSpec, to_text
from .arguments import WORD, either

_MAX_TEXT = 10_000


def _compile(argument: Argument, _kind: Kind) -> Transform:
    details = argument if isinstance(argument, Mapping) else {"pattern": argument}
    pattern = _check(details["pattern"])
    group = details.get("group", 1 if pattern.groups else 0)
    known = group in pattern.groupindex if isinstance(group, str) else 0 <= group <= pattern.groups
    if not known:
        raise probatio.Invalid(f"the pattern has no group {group}", path=["group"])

    def apply(value: Raw) -> str:
        text = to_text(value)
        if len(text) > _MAX_TEXT:
            raise PickError(f"a text of at most {_MAX_TEXT} characters", f"{len(text)} characters")
        match = pattern.search(text)
        found = match[group] if match else None
        if found is None:
            raise NoMatchError("a text that matches the pattern", "one that does not")
        return found

    return Transform(apply=apply, one_way="`regex` keeps a part only")


def _check(text: str) -> re.Pattern[str]:
    try:
        probatio.from_json_schema({"type": "string", "pattern": text})
        return re.compile(text)
    except (probatio.SchemaError, re.PatternError, RecursionError, OverflowError) as err:
        slow = "catastrophic" in str(err)
        why = "it can take forever" if slow else "it is not a regular expression"
        raise probatio.Invalid(f"the pattern can't be used: {why}") from None


ROW: Final = TransformSpec(
    name="regex",
    help=(
        "What a regular expression finds in a text: its first group, or the whole where it has "
        "none; {pattern, group} takes another."
    ),
    argument=either(
        {
            probatio.Required("pattern"): WORD,
            probatio.Optional("group"): probatio.Any(int, WORD),
        },
        WORD,
    ),
    example=(r"(\d+) W", Kind.NUMBER, "now 250 W", 250),
    compile=_compile,
)
