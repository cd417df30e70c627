"""Answers in short, for a stranger who has to find out what is wrong with a profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from .message import Answer

SMALL: Final = 8 * 2**10
"""Bytes up to which an answer is kept as it is."""

AGAIN: Final = timedelta(minutes=1)
"""How long the short form of a larger answer is good enough: making one takes time."""

ITEMS: Final = 3
"""Items of a list that are left of a larger answer."""

KEYS: Final = 60
LETTERS: Final = 200
_BEGINNING: Final = 4 * LETTERS
DEPTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """An answer: ``size`` is in bytes; ``data`` is its decoded body, shortened where it is large.

    Of one that could not be decoded it is the beginning, as text. ``url`` may hold credentials.
    """

    at: datetime
    status: int
    size: int
    content_type: str
    data: Any = field(repr=False)
    url: str = field(repr=False)


def sample(answer: Answer, at: datetime, last: Sample | None) -> Sample:
    """Return an answer in short. ``last`` stands again for a large one, if it is young."""
    size = len(answer.body)
    if size > SMALL and last is not None and last.status == answer.status and at - last.at < AGAIN:
        return last
    return Sample(
        at=at,
        status=answer.status,
        size=size,
        content_type=answer.headers.get("Content-Type", "")[:LETTERS],
        data=_data(answer),
        url=str(answer.url),
    )


def _data(answer: Answer) -> Any:  # noqa: ANN401 - whatever a vendor says
    data = answer.data
    if data is None and answer.body:
        data = answer.body[:_BEGINNING].decode("utf-8", "replace")
        if len(answer.body) > _BEGINNING:
            data += "…"
    if isinstance(data, bytes):
        return f"{len(data)} bytes"
    return data if len(answer.body) <= SMALL else shorten(data)


def shorten(data: Any) -> Any:  # noqa: ANN401 - JSON in, JSON out
    """Return the beginnings of everything in a piece of JSON, and how much there was of each.

    What is left has about SMALL letters at most.
    """
    return _shorten(data, DEPTH, [SMALL])


def _shorten(data: Any, depth: int, room: list[int]) -> Any:  # noqa: ANN401 - likewise
    room[0] -= 8
    if isinstance(data, str):
        room[0] -= min(len(data), LETTERS)
        return data if len(data) <= LETTERS else f"{data[:LETTERS]}… ({len(data)} letters)"
    if not isinstance(data, Mapping | list):
        return data
    if depth <= 0 or room[0] <= 0:
        return f"… ({len(data)} more)"
    if isinstance(data, list):
        items = [_shorten(item, depth - 1, room) for item in data[:ITEMS]]
        return [*items, f"… ({len(data) - ITEMS} more)"] if len(data) > ITEMS else items
    short: dict[str, Any] = {}
    for key in islice(data, KEYS):
        if room[0] <= 0:
            break
        name = str(key)[:LETTERS]
        room[0] -= len(name)
        short[name] = _shorten(data[key], depth - 1, room)
    if len(data) > len(short):
        short["…"] = f"({len(data) - len(short)} more)"
    return short
