"""Values and names as a sentence can hold them."""

from collections.abc import Iterable
from difflib import get_close_matches
import json
from typing import Final

MAX_LISTED: Final = 15

# Below this, difflib finds likeness in a mere common beginning ("device_class", "device_info").
_CLOSENESS: Final = 0.7
_MAX_WORD: Final = 80


def show(value: object, width: int = 60) -> str:
    """Return a value as one would write it, on one line and no longer than ``width``."""
    if isinstance(value, float):
        return repr(value)
    text = value[: width + 1] if isinstance(value, str) else value
    shown = json.dumps(text, ensure_ascii=False, default=str)
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown)
    if isinstance(value, str):
        shown = f"'{shown[1:-1].replace('\\"', '"')}'"
    return shown if len(shown) <= width else f"{shown[: width - 3]}..."


def listed(values: Iterable[object]) -> str:
    """Return some names, separated by commas."""
    names = [
        show(str(value) if not isinstance(value, bool | int | float) else value) for value in values
    ]
    if len(names) > MAX_LISTED:
        names[MAX_LISTED:] = [f"{len(names) - MAX_LISTED} more"]
    return ", ".join(names)


def close_to(word: object, candidates: Iterable[object]) -> str | None:
    """Return "did you mean 'that'?", None where no candidate is near the word."""
    if not isinstance(word, str) or not word or len(word) > _MAX_WORD:
        return None
    known = {candidate.lower(): candidate for candidate in candidates if isinstance(candidate, str)}
    known.pop(word, None)
    lower = word.lower().replace("-", "_").replace(" ", "_")
    near = get_close_matches(lower, known, n=3, cutoff=_CLOSENESS)
    if not near and len(word) > 2:  # noqa: PLR2004 - two letters begin too many words
        near = [name for name in known if name.startswith(lower) or lower.startswith(f"{name}_")]
    if not near:
        return None
    quoted = [f"'{known[name]}'" for name in near[:3]]
    return f"did you mean {' or '.join(quoted)}?"
