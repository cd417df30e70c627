"""Profiles, answers and servers that were made to do harm."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
import time
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.errors import (
    BridgeError,
    ProfileError,
    UnexpectedAnswerError,
    VendorError,
)
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.listing import MOST_ITEMS
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

from ..fuzz.vendor import use
from .planting import found_in, planted

SECRET = planted("key")
HEAD = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup: {url: {type: url}, key: {type: secret}}
api:
  base_url: "{setup.url}"
  headers: {X-Own: "{setup.key}"}
"""
TYPES = """
types: {"*": {sensor: {x: {value: x, from: devices}}}}
"""
LISTING = """
devices: {request: {get: /d}, each: items, id: id}
"""
PLACES = {
    "header": '  auth: {type: api_key, key: "{setup.key}", name: X-Key}\n',
    "query": '  auth: {type: api_key, key: "{setup.key}", place: query, name: k}\n',
    "path": '  auth: {type: api_key, key: "{setup.key}", place: none}\n',
    "basic": '  auth: {type: basic, username: u, password: "{setup.key}"}\n',
    "bearer": '  auth: {type: bearer, token: "{setup.key}"}\n',
    "own header": "",
    "own query": '  query: {own: "{setup.key}"}\n',
    "cookie": """\
  auth:
    type: login
    request: {post: /login, json: {key: "{setup.key}"}, answer: none}
    cookies: [sid]
""",
}

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncIterator[Serve]:
    """Return what runs a server and tells its address."""
    servers: list[TestServer] = []

    async def run(handler: Handler) -> str:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handler)
        servers.append(TestServer(app, host="127.0.0.1"))
        await servers[-1].start_server()
        return str(servers[-1].make_url("")).rstrip("/")

    yield run
    for server in servers:
        await server.close()


async def lists(profile: str, url: str, **setup: Any) -> dict[str, Any]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        context = Context(session=session, setup={"url": url, "key": SECRET, **setup})
        client = ProfileClient(parse_profile(profile, "tiny.yaml"), context)
        try:
            return dict((await client.list_devices()).devices)
        finally:
            await client.close()


@pytest.mark.parametrize("status", [302, 307, 308])
@pytest.mark.parametrize("where", ["another host", "another port"])
@pytest.mark.parametrize("place", PLACES)
async def test_a_redirect_takes_no_credentials_along(
    serve: Serve, place: str, where: str, status: int
) -> None:
    stolen: list[str] = []

    async def thief(request: web.Request) -> web.Response:
        stolen.append(request.raw_path)
        return web.json_response({"items": []})

    target = (await serve(thief)).replace(
        "127.0.0.1", "localhost" if where == "another host" else "127.0.0.1"
    )

    async def vendor(request: web.Request) -> web.Response:
        if request.path == "/login":
            return web.Response(headers={"Set-Cookie": "sid=s3ssion; Path=/"})
        return web.Response(status=status, headers={"Location": f"{target}{request.raw_path}"})

    path = "/{auth.key}/d" if place == "path" else "/d"
    listing = f'devices: {{request: {{get: "{path}"}}, each: items, id: id}}{TYPES}'
    with pytest.raises(UnexpectedAnswerError, match="leads to another host") as caught:
        await lists(HEAD + PLACES[place] + listing, await serve(vendor))
    assert not stolen
    assert not found_in(f"{caught.value!r} {caught.value.__context__!r}", [SECRET, "s3ssion"])


LEADS_AWAY = (
    "https://evil.example/x",
    "https://vendor.example@evil.example/x",
    "https://good:pw@evil.example/x",
    "//evil.example/x",
    "/\\evil.example/x",
    "\\\\evil.example\\x",
    "https:\\\\evil.example\\x",
    "https:///evil.example/x",
    "https://vendor.example.evil.example/x",
    "https://vendor.example:8443/x",
    "http://vendor.example/x",
    "https://ev\u0131l.example/x",
    "https://\uff45vil.example/x",
    "https://vendor.example\uff0fevil.example/x",
    "https://vendor.example\u3002evil.example/x",
    "https://evil.example#@vendor.example/x",
    "https://evil.example?@vendor.example/x",
    "https://[::ffff:127.0.0.1]/x",
    "javascript:alert(1)",
    "file:///etc/passwd",
)


