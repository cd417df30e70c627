"""What is printed: lines and tables in which a vendor's text can do no harm."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
import json
import shutil
import sys
from typing import Final
import unicodedata

_LEAST: Final = 8
_GAP: Final = "  "


def plain(text: object) -> str:
    """Return a text on one line and without what a terminal would take for an order.

    That is more than control characters: it is everything that cannot be seen, so that nothing
    can be turned around or hidden either.
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in str(text)
    )


def error(text: object) -> None:
    """Print one line to stderr."""
    print(plain(text), file=sys.stderr)


def say(text: object) -> None:
    """Print one line."""
    print(plain(text), flush=True)


def value_text(value: object, unit: object = None) -> str:
    """Return an observed value as a table shows it."""
    if value is None:
        return "unknown"
    if isinstance(value, str):
        text = value
    elif isinstance(value, datetime):
        text = value.astimezone().isoformat(sep=" ", timespec="seconds")
    else:
        text = json.dumps(value, default=_as_json, ensure_ascii=False)
    return f"{text} {unit}" if unit else text


def to_json(value: object, indent: int | None = None) -> str:
    """Return JSON in ASCII, so that it does a terminal no harm either; times are ISO 8601."""
    return json.dumps(value, default=_as_json, indent=indent)


def _as_json(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, Iterable) else str(value)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in columns, cut to the terminal's width where there is one.

    The widest columns give way first; what goes to a file or another program is never cut.
    """
    cells = [[plain(cell) for cell in row] for row in (header, *rows)]
    widths = [max(_width(row[index]) for row in cells) for index in range(len(header))]
    if sys.stdout.isatty():
        _shrink(widths, shutil.get_terminal_size().columns - len(_GAP) * (len(widths) - 1))
    for row in cells:
        padded = [_fit(cell, width) for cell, width in zip(row, widths, strict=True)]
        print(_GAP.join(padded).rstrip())


def _shrink(widths: list[int], room: int) -> None:
    """Take from the widest columns until the row fits."""
    while sum(widths) > room and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _fit(text: str, width: int) -> str:
    """Return a text made as wide as its column."""
    if _width(text) > width:
        kept, used = "", 0
        for char in text:
            used += _columns(char)
            if used >= width:
                break
            kept += char
        text = f"{kept}…"
    return text + " " * (width - _width(text))
