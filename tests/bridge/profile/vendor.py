"""A vendor in a few lines, for tests of profiles: a mapping says what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
import json
from typing import Any

from aiohttp import web

type Respond = Callable[[Mapping[str, Any]], Any]


@dataclass(slots=True)
class Vendor:
    """``answers`` maps "METHOD /path" to JSON, to (status, JSON), or to a function of the request.

    What it returns is one of these, or a response of its own.

    The function is given ``{"path", "query", "body", "headers"}``. ``asked`` is what came.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.Response:
        """Answer a request."""
        raw = await request.text()
        try:
            body = json.loads(raw) if raw else None
        except ValueError:
            body = raw
        self.asked.append((f"{request.method} {request.path_qs}", body))
        found = self.answers.get(f"{request.method} {request.path_qs}")
        if found is None:
            found = self.answers.get(f"{request.method} {request.path}")
        if found is None:
            return web.json_response({"error": "no such thing"}, status=404)
        if callable(found):
            seen = {
                "path": request.path,
                "query": dict(request.query),
                "body": body,
                "headers": request.headers,
            }
            found = found(seen)
        if isinstance(found, web.Response):
            return found
        status, content = found if isinstance(found, tuple) else (200, found)
        return web.json_response(content, status=status)

    def count(self, start: str) -> int:
        """Return how many requests came that start so."""
        return sum(line.startswith(start) for line, _ in self.asked)

    def bodies(self, start: str) -> list[Any]:
        """Return the bodies of the requests that start so."""
        return [body for line, body in self.asked if line.startswith(start)]
