"""Requests that are signed over a text that the profile lays out."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
import hashlib
import hmac
from pathlib import Path
from typing import Any, override

from aiohttp import ClientSession, web
from hypothesis import given, strategies as st
from multidict import CIMultiDict
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.errors import (
    ProfileError,
    SignInError,
    UnexpectedAnswerError,
    VendorError,
)
from custom_components.vendor_bridge.bridge.http.auth import (
    Auth,
    Outgoing,
    SignatureAuth,
    signature,
)
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile
from custom_components.vendor_bridge.bridge.profile.signin import auth_of

from ...http.helpers import EagerClock
from .conftest import Account
from .kinds import DEVICES, KINDS, Seen, Strict, profile_of

TUYA = """\
  auth: {type: api_key, key: "{setup.key}", place: none}
  signature:
    text: "1KAD46OrT9HafiKdsXeg{auth.key}{sign.time:unix_ms}{sign.nonce}{sign.method}\\n\\
      {sign.body:sha256}\\narea_id:29a33e8796834b1efa6\\n\\
      call_id:8afdb70ab2ed11eb85290242ac130003\\n\\n{sign.sorted_target}"
    key: "{setup.secret}"
    write: upper_hex
    headers: {sign: "{sign.signature}", t: "{sign.time:unix_ms}", nonce: "{sign.nonce}"}
