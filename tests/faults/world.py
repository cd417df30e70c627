"""The world outside Home Assistant: the vendor, the proxy before it, and names that resolve.

It lives on a thread of its own, so that whatever is left over on Home Assistant's loop is ours.
"""

import asyncio
from collections.abc import Callable, Coroutine
import contextlib
from http import HTTPStatus
import socket
import threading
import time
from typing import Any, override

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from demo.acme.app import create_app
from demo.acme.catalogue import card
from demo.acme.clock import SECOND, Anchor, SimulatedClock
from demo.acme.house import House
from demo.acme.service import SERVICE, Service, Settings

from .faults import Fault, Network, Operation
from .home import LIMIT
from .http import Asked
from .proxy import Proxy, Rule
from .tls import HOST, Authority, Shown

CARDS = (
    card("LMP-0001", "Glow Dim", "Kitchen lamp", "Kitchen"),
    card("LCK-0001", "Bolt", "Front door", "Hall"),
    card("PLG-0001", "Plug Mini", "Router", "Hall", kwh=412),
    card("CON-0001", "Touch", "Kitchen window", "Kitchen"),
    card("TMP-0001", "Air Sense", "Bathroom climate", "Bathroom"),
)
ANOTHER = {"serial": "LMP-0009", "model": "Glow One", "label": "New lamp", "room": "Attic"}


class Elsewhere:
    """A loop on another thread, and a way to have things done there."""

    def __init__(self) -> None:
        """Start the thread."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="outside", daemon=True)
        self._thread.start()

    async def run[T](self, what: Coroutine[Any, Any, T]) -> T:
        """Await something there."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(what, self._loop))

    def wait[T](self, what: Coroutine[Any, Any, T]) -> T:
        """Have something done there, and wait for it without a loop."""
        return asyncio.run_coroutine_threadsafe(what, self._loop).result()

    def close(self) -> None:
        """End the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Names(AbstractResolver):
    """A resolver that knows the vendor's name, or knows nothing."""

    def __init__(self) -> None:
        """Know the vendor."""
        self.knows = True

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host != HOST or not self.knows:
            raise OSError(None, "Domain name not found")
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0
            )
        ]

    @override
    async def close(self) -> None:
        pass

    async def real_close(self) -> None:
        """Do what Home Assistant does with the resolver of a connector."""


class World:
    """One vendor with a small house, and all that can go wrong on the way there."""

    def __init__(self, thread: Elsewhere, authority: Authority) -> None:
        """Describe it; nothing listens yet."""
        self._thread = thread
        self._authority = authority
        self._runner: web.AppRunner | None = None
        self._stranger: asyncio.Server | None = None
        self.names = Names()
        self.strangers = 0
        """How many connections were made to a host that is not the vendor's."""
        self.proxy: Proxy
        self.service: Service
        self._started = False

    async def start(self, base: str) -> str:
        """Start the vendor and the proxy; return the address that an account uses."""
        self._started = True
        await self._thread.run(self._start(secure=base.startswith("https:")))
        return f"{base}:{self.proxy.port}"

    async def _start(self, *, secure: bool) -> None:
        # Time in the house stands still, a moment after the meters have measured: whatever changes
        # there, a test has changed.
        real = time.time()
        now = int(real) // 10 * 10 * SECOND + 100
        clock = SimulatedClock(anchor=Anchor(real=real, house=now, speed=0))
        house = House(born=now - 60_000, cards=CARDS, lively=False)
        app = create_app(house, clock, settings=Settings(page_size=2, requests_per_minute=LIMIT))
        self.service = app[SERVICE]
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._stranger = await asyncio.start_server(self._note_stranger, "127.0.0.1", 0)
        port = self._stranger.sockets[0].getsockname()[1]
        vendor_port = self._runner.addresses[0][1]
        self.proxy = Proxy(vendor_port, self.service, f"http://127.0.0.1:{port}")
        if secure:
            self.proxy.tls = self._authority.context(Shown.GOOD)
        await self.proxy.listen()

    async def _note_stranger(
        self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.strangers += 1
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    async def close(self) -> None:
        """End it all."""
        if not self._started:
            return

        async def end() -> None:
            await self.proxy.close()
            if self._stranger is not None:
                self._stranger.close()
            if self._runner is not None:
                await self._runner.cleanup()

        await self._thread.run(end())

    # --- faults -----------------------------------------------------------------------------------

    async def break_(self, fault: Fault, operation: Operation) -> None:
        """Let the fault begin, for the requests of an operation."""

        async def begin() -> None:
            match fault.trouble:
                case Network.REFUSES:
                    self.proxy.refuse()
                case Network.RESETS:
                    self.proxy.greets = False
                    self.proxy.hang_up()
                case Network.NO_NAME:
                    self.names.knows = False
                    self.proxy.hang_up()
                case Shown() as shown:
                    await self.proxy.use(self._authority.context(shown))
                case behaviour if not isinstance(behaviour, Network):
                    self.proxy.rule = Rule(behaviour, operation.concerns, fault.times)

        await self._thread.run(begin())

    async def mend(self, fault: Fault) -> None:
        """Let the fault end."""

        async def end() -> None:
            self.proxy.rule = None
            self.proxy.greets = True
            self.names.knows = True
            if isinstance(fault.trouble, Shown):
                await self.proxy.use(self._authority.context(Shown.GOOD))
            await self.proxy.listen()

        await self._thread.run(end())

    @property
    def struck(self) -> list[Asked]:
        """Return the requests that the fault has struck."""
        return [] if self.proxy.rule is None else list(self.proxy.rule.asked)

    # --- the vendor -------------------------------------------------------------------------------

    async def do[T](self, what: Callable[[], T]) -> T:
        """Do something to the vendor, on its own thread."""

        async def now() -> T:
            return what()

        return await self._thread.run(now())

    async def pull(self, serial: str, **levers: Any) -> None:
        """Change something in the house, a second later."""

        def act() -> None:
            self.service.lived.advance(1)
            self.service.lived.act("pull", serial=serial, body=levers)

        await self.do(act)

    async def add_device(self) -> None:
        """Put another lamp into the house."""
        await self.do(lambda: self.service.lived.act("add", device=dict(ANOTHER)))

    async def expire_tokens(self) -> None:
        """Have every access token expire."""
        await self.do(self.service.sessions.expire_all)

    async def truth(self, serial: str) -> dict[str, Any]:
        """Return what is true of a device."""
        return await self.do(lambda: dict(self.service.house.devices[serial].fields()))

    def written(self, serial: str) -> int:
        """Return how many commands for a device the vendor has carried out."""
        path = f"/v1/devices/{serial}/state"
        return sum(
            asked.method == "PUT" and asked.path == path and status < HTTPStatus.BAD_REQUEST
            for asked, status in self.proxy.done
        )
