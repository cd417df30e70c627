"""Certificates: the vendor's own, and the one with which a client says who it is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
import ssl
import tempfile
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.errors import (
    CertificateError,
    ProfileError,
    SetupValueError,
    UnreachableError,
)
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile
from custom_components.vendor_bridge.bridge.profile.tls import asks_about_certificates, tls_of

from ...tls import Made, make

PROFILE = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup:
  url: {type: url}
  certificate: {type: pem, required: false}
  private_key: {type: pem, required: false}
  key_password: {type: secret, required: false}
api:
  base_url: "{setup.url}"
  verify_ssl: false
  client_certificate:
    certificate: "{setup.certificate}"
    key: "{setup.private_key}"
    password: "{setup.key_password}"
devices: {request: {get: /devices}, each: "@", id: id}
types: {"*": {sensor: {x: {value: x, from: devices}}}}
"""
PLAIN = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup: {url: {type: url}}
api: {base_url: "{setup.url}", verify_ssl: %s}
devices: {request: {get: /devices}, each: "@", id: id}
types: {"*": {sensor: {x: {value: x, from: devices}}}}
"""

type Serve = Callable[[ssl.SSLContext], Awaitable[str]]
type Connect = Callable[..., ProfileClient]


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncIterator[Serve]:
    servers: list[TestServer] = []

    async def devices(request: web.Request) -> web.Response:
        return web.json_response([{"id": "d1", "x": 1}])

    async def run(context: ssl.SSLContext) -> str:
        app = web.Application()
        app.router.add_get("/devices", devices)
        server = TestServer(app, host="127.0.0.1", scheme="https")
        await server.start_server(ssl=context)
        servers.append(server)
        return str(server.make_url("")).rstrip("/")

    yield run
    for server in servers:
        await server.close()


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    clients: list[ProfileClient] = []
    async with ClientSession() as session:

        def make_client(profile: str, pins: Any = None, **setup: Any) -> ProfileClient:
            compiled = parse_profile(profile, "tiny.yaml")
            context = Context(session=session, setup=setup, certificates=pins or {})
            clients.append(ProfileClient(compiled, context))
            return clients[-1]

        yield make_client
        for client in clients:
            await client.close()


# --- the vendor's own -----------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["true", "ask"])
async def test_a_certificate_that_nobody_vouches_for(
    serve: Serve, connect: Connect, tmp_path: Path, said: str
) -> None:
    url = await serve(make().server_context(tmp_path))
    with pytest.raises(CertificateError, match="the certificate is not trusted"):
        await connect(PLAIN % said, url=url).list_devices()


async def test_a_certificate_that_was_accepted_and_no_other(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    mine = make()
    url = await serve(mine.server_context(tmp_path))
    server = url.removeprefix("https://")
    listing = await connect(PLAIN % "ask", {server: mine.fingerprint}, url=url).list_devices()
    assert set(listing.devices) == {"d1"}
    other = {server: make().fingerprint}
    with pytest.raises(CertificateError, match="another one than was accepted"):
        await connect(PLAIN % "ask", other, url=url).list_devices()


async def test_what_was_accepted_of_one_server_holds_for_no_other(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    mine = make()
    url = await serve(mine.server_context(tmp_path))
    with pytest.raises(CertificateError, match="not trusted"):
        await connect(PLAIN % "ask", {"127.0.0.1:1": mine.fingerprint}, url=url).list_devices()


@pytest.mark.parametrize(("said", "asks"), [("true", False), ("false", False), ("ask", True)])
def test_who_is_asked_about_certificates(said: str, asks: bool) -> None:
    profile = parse_profile(PLAIN % said, "tiny.yaml")
    assert asks_about_certificates(profile, {}) is asks
    assert tls_of(profile, {}) is (said != "false")


@pytest.mark.parametrize("said", ["aks", "'yes'"])
def test_what_else_cannot_be_said_of_certificates(said: str) -> None:
    with pytest.raises(ProfileError, match="expected true, false, ask or a placeholder"):
        parse_profile(PLAIN % said, "tiny.yaml")


# --- the client's ---------------------------------------------------------------------------------


def given(made: Made, **more: str) -> dict[str, str]:
    return {"certificate": made.certificate, "private_key": made.key, **more}


async def test_a_client_shows_its_certificate(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    me = make("me")
    url = await serve(make().server_context(tmp_path, clients=me))
    listing = await connect(PROFILE, url=url, **given(me)).list_devices()
    assert set(listing.devices) == {"d1"}
    with pytest.raises(UnreachableError):
        await connect(PROFILE, url=url, **given(make("somebody else"))).list_devices()
    with pytest.raises(UnreachableError):
        await connect(PROFILE, url=url).list_devices()


async def test_the_vendors_certificate_is_checked_all_the_same(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    me = make("me")
    url = await serve(make().server_context(tmp_path, clients=me))
    profile = PROFILE.replace("verify_ssl: false", "verify_ssl: true")
    with pytest.raises(CertificateError):
        await connect(profile, url=url, **given(me)).list_devices()


async def test_an_encrypted_key_is_opened_with_its_password(
    serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    me = make("me", password="pw")
    url = await serve(make().server_context(tmp_path, clients=me))
    await connect(PROFILE, url=url, **given(me, key_password="pw")).list_devices()


MINE = make("me")
LOCKED = make("me", password="pw")


@pytest.mark.parametrize(
    ("setup", "field", "reason"),
    [
        (given(MINE) | {"certificate": "x"}, "certificate", "it is no PEM"),
        (given(MINE) | {"certificate": ""}, "certificate", "it is no PEM"),
        (given(MINE) | {"private_key": MINE.certificate}, "private_key", "it is no PEM"),
        (given(MINE) | {"private_key": make().key}, "private_key", "does not belong to"),
        (given(LOCKED), "private_key", "it is encrypted, and there is no password"),
        (given(LOCKED, key_password="no"), "key_password", "cannot be decrypted"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told_at_its_field(
    setup: dict[str, str],
    field: str,
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(SetupValueError, match=reason) as caught:
        tls_of(parse_profile(PROFILE, "tiny.yaml"), setup)
    assert caught.value.field == field
    assert list(tmp_path.iterdir()) == []


def test_nobody_can_read_the_key_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    modes: list[int] = []
    load = ssl.SSLContext.load_cert_chain

    def look(context: ssl.SSLContext, name: str, **more: Any) -> None:
        modes.append(Path(name).stat().st_mode & 0o777)
        load(context, name, **more)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", look)
    tls_of(parse_profile(PROFILE, "tiny.yaml"), given(MINE))
    assert modes == [0o600]
    assert list(tmp_path.iterdir()) == []


def test_the_vendors_certificate_cannot_be_asked_about_besides() -> None:
    with pytest.raises(ProfileError, match="cannot be asked about"):
        parse_profile(PROFILE.replace("verify_ssl: false", "verify_ssl: ask"), "tiny.yaml")


def test_a_certificate_has_no_default() -> None:
    with pytest.raises(ProfileError, match="a pem has no default"):
        parse_profile(PROFILE.replace("pem, required: false", "pem, default: x", 1), "tiny.yaml")