"""
SWITCHBOT = KINDS["signature"].api
MANUAL = Path(__file__).parents[4] / "docs" / "profile.md"


class Stopped(EagerClock):
    """Time that stands still at one moment."""

    def __init__(self, milliseconds: int) -> None:
        super().__init__()
        self.at = datetime.fromtimestamp(milliseconds / 1000, UTC)

    @override
    def now(self) -> datetime:
        return self.at


def auth_with(api: str, milliseconds: int = 0, **setup: str) -> Auth:
    """Return the sign-in of a profile with this API, at a moment."""
    return auth_of_profile(profile_of(api), milliseconds, **setup)


def auth_of_profile(profile: str, milliseconds: int, **setup: str) -> Auth:
    """Return the sign-in of a profile, at a moment."""
    compiled = parse_profile(profile, "tiny.yaml")
    # The sign-in itself never touches the session.
    session: ClientSession = None  # type: ignore[assignment]
    auth = auth_of(compiled, Context(session=session, setup=setup))

    async def send(request: object) -> Any:
        raise AssertionError(request)

    auth.attach(send, Stopped(milliseconds))
    return auth


def signed(auth: Auth, method: str, url: str, body: bytes = b"") -> Outgoing:
    outgoing = Outgoing(method, URL(url, encoded=True), CIMultiDict(), body)
    auth.apply(outgoing)
    return outgoing


@pytest.mark.parametrize(
    ("token", "target", "expected"),
    [
        (
            "",
            "/v1.0/token?grant_type=1",
            "9E48A3E93B302EEECC803C7241985D0A34EB944F40FB573C7B5C2A82158AF13E",
        ),
        (
            "3f4eda2bdec17232f67c0b188af3eec1",
            "/v2.0/apps/schema/users?page_size=50&page_no=1",
            "AE4481C692AA80B25F3A7E12C3A5FD9BBF6251539DD78E565A1A72A508A88784",
        ),
    ],
)
def test_the_examples_in_tuyas_documentation(
    monkeypatch: pytest.MonkeyPatch, token: str, target: str, expected: str
) -> None:
    monkeypatch.setattr(signature, "token_hex", lambda _: "5138cc3a9033d69856923fd07b491173")
    auth = auth_with(TUYA, 1588925778000, key=token, secret="4OHBOnWOqaEC1mWXOpVL3yV50s0qGSRC")
    outgoing = signed(auth, "GET", f"https://openapi.tuyaeu.com{target}")
    assert dict(outgoing.headers) == {
        "sign": expected,
        "t": "1588925778000",
        "nonce": "5138cc3a9033d69856923fd07b491173",
    }


def test_an_example_of_switchbots_way(monkeypatch: pytest.MonkeyPatch) -> None:
    # The signature was made with OpenSSL.
    monkeypatch.setattr(signature, "token_hex", lambda _: "flMkSCm3PkBgOukF")
    auth = auth_with(SWITCHBOT, 1665582731060, key="hoge-token", secret="fuga-secret")
    outgoing = signed(auth, "GET", "https://api.switch-bot.com/v1.1/devices")
    assert dict(outgoing.headers) == {
        "Authorization": "hoge-token",
        "sign": "Lk4PPsJLZXAN6yhRTfhE5Vargx9N0iIBJRO+YeAkyJU=",
        "t": "1665582731060",
        "nonce": "flMkSCm3PkBgOukF",
    }


def documented(host: str) -> str:
    """Return the example in the manual that is about a host, as a whole profile."""
    blocks = MANUAL.read_text().split("```yaml\n")
    (example,) = (block.split("```")[0] for block in blocks if f"https://{host}" in block)
    frame = "profile: 1\nvendor: {id: tiny, name: Tiny}\n"
    return f"{frame}{example}{DEVICES % 'get: /devices'}"


@pytest.mark.parametrize("token", ["", "t0ken"])
def test_the_example_for_tuya_in_our_manual(token: str) -> None:
    auth = auth_of_profile(documented("openapi.tuyaeu.com"), 5000, client_id="id", secret="s")
    assert isinstance(auth, SignatureAuth)
    url = URL("https://openapi.tuyaeu.com/v1.0/x?b=2&a=1")
    outgoing = Outgoing("POST", url, CIMultiDict(), b'{"on":true}')
    auth.sign(outgoing, {"token": token} if token else {})
    headers = outgoing.headers
    body = hashlib.sha256(b'{"on":true}').hexdigest()
    text = f"id{token}5000{headers['nonce']}POST\n{body}\n\n/v1.0/x?a=1&b=2"
    assert headers["sign"] == hmac.digest(b"s", text.encode(), "sha256").hex().upper()
    assert (headers["client_id"], headers["t"]) == ("id", "5000")
    assert headers["sign_method"] == "HMAC-SHA256"


def test_the_example_for_switchbot_in_our_manual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signature, "token_hex", lambda _: "flMkSCm3PkBgOukF")
    profile = documented("api.switch-bot.com")
    auth = auth_of_profile(profile, 1665582731060, token="hoge-token", secret="fuga-secret")
    outgoing = signed(auth, "GET", "https://api.switch-bot.com/v1.1/devices")
    assert outgoing.headers["sign"] == "Lk4PPsJLZXAN6yhRTfhE5Vargx9N0iIBJRO+YeAkyJU="


def test_no_nonce_is_used_twice() -> None:
    auth = auth_with(SWITCHBOT, key="k", secret="s")
    sent = [signed(auth, "GET", "https://a.example/").headers for _ in range(50)]
    assert len({headers["nonce"] for headers in sent}) == 50
    assert len({headers["sign"] for headers in sent}) == 50


LAID_OUT = """\
  signature:
    text: "{setup.secret}|{sign.method}|{sign.path}|{sign.query}|{sign.target}\\
      |{sign.sorted_target}|{sign.body}|{sign.time:unix}|{sign.time:%Y%m%d}|{setup.secret}"
    hash: md5
    query: {sig: "{sign.signature}", v: "1"}
