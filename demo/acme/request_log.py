"""What was asked of the server, with secrets masked."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

_KEPT = 5000
_MASK = "***"
_SECRETS = frozenset({"password", "access_token", "refresh_token", "token", "code"})
_LONGEST_BODY = 2000


@dataclass(slots=True, kw_only=True)
class Entry:
    """One request. ``status`` is None while it is answered, and when no answer was given."""

    number: int
    at: float
    method: str
    path: str
    query: str
    session: int | None
    body: Any
    status: int | None = None
    fault: str | None = None
    milliseconds: int | None = None


class RequestLog:
    """The last requests, newest last."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._made = 0

    def open(
        self, *, at: float, method: str, path: str, query: str, session: int | None, body: bytes
    ) -> Entry:
        """Note a request."""
        self._made += 1
        entry = Entry(
            number=self._made,
            at=at,
            method=method,
            path=path,
            query=_masked_query(query),
            session=session,
            body=_masked_body(body),
        )
        self._entries.append(entry)
        return entry

    def since(self, number: int) -> list[dict[str, Any]]:
        """Return the requests after the one with that number."""
        return [asdict(entry) for entry in self._entries if entry.number > number]

    def clear(self) -> None:
        """Forget them; numbers go on."""
        self._entries.clear()


def _masked_query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode([(key, _MASK if key in _SECRETS else value) for key, value in pairs])


def _masked_body(body: bytes) -> Any:  # noqa: ANN401 - whatever was sent
    if not body:
        return None
    try:
        return _masked(json.loads(body))
    except ValueError, RecursionError:
        # What is no JSON could hold a secret anywhere.
        return f"{len(body)} bytes that are no JSON"


def _masked(value: Any) -> Any:  # noqa: ANN401 - as above
    if isinstance(value, Mapping):
        return {key: _MASK if key in _SECRETS else _masked(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    if isinstance(value, str):
        return value[:_LONGEST_BODY]
    # NaN, which Python's reader lets in, is no JSON for whoever reads the log.
    return value if value == value else "NaN"  # noqa: PLR0124 - only NaN differs from itself
