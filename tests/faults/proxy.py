"""A proxy that hurts: real sockets between Home Assistant and the vendor, and a fault on demand."""

import asyncio
from collections.abc import Awaitable, Callable
import contextlib
from dataclasses import dataclass, field, replace
from functools import partial
import socket
import ssl
import struct

from demo.acme.service import Service

from .http import Answered, Asked

RESTART_SECONDS = 0.3
"""How long a vendor that restarts refuses connections."""

type Behaviour = Callable[[Exchange], Awaitable[None]]
"""What is done to one request. It may forward it, answer it, or break its connection."""


@dataclass(slots=True)
class Rule:
    """Which requests are struck, and how. ``asked`` are those that have been."""

    behaviour: Behaviour
    concerns: Callable[[Asked], bool]
    times: int | None = None
    asked: list[Asked] = field(default_factory=list)

    def strikes(self, asked: Asked) -> bool:
        """Return whether a request is struck, and note it."""
        if self.times is not None and len(self.asked) >= self.times:
            return False
        if self.concerns(asked):
            self.asked.append(asked)
            return True
        return False


class Exchange:
    """One request, and the connection on which its answer goes back."""

    def __init__(self, proxy: Proxy, asked: Asked, link: Link) -> None:
        """Take the request; nothing has been answered yet."""
        self.proxy = proxy
        self.asked = asked
        self._link = link

    async def forward(self) -> Answered:
        """Have the vendor do it, and return its answer: always a whole one, never a 304."""
        kept = [one for one in self.asked.headers if one[0].lower() != "if-none-match"]
        return await self.proxy.forward(replace(self.asked, headers=kept))

    async def send(self, data: bytes) -> None:
        """Send bytes to the client. Raises ConnectionError when it has left."""
        self._link.writer.write(data)
        await self._link.writer.drain()

    async def answer(self, answered: Answered) -> None:
        """Send a whole answer, as it should be."""
        await self.send(answered.encoded())

    async def until_left(self) -> None:
        """Wait until the client gives up and closes the connection."""
        with contextlib.suppress(ConnectionError):
            await self._link.reader.read(1)
        self._link.open = False

    def close(self) -> None:
        """End the connection in good order."""
        self._link.open = False

    def reset(self) -> None:
        """Break the connection, as a router does that has lost its state."""
        self._link.reset()


class Link:
    """A client's connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take both ends of the stream."""
        self.reader = reader
        self.writer = writer
        self.open = True
        self.busy = False

    def reset(self) -> None:
        """Send a RST rather than a FIN."""
        self.open = False
        connection = self.writer.get_extra_info("socket")
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class Proxy:
    """Listens on a port of the loopback interface in front of a vendor."""

    def __init__(self, vendor_port: int, service: Service | None, elsewhere: str) -> None:
        """Describe the proxy; it does not listen yet.

        ``elsewhere`` is the address of another host, ``service`` the vendor where it runs in this
        process.
        """
        self.vendor_port = vendor_port
        self.service = service
        self.elsewhere = elsewhere
        self.port = 0
        self.rule: Rule | None = None
        self.done: list[tuple[Asked, int]] = []
        """What reached the vendor, and the status of its answer."""
        self.crashes: list[Exception] = []
        """What went wrong here, rather than on purpose."""
        self.tls: ssl.SSLContext | None = None
        self.greets = True
        """False: connections are reset as soon as they are accepted."""
        self._server: asyncio.Server | None = None
        self._listener: object | None = None
        self._links: set[Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._restart: asyncio.Task[None] | None = None

    async def listen(self) -> None:
        """Accept connections, on the same port as before."""
        if self._server is not None:
            return
        # Who was let in by a listener before this one, and is only now through with shaking hands,
        # must not stay.
        self._listener = object()
        self._server = await asyncio.start_server(
            partial(self._serve, self._listener), "127.0.0.1", self.port, ssl=self.tls, backlog=50
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def refuse(self) -> None:
        """Accept no more connections, and break those that there are."""
        if self._server is not None:
            self._server.close()
            self._server.abort_clients()  # those too that are still shaking hands
            self._server = None
        self._listener = None
        self.hang_up()

    def hang_up(self) -> None:
        """Break all connections."""
        for link in list(self._links):
            link.reset()

    async def use(self, tls: ssl.SSLContext | None) -> None:
        """Show another certificate from now on."""
        self.refuse()
        self.tls = tls
        await self.listen()

    async def close(self) -> None:
        """End everything."""
        if self._restart is not None:
            await self._restart
        self.refuse()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def restart(self) -> None:
        """Go away as a vendor does whose process is killed, and come back by itself."""

        async def come_back() -> None:
            await asyncio.sleep(RESTART_SECONDS)
            await self.listen()

        self.refuse()
        self._restart = asyncio.create_task(come_back())

    @property
    def links(self) -> int:
        """Return how many connections are open."""
        return len(self._links)

    @property
    def waiting(self) -> int:
        """Return how many requests are being answered, or left to hang."""
        return sum(link.busy for link in self._links)

    async def forward(self, asked: Asked) -> Answered:
        """Have the vendor answer a request."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.vendor_port)
        try:
            writer.write(asked.encoded())
            answered = await Answered.read(reader)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        self.done.append((asked, answered.status))
        return answered

    async def _serve(
        self, listener: object, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        link = Link(reader, writer)
        if listener is not self._listener:
            link.reset()
        self._links.add(link)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._talk(link)
        except ConnectionError, ssl.SSLError, asyncio.CancelledError:
            pass  # the client has left, or we have
        except Exception as error:  # noqa: BLE001 - told at the end of the cell
            self.crashes.append(error)
        finally:
            self._links.discard(link)
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    async def _talk(self, link: Link) -> None:
        if not self.greets:
            link.reset()
        while link.open:
            asked = await Asked.read(link.reader)
            if asked is None:
                return
            link.busy = True
            exchange = Exchange(self, asked, link)
            rule = self.rule
            if rule is not None and rule.strikes(asked):
                await rule.behaviour(exchange)
            else:
                await exchange.answer(await self.forward(asked))
            link.busy = False
