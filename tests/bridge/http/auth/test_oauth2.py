"""OAuth 2: tokens from another server than the API's, which hears of nothing else."""

import asyncio
from base64 import b64encode
import json
from typing import Any
from urllib.parse import parse_qs

from aiohttp import ClientConnectionError
from aioresponses import CallbackResult, aioresponses
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.errors import (
    ConsentError,
    OutageError,
    RateLimitedError,
    RefusedError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
    VendorError,
)
from custom_components.vendor_bridge.bridge.http import Request
from custom_components.vendor_bridge.bridge.http.auth import (
    Authorization,
    AuthorizationCodeAuth,
    ClientCredentialsAuth,
    DeviceCodeAuth,
    Endpoint,
    Renewal,
    SignatureAuth,
    Signing,
    TokenServer,
    in_header,
)

from ..conftest import BASE, Connect
from ..helpers import EagerClock, get, settle

LOGIN = "https://login.example.com"
TOKENS = Endpoint(f"{LOGIN}/token", "POST /token")
CODES = Endpoint(f"{LOGIN}/device", "POST /device")
AUTHORIZATION = Authorization(url=URL(f"{LOGIN}/authorize"), client_id="me")
CODE = {"code": "c0de", "redirect_uri": "https://ha.example/cb", "code_verifier": "v"}


def server(**more: Any) -> TokenServer:
    return TokenServer(tokens=TOKENS, client_id="me", client_secret="se/cret", **more)


class Login:
    """An authorization server: ``answers`` are given in turn, the last again and again."""

    def __init__(self, mock: aioresponses) -> None:
        self.answers: list[Any] = []
        self.forms: list[dict[str, str]] = []
        self.headers: list[Any] = []
        self.codes: Any = {
            "device_code": "dev1ce",
            "user_code": "WDJB-MJHT",
            "verification_uri": "https://example.com/device",
            "expires_in": 60,
            "interval": 5,
        }
        self.gate = asyncio.Event()
        self.gate.set()
        mock.post(f"{LOGIN}/token", callback=self._tokens, repeat=True)
        mock.post(f"{LOGIN}/device", callback=self._device, repeat=True)

    def tokens(self, number: int = 1, **more: Any) -> dict[str, Any]:
        return {
            "access_token": f"access-{number}",
            "refresh_token": f"refresh-{number}",
            "token_type": "Bearer",
            "expires_in": 100,
        } | more

    async def _tokens(self, url: URL, **sent: Any) -> CallbackResult:
        self._note(sent)
        await self.gate.wait()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, data = answer if isinstance(answer, tuple) else (200, answer)
        return CallbackResult(status=status, body=json.dumps(data))

    async def _device(self, url: URL, **sent: Any) -> CallbackResult:
        self._note(sent)
        return CallbackResult(body=json.dumps(self.codes))

    def _note(self, sent: Any) -> None:
        form = parse_qs(sent["data"].decode(), strict_parsing=True)
        self.forms.append({name: value for name, (value,) in form.items()})
        self.headers.append(sent["headers"])


@pytest.fixture
def login(vendor: aioresponses) -> Login:
    return Login(vendor)


def api(vendor: aioresponses, *good: str) -> list[str]:
    """Answer who brings one of the tokens, and note what everybody brings."""
    brought: list[str] = []

    def read(url: URL, **sent: Any) -> CallbackResult:
        brought.append(sent["headers"].get("Authorization", ""))
        fine = brought[-1] in {f"Bearer {token}" for token in good}
        return CallbackResult(status=200 if fine else 401, payload={})

    vendor.get(f"{BASE}/x", callback=read, repeat=True)
    return brought


def kept(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"token": f"access-{number}", "refresh_token": f"refresh-{number}"} | more


# --- without a user -------------------------------------------------------------------------------


@pytest.mark.parametrize("in_header", [True, False])
async def test_client_credentials(
    vendor: aioresponses, connect: Connect, login: Login, in_header: bool
) -> None:
    login.answers = [{"access_token": "t", "token_type": "Bearer", "expires_in": "3600"}]
    api(vendor, "t")
    auth = ClientCredentialsAuth(server(in_header=in_header, scope="a b", form={"x": "y"}))
    await connect(auth=auth).send(get())
    client = {} if in_header else {"client_id": "me", "client_secret": "se/cret"}
    assert login.forms == [{"grant_type": "client_credentials", "scope": "a b", "x": "y"} | client]
    basic = "Basic " + b64encode(b"me:se%2Fcret").decode() if in_header else None
    assert login.headers[0].get("Authorization") == basic


