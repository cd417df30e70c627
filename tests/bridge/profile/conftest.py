"""A small vendor that really listens, and clients for it."""

from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.clock import Clock, SystemClock
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.loader import parse_extension, parse_profile

from .vendor import Vendor

type MakeClient = Callable[..., Awaitable[ProfileClient]]

HEAD = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup: {url: {type: url}}
api: {base_url: "{setup.url}", error: error}
"""


@pytest.fixture
async def vendor(socket_enabled: None) -> AsyncIterator[Vendor]:
    tiny = Vendor()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", tiny.handle)
    async with TestServer(app, host="127.0.0.1") as server:
        tiny.url = str(server.make_url("")).rstrip("/")
        yield tiny


@pytest.fixture
async def make_client(vendor: Vendor) -> AsyncIterator[MakeClient]:
    """Return what makes a client from the rest of a profile."""
    clients: list[ProfileClient] = []
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:

        async def make(
            profile: str,
            head: str = HEAD,
            clock: Clock | None = None,
            extend: str | None = None,
            **setup: object,
        ) -> ProfileClient:
            compiled = parse_profile(head + profile, "tiny.yaml")
            if extend is not None:
                compiled = parse_extension(compiled, extend, "mine.yaml")
            context = Context(
                session=session,
                setup={"url": vendor.url, **setup},
                clock=clock or SystemClock(),
            )
            clients.append(ProfileClient(compiled, context))
            return clients[-1]

        yield make
        for client in clients:
            await client.close()
