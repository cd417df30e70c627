"""Logins: in one step or several, with tokens, cookies, or both."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
import hashlib
import hmac
import json
from typing import Any

from aiohttp import ClientSession, web
from hypothesis import given, strategies as st
from multidict import CIMultiDict, CIMultiDictProxy
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.errors import (
    ProfileError,
    RefusedError,
    SignInError,
    UnexpectedAnswerError,
    VendorError,
)
from custom_components.vendor_bridge.bridge.http import connection
from custom_components.vendor_bridge.bridge.http.message import Answer, Request
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile
from custom_components.vendor_bridge.bridge.profile.signin import auth_of

from ...http.helpers import EagerClock
from .conftest import Account
from .kinds import KINDS, LOGIN, SECRET, SETUP, Seen, Strict, echo, profile_of


def signs_in(strict: Strict, **logins: Any) -> None:
    """Let the vendor answer "POST /x" as ``post_x`` says."""
    named = {
        f"{name.partition('_')[0].upper()} /{name.partition('_')[2]}": answer
        for name, answer in logins.items()
    }
    strict.kind = replace(strict.kind, logins=named)


async def test_what_was_kept_is_needed_after_a_restart(
    strict: Strict, account: Account, saved: list[Mapping[str, Any]]
) -> None:
    """A newer profile may keep more than what is stored: one signs in anew."""
    await account().list_devices()
    newer = profile_of(
        f"  headers: {{X-Home: '{{auth.home}}'}}\n{LOGIN}    keep: {{home: home.id}}\n"
    )
    client = account(newer, tokens=saved[-1])
    await client.list_devices()
    assert strict.logins == 2
    assert strict.asked[-1].headers["X-Home"] == "42"
    again = account(newer, tokens=saved[-1])
    await again.list_devices()
    assert strict.logins == 2


async def test_an_answer_without_what_is_to_be_kept(strict: Strict, account: Account) -> None:
    client = account(profile_of(f"{LOGIN}    keep: {{region: data.region}}\n"))
    with pytest.raises(UnexpectedAnswerError, match="nothing to keep as region"):
        await client.list_devices()


REFRESH = """\
    refresh_token: refresh
    expires_in: 100
    keep: {home: home.id}
    hashes: {mark: {text: "{auth.home}", hash: md5}}
    refresh:
      post: /refresh
      json: {refresh: "{auth.refresh_token}", old: "{auth.token}", home: "{auth.home}"}
      headers: {X-Mark: "{auth.mark}"}
"""


async def test_a_renewal_need_not_repeat_what_is_kept(
    strict: Strict, account: Account, clock: EagerClock, saved: list[Mapping[str, Any]]
) -> None:
    sent: list[Any] = []

    def login(vendor: Strict, seen: Seen) -> web.Response:
        gives = {"token": vendor.new_token(), "refresh": "r1", "home": {"id": 42}}
        return web.json_response(gives)

    def renew(vendor: Strict, seen: Seen) -> web.Response:
        sent.append((seen.body, seen.headers["X-Mark"]))
        return web.json_response({"token": vendor.new_token()})

    signs_in(strict, post_login=login, post_refresh=renew)
    client = account(profile_of(f"  headers: {{X-Home: '{{auth.home}}'}}\n{LOGIN}{REFRESH}"))
    for _ in range(3):
        clock.seconds += 200
        await client.list_devices()
    mark = hashlib.md5(b"42").hexdigest()  # noqa: S324 - as vendors do
    assert sent == [
        ({"refresh": "r1", "old": f"token-planted-{number}", "home": "42"}, mark)
        for number in (1, 2)
    ]
    assert strict.asked[-1].headers["X-Home"] == "42"
    assert saved[-1]["extra"] == {"home": "42", "mark": mark}


async def test_a_token_that_renews_itself(
    strict: Strict, account: Account, clock: EagerClock
) -> None:
    renewed: list[str] = []

    def renew(vendor: Strict, seen: Seen) -> web.Response:
        renewed.append(seen.headers["X-Old"])
        return web.json_response({"token": vendor.new_token()})

    signs_in(strict, post_login=strict.kind.logins["POST /login"], post_renew=renew)
    renews = "    refresh: {post: /renew, headers: {X-Old: '{auth.token}'}}\n    expires_in: 100\n"
    client = account(profile_of(LOGIN + renews))
    await client.list_devices()
    clock.seconds += 200
    await client.list_devices()
    # Without another login.
    assert renewed == ["token-planted-1"]
    assert strict.logins == 2
    assert strict.good == {"token-planted-2"}


# --- cookies -------------------------------------------------------------------------------------


def sets(vendor: Strict, data: Any, *cookies: str) -> web.Response:
    response = web.json_response(data)
    for cookie in cookies:
        response.headers.add("Set-Cookie", cookie)
    return response


async def test_a_token_and_cookies(
    strict: Strict, account: Account, saved: list[Mapping[str, Any]]
) -> None:
    def login(vendor: Strict, seen: Seen) -> web.Response:
        return sets(vendor, {"token": vendor.new_token()}, "sid=planted-1; Path=/", "lang=de")

    signs_in(strict, post_login=login)
    profile = profile_of(f"{LOGIN}    cookies: [sid]\n")
    client = account(profile)
    await client.list_devices()
    assert strict.asked[-1].headers["Cookie"] == "sid=planted-1"
    assert strict.asked[-1].headers["Authorization"] == "Bearer token-planted-1"
    assert "planted-1" in client.connection.auth.secrets
    await account(profile, tokens=saved[-1]).list_devices()
    assert strict.asked[-1].headers["Cookie"] == "sid=planted-1"
    assert strict.logins == 1


STEPS_WITH_COOKIES = """\
  auth:
    type: login
    steps:
      - {get: /form, answer: none}
      - {post: /login, form: {p: "{setup.password}"}, headers: {Cookie: lang=de}, answer: none}
    cookies: true