async def test_client_credentials_that_are_rejected(connect: Connect, login: Login) -> None:
    login.answers = [
        (400, {"error": "invalid_client", "error_description": "no such client se/cret"})
    ]
    with pytest.raises(SignInError, match="no such client"):
        await connect(auth=ClientCredentialsAuth(server())).send(get())


@pytest.mark.parametrize("payload", [{}, {"access_token": ""}, {"access_token": 5}, ["t"]])
async def test_an_answer_without_a_token(connect: Connect, login: Login, payload: object) -> None:
    login.answers = [payload]
    with pytest.raises(UnexpectedAnswerError, match="no access_token"):
        await connect(auth=ClientCredentialsAuth(server())).send(get())


async def test_a_token_without_an_expiry_serves_until_it_is_rejected(
    vendor: aioresponses, connect: Connect, login: Login
) -> None:
    login.answers = [{"access_token": "t", "expires_in": "soon"}]
    api(vendor, "t")
    connection = connect(auth=ClientCredentialsAuth(server()))
    for _ in range(2):
        await connection.send(get())
    assert len(login.forms) == 1


async def test_a_path_is_asked_below_the_api(vendor: aioresponses, connect: Connect) -> None:
    vendor.post(f"{BASE}/token", payload={"access_token": "t"})
    api(vendor, "t")
    here = TokenServer(tokens=Endpoint("/token", "POST /token"), client_id="me")
    await connect(auth=ClientCredentialsAuth(here)).send(get())


# --- in the browser -------------------------------------------------------------------------------


async def test_a_code_is_exchanged_for_tokens_that_are_stored(
    vendor: aioresponses, connect: Connect, login: Login
) -> None:
    stored: list[Any] = []
    auth = AuthorizationCodeAuth(server(), AUTHORIZATION, Renewal(save_tokens=stored.append))
    assert auth.consent is auth
    connection = connect(auth=auth)
    login.answers = [login.tokens()]
    brought = api(vendor, "access-1")
    await auth.redeem(**CODE)
    assert login.forms == [
        {
            "grant_type": "authorization_code",
            "client_id": "me",
            "client_secret": "se/cret",
            **CODE,
        }
    ]
    assert [(one["token"], one["refresh_token"]) for one in stored] == [("access-1", "refresh-1")]
    await connection.send(get())
    assert brought == ["Bearer access-1"]


async def test_nobody_signs_in_unasked(connect: Connect, login: Login) -> None:
    connection = connect(auth=AuthorizationCodeAuth(server(), AUTHORIZATION))
    with pytest.raises(SignInError, match="the user has to sign in"):
        await connection.send(get())
    assert login.forms == []


async def test_a_rejected_token_is_renewed_once_for_all_who_wait(
    vendor: aioresponses, connect: Connect, login: Login
) -> None:
    stored: list[Any] = []
    renewal = Renewal(tokens=kept(), save_tokens=stored.append)
    connection = connect(auth=AuthorizationCodeAuth(server(), AUTHORIZATION, renewal))
    login.answers = [login.tokens(2)]
    login.gate.clear()
    brought = api(vendor, "access-2")
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(connection.send(get()))
        await settle()
        login.gate.set()
    assert [form["refresh_token"] for form in login.forms] == ["refresh-1"]
    assert brought.count("Bearer access-2") == 3
    assert stored[-1]["refresh_token"] == "refresh-2"


async def test_the_refresh_token_that_was_given_last_is_the_next_to_be_used(
    vendor: aioresponses, connect: Connect, login: Login
) -> None:
    clock = EagerClock()
    renewal = Renewal(tokens=kept())
    connection = connect(auth=AuthorizationCodeAuth(server(), AUTHORIZATION, renewal), clock=clock)
    second = login.tokens(2)
    third = {key: value for key, value in login.tokens(3).items() if key != "refresh_token"}
    login.answers = [second, third, login.tokens(4)]
    api(vendor, "access-2", "access-3", "access-4")
    for _ in range(3):
        await connection.send(get())
        clock.seconds += 200
    assert [form["refresh_token"] for form in login.forms] == [
        "refresh-1",
        "refresh-2",
        "refresh-2",  # the third answer gave none, so that this one stays in force
    ]


