"""Sessions and servers for the connection's tests."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from ssl import PROTOCOL_TLS_SERVER, SSLContext

from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer
from aioresponses import aioresponses
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.http import Connection, Settings
from custom_components.vendor_bridge.bridge.http.auth import Auth

from .helpers import EagerClock

BASE = URL("https://api.example.com/v1")

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Serve = Callable[[Handler], Awaitable[URL]]
type Connect = Callable[..., Connection]


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """Return a session as the connection's caller is told to make it."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield session


@pytest.fixture
async def connect(session: ClientSession) -> AsyncIterator[Connect]:
    """Return a function that makes connections, which are closed in the end."""
    connections: list[Connection] = []

    def make(
        *addresses: URL | str,
        auth: Auth | None = None,
        clock: EagerClock | None = None,
        **how: object,
    ) -> Connection:
        connection = Connection(
            session,
            [URL(address) for address in addresses] or [BASE],
            auth,
            clock=clock or EagerClock(),
            settings=Settings(**how),  # type: ignore[arg-type]
        )
        connections.append(connection)
        return connection

    yield make
    for connection in connections:
        await connection.close()


@pytest.fixture(scope="session")
def self_signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[SSLContext, bytes]:
    """Return what a server with a certificate of its own making needs, and its fingerprint."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub.local")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, certificate.fingerprint(hashes.SHA256())


@pytest.fixture
def vendor() -> Iterator[aioresponses]:
    """Return a vendor that is made up answer by answer."""
    with aioresponses() as vendor:
        yield vendor


@pytest.fixture
async def serve(socket_enabled: None) -> AsyncIterator[Serve]:
    """Return a function that runs a real HTTP server with one handler and tells its address."""
    servers: list[TestServer] = []

    async def run(handler: Handler) -> URL:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await handler(request)

        application = web.Application()
        application.router.add_route("*", "/{path:.*}", handle)
        server = TestServer(application, host="127.0.0.1")
        await server.start_server()
        servers.append(server)
        return URL(str(server.make_url("")))

    yield run
    for server in servers:
        await server.close()