@pytest.mark.parametrize("address", LEADS_AWAY)
async def test_no_second_request_goes_to_another_host(address: str) -> None:
    quoted = address.replace("\\", "\\\\")
    ways = {
        "written": f'get: "{quoted}"',
        "told": 'get: "{device.data.link:path}"',
        "told, as a segment": 'get: "/x/{device.data.link}"',
        "after the base": 'get: "{device.data.link:path}/more"',
    }
    for request in ways.values():
        text = f"""{HEAD}
devices: {{request: {{get: /d}}, each: items, id: id}}
monitors: {{m: {{every: 5, request: {{{request}, headers: {{X-Key: "{{setup.key}}"}}}}}}}}
types: {{"*": {{sensor: {{x: {{value: x, from: m}}}}}}}}
"""
        try:
            profile = parse_profile(text, "tiny.yaml")
        except ProfileError:
            continue
        # It checks itself that nothing but the account's own host was asked.
        vendor = await use(profile, [{"items": [{"id": "a", "link": address}]}])
        assert {(url.scheme, url.host, url.port) for url in vendor.asked} <= {
            ("https", "vendor.example", 443)
        }


@pytest.mark.parametrize("address", LEADS_AWAY)
async def test_no_page_leaves_the_vendor(address: str) -> None:
    text = HEAD + LISTING.replace("get: /d", "get: /d, pages: {next: next}") + TYPES
    page = {"items": [{"id": "a"}], "next": address}
    vendor = await use(parse_profile(text, "tiny.yaml"), [page, {"items": []}])
    assert {(url.scheme, url.host, url.port) for url in vendor.asked} == {
        ("https", "vendor.example", 443)
    }


@pytest.mark.parametrize(
    "name",
    [
        "setup.password_of_another",
        "entry.data.setup.key",
        "entries.0.setup.key",
        "auth.token",
        "auth.refresh_token",
        "setup.__class__",
        "hass.config",
        "env.HOME",
        "secrets.x",
    ],
)
def test_a_profile_names_nothing_but_its_own(name: str) -> None:
    text = f'{HEAD}devices: {{request: {{get: "/{{{name}}}"}}, each: items, id: id}}{TYPES}'
    with pytest.raises(ProfileError) as caught:
        parse_profile(text, "tiny.yaml")
    (mistake,) = caught.value.mistakes
    assert list(mistake.path) == ["devices", "request", "get"]


@pytest.mark.parametrize(
    "vendor_id", ["../evil", "..", "a/b", "a.b", "A", "", "os", "acme\n", "a%2fb"]
)
def test_the_id_of_a_vendor_is_no_path(vendor_id: str) -> None:
    text = HEAD.replace("id: tiny", f"id: {vendor_id!r}".replace("'", '"'))
    text += f"devices: {{request: {{get: /d}}, each: items, id: id}}{TYPES}"
    try:
        found = parse_profile(text, "tiny.yaml").id
    except ProfileError:
        return
    assert found.isidentifier()
    assert found.isascii()