DOWN = [
    ((500, {"error": "invalid_grant"}), OutageError),
    ((503, {}), OutageError),
    ((429, {}), RateLimitedError),
    ((403, "a page of some firewall"), RefusedError),
    ((400, {"error": "invalid_request"}), RefusedError),
    ((200, {"odd": True}), UnexpectedAnswerError),
    (ClientConnectionError(), UnreachableError),
]


@pytest.mark.parametrize(("answer", "error"), DOWN)
async def test_only_the_server_itself_can_say_that_the_user_has_to_sign_in_again(
    vendor: aioresponses, connect: Connect, login: Login, answer: Any, error: type[VendorError]
) -> None:
    auth = AuthorizationCodeAuth(server(), AUTHORIZATION, Renewal(tokens=kept()))
    connection = connect(auth=auth)
    api(vendor)
    login.answers = [answer]
    with pytest.raises(error) as caught:
        await connection.send(get())
    assert not isinstance(caught.value, SignInError)


@pytest.mark.parametrize("status", [200, 400, 401])
async def test_a_refresh_token_that_has_been_withdrawn(
    vendor: aioresponses, connect: Connect, login: Login, status: int
) -> None:
    auth = AuthorizationCodeAuth(server(), AUTHORIZATION, Renewal(tokens=kept()))
    connection = connect(auth=auth)
    api(vendor)
    login.answers = [(status, {"error": "invalid_grant"})]
    with pytest.raises(SignInError, match="invalid_grant"):
        await connection.send(get())


async def test_a_token_that_cannot_be_renewed(
    vendor: aioresponses, connect: Connect, login: Login
) -> None:
    auth = AuthorizationCodeAuth(server(), AUTHORIZATION, Renewal(tokens={"token": "access-1"}))
    connection = connect(auth=auth)
    api(vendor)
    with pytest.raises(SignInError):
        await connection.send(get())
    assert login.forms == []


# --- with a code ----------------------------------------------------------------------------------


def device(**how: Any) -> DeviceCodeAuth:
    return DeviceCodeAuth(server(scope="a b"), CODES, Renewal(**how))


async def test_a_device_code_is_shown_and_asked_about_until_it_was_entered(
    vendor: aioresponses, connect: Connect, login: Login
) -> None:
    clock = EagerClock()
    stored: list[Any] = []
    auth = device(save_tokens=stored.append)
    connection = connect(auth=auth, clock=clock)
    prompt = await auth.begin()
    assert (str(prompt.url), prompt.code) == ("https://example.com/device", "WDJB-MJHT")
    assert prompt.seconds == 60
    pending = {"error": "authorization_pending"}
    login.answers = [
        (400, pending),
        (400, {"error": "slow_down"}),
        (200, pending),  # some say so with 200
        ClientConnectionError(),
        login.tokens(),
    ]
    await auth.wait()
    assert clock.slept == [5, 5, 10, 10, 10]
    assert login.forms[0] == {"scope": "a b", "client_id": "me", "client_secret": "se/cret"}
    assert login.forms[-1] == {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": "dev1ce",
        "client_id": "me",
        "client_secret": "se/cret",
    }
    assert stored[-1]["token"] == "access-1"
    brought = api(vendor, "access-1")
    await connection.send(get())
    assert brought == ["Bearer access-1"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((400, {"error": "access_denied"}), "the user refused"),
        ((400, {"error": "expired_token"}), "not entered in time"),
        ((400, {"error": "authorization_pending"}), "nobody agreed within 60 seconds"),
    ],
)
async def test_a_device_code_that_leads_to_nothing(
    connect: Connect, login: Login, answer: Any, reason: str
) -> None:
    auth = device()
    connect(auth=auth)
    await auth.begin()
    login.answers = [answer]
    with pytest.raises(ConsentError, match=reason):
        await auth.wait()


async def test_what_else_a_server_says_of_a_device_code_ends_the_wait(
    connect: Connect, login: Login
) -> None:
    auth = device()
    connect(auth=auth)
    await auth.begin()
    login.answers = [(400, {"error": "invalid_scope"})]
    with pytest.raises(RefusedError, match="invalid_scope"):
        await auth.wait()


