"""Against real sockets: what a made-up answer cannot show."""

import asyncio
from collections.abc import Callable
import gzip
from ssl import SSLContext
import zlib

from aiohttp import ClientSession, Fingerprint, web
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.errors import (
    CertificateError,
    NotFoundError,
    OutageError,
    RateLimitedError,
    UnexpectedAnswerError,
    UnreachableError,
    VendorError,
)
from custom_components.vendor_bridge.bridge.http import AnswerKind, Limits, Retry
from custom_components.vendor_bridge.bridge.http.auth import KeyAuth, Place, Where

from .conftest import Connect, Serve
from .helpers import get, never, post, raw_server, says

pytestmark = pytest.mark.usefixtures("socket_enabled")

ONCE = Retry(attempts=1)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
# Nobody listens there, and nobody may.
REFUSED = "http://127.0.0.1:1"


def body(content: bytes, *headers: bytes) -> bytes:
    lines = b"".join(header + b"\r\n" for header in headers)
    return HEAD + lines + b"Content-Length: %d\r\n\r\n" % len(content) + content


@pytest.mark.parametrize(
    ("parts", "reset", "error", "reason"),
    [
        ([b""], False, UnreachableError, "broke"),
        ([b""], True, UnreachableError, "broke"),
        ([b"HTTP/1.1 20"], True, UnreachableError, "broke"),
        ([HEAD + b"Content-Length: 99\r\n\r\n{"], False, UnreachableError, "in the middle"),
        ([HEAD + b"Content-Length: 99\r\n\r\n{"], True, UnreachableError, "broke"),
        (
            [HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n[1,2,\r\n"],
            False,
            UnreachableError,
            "in the middle",
        ),
        ([HEAD + b'\r\n{"a": [1, 2'], False, UnexpectedAnswerError, "no valid JSON"),
        (
            [HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n"],
            False,
            VendorError,
            "no valid|broke",
        ),
        ([b"SSH-2.0-OpenSSH_9.9\r\n"], False, UnexpectedAnswerError, "no valid HTTP"),
        ([b"HTTP/1.1 999999 What\r\n\r\n"], False, UnexpectedAnswerError, "no valid HTTP"),
        ([b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000], False, UnexpectedAnswerError, "HTTP"),
        ([HEAD + b"Content-Length: 0\r\n\r\n"], False, UnexpectedAnswerError, "empty"),
        (
            [body(b"no gzip", b"Content-Encoding: gzip")],
            False,
            UnexpectedAnswerError,
            "compression is broken",
        ),
        (
            [body(gzip.compress(b"[1]" * 9)[:-12], b"Content-Encoding: gzip")],
            False,
            VendorError,
            "no valid|broke",
        ),
    ],
)
async def test_broken_answers(
    connect: Connect, parts: list[bytes], reset: bool, error: type[VendorError], reason: str
) -> None:
    async with raw_server(says(*parts, reset=reset)) as server:
        with pytest.raises(error, match=reason):
            await connect(server.url, retry=ONCE).send(get(answer=AnswerKind.JSON))


async def test_nobody_there(connect: Connect) -> None:
    with pytest.raises(UnreachableError, match=r"refuses the connection$"):
        await connect(REFUSED).send(get())


async def test_no_such_name(connect: Connect, session: ClientSession) -> None:
    with pytest.raises(UnreachableError, match=r"the name does not resolve$"):
        await connect("http://nobody.invalid").send(get())


async def test_no_tls_there(connect: Connect) -> None:
    async with raw_server(says(b"HTTP/1.1 200 OK\r\n\r\n")) as server:
        with pytest.raises(UnreachableError):
            await connect(server.url.replace("http:", "https:"), connect_timeout=0.3).send(get())


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [b"HTTP/1.1 200 OK\r\n"],
        [HEAD + b"Content-Length: 9\r\n\r\n"],
        [HEAD + b"Content-Length: 9\r\n\r\n["] + [b" "] * 8,
    ],
    ids=["headers never come", "headers stop", "body never comes", "body drips"],
)
@pytest.mark.parametrize("command", [True, False])
async def test_an_answer_that_is_too_slow(
    connect: Connect, parts: list[bytes], command: bool
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await says(*parts, pause=0.15)(reader, writer)
        await never(reader, writer)

    async with raw_server(serve) as server:
        connection = connect(server.url)
        started = asyncio.get_running_loop().time()
        with pytest.raises(UnreachableError, match=r"no answer within 0\.8 s$"):
            await connection.send(get(timeout=0.8, command=command))
        assert asyncio.get_running_loop().time() - started < 5  # on a busy machine, too
        assert len(server.requests) == 1
        await until(lambda: server.open == 0)
        ((exchange,),) = connection.exchanges.last.values()
        assert 0.7 < exchange.seconds < 5


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds, for some seconds at most."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 what the other side of a socket does sets no event
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("stop", ["cancel", "close"])
async def test_giving_up_leaves_nothing_open(connect: Connect, stop: str) -> None:
    async with raw_server(never) as server:
        connection = connect(server.url, limits=Limits(concurrency=1))
        tasks = [asyncio.create_task(connection.send(get(f"/{n}"))) for n in range(3)]
        await until(lambda: server.open == 1)
        if stop == "cancel":
            for task in tasks:
                task.cancel()
        else:
            await connection.close()
        async with asyncio.timeout(3):
            results = await asyncio.gather(*tasks, return_exceptions=True)
        expected = asyncio.CancelledError if stop == "cancel" else UnreachableError
        assert [type(result) for result in results] == [expected] * 3
        if stop == "close":
            assert {str(result).rpartition(": ")[2] for result in results} == {
                "the connection is closed"
            }
        await until(lambda: server.open == 0)
        assert len(server.requests) == 1


async def test_too_large_by_its_own_account(connect: Connect) -> None:
    async with raw_server(says(HEAD + b"Content-Length: 99999999999\r\n\r\n")) as server:
        with pytest.raises(UnexpectedAnswerError, match="larger than 8192 KiB"):
            await connect(server.url).send(get())


async def test_too_large_without_end(connect: Connect, serve: Serve) -> None:
    sent = 0

    async def pour(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(2000):
            await response.write(b"[" * 65536)
            sent += 65536
        return response

    connection = connect(await serve(pour), max_bytes=2**20)
    with pytest.raises(UnexpectedAnswerError, match="larger than 1024 KiB"):
        await connection.send(get())
    assert sent < 64 * 2**20


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb(connect: Connect, encoding: str) -> None:
    bomb = zlib.compressobj(9, wbits=31 if encoding == "gzip" else 15)
    packed = b"".join(bomb.compress(b"[" * 2**20) for _ in range(60)) + bomb.flush()
    header = f"Content-Encoding: {encoding}".encode()
    async with raw_server(says(body(packed, header))) as server:
        with pytest.raises(UnexpectedAnswerError, match="larger than"):
            await connect(server.url).send(get())


async def test_a_large_refusal(connect: Connect) -> None:
    head = b"HTTP/1.1 404 Not Found\r\nContent-Length: 9999999\r\n\r\n"
    async with raw_server(says(head + b"x" * 9_999_999)) as server:
        with pytest.raises(NotFoundError):
            await connect(server.url).send(get())


async def test_a_large_answer_is_decoded_aside(connect: Connect, serve: Serve) -> None:
    async def much(request: web.Request) -> web.Response:
        return web.json_response([{"id": str(number)} for number in range(40_000)])

    answer = await connect(await serve(much)).send(get())
    assert len(answer.body) > 2**19
    assert len(answer.data) == 40_000


class Redirector:
    """A server that redirects /from to where a test wants, and notes what else it is asked."""

    def __init__(self, to: str, status: int) -> None:
        self.to = to
        self.status = status
        self.seen: list[tuple[str, str, str | None]] = []

    async def __call__(self, request: web.Request) -> web.Response:
        self.seen.append((request.method, str(request.rel_url), request.headers.get("X-Key")))
        if request.path in {"/from", "/circle"}:
            return web.Response(status=self.status, headers={"Location": self.to})
        key = request.headers.get("X-Key")
        return web.json_response({"key": key, "query": dict(request.query)})


KEY = KeyAuth("S3CR3T", Place(Where.HEADER, "X-Key"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_of_a_read(connect: Connect, serve: Serve, status: int) -> None:
    redirector = Redirector("/to?a=1", status)
    connection = connect(await serve(redirector), auth=KEY)
    answer = await connection.send(get("/from"))
    assert answer.data == {"key": "S3CR3T", "query": {"a": "1"}}
    assert answer.url.path_qs == "/to?a=1"
    assert not redirector.to.startswith("http")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_of_a_command(connect: Connect, serve: Serve, status: int) -> None:
    redirector = Redirector("/to", status)
    connection = connect(await serve(redirector), auth=KEY)
    if status in {307, 308}:
        await connection.send(post("/from"))
        assert redirector.seen == [("POST", "/from", "S3CR3T"), ("POST", "/to", "S3CR3T")]
    else:
        with pytest.raises(UnexpectedAnswerError, match="redirects a POST"):
            await connection.send(post("/from"))
        assert len(redirector.seen) == 1


@pytest.mark.parametrize("status", [302, 307])
async def test_credentials_do_not_leave(connect: Connect, serve: Serve, status: int) -> None:
    evil = Redirector("", 200)
    evil_url = await serve(evil)
    connection = connect(await serve(Redirector(str(evil_url / "steal"), status)), auth=KEY)
    for request in (get("/from"), post("/from")):
        with pytest.raises(UnexpectedAnswerError, match="leads to another host"):
            await connection.send(request)
    assert not evil.seen


async def test_a_redirect_between_the_accounts_own(connect: Connect, serve: Serve) -> None:
    other = Redirector("", 200)
    other_url = await serve(other)
    redirector = Redirector(str(other_url / "to"), 307)
    connection = connect(await serve(redirector), other_url, auth=KEY)
    assert (await connection.send(get("/from"))).data["key"] == "S3CR3T"
    with pytest.raises(UnexpectedAnswerError, match="redirects a POST"):
        await connection.send(post("/from"))
    assert len(other.seen) == 1


async def test_redirects_in_circles(connect: Connect, serve: Serve) -> None:
    redirector = Redirector("/circle", 302)
    with pytest.raises(UnexpectedAnswerError, match="again and again"):
        await connect(await serve(redirector)).send(get("/circle"))
    assert len(redirector.seen) == 6


async def test_a_redirect_that_is_promised(connect: Connect, serve: Serve) -> None:
    request = post("/from", ok=frozenset({302}), answer=AnswerKind.NONE)
    answer = await connect(await serve(Redirector("/home", 302))).send(request)
    assert answer.headers["Location"] == "/home"


async def test_a_query_key_is_not_repeated_after_a_redirect(connect: Connect, serve: Serve) -> None:
    redirector = Redirector("/to?key=S3CR3T&a=b%2Fc", 302)
    key = KeyAuth("S3CR3T", Place(Where.QUERY, "key"))
    connection = connect(await serve(redirector), auth=key)
    answer = await connection.send(get("/from?a=%2B"))
    assert redirector.seen[0][1] == "/from?a=%2B&key=S3CR3T"
    assert redirector.seen[1][1] == "/to?a=b/c&key=S3CR3T"
    assert answer.data["query"] == {"a": "b/c", "key": "S3CR3T"}
    direct = await connection.send(get("/to"))
    assert "S3CR3T" not in str(direct.url)


async def test_failover(connect: Connect, serve: Serve) -> None:
    async def fine(request: web.Request) -> web.Response:
        return web.json_response(request.method)

    cloud = await serve(fine)
    connection = connect(REFUSED, cloud)
    assert (await connection.send(post())).data == "POST"
    assert connection.address.port == cloud.port
    assert (await connection.send(get())).data == "GET"
    # The first one was not tried again.
    assert connection.stats.failures == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_command_that_may_have_arrived_is_not_sent_again(
    connect: Connect, method: str
) -> None:
    async with raw_server(says(b"", reset=True)) as local, raw_server(says(b"")) as cloud:
        connection = connect(local.url, cloud.url)
        with pytest.raises(UnreachableError, match="broke"):
            await connection.send(post(method=method))
        assert (len(local.requests), len(cloud.requests)) == (1, 0)
        with pytest.raises(UnreachableError):
            await connection.send(get())
        assert len(cloud.requests) >= 1


async def test_a_read_goes_on_to_the_next_address(connect: Connect, serve: Serve) -> None:
    async def fine(request: web.Request) -> web.Response:
        return web.json_response(1)

    async with raw_server(says(b"", reset=True)) as local:
        connection = connect(local.url, await serve(fine))
        assert (await connection.send(get())).data == 1


async def test_a_command_waits_for_its_turn_only_so_long(connect: Connect) -> None:
    async with raw_server(never) as server:
        connection = connect(server.url, limits=Limits(concurrency=1))
        first = asyncio.create_task(connection.send(get()))
        await until(lambda: server.open == 1)
        with pytest.raises(RateLimitedError, match=r"not sent: .* within 0\.2 s$"):
            await connection.send(post(timeout=0.2))
        assert len(server.requests) == 1
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        await until(lambda: server.open == 0)


async def test_connections_are_used_again(connect: Connect, serve: Serve) -> None:
    peers = set()

    async def note(request: web.Request) -> web.Response:
        assert request.transport
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response(None, status=404 if request.path == "/gone" else 200)

    connection = connect(await serve(note))
    for path in ("/a", "/gone", "/b", "/c"):
        try:
            await connection.send(get(path))
        except NotFoundError:
            continue
    assert len(peers) == 1


async def test_a_certificate_that_nobody_vouches_for(
    connect: Connect, self_signed: tuple[SSLContext, bytes]
) -> None:
    context, fingerprint = self_signed

    async def serve_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return
        finally:
            writer.write(body(b"1"))
            writer.close()

    server = await asyncio.start_server(serve_tls, "127.0.0.1", 0, ssl=context)
    url = URL(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    with pytest.raises(UnreachableError, match=r"the certificate is not trusted$"):
        await connect(url).send(get())
    with pytest.raises(CertificateError, match=r"another one than was accepted$"):
        await connect(url, tls=Fingerprint(b"\0" * 32)).send(get())
    assert (await connect(url, tls=Fingerprint(fingerprint)).send(get())).data == 1
    assert (await connect(url, tls=False).send(get())).data == 1
    server.close()
    await server.wait_closed()


async def test_a_session_that_was_closed(connect: Connect, session: ClientSession) -> None:
    await session.close()
    with pytest.raises(UnreachableError, match="the session is closed"):
        await connect(REFUSED).send(get())


async def test_an_outage_is_no_reason_to_leave_an_address(connect: Connect, serve: Serve) -> None:
    async def down(request: web.Request) -> web.Response:
        return web.Response(status=500)

    other = Redirector("", 200)
    connection = connect(await serve(down), await serve(other))
    with pytest.raises(OutageError):
        await connection.send(get())
    assert not other.seen
