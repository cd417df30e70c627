"""Vendors that demand a sign-in, and clients for them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

from ...http.helpers import EagerClock
from .kinds import KINDS, SETUP, Strict

type Serve = Callable[[Callable[[web.Request], Awaitable[web.StreamResponse]]], Awaitable[str]]
type Account = Callable[..., ProfileClient]


@pytest.fixture
def clock() -> EagerClock:
    return EagerClock()


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncIterator[Serve]:
    """Return a function that runs a vendor and tells its address."""
    servers: list[TestServer] = []

    async def run(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> str:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handler)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        servers.append(server)
        return str(server.make_url("")).rstrip("/")

    yield run
    for server in servers:
        await server.close()


@pytest.fixture
def kind(request: pytest.FixtureRequest) -> str:
    """Return which way to sign in is on trial."""
    return str(getattr(request, "param", "login"))


@pytest.fixture
def strict(kind: str, clock: EagerClock) -> Strict:
    return Strict(KINDS[kind], clock)


@pytest.fixture
def saved() -> list[Mapping[str, Any]]:
    """Return the tokens that were saved, the last ones last."""
    return []


@pytest.fixture
async def account(
    serve: Serve, strict: Strict, clock: EagerClock, saved: list[Mapping[str, Any]]
) -> AsyncIterator[Account]:
    """Return what makes a client with what a user filled in."""
    clients: list[ProfileClient] = []
    url = await serve(strict.handle)
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:

        def make(
            profile: str | None = None, tokens: Mapping[str, Any] | None = None, **setup: object
        ) -> ProfileClient:
            context = Context(
                session=session,
                setup={**SETUP, "url": url, **setup},
                clock=clock,
                tokens=tokens or {},
                save_tokens=saved.append,
            )
            compiled = parse_profile(profile or strict.kind.profile, "tiny.yaml")
            clients.append(ProfileClient(compiled, context))
            return clients[-1]

        yield make
        for client in clients:
            await client.close()
