"""HTTP/1.1 as far as the proxy needs it: a request taken apart, an answer put together."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
import json
from typing import Any, Self

type Headers = Sequence[tuple[str, str]]

_HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came. ``target`` is the path with its query."""

    method: str
    target: str
    headers: Headers
    body: bytes

    @property
    def path(self) -> str:
        """Return the path alone."""
        return self.target.partition("?")[0]

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> Self | None:
        """Read the next request of a connection; None when the client has left."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError, ConnectionError:
            return None
        line, headers = _parsed(head)
        method, target, _ = line.split(" ", 2)
        body = await reader.readexactly(int(_value(headers, "content-length") or 0))
        return cls(method, target, headers, body)

    def encoded(self) -> bytes:
        """Return the request as it goes to the vendor, on a connection of its own."""
        kept = [(name, value) for name, value in self.headers if name.lower() not in _HOP_BY_HOP]
        length = [("Content-Length", str(len(self.body)))] if self.body else []
        head = _lines(f"{self.method} {self.target} HTTP/1.1", [*kept, *length])
        return head + b"Connection: close\r\n\r\n" + self.body


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer; the headers are without those that belong to a single connection."""

    status: int
    headers: Headers
    body: bytes

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> Self:
        """Read the answer on a connection that the vendor closes after it."""
        raw = await reader.read()
        head, _, body = raw.partition(b"\r\n\r\n")
        if not head:
            raise ConnectionError("the vendor closed the connection")
        line, headers = _parsed(head + b"\r\n\r\n")
        kept = [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]
        return cls(int(line.split(" ", 2)[1]), kept, body)

    @classmethod
    def of(
        cls, status: int, body: bytes = b"", content_type: str = "application/json", **more: str
    ) -> Self:
        """Return an answer. Underscores in the names of headers stand for hyphens."""
        headers = [(name.replace("_", "-"), value) for name, value in more.items()]
        return cls(status, [("Content-Type", content_type), *headers], body)

    @property
    def data(self) -> Any:
        """Return the decoded body."""
        return json.loads(self.body)

    def head(self, *more: tuple[str, str], version: str = "1.1") -> bytes:
        """Return everything before the body. Without Content-Length, unless it is in ``more``."""
        lines = _lines(f"HTTP/{version} {self.status} Whatever", [*self.headers, *more])
        return lines + b"\r\n"

    def encoded(self) -> bytes:
        """Return the whole answer, as it should be."""
        if self.status in {204, 304}:
            return self.head()
        return self.head(("Content-Length", str(len(self.body)))) + self.body

    def but(self, body: bytes) -> Answered:
        """Return the answer with another body."""
        kept = [(name, value) for name, value in self.headers if name.lower() != "etag"]
        return Answered(self.status, kept, body)


def _lines(first: str, headers: Headers) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


def _parsed(head: bytes) -> tuple[str, Headers]:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    return first, [
        (name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines)
    ]


def _value(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)
