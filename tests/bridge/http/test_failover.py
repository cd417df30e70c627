"""Two addresses, real servers: one goes down in the middle, and comes back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
import socket

from aiohttp import ClientSession, web
import pytest

from custom_components.vendor_bridge.bridge.errors import UnreachableError, VendorError
from custom_components.vendor_bridge.bridge.http import Connection, Limits, Retry

from .conftest import Connect
from .helpers import EagerClock, ManualClock, get, never, post, raw_server, says

pytestmark = pytest.mark.usefixtures("socket_enabled")

ONCE = Retry(attempts=1)


class Server:
    """A server at an address that stays the same whether or not it runs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[str] = []
        self.during: Callable[[], Awaitable[None]] | None = None
        self._runner: web.AppRunner | None = None
        self.dying: asyncio.Task[None] | None = None
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        if self.dying is not None:
            await self.dying
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(application, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def die(self) -> None:
        """Go down in the middle of a request."""
        self.during = None
        self.dying = asyncio.create_task(self.kill())
        await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """Break every connection and listen no more."""
        if self._runner is None:
            return
        runner, self._runner = self._runner, None
        server = runner.server
        assert server is not None
        for connection in server.connections:
            if connection.transport is not None:
                connection.transport.abort()
        await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.method} {request.path}")
        if self.during is not None:
            await self.during()
        return web.json_response(self.name)


@pytest.fixture
async def servers() -> AsyncIterator[tuple[Server, Server]]:
    local, cloud = Server("local"), Server("cloud")
    for server in (local, cloud):
        await server.start()
    yield local, cloud
    for server in (local, cloud):
        await server.kill()
        if server.dying is not None:
            await server.dying


async def answer(connection: Connection, path: str = "/x") -> object:
    return (await connection.send(get(path))).data


async def test_the_first_goes_down_in_the_middle_of_a_poll_and_comes_back(
    connect: Connect, servers: tuple[Server, Server]
) -> None:
    local, cloud = servers
    clock = ManualClock()
    connection = connect(local.url, cloud.url, clock=clock, retry=ONCE)
    assert await answer(connection) == "local"

    local.during = local.die
    assert await answer(connection, "/in-the-middle") == "cloud", "no poll is lost"
    assert connection.address.port == cloud.port
    local.asked.clear()
    assert await answer(connection) == "cloud"
    assert (await connection.send(post())).data == "cloud"

    await local.start()
    clock.seconds += 59
    assert await answer(connection) == "cloud"
    assert local.asked == []
    clock.seconds += 1
    assert (await connection.send(post())).data == "cloud", "a command is no time to try things"
    assert await answer(connection) == "local", "it comes back by itself"
    assert (await connection.send(post())).data == "local"
    assert connection.address.port == local.port


async def test_while_the_first_is_down_only_one_poll_a_minute_finds_out(
    connect: Connect, servers: tuple[Server, Server]
) -> None:
    local, cloud = servers
    await local.kill()
    clock = ManualClock()
    connection = connect(local.url, cloud.url, clock=clock, retry=ONCE)
    await answer(connection)
    failures = connection.stats.failures
    for _ in range(3):
        clock.seconds += 61
        answers = await asyncio.gather(*(answer(connection, f"/{n}") for n in range(4)))
        assert answers == ["cloud"] * 4
    assert connection.stats.failures == failures + 3


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_command_that_reached_the_first_is_not_sent_to_the_second(
    connect: Connect, servers: tuple[Server, Server], method: str
) -> None:
    local, cloud = servers

    local.during = local.die
    connection = connect(local.url, cloud.url)
    with pytest.raises(UnreachableError, match="broke"):
        await connection.send(post("/door", method=method))
    assert (local.asked, cloud.asked) == ([f"{method} /door"], [])
    # The next one goes where somebody is.
    assert (await connection.send(post("/door", method=method))).data == "cloud"
    assert cloud.asked == [f"{method} /door"]


async def test_a_command_that_surely_did_not_arrive_goes_on_at_once(
    connect: Connect, servers: tuple[Server, Server]
) -> None:
    local, cloud = servers
    await local.kill()
    connection = connect(local.url, cloud.url)
    assert (await connection.send(post())).data == "cloud"
    assert cloud.asked == ["POST /x"]


