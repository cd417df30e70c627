"""Regular expressions out of a profile, on texts out of a vendor: neither may hang us."""

from collections.abc import Mapping
import re
from typing import Final

import probatio

from ....model import Kind
from ..basics import Argument, NoMatchError, PickError, Raw, Transform, TransformSpec, to_text
from .arguments import WORD, either

_MAX_TEXTS: Final = (4_000, 4_000, 1_000, 250, 100, 60, 40)
"""How long a text may be, by the number of open repeats in the pattern: each multiplies the time
that a search takes by the length of the text. Measured to stay below a second."""

_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:P?<[^>]*>|[:=!>]|<[=!])|[*+?]|\{\d*(?:,\d*)?\}|.",
    re.DOTALL,
)
_SMALL_REPEAT = 10
_PLAIN = re.compile(r"\\[^\w\s]|[^\\\[\](){}|.^$*+?\s\w]|[A-Za-z_ ]")


def _compile(argument: Argument, _kind: Kind) -> Transform:
    details = argument if isinstance(argument, Mapping) else {"pattern": argument}
    pattern = checked(details["pattern"])
    repeats = _open_repeats(pattern.pattern)
    if repeats >= len(_MAX_TEXTS):
        raise probatio.Invalid("the pattern can't be used: it has too many open repeats such as .*")
    longest = _MAX_TEXTS[repeats]
    group = details.get("group", 1 if pattern.groups else 0)
    known = group in pattern.groupindex if isinstance(group, str) else 0 <= group <= pattern.groups
    if not known:
        raise probatio.Invalid(f"the pattern has no group {group}", path=["group"])

    def apply(value: Raw) -> str:
        text = to_text(value)
        if len(text) > longest:
            raise PickError(f"a text of at most {longest} characters", f"{len(text)} characters")
        match = pattern.search(text)
        found = match[group] if match else None
        if found is None:
            raise NoMatchError("a text that matches the pattern", "one that does not")
        return found

    return Transform(apply=apply, one_way="`regex` keeps a part only")


def checked(text: str) -> re.Pattern[str]:
    """Return a pattern that can be used. Raises probatio.Invalid, also for one that may hang us."""
    if any(_ambiguous(part) for part in _TOKEN.findall(text)):
        raise probatio.Invalid(
            r"the pattern can't be used: inside [...] write \[ and no --, &&, ~~ or ||"
        )
    try:
        probatio.from_json_schema({"type": "string", "pattern": text})
        pattern = re.compile(text)
    except (probatio.SchemaError, re.PatternError, RecursionError, OverflowError) as err:
        slow = "catastrophic" in str(err)
        why = "it can take forever" if slow else "it is not a regular expression"
        raise probatio.Invalid(f"the pattern can't be used: {why}") from None
    if pattern.flags & re.VERBOSE:
        raise probatio.Invalid("the pattern can't be used: write it without the flag x")
    return pattern


def _open_repeats(pattern: str) -> int:
    r"""Count the repeats that a search may have to try at many lengths.

    One that stops at what follows it, such as ``\d+:`` or ``[^,]*,``, is not open, nor is one at
    the end of the pattern. In doubt a repeat counts as open.
    """
    tokens = [part for part in _TOKEN.findall(pattern) if part[:2] != "(?" and part not in "()"]
    count = 0
    for place, part in enumerate(tokens[1:], start=1):
        if not _repeats(part):
            continue
        following = tokens[place + 1] if place + 1 < len(tokens) else "$"
        after = tokens[place + 2] if place + 2 < len(tokens) else ""
        optional = after in {"?", "*"} or after.startswith(("{0", "{,"))
        if following != "$" and (optional or not _apart(tokens[place - 1], following)):
            count += 1
    return count


def _ambiguous(part: str) -> bool:
    """Return whether a class (or an opening bracket without an end) may mean more in future.

    Python would warn of it.
    """
    if part[0] != "[" or part == "[":
        return part == "["
    inside = part[1:-1].removeprefix("^")
    return inside.startswith("[") or any(pair in inside for pair in ("--", "&&", "~~", "||"))


def _repeats(part: str) -> bool:
    if part in {"*", "+"}:
        return True
    if len(part) > 1 and part.startswith("{"):
        most = part[1:-1].rpartition(",")[2]
        return not most or int(most) > _SMALL_REPEAT
    return False


def _apart(repeated: str, following: str) -> bool:
    """Return whether a character of one token can surely not be one of the other."""
    if repeated in {"\\d", "[0-9]"}:
        return bool(_PLAIN.fullmatch(following)) or following in {"\\s", "\\D"}
    if repeated == "\\s":
        plain = bool(_PLAIN.fullmatch(following)) and following != " "
        return plain or following in {"\\d", "\\S", "\\w", "[0-9]"}
    if repeated.startswith("[^") and "\\" not in repeated and len(following) == 1:
        return following in repeated[2:-1] and "-" not in repeated
    return False


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
