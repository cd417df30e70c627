"""A clock that is moved by hand, a short way to write requests, and a server of raw bytes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, override

from custom_components.vendor_bridge.bridge.http import Limiter, Request, Share

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

type Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class ManualClock:
    """Time that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.slept: list[float] = []
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds - 1000)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        future = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.seconds + seconds, future))
        await future

    async def advance(self, seconds: float) -> None:
        """Let time pass, wake who slept, and let everybody do what there is to do."""
        await settle()
        until = self.seconds + seconds
        while due := sorted(
            (at, id(future), future) for at, future in self._sleepers if at <= until
        ):
            at, _, future = due[0]
            self.seconds = max(self.seconds, at)
            self._sleepers = [entry for entry in self._sleepers if entry[1] is not future]
            if not future.done():
                future.set_result(None)
            await settle()
        self.seconds = until
        await settle()


class EagerClock(ManualClock):
    """Time that jumps ahead whenever somebody sleeps."""

    @override
    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


async def settle() -> None:
    """Let every task go as far as it can without waiting for the world."""
    for _ in range(30):
        await asyncio.sleep(0)


def get(path: str = "/x", **options: Any) -> Request:
    """Return a read."""
    options = {"label": "GET /v1/{device.id}", "idempotent": True, **options}
    return Request(method="GET", path=path, **options)


def post(path: str = "/x", **options: Any) -> Request:
    """Return a command that must not be repeated."""
    options = {"label": "POST /v1/{device.id}/press", "command": True, **options}
    return Request(method=options.pop("method", "POST"), path=path, **options)


class RawServer:
    """A TCP server that says whatever a test wants, and counts who comes."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self.port = 0
        self.requests: list[bytes] = []
        self.open = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                await self._serve(reader, writer)
        finally:
            self.open -= 1
            writer.close()


@asynccontextmanager
async def raw_server(serve: Serve) -> AsyncIterator[RawServer]:
    """Run a server of raw bytes on a free port of this machine."""
    raw = RawServer(serve)
    server = await asyncio.start_server(raw.handle, "127.0.0.1", 0)
    raw.port = server.sockets[0].getsockname()[1]
    try:
        yield raw
    finally:
        server.close()
        server.close_clients()
        await server.wait_closed()


def says(*parts: bytes, reset: bool = False, pause: float = 0.0) -> Serve:
    """Return a server that writes some bytes, with pauses in between, and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
            if pause:
                await asyncio.sleep(pause)
        if reset:
            writer.transport.abort()

    return serve


async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say nothing until the other side hangs up."""
    await reader.read()


@asynccontextmanager
async def turn(of: Limiter | Share, *, command: bool, patience: float) -> AsyncIterator[int]:
    """Have a turn, as a request has one."""
    number = of.take()
    if number is None:
        number = await of.begin(command=command, patience=patience)
    try:
        yield number
    finally:
        of.end()
