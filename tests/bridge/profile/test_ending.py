"""Everything ends: in time, and without leaving anything behind when it is given up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import cache
import gc
import math
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web
from aiohttp.test_utils import TestServer
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.errors import (
    NotConfirmedError,
    RateLimitedError,
    RefusedError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.model import Command, Device
from custom_components.vendor_bridge.bridge.profile import client as client_module
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.loader import CompiledProfile, parse_profile

from .conftest import MakeClient
from .vendor import Vendor

PROFILE = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup: {url: {type: url}}
api:
  base_url: "{setup.url}"
  timeout: 0.5
  limits: {concurrency: 2, requests: 1000, per: 60}
  auth: {type: login, request: {post: /login}, token: token}
account: {request: {get: /me}, id: id}
devices: {request: {get: /d, pages: {page: page, limit: 500}}, id: id, type: type}
monitors:
  each: {request: {get: "/s/{device.id}"}}
types:
  lamp:
    from: each
    confirm: {within: 0.6, every: 0.1}
    light:
      main:
        state: "on"
        commands:
          turn_on: {steps: [{put: /wake}, {put: "/s/{device.id}", json: {"on": true}}]}
          turn_off: {put: "/s/{device.id}", json: {"on": false}}
"""
LAMPS = [Device(id=str(number), type="lamp") for number in range(8)]
TURN_ON = Command(entity="light.main", name="turn_on")

type Act = Callable[[ProfileClient], Awaitable[object]]

OPERATIONS: dict[str, Act] = {
    "connect": lambda client: client.connect(),
    "list": lambda client: client.list_devices(),
    "read": lambda client: client.read("each", LAMPS),
    "write": lambda client: client.write(LAMPS[0], TURN_ON),
    "many writes": lambda client: asyncio.gather(
        *(client.write(lamp, TURN_ON) for lamp in (LAMPS[0], LAMPS[0], LAMPS[1]))
    ),
}


async def answer(request: web.Request) -> web.Response:
    match request.path:
        case "/login":
            return web.json_response({"token": "t"})
        case "/me":
            return web.json_response({"id": "me"})
        case "/d":
            page = int(request.query.get("page", 1))
            return web.json_response([{"id": str(page), "type": "lamp"}] if page < 4 else [])
    return web.json_response({"on": True})


@cache
def compiled() -> CompiledProfile:
    return parse_profile(PROFILE, "tiny.yaml")


@asynccontextmanager
async def vendor_with_client(
    handle: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> AsyncIterator[tuple[ProfileClient, TCPConnector]]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handle)
    connector = TCPConnector()
    async with (
        TestServer(application, host="127.0.0.1") as server,
        ClientSession(connector=connector, cookie_jar=DummyCookieJar()) as session,
    ):
        url = str(server.make_url("")).rstrip("/")
        client = ProfileClient(compiled(), Context(session=session, setup={"url": url}))
        try:
            yield client, connector
        finally:
            await client.close()


def in_use(connector: TCPConnector) -> int:
    return len(connector._acquired)  # noqa: SLF001 there is no other way to see a leaked socket


async def given_up(act: Act, steps: int) -> None:
    """Cancel an operation after so many turns of the loop, and look what is left."""
    async with vendor_with_client(answer) as (client, connector):
        before = asyncio.all_tasks()
        task = asyncio.ensure_future(act(client))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        # What has been sent is seen through, a sign-in and a command; both in their own time.
        await nothing_left(connector, asyncio.all_tasks())
        reading = await client.read("each", LAMPS)
        assert len(reading.observations) == len(LAMPS), "it goes on working"
        await client.close()
        await nothing_left(connector, before)