BODIES: dict[str, bytes] = {
    "deep lists": b'{"items": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "deep mappings": b'{"items": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
    "ten megabytes of brackets": b"[" * 10 * 2**20,
    "brackets that are just small enough": b"[" * (8 * 2**20 - 10),
    "a huge number": b'{"items": [{"id": ' + b"9" * 5000 + b"}]}",
    "NaN": b'{"items": [{"id": NaN}]}',
    "Infinity": b'{"items": [{"id": -Infinity}]}',
    "no UTF-8": b'{"items": [{"id": "\xff\xfe"}]}',
    "half a letter": b'{"items": [{"id": "\\ud800"}]}',
    "an entity that expands": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "'
    + b"b" * 1000
    + b'">]><items>'
    + b"&b;" * 10_000
    + b"</items>",
    "a file to fetch": b'<?xml version="1.0"?>'
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><items>&b;</items>',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_an_answer_that_bursts(serve: Serve, body: bytes) -> None:
    async def vendor(request: web.Request) -> web.Response:
        kind = "application/xml" if body.startswith(b"<") else "application/json"
        return web.Response(body=body, content_type=kind)

    text = HEAD + LISTING + TYPES
    url = await serve(vendor)
    began = time.process_time()
    with pytest.raises(VendorError) as caught:
        await lists(text, url)
    assert time.process_time() - began < 10
    assert len(str(caught.value)) < 300


async def test_a_listing_without_end_is_left(serve: Serve) -> None:
    body = b'{"items": [' + b",".join(b'{"id":%d}' % one for one in range(MOST_ITEMS + 1)) + b"]}"

    async def vendor(request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    text = HEAD + LISTING + TYPES
    with pytest.raises(UnexpectedAnswerError, match="lists more than"):
        await lists(text, await serve(vendor))


async def test_parts_without_end_are_left(serve: Serve) -> None:
    async def vendor(request: web.Request) -> web.Response:
        parts = [{"id": str(one)} for one in range(MOST_ITEMS // 2)]
        return web.json_response({"items": [{"id": str(one), "parts": parts} for one in range(3)]})

    text = HEAD + LISTING.replace("id: id", "id: id, children: {each: parts, id: id}") + TYPES
    with pytest.raises(UnexpectedAnswerError, match="lists more than"):
        await lists(text, await serve(vendor))


async def test_ids_and_names_with_control_characters(serve: Serve) -> None:
    names = ["Lamp\x1b[31m\r\n# Evil", "\x00", "a\u2028b", "\x85"]

    async def vendor(request: web.Request) -> web.Response:
        return web.json_response(
            {"items": [{"id": f"d{n}", "name": name, "room": name} for n, name in enumerate(names)]}
        )

    text = HEAD + LISTING.replace("id: id", "id: id, name: name, suggested_area: room") + TYPES
    devices = await lists(text, await serve(vendor))
    for device in devices.values():
        for shown in (device.name or "", device.suggested_area or ""):
            assert shown.isprintable(), shown


@pytest.mark.parametrize("device_id", ["../../admin", "..", "%2e%2e%2fadmin", "a/../../b", "..\\x"])
async def test_an_id_does_not_climb(serve: Serve, device_id: str) -> None:
    asked: list[str] = []

    async def vendor(request: web.Request) -> web.Response:
        asked.append(request.raw_path)
        if request.path == "/v1/d":
            return web.json_response({"items": [{"id": device_id}]})
        return web.json_response({"x": 1})

    text = f"""{HEAD}
devices: {{request: {{get: /v1/d}}, each: items, id: id}}
monitors: {{m: {{every: 5, request: {{get: "/v1/d/{{device.id}}/state"}}}}}}
types: {{"*": {{sensor: {{x: {{value: x, from: m}}}}}}}}
"""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        context = Context(session=session, setup={"url": await serve(vendor), "key": SECRET})
        client = ProfileClient(parse_profile(text, "tiny.yaml"), context)
        listing = await client.list_devices()
        refused = False
        try:
            refused = bool((await client.read("m", list(listing.devices.values()))).failures)
        except BridgeError:
            refused = True
        await client.close()
    assert asked[0] == "/v1/d"
    for path in asked[1:]:
        assert path.startswith("/v1/d/")
        assert path.endswith("/state")
        assert path.count("/") == 4
    assert refused is (len(asked) == 1)


async def test_an_answer_that_never_ends_is_left(serve: Serve) -> None:
    async def vendor(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        try:
            while True:
                await response.write(b" " * 2**16)
        except ConnectionError, asyncio.CancelledError:
            return response

    text = f"{HEAD}  timeout: 5\n{LISTING}{TYPES}"
    with pytest.raises(VendorError, match=r"larger than|no answer"):
        await lists(text, await serve(vendor))
