"""A server in the test's own process, a house of one day, and a clock that stands still."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
import signal
from typing import Any, Protocol

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
import pytest

from demo.acme.app import create_app
from demo.acme.clock import SimulatedClock
from demo.acme.house import House, birth
from demo.acme.service import SERVICE, Service
from demo.acme.sessions import EMAIL, PASSWORD

START = datetime.fromisoformat("2026-11-02T08:30:00+01:00")
"""A Monday morning."""

type Client = TestClient[web.Request, web.Application]


class RealTime:
    """Real time that only the test moves, in seconds."""

    def __init__(self) -> None:
        self.seconds = START.timestamp()

    def __call__(self) -> float:
        return self.seconds


class Acme:
    """The server as its user and its simulator see it."""

    def __init__(self, client: Client, service: Service, real: RealTime) -> None:
        self.client = client
        self.service = service
        self.real = real
        self.tokens: dict[str, Any] = {}

    @property
    def house(self) -> House:
        return self.service.house

    def wait(self, seconds: float) -> None:
        """Let house time pass; real time, and so tokens, stay as they are."""
        self.service.clock.advance(seconds)

    async def sign_in(self) -> None:
        self.tokens = await self.json(
            "POST", "/v1/login", {"email": EMAIL, "password": PASSWORD}, status=200
        )

    async def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> ClientResponse:
        sent = dict(headers or {})
        if self.tokens:
            sent.setdefault("Authorization", f"Bearer {self.tokens['access_token']}")
        return await self.client.request(method, path, json=body, headers=sent)

    async def json(self, method: str, path: str, body: object = None, *, status: int) -> Any:
        answer = await self.ask(method, path, body)
        content = await answer.json()
        assert answer.status == status, content
        return content

    async def get(self, path: str, *, status: int = 200) -> Any:
        return await self.json("GET", path, status=status)

    async def status(self, serial: str) -> Any:
        return await self.get(f"/v1/devices/{serial}/status")

    async def put(self, serial: str, status: int = 200, /, **body: object) -> Any:
        return await self.json("PUT", f"/v1/devices/{serial}/state", body, status=status)

    async def command(self, made: dict[str, Any]) -> tuple[str, str | None]:
        found = await self.get(f"/v1/commands/{made['command']}")
        return found["state"], found["reason"]

    async def pull(self, serial: str, /, **levers: object) -> Any:
        house = await self.json("POST", "/_sim/house", {"set": {serial: levers}}, status=200)
        return house["devices"][serial]

    async def truth(self, serial: str) -> Any:
        return (await self.get("/_sim/house"))["devices"][serial]["truth"]

    async def fault(self, kind: str, /, **options: object) -> int:
        made = await self.json("POST", "/_sim/faults", {"kind": kind, **options}, status=201)
        number: int = made["id"]
        return number


class Starts(Protocol):
    """Makes a client for an application."""

    def __call__(self, app: web.Application) -> Awaitable[Client]: ...


@pytest.fixture(autouse=True)
def _loopback(socket_enabled: None) -> None:
    """Let the tests reach their server on 127.0.0.1."""


@pytest.fixture
def heeds_hangups() -> Iterator[None]:
    """Let programs heed SIGHUP, also where the tests themselves were started with nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.fixture
def real() -> RealTime:
    return RealTime()


@pytest.fixture
def clock(real: RealTime) -> SimulatedClock:
    return SimulatedClock(real)


@pytest.fixture
def make_house(clock: SimulatedClock) -> Callable[..., House]:
    def make(*, days: int = 1, lively: bool = False, seed: int = 1) -> House:
        zone = House(born=clock.now(), cards=()).zone
        return House(born=birth(clock.now(), days, zone), lively=lively, seed=seed)

    return make


@pytest.fixture
def serve(
    aiohttp_client: Starts, clock: SimulatedClock, real: RealTime
) -> Callable[[House], Awaitable[Acme]]:
    """Put a house behind a server, and sign its user in."""

    async def start(house: House) -> Acme:
        app = create_app(house, clock)
        found = Acme(await aiohttp_client(app), app[SERVICE], real)
        await found.sign_in()
        return found

    return start


@pytest.fixture
async def acme(serve: Callable[[House], Awaitable[Acme]], make_house: Callable[..., House]) -> Acme:
    """Return a quiet house behind its server, and a user who has signed in."""
    return await serve(make_house())