"""


async def test_each_step_has_the_cookies_of_those_before(strict: Strict, account: Account) -> None:
    def form(vendor: Strict, seen: Seen) -> web.Response:
        assert "Cookie" not in seen.headers
        return sets(vendor, None, "csrf=c1", "sid=nobody")

    def login(vendor: Strict, seen: Seen) -> web.Response:
        assert seen.headers["Cookie"] == "lang=de; csrf=c1; sid=nobody"
        return sets(vendor, None, f"sid={vendor.new_token()}", "csrf=; Max-Age=0")

    signs_in(strict, get_form=form, post_login=login)
    strict.kind = replace(
        strict.kind, admits=lambda vendor, seen: seen.headers["Cookie"] == "sid=token-planted-1"
    )
    await account(profile_of(STEPS_WITH_COOKIES)).list_devices()
    assert strict.logins == 2


async def test_a_login_that_sets_no_cookie(strict: Strict, account: Account) -> None:
    def nothing(vendor: Strict, seen: Seen) -> web.Response:
        return sets(vendor, None)

    signs_in(strict, get_form=nothing, post_login=nothing)
    with pytest.raises(UnexpectedAnswerError, match="sets no cookie"):
        await account(profile_of(STEPS_WITH_COOKIES)).list_devices()


# --- signing out ---------------------------------------------------------------------------------

LOGOUT = """\
    logout: {post: /logout, json: {session: "{auth.token}"}}
    keep: {home: home.id}
"""


async def test_a_session_is_ended_where_the_vendor_wants_that(
    strict: Strict, account: Account, saved: list[Mapping[str, Any]]
) -> None:
    left: list[Any] = []

    def logout(vendor: Strict, seen: Seen) -> web.Response:
        left.append((seen.body, seen.headers["Authorization"]))
        return web.json_response({})

    signs_in(strict, post_login=strict.kind.logins["POST /login"], post_logout=logout)
    client = account(profile_of(LOGIN + LOGOUT))
    await client.close()
    assert left == []  # nobody was signed in
    client = account(profile_of(LOGIN + LOGOUT))
    await client.list_devices()
    await client.close()
    assert left == [({"session": "token-planted-1"}, "Bearer token-planted-1")]
    # What is stored is of no use any more.
    assert saved[-1] == {}
    again = account(profile_of(LOGIN + LOGOUT), tokens=saved[-1])
    await again.list_devices()
    assert strict.good == {"token-planted-2"}


@pytest.mark.parametrize("mood", ["silent", "down", "refuses"])
async def test_a_vendor_that_lets_nobody_go_is_left(
    strict: Strict,
    account: Account,
    saved: list[Mapping[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    mood: str,
) -> None:
    monkeypatch.setattr(connection, "LEAVING", 0.2)
    client = account(profile_of(LOGIN + LOGOUT))
    await client.list_devices()
    asked = asyncio.Event()

    async def never(request: web.Request) -> web.StreamResponse:
        asked.set()
        if mood == "down":
            assert request.transport is not None
            request.transport.abort()
        if mood == "silent":
            await asyncio.sleep(2)
        return web.Response(status=500)

    strict.instead = never
    async with asyncio.timeout(1.5):
        await client.close()
    assert asked.is_set()
    # Whether it still knows the session, it will say itself.
    assert saved[-1]["token"] == "token-planted-1"


async def test_a_signed_login_is_left_with_a_signature(strict: Strict, account: Account) -> None:
    seen_by_vendor: list[Mapping[str, str]] = []

    def logout(vendor: Strict, seen: Seen) -> web.Response:
        seen_by_vendor.append(seen.headers)
        return web.json_response({})

    api = """\
  signature: {text: "{auth.token}", key: "{setup.secret}", headers: {X: "{sign.signature}"}}