async def test_a_server_that_stays_away_is_the_reason(connect: Connect, login: Login) -> None:
    auth = device()
    connect(auth=auth)
    await auth.begin()
    login.answers = [(503, {})]
    with pytest.raises(OutageError):
        await auth.wait()


async def test_a_server_that_wants_patience_gets_it(connect: Connect, login: Login) -> None:
    clock = EagerClock()
    auth = device()
    connect(auth=auth, clock=clock)
    await auth.begin()
    login.answers = [(429, {}), login.tokens()]
    await auth.wait()
    assert clock.slept[:2] == [5, 5]


@pytest.mark.parametrize(
    "codes",
    [
        [],
        {"user_code": 5},
        {"user_code": "A\nB"},
        {"device_code": ""},
        {"verification_uri": "javascript:alert(1)"},
        {"verification_uri": "https://u:p@example.com/"},
        {"verification_uri": "http://["},
        {"verification_uri": 7},
    ],
)
async def test_codes_that_cannot_be_shown(connect: Connect, login: Login, codes: Any) -> None:
    auth = device()
    connect(auth=auth)
    login.codes = login.codes | codes if isinstance(codes, dict) else codes
    with pytest.raises(UnexpectedAnswerError, match="the answer holds no"):
        await auth.begin()


@pytest.mark.parametrize(
    ("given", "seconds"), [({}, 600), ({"expires_in": "x"}, 600), ({"expires_in": 1e9}, 3600)]
)
async def test_lives_of_codes_that_make_no_sense(
    connect: Connect, login: Login, given: Any, seconds: float
) -> None:
    auth = device()
    connect(auth=auth)
    del login.codes["expires_in"]
    login.codes |= given | {"interval": True}
    assert (await auth.begin()).seconds == seconds


# --- what goes where ------------------------------------------------------------------------------


async def test_the_api_is_never_asked_at_the_authorization_server(
    vendor: aioresponses, connect: Connect, login: Login
) -> None:
    auth = AuthorizationCodeAuth(server(), AUTHORIZATION, Renewal(tokens=kept()))
    connection = connect(auth=auth)
    with pytest.raises(UnexpectedAnswerError, match="another host"):
        await connection.send(get(f"{LOGIN}/x"))
    vendor.get(f"{BASE}/x", status=302, headers={"Location": f"{LOGIN}/x"})
    with pytest.raises(UnexpectedAnswerError, match="another host"):
        await connection.send(get())
    assert [url.host for _, url in vendor.requests or {}] == ["api.example.com"]


@pytest.mark.parametrize("status", [302, 307, 308])
@pytest.mark.parametrize("target", [f"{BASE}/steal", "https://evil.example/token"])
async def test_the_secret_stays_with_the_authorization_server(
    vendor: aioresponses, connect: Connect, status: int, target: str
) -> None:
    vendor.post(f"{LOGIN}/token", status=status, headers={"Location": target}, repeat=True)
    connection = connect(auth=ClientCredentialsAuth(server()))
    with pytest.raises(UnexpectedAnswerError):
        await connection.send(get())
    assert [url.host for _, url in vendor.requests or {}] == ["login.example.com"]


async def test_what_the_api_is_sent_never_goes_to_the_authorization_server(
    vendor: aioresponses, connect: Connect, login: Login
) -> None:
    """Neither the connection's headers nor a signature, and above all no token."""
    signing = Signing(layout=lambda _: "x", key=lambda _: "s", places=in_header("Sign"))
    inner = AuthorizationCodeAuth(server(), AUTHORIZATION, Renewal(tokens=kept()))
    auth = SignatureAuth(signing, inner, ["s"])
    assert auth.consent is inner
    connection = connect(auth=auth, headers={"X-Key": "k"})
    login.answers = [login.tokens(2)]
    api(vendor, "access-2")
    await connection.send(get())
    assert "X-Key" not in login.headers[0]
    assert "Sign" not in login.headers[0]
    assert "Authorization" not in login.headers[0]
    assert "access-1" not in str(login.forms)


def test_a_request_that_carries_the_sign_in_cannot_leave() -> None:
    with pytest.raises(ValueError, match="own hosts alone"):
        Request(method="GET", path="/", label="GET /", elsewhere=URL(LOGIN))
