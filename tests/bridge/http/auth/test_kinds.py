"""The other kinds of signing in."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
import hashlib
import hmac
from itertools import count
import json
from typing import Any
from urllib.request import parse_http_list, parse_keqv_list

from aiohttp import web
from aioresponses import CallbackResult, aioresponses
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.errors import SignInError
from custom_components.vendor_bridge.bridge.http import Answer, Body, BodyKind, Request
from custom_components.vendor_bridge.bridge.http.auth import (
    Auth,
    BasicAuth,
    Digest,
    DigestAuth,
    KeyAuth,
    LoginAuth,
    Place,
    Rejection,
    Renewal,
    SignatureAuth,
    Signing,
    StepsAuth,
    Tokens,
    ToSign,
    Where,
    Writing,
    cookies_of,
    hash_of,
    in_header,
)

from ..conftest import BASE, Connect, Serve
from ..helpers import START, EagerClock, get, post
from .vendor import TokenVendor, make_auth


def says(data: object) -> CallbackResult:
    """Return an answer that is JSON of any kind."""
    return CallbackResult(body=json.dumps(data))


@pytest.mark.parametrize(
    ("auth", "headers", "query"),
    [
        (Auth(), {}, ""),
        (KeyAuth("k"), {"Authorization": "Bearer k"}, ""),
        (KeyAuth("k", Place(Where.HEADER, "X-Api-Key")), {"X-Api-Key": "k"}, ""),
        (
            KeyAuth("k", Place(Where.HEADER, "Authorization", "Token ")),
            {"Authorization": "Token k"},
            "",
        ),
        (KeyAuth("k/ü+", Place(Where.QUERY, "key")), {}, "key=k/%C3%BC%2B"),
        (KeyAuth("k", Place(Where.COOKIE, "sid")), {"Cookie": "sid=k"}, ""),
        (KeyAuth("a=1; b=2", Place(Where.COOKIE, "")), {"Cookie": "a=1; b=2"}, ""),
        (BasicAuth("Jörg", "a:b"), {"Authorization": "Basic SsO2cmc6YTpi"}, ""),
    ],
)
async def test_fixed_credentials(
    vendor: aioresponses, connect: Connect, auth: Auth, headers: dict[str, str], query: str
) -> None:
    seen: list[Any] = []

    def note(url: URL, **sent: Any) -> CallbackResult:
        seen.append(sent["headers"])
        return says(1)

    vendor.get(URL(f"{BASE}/x?{query}", encoded=True), callback=note)
    assert (await connect(auth=auth).send(get())).data == 1
    assert {name: seen[0].get(name) for name in headers} == headers
    assert all(secret not in repr(auth) for secret in auth.secrets if len(secret) > 1)


async def test_cookies_of_the_request_and_of_the_sign_in(
    vendor: aioresponses, connect: Connect
) -> None:
    def check(url: URL, **sent: Any) -> CallbackResult:
        return says(sent["headers"]["Cookie"])

    vendor.get(f"{BASE}/x", callback=check)
    connection = connect(auth=KeyAuth("k", Place(Where.COOKIE, "sid")))
    assert (await connection.send(get(headers={"Cookie": "lang=de"}))).data == "lang=de; sid=k"


@pytest.mark.parametrize("key", ["k\n", "k\r\nX-Admin: 1", "k\0", "k\ud800"])
@pytest.mark.parametrize("where", [Where.HEADER, Where.COOKIE])
async def test_a_key_that_was_pasted_badly(connect: Connect, key: str, where: Where) -> None:
    with pytest.raises(SignInError, match="the credentials hold"):
        await connect(auth=KeyAuth(key, Place(where, "key"))).send(get())


@pytest.mark.parametrize("auth", [Auth(), KeyAuth("k"), BasicAuth("u", "p")])
async def test_fixed_credentials_that_are_rejected(
    vendor: aioresponses, connect: Connect, auth: Auth
) -> None:
    vendor.get(f"{BASE}/x", status=401, payload={"m": "locked"}, repeat=True)
    connection = connect(auth=auth, describe_error=lambda data: data["m"])
    with pytest.raises(SignInError, match=r"\(401 Unauthorized: locked\)$") as caught:
        await connection.send(get())
    assert caught.value.request == "GET /v1/{device.id}"
    assert connection.stats.requests == 1


class DigestServer:
    """Checks digests by the book (RFC 7616), with a new nonce every few requests."""

    def __init__(self, algorithm: str, qop: str | None) -> None:
        self.algorithm = algorithm
        self.qop = qop
        self.hash = {"MD5": "md5", "SHA-256": "sha256"}[algorithm]
        self.nonces = count()
        self.nonce = "nonce-0"
        self.served = 0
        self.asked = 0

    def digest(self, *parts: str) -> str:
        return hashlib.new(self.hash, ":".join(parts).encode()).hexdigest()

    async def __call__(self, request: web.Request) -> web.Response:
        self.asked += 1
        kind, _, rest = request.headers.get("Authorization", "").partition(" ")
        fields = parse_keqv_list(parse_http_list(rest)) if kind == "Digest" else {}
        if not fields or fields["nonce"] != self.nonce or not self.is_right(request, fields):
            self.nonce = f"nonce-{next(self.nonces)}"
            challenge = f'Digest realm="cam, 1", nonce="{self.nonce}", algorithm={self.algorithm}'
            if self.qop:
                challenge += f', qop="{self.qop}"'
            return web.Response(status=401, headers={"WWW-Authenticate": challenge})
        self.served += 1
        return web.json_response(await request.text())

    def is_right(self, request: web.Request, fields: dict[str, str]) -> bool:
        ha1 = self.digest("admin", "cam, 1", "pass:word")
        ha2 = self.digest(request.method, fields["uri"])
        middle = (fields["nc"], fields["cnonce"], fields["qop"]) if self.qop else ()
        expected = self.digest(ha1, self.nonce, *middle, ha2)
        return fields["uri"] == request.path_qs and fields["response"] == expected


@pytest.mark.parametrize(
    ("algorithm", "qop"), [("MD5", None), ("MD5", "auth"), ("SHA-256", "auth")]
)
async def test_digest(connect: Connect, serve: Serve, algorithm: str, qop: str | None) -> None:
    server = DigestServer(algorithm, qop)
    url = await serve(server)
    connection = connect(url, auth=DigestAuth("admin", "pass:word"))
    assert (await connection.send(get("/a%2Fb?c=%2B&d"))).data == ""
    assert (await connection.send(post(body=Body(BodyKind.TEXT, "on")))).data == "on"
    # The second one was signed unasked.
    assert (server.served, server.asked) == (2, 3)
    server.nonce = "elsewhere"
    await connection.send(get("/y"))
    assert (server.served, server.asked) == (3, 5)


@pytest.mark.parametrize(("user", "password"), [("admin", "wrong"), ("ad:min", "pass:word")])
async def test_digest_that_is_rejected(
    connect: Connect, serve: Serve, user: str, password: str
) -> None:
    connection = connect(await serve(DigestServer("MD5", "auth")), auth=DigestAuth(user, password))
    with pytest.raises(SignInError):
        await connection.send(get())


async def test_a_session_by_cookie(vendor: aioresponses, connect: Connect) -> None:
    sessions = count(1)

    def login(url: URL, **sent: Any) -> CallbackResult:
        headers = {"Set-Cookie": f"sid={next(sessions)}; HttpOnly", "Location": "/home"}
        return CallbackResult(status=302, headers=headers)

    def read(url: URL, **sent: Any) -> CallbackResult:
        # Signed out, this one shows its login page.
        if sent["headers"].get("Cookie") != "sid=2":
            return CallbackResult(status=302, headers={"Location": "/login"})
        return says("in")

    vendor.post(f"{BASE}/login", callback=login, repeat=True)
    vendor.get(f"{BASE}/x", callback=read, repeat=True)
    request = Request(method="POST", path="/login", label="POST /login", ok=frozenset({302}))
    auth = LoginAuth(
        lambda: request,
        lambda answer: Tokens(token=cookies_of(answer, names={"sid"})),
        renewal=Renewal(place=Place(Where.COOKIE, ""), rejection=Rejection(frozenset({302, 401}))),
    )
    assert (await connect(auth=auth).send(get())).data == "in"


async def test_a_login_in_several_steps(vendor: aioresponses, connect: Connect) -> None:
    vendor.get(f"{BASE}/challenge", payload={"salt": "s41t"})

    def login(url: URL, **sent: Any) -> CallbackResult:
        right = hashlib.sha256(b"s41t" + b"right").hexdigest()
        status = 200 if sent["data"] == right.encode() else 403
        return CallbackResult(status=status, payload={"session": "sess-1"})

    def home(url: URL, **sent: Any) -> CallbackResult:
        return CallbackResult(payload={"home": "h-7"} if sent["headers"]["X-S"] == "sess-1" else {})

    vendor.post(f"{BASE}/login", callback=login)
    vendor.get(f"{BASE}/home", callback=home)

    def read(url: URL, **sent: Any) -> CallbackResult:
        return says(sent["headers"]["Authorization"])

    vendor.get(f"{BASE}/x", callback=read)

    def first(answers: Sequence[Answer]) -> Request:
        return get("/challenge")

    def second(answers: Sequence[Answer]) -> Request:
        digest = hashlib.sha256(answers[0].data["salt"].encode() + b"right").hexdigest()
        return post("/login", body=Body(BodyKind.TEXT, digest))

    def third(answers: Sequence[Answer]) -> Request:
        return get("/home", headers={"X-S": answers[1].data["session"]})

    auth = StepsAuth(
        [first, second, third],
        lambda answers: Tokens(
            token=answers[1].data["session"], extra={"home": answers[2].data["home"]}
        ),
    )
    assert (await connect(auth=auth).send(get())).data == "Bearer sess-1"
    assert auth.values["home"] == "h-7"


def milliseconds(to_sign: ToSign) -> int:
    return int(to_sign.at.timestamp() * 1000)


def sign_like_a_cloud(to_sign: ToSign) -> str:
    return f"{to_sign.values.get('token', '')}{milliseconds(to_sign)}{to_sign.nonce}"


async def test_a_signature_over_token_time_and_nonce(
    vendor: aioresponses, connect: Connect
) -> None:
    def check(url: URL, **sent: Any) -> CallbackResult:
        headers = sent["headers"]
        text = f"t0ken{headers['t']}{headers['nonce']}".encode()
        right = b64encode(hmac.new(b"s3cret", text, "sha256").digest()).decode()
        in_time = int(headers["t"]) == int(START.timestamp() * 1000)
        return says(headers["sign"] == right and in_time)

    vendor.get(f"{BASE}/x", callback=check)
    signing = Signing(
        layout=lambda to_sign: f"t0ken{milliseconds(to_sign)}{to_sign.nonce}",
        key=lambda _: "s3cret",
        places=lambda to_sign, signature: {
            Place(Where.HEADER, "sign"): signature,
            Place(Where.HEADER, "t"): str(milliseconds(to_sign)),
            Place(Where.HEADER, "nonce"): to_sign.nonce,
        },
        writing=Writing.BASE64,
    )
    key = KeyAuth("t0ken", Place(Where.HEADER, "Authorization"))
    auth = SignatureAuth(signing, key, ["s3cret"])
    assert (await connect(auth=auth).send(get())).data is True
    assert set(auth.secrets) == {"s3cret", "t0ken"}


@pytest.mark.parametrize(
    ("digest", "writing"),
    [
        (Digest.MD5, Writing.HEX),
        (Digest.SHA1, Writing.UPPER_HEX),
        (Digest.SHA256, Writing.BASE64),
        (Digest.SHA512, Writing.HEX),
    ],
)
async def test_a_signature_over_method_target_and_body(
    vendor: aioresponses, connect: Connect, digest: Digest, writing: Writing
) -> None:
    def layout(to_sign: ToSign) -> str:
        hashed = hash_of(to_sign.body.decode(), digest)
        seconds = str(int(to_sign.at.timestamp()))
        return f"{to_sign.method}\n{to_sign.target}\n{hashed}\n{seconds}"

    def check(url: URL, **sent: Any) -> CallbackResult:
        hashed = hashlib.new(digest, sent["data"]).hexdigest()
        text = f"POST\n/v1/x?a=%2F&b=1\n{hashed}\n{int(START.timestamp())}"
        right = hmac.new(b"k", text.encode(), digest.value)
        given = sent["headers"]["X-Sign"]
        got = {
            Writing.HEX: lambda: bytes.fromhex(given) if given.islower() else b"",
            Writing.UPPER_HEX: lambda: bytes.fromhex(given) if given.isupper() else b"",
            Writing.BASE64: lambda: b64decode(given),
        }[writing]()
        return says(got == right.digest())

    vendor.post(URL(f"{BASE}/x?a=%2F&b=1", encoded=True), callback=check)
    auth = SignatureAuth(
        Signing(
            layout=layout,
            key=lambda _: "k",
            places=in_header("X-Sign"),
            digest=digest,
            writing=writing,
        )
    )
    request = post("/x?a=%2F", query={"b": "1"}, body=Body(BodyKind.JSON, {"on": True}))
    assert (await connect(auth=auth).send(request)).data is True


async def test_a_signature_on_top_of_a_login(vendor: aioresponses, connect: Connect) -> None:
    clock = EagerClock()
    acme = TokenVendor(vendor, clock)
    signing = Signing(layout=sign_like_a_cloud, key=lambda _: "s", places=in_header("sign"))
    connection = connect(auth=SignatureAuth(signing, make_auth(), ["s"]), clock=clock)
    await connection.send(get())
    acme.good.clear()
    assert (await connection.send(get())).data == {"token": "token-2"}
    assert connection.auth.values["token"] == "token-2"