"""
    signs_in(strict, post_login=strict.kind.logins["POST /login"], post_logout=logout)
    client = account(profile_of(LOGIN + LOGOUT + api))
    await client.list_devices()
    await client.close()
    (sent,) = seen_by_vendor
    assert sent["X"] == hmac.digest(SECRET.encode(), b"token-planted-1", "sha256").hex()


# --- who is to blame -----------------------------------------------------------------------------

SAYS = '  failed: "error != null"\n  error: error\n'


@pytest.mark.parametrize(
    ("rejected", "status", "expected"),
    [
        # Without conditions, a login that fails with 200 means the credentials.
        ("[403]", 200, SignInError),
        # With conditions, only what they find does.
        ('["code == `7`"]', 200, SignInError),
        ('["code == `8`"]', 200, RefusedError),
        ('["code == `7`"]', 403, SignInError),
        ('["code == `8`"]', 403, RefusedError),
        ('["code == `8`", 403]', 403, SignInError),
        ("[400]", 403, RefusedError),
        ("[400]", 409, RefusedError),
        # A vendor in trouble is believed nothing, unless the profile names the status.
        ('["code == `7`"]', 500, VendorError),
        ('["code == `7`"]', 429, VendorError),
        ("[500]", 500, SignInError),
    ],
)
async def test_how_a_login_says_no(
    strict: Strict, account: Account, rejected: str, status: int, expected: type[VendorError]
) -> None:
    signs_in(strict, post_login=lambda _, seen: echo(status, seen, code=7))
    client = account(profile_of(f"{SAYS}{LOGIN}    rejected: {rejected}\n"))
    with pytest.raises(expected) as caught:
        await client.connect()
    assert isinstance(caught.value, SignInError) is (expected is SignInError)


@pytest.mark.parametrize(
    ("signed_out", "status", "renews"),
    [
        ('["code == `7`"]', 200, True),
        ('["code == `7`"]', 403, True),
        ('[401, "code == `8`", "code == `7`"]', 200, True),
        ('["code == `8`"]', 403, False),
        ('["code == `7`"]', 503, False),
        ("[403]", 403, True),
    ],
)
async def test_how_an_answer_says_that_one_is_signed_out(
    strict: Strict, account: Account, signed_out: str, status: int, renews: bool
) -> None:
    strict.kind = replace(strict.kind, turn_away=lambda seen: echo(status, seen, code=7))
    client = account(profile_of(f"{SAYS}  signed_out: {signed_out}\n{LOGIN}"))
    await client.list_devices()
    strict.good.clear()
    if renews:
        await client.list_devices()
    else:
        with pytest.raises(VendorError) as caught:
            await client.list_devices()
        assert not isinstance(caught.value, SignInError)
    assert strict.logins == 1 + renews


async def test_a_missing_thing_in_an_error_page_means_nothing(
    strict: Strict, account: Account
) -> None:
    """`ok != true` would hold of any page that is not the answer."""
    client = account(profile_of(f"  signed_out: ['ok != `true`']\n{LOGIN}"))
    strict.answer = lambda _: {"ok": True, "items": []}
    await client.list_devices()
    for body, kind in (("<html>", "text/html"), ("", "application/json"), ('"x"', "text/plain")):
        strict.answer = lambda _, body=body, kind=kind: web.Response(text=body, content_type=kind)  # type: ignore[misc]
        with pytest.raises(UnexpectedAnswerError):
            await client.list_devices()
    assert strict.logins == 1


async def test_what_the_user_filled_in_that_no_request_can_carry(
    strict: Strict, account: Account
) -> None:
    api = """\
  auth:
    type: login
    request: {post: /login, headers: {X-Password: "{setup.password}"}}
    token: token