@asynccontextmanager
async def deaf() -> AsyncIterator[str]:
    """Run an address at which a connection is never made: its line of callers is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        listener.setblocking(False)
        address = listener.getsockname()
        callers = []
        for _ in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            with suppress(BlockingIOError):
                caller.connect(address)
            callers.append(caller)
        await asyncio.sleep(0.05)
        try:
            yield f"http://127.0.0.1:{address[1]}"
        finally:
            for caller in callers:
                caller.close()


async def test_an_address_that_cannot_be_connected_to_costs_one_timeout(
    connect: Connect, servers: tuple[Server, Server]
) -> None:
    _, cloud = servers
    async with deaf() as local:
        connection = connect(
            local, cloud.url, connect_timeout=0.4, limits=Limits(concurrency=2), retry=ONCE
        )
        started = asyncio.get_running_loop().time()
        answers = await asyncio.gather(*(answer(connection, f"/{n}") for n in range(10)))
        assert answers == ["cloud"] * 10
        # Those that waited for their turn do not wait for the deaf one as well.
        assert connection.stats.failures == 2
        assert 0.3 < asyncio.get_running_loop().time() - started < 1.5


async def test_a_poll_goes_on_where_the_first_is_silent(
    connect: Connect, servers: tuple[Server, Server]
) -> None:
    _, cloud = servers
    async with raw_server(never) as silent:
        connection = connect(silent.url, cloud.url, retry=ONCE)
        assert (await connection.send(get(timeout=1.0))).data == "cloud"
        assert len(silent.requests) == 1
        assert connection.address.port == cloud.port


async def test_a_command_to_a_silent_address_goes_nowhere_else(
    connect: Connect, servers: tuple[Server, Server]
) -> None:
    _, cloud = servers
    async with raw_server(never) as silent:
        connection = connect(silent.url, cloud.url)
        with pytest.raises(UnreachableError, match=r"no answer within 0\.5 s$"):
            await connection.send(post(timeout=0.5))
        assert (len(silent.requests), cloud.asked) == (1, [])


async def test_the_cloud_first_and_the_hub_behind_it(
    connect: Connect, servers: tuple[Server, Server]
) -> None:
    local, cloud = servers
    clock = EagerClock()
    connection = connect(cloud.url, local.url, clock=clock)
    assert await answer(connection) == "cloud"
    await cloud.kill()
    assert await answer(connection) == "local"
    await cloud.start()
    clock.seconds += 60
    assert await answer(connection) == "cloud"


async def test_a_link_to_the_address_that_is_down_is_tried_once(
    connect: Connect, servers: tuple[Server, Server]
) -> None:
    local, cloud = servers
    await local.kill()
    connection = connect(local.url, cloud.url, retry=ONCE)
    with pytest.raises(VendorError, match="refuses the connection"):
        await answer(connection, f"{local.url}/page2")
    assert cloud.asked == []


async def test_both_are_down_and_one_comes_back(
    connect: Connect, servers: tuple[Server, Server], session: ClientSession
) -> None:
    local, cloud = servers
    for server in servers:
        await server.kill()
    connection = connect(local.url, cloud.url, retry=ONCE)
    for _ in range(3):
        with pytest.raises(UnreachableError):
            await answer(connection)
    await cloud.start()
    assert await answer(connection) == "cloud"
    assert (await connection.send(post())).data == "cloud"


async def test_an_answer_of_the_second_that_comes_late_does_not_lead_away_from_the_first(
    connect: Connect, servers: tuple[Server, Server]
) -> None:
    local, cloud = servers
    await local.kill()
    clock = ManualClock()
    connection = connect(local.url, cloud.url, clock=clock, retry=ONCE)
    await answer(connection)
    await local.start()
    slow = asyncio.Event()

    async def wait() -> None:
        await slow.wait()

    cloud.during = wait
    late = asyncio.create_task(answer(connection, "/late"))
    while len(cloud.asked) < 2:  # noqa: ASYNC110 the other side of a socket sets no event
        await asyncio.sleep(0.01)
    clock.seconds += 60
    assert await answer(connection) == "local"
    slow.set()
    assert await late == "cloud"
    assert connection.address.port == local.port


async def test_says_is_not_enough(connect: Connect, servers: tuple[Server, Server]) -> None:
    """An address that hangs up on everybody is left like one that is down."""
    _, cloud = servers
    async with raw_server(says(b"")) as rude:
        connection = connect(rude.url, cloud.url, retry=ONCE)
        assert await answer(connection) == "cloud"
        tries = len(rude.requests)
        assert await answer(connection) == "cloud"
        assert len(rude.requests) == tries