"""


def test_a_hash_without_a_key_in_the_query() -> None:
    auth = auth_with(LAID_OUT, 1000, secret="s")
    url = "https://a.example/x/%2F?b=2&a=1&a1=0&a=%20"
    outgoing = signed(auth, "PUT", url, '{"ä":1}'.encode())
    text = (
        "s|PUT|/x/%2F|b=2&a=1&a1=0&a=%20|/x/%2F?b=2&a=1&a1=0&a=%20|/x/%2F?a=1&a=%20&a1=0&b=2|"
        '{"ä":1}|1|19700101|s'
    )
    right = hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - as vendors do
    assert outgoing.url.query["sig"] == right
    assert outgoing.url.raw_query_string == f"b=2&a=1&a1=0&a=%20&sig={right}&v=1"
    assert signed(auth, "GET", "https://a.example/x").url.query["v"] == "1"


@given(st.text(), st.text(), st.binary(), st.text(), st.sampled_from([*"?&=#/:@%"]), st.integers(0))
def test_anything_can_be_signed_or_not(
    key: str, secret: str, body: bytes, target: str, odd: str, milliseconds: int
) -> None:
    auth = auth_with(SWITCHBOT, milliseconds % 10**12, key=key, secret=secret)
    url = URL("https://a.example").with_path(f"/{target}{odd}")
    outgoing = Outgoing("POST", url, CIMultiDict(), body)
    try:
        auth.apply(outgoing)
    except VendorError:
        assert not key.isprintable()
        return
    assert not set("".join(outgoing.headers.values())) & {"\r", "\n", "\0"}
    text = f"{key}{outgoing.headers['t']}{outgoing.headers['nonce']}"
    raw = hmac.digest(secret.encode(), text.encode(), "sha256")
    assert outgoing.headers["sign"] == b64encode(raw).decode()


SESSION_KEY = """\
  error: error
  auth:
    type: login
    request: {post: /login, json: {user: "{setup.username}", password: "{setup.password}"}}
    token: token
    keep: {salt: home.id}
  signature:
    text: "{sign.target}"
    key: "{auth.salt}"
    headers: {X-Sign: "{sign.signature}"}
    login: false
"""


async def test_a_key_that_the_login_gives(strict: Strict, account: Account) -> None:
    seen: list[str | None] = []
    kind = strict.kind

    def check(vendor: Strict, request: Seen) -> bool:
        right = hmac.new(b"42", b"/devices", hashlib.sha256).hexdigest()
        return kind.admits(vendor, request) and request.headers["X-Sign"] == right

    def note(vendor: Strict, request: Seen) -> web.Response:
        seen.append(request.headers.get("X-Sign"))
        return kind.logins["POST /login"](vendor, request)

    strict.kind = replace(kind, admits=check, logins={"POST /login": note})
    client = account(profile_of(SESSION_KEY))
    assert set((await client.list_devices()).devices) == {"d1"}
    # `login: false`: the request that signs in is not signed.
    assert seen == [None]


@pytest.mark.parametrize("key", ["k\r\nX-Admin: 1", "k\ud800"])
def test_a_key_that_no_header_can_carry(key: str) -> None:
    auth = auth_with(
        """\
  signature:
    text: x
    headers: {X: "{sign.signature}{setup.key}"}
""",
        key=key,
    )
    with pytest.raises(SignInError) as caught:
        signed(auth, "GET", "https://a.example/")
    assert "Admin" not in str(caught.value)


def test_a_session_that_no_header_can_carry_is_the_vendors_trouble() -> None:
    api = """\
  auth: {type: bearer, token: "{setup.key}"}
  signature: {text: x, headers: {X: "{sign.signature}", Y: "{auth.token}"}}
"""
    auth = auth_with(api, key="t")
    assert isinstance(auth, SignatureAuth)
    outgoing = Outgoing("GET", URL("https://a.example/"), CIMultiDict())
    with pytest.raises(UnexpectedAnswerError, match=r"auth\.token"):
        auth.sign(outgoing, {"token": "a\nb"})
    assert not outgoing.headers


@pytest.mark.parametrize(
    ("api", "message"),
    [
        ("signature: {text: x}", "say in headers or query where {sign.signature} goes"),
        (
            'signature: {text: "{sign.signature}", headers: {X: "{sign.signature}"}}',
            "there is nothing called {sign.signature} here",
        ),
        (
            'signature: {text: "{sign.bodie}", headers: {X: "{sign.signature}"}}',
            "did you mean 'sign.body' or",
        ),
        (
            'signature: {text: "{auth.token}", headers: {X: "{sign.signature}"}}',
            "there is nothing called {auth.token} here",
        ),
        (
            'signature: {text: x, hash: sha3, headers: {X: "{sign.signature}"}}',
            "'sha3' is not one of",
        ),
        ('signature: {text: x, headers: {"X Y": "{sign.signature}"}}', "not a name that can stand"),
    ],
)
def test_mistakes(api: str, message: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(profile_of(f"  {api}\n"), "tiny.yaml")
    assert message in str(caught.value)