def ours(before: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    """Return the tasks that the bridge began: those of the server are its own business."""
    return {
        task
        for task in asyncio.all_tasks() - before
        if "custom_components" in getattr(task.get_coro(), "cr_code", given_up.__code__).co_filename
    }


async def nothing_left(connector: TCPConnector, before: set[asyncio.Task[Any]]) -> None:
    """Wait until no socket and none of our own tasks is left, for some seconds at most."""
    async with asyncio.timeout(5):
        while in_use(connector) or ours(before):  # noqa: ASYNC110 sockets set no event
            await asyncio.sleep(0.005)


@pytest.mark.slow
@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("operation", OPERATIONS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.integers(0, 250))
def test_giving_up_at_any_moment_leaves_nothing_behind(operation: str, steps: int) -> None:
    asyncio.run(given_up(OPERATIONS[operation], steps), debug=False)


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_closing_in_the_middle_ends_it(operation: str) -> None:
    begun = asyncio.Event()

    async def hang(request: web.Request) -> web.Response:
        if request.path == "/login":
            return await answer(request)
        begun.set()
        await asyncio.sleep(30)
        return await answer(request)

    async with vendor_with_client(hang) as (client, connector):
        before = asyncio.all_tasks()
        task = asyncio.ensure_future(OPERATIONS[operation](client))
        await begun.wait()
        await client.close()
        with pytest.raises((UnreachableError, asyncio.CancelledError)):
            await task
        await nothing_left(connector, before)


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_everything_ends_in_time_at_a_vendor_that_never_answers(operation: str) -> None:
    async def hang(request: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return await answer(request)

    async with vendor_with_client(hang) as (client, _):
        started = asyncio.get_running_loop().time()
        with pytest.raises((UnreachableError, RateLimitedError, NotConfirmedError)):
            await OPERATIONS[operation](client)
        assert asyncio.get_running_loop().time() - started < 5


@pytest.mark.usefixtures("socket_enabled")
async def test_a_command_that_fails_when_nobody_waits_any_more_is_nobodys_error() -> None:
    asked = asyncio.Event()

    async def refuse(request: web.Request) -> web.Response:
        if request.path == "/login":
            return await answer(request)
        asked.set()
        await asyncio.sleep(0.05)
        return web.json_response({}, status=409)

    reported: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: reported.append(context["message"]))
    async with vendor_with_client(refuse) as (client, connector):
        before = asyncio.all_tasks()
        task = asyncio.create_task(client.write(LAMPS[0], TURN_ON))
        await asked.wait()
        task.cancel()
        await asyncio.wait([task])
        del task
        await nothing_left(connector, before)
        with pytest.raises(RefusedError):  # the line forgets the first when there is a second
            await client.write(LAMPS[0], TURN_ON)
        gc.collect()
    loop.set_exception_handler(None)
    assert reported == []


@pytest.mark.usefixtures("socket_enabled")
async def test_a_listing_whose_pages_never_end_has_a_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client_module, "READING", 0.3)

    async def drip(request: web.Request) -> web.Response:
        if request.path == "/login":
            return await answer(request)
        await asyncio.sleep(0.05)
        return web.json_response([{"id": request.query.get("page", "1"), "type": "lamp"}])

    async with vendor_with_client(drip) as (client, _):
        with pytest.raises(UnreachableError, match=r"reading devices was not done within 0\.5 s"):
            await client.list_devices()


@pytest.mark.usefixtures("socket_enabled")
async def test_signing_in_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "CONNECTING", 0.1)

    async def slow(request: web.Request) -> web.Response:
        await asyncio.sleep(0.3)
        return await answer(request)

    async with vendor_with_client(slow) as (client, _):
        with pytest.raises(UnreachableError, match=r"signing in was not done within 0\.1 s"):
            await client.connect()


async def test_a_read_has_the_time_that_its_requests_may_take(
    vendor: Vendor, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await make_client("account:" + PROFILE.partition("account:")[2], head=HEAD)
    given: list[float] = []

    @asynccontextmanager
    async def within(seconds: float, what: str) -> AsyncIterator[None]:
        given.append(seconds)
        yield

    monkeypatch.setattr(client_module, "within", within)
    for requests in (1, 100):
        async with client.reading("each", requests=requests):
            pass
    assert given == [300, math.ceil(100 / 2) * 10 + 2 * 11 * 60]


HEAD = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup: {url: {type: url}}
api:
  base_url: "{setup.url}"
  limits: {concurrency: 2, requests: 10, per: 60}
"""