"""
    client = account(profile_of(api), password="a\r\nX-Admin: 1")
    with pytest.raises(SignInError, match=r"\{setup\.password\} has control") as caught:
        await client.connect()
    assert "Admin" not in str(caught.value)
    assert strict.logins == 0


# --- whatever a stranger answers -----------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("nonce", "data", "id", "session", "home", "token", "expires_in", "refresh_token", "at")
ANSWERS = JSON | st.dictionaries(st.sampled_from(FIELDS), JSON)
ODD = """\
    expires_in: expires_in
    expires_at: at
    keep: {home: home, session: {value: session, case: lower}}
    cookies: true
"""
STEPS = parse_profile(KINDS["steps"].profile, "steps.yaml")
ONE = parse_profile(profile_of(LOGIN + ODD), "one.yaml")


@given(
    st.sampled_from([STEPS, ONE]),
    st.lists(ANSWERS, min_size=3, max_size=3),
    st.lists(st.text(), max_size=3),
)
def test_whatever_the_vendor_answers(profile: Any, answers: list[Any], cookies: list[str]) -> None:
    saved: list[Mapping[str, Any]] = []
    sent = iter(answers)
    headers = CIMultiDict([("Set-Cookie", cookie) for cookie in cookies])

    async def send(request: Request) -> Answer:
        assert not request.sign_in
        return Answer(
            status=200,
            data=next(sent),
            url=URL("https://a.example"),
            headers=CIMultiDictProxy(headers),
        )

    async def sign_in() -> None:
        session: ClientSession = None  # type: ignore[assignment] # it is never touched
        auth = auth_of(profile, Context(session=session, setup=SETUP, save_tokens=saved.append))
        auth.attach(send, EagerClock())
        ready = auth.prepare()
        assert ready is not None
        await ready
        assert auth.values["token"]

    with suppress(VendorError):
        asyncio.run(sign_in())
    for tokens in saved:
        assert json.loads(json.dumps(tokens)) == tokens


# --- mistakes ------------------------------------------------------------------------------------


ONE_TOKEN = "type: login, token: t"
PROOF = 'hashes: {p: {text: "{auth.n}"}}'


@pytest.mark.parametrize(
    ("auth", "message"),
    [
        ("type: login, token: t", "give either request or steps"),
        (f"{ONE_TOKEN}, request: {{get: /a}}, steps: [{{get: /b}}]", "either request or steps"),
        ("type: login, request: {get: /a}", "or that the session is in cookies"),
        ("type: login, request: {get: /a}, cookies: []", "must have at least 1 item"),
        ("type: login, request: {get: /a}, token: t, steps: []", "must have at least 1"),
        ("type: login, request: {get: /a, keep: {a: b}}, token: t", "unknown key 'keep'"),
        (
            'type: login, steps: [{get: "/{answer.x}"}], token: t',
            "there is nothing called {answer.x} here",
        ),
        (
            'type: login, steps: [{get: "/{auth.n}", keep: {n: n}}, {get: /b}], token: t',
            "there is nothing called {auth.n} here",
        ),
        (
            f'{ONE_TOKEN}, request: {{get: "/{{auth.p}}"}}, keep: {{n: n}}, {PROOF}',
            "there is nothing called {auth.p} here",
        ),
        (
            f"{ONE_TOKEN}, request: {{get: /a}}, {PROOF}",
            "there is nothing called {auth.n} here",
        ),
        ("type: login, request: {get: /a}, token: t, keep: {token: x}", "already means something"),
        (
            "type: login, steps: [{get: /a, keep: {n: n}}, {get: /b, keep: {n: n}}], token: t",
            "{auth.n} already means something else",
        ),
        ("type: login, request: {get: /a, pages: {page: p}}, token: t", "has no use for this"),
        ("type: login, request: {get: /a}, token: t, keep: {Home: x}", "cannot be used as a name"),
        ("type: login, request: {get: /a}, token: t, rejected: [4]", "must be at least 100"),
        ("type: login, request: {get: /a}, token: t, rejected: ['a ==']", "rejected"),
        ("type: login, request: {get: /a}, token: t, hashes: {p: {text: x, hash: md4}}", "md4"),
        ("type: digest, username: u", "needs 'password'"),
        ("type: diggest, username: u, password: p", "did you mean 'digest'?"),
    ],
)
def test_mistakes(auth: str, message: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(profile_of(f"  auth: {{{auth}}}\n"), "tiny.yaml")
    assert message in str(caught.value)


def test_a_condition_that_is_none() -> None:
    with pytest.raises(ProfileError, match="signed_out"):
        parse_profile(profile_of("  signed_out: ['code =']\n"), "tiny.yaml")
