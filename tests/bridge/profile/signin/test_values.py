"""What a sign-in gives, filled into requests: `{auth.token}` and whatever was kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from aiohttp import web
from hypothesis import given, strategies as st
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.errors import (
    BridgeError,
    ProfileError,
    UnexpectedAnswerError,
)
from custom_components.vendor_bridge.bridge.http.encoding import encode_body
from custom_components.vendor_bridge.bridge.http.message import Request
from custom_components.vendor_bridge.bridge.model import Command
from custom_components.vendor_bridge.bridge.profile.filling import fill
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

from .conftest import Account
from .kinds import KEY, LOGIN, Seen, Strict, profile_of

PLACED = f"  error: error\n{LOGIN}    place: none\n    keep: {{home: home.id}}\n"


@pytest.fixture
def strict(strict: Strict) -> Strict:
    """Return a vendor that wants the token anywhere in a request."""
    strict.kind = replace(
        strict.kind,
        admits=lambda vendor, seen: any(token in seen.all for token in vendor.good),
    )
    return strict


@pytest.mark.parametrize(
    "request_",
    [
        'get: "/{auth.token}/x"',
        'get: "/x?s={auth.token}"',
        'get: /x, query: {s: "{auth.token}"}',
        'get: /x, headers: {X-S: "s {auth.token}"}',
        'post: /x, json: {a: [{s: "{auth.token}"}]}',
        'post: /x, form: {s: "{auth.token}"}',
        'post: /x, text: "<{auth.token}>"',
        'post: /x, xml: "<s>{auth.token}</s>"',
    ],
)
async def test_a_token_anywhere(strict: Strict, account: Account, request_: str) -> None:
    client = account(profile_of(PLACED, request_))
    assert set((await client.list_devices()).devices) == {"d1"}
    strict.good.clear()
    # The request that is repeated is filled in anew.
    assert set((await client.list_devices()).devices) == {"d1"}
    assert strict.logins == 2
    # Neither before nor after does it show.
    assert [label for label in client.connection.exchanges.last if "planted" in label] == []
    assert "planted" not in f"{client.health} {client.connection.address}"


@pytest.mark.parametrize(
    ("pages", "links"),
    [
        ("page: p", False),
        ("offset: p", False),
        ("cursor: next, query: p", False),
        ("next: next", True),
    ],
)
@pytest.mark.parametrize(
    "request_",
    ['post: "/{auth.token}/x", query: {h: "{auth.home}"}', 'post: /x, text: "{auth.token}"'],
)
async def test_pages_keep_their_place(
    strict: Strict, account: Account, pages: str, links: bool, request_: str
) -> None:
    def answer(seen: Seen) -> Any:
        page = int(seen.query.get("p", 0))
        following = f"?p={page + 1}" if links else page + 1
        more = {"next": following} if page < 3 else {}
        return {"items": [{"id": f"d{page}"}] if page < 4 else [], **more}

    strict.answer = answer
    client = account(profile_of(PLACED, f"{request_}, pages: {{{pages}}}"))
    listing = await client.list_devices()
    assert {"d0", "d2", "d3"} <= set(listing.devices)
    if "{auth.home}" in request_ and not links:
        assert {seen.query["h"] for seen in strict.asked} == {"42"}


@pytest.mark.parametrize("pages", ["page: page", "next: next"])
@pytest.mark.parametrize("path", ["/a-{auth.token}/x", "/x?s={auth.token}"])
async def test_a_session_that_ends_between_two_pages(
    strict: Strict, account: Account, pages: str, path: str
) -> None:
    """A link that the vendor gave within the old session is followed with the new one."""

    def answer(seen: Seen) -> Any:
        page = int(seen.query.get("page", 1))
        if page == 2 and strict.logins == 1:
            strict.good.clear()
        link = seen.request.url.update_query(page=page + 1).raw_path_qs
        return {"items": [{"id": f"d{page}"}] if page < 5 else [], "next": page < 5 and link}

    def login(vendor: Strict, seen: Seen) -> web.Response:
        # The new one begins as the old one does.
        token = "token/planted" + "-1" * next(vendor.numbers)
        vendor.good = {token, quote(token, safe="")}
        return web.json_response({"token": token, "home": {"id": 1}})

    strict.answer = answer
    strict.kind = replace(strict.kind, logins={"POST /login": login})
    client = account(profile_of(PLACED, f'get: "{path}", pages: {{{pages}}}'))
    assert set((await client.list_devices()).devices) == {"d1", "d2", "d3", "d4"}
    assert strict.logins == 2


@pytest.mark.parametrize(
    "request_", ['get: "/{auth.token}/x"', 'get: /x, headers: {X-S: "{auth.token}"}']
)
async def test_what_one_session_was_told_is_not_remembered_for_another(
    strict: Strict, account: Account, request_: str
) -> None:
    def answer(seen: Seen) -> web.Response:
        if "If-None-Match" in seen.headers:
            return web.Response(status=304)
        items = {"items": [{"id": f"d{strict.logins}"}]}
        return web.json_response(items, headers={"ETag": '"same"'})

    strict.answer = answer
    client = account(profile_of(PLACED, request_))
    for _ in range(2):
        assert set((await client.list_devices()).devices) == {"d1"}
    assert ["If-None-Match" in seen.headers for seen in strict.asked] == [False, True]
    strict.good.clear()
    assert set((await client.list_devices()).devices) == {"d2"}
    assert "If-None-Match" not in strict.asked[-1].headers


async def test_what_every_request_has_in_common(strict: Strict, account: Account) -> None:
    """A header with the token is left out where nobody is signed in yet."""
    common = """\
  headers: {X-App: tiny, X-Session: "{auth.token}"}
  query: {v: "1", home: "{auth.home}"}
"""
    client = account(profile_of(common + PLACED))
    await client.list_devices()
    assert strict.asked[-1].headers["X-Session"] in strict.good
    assert dict(strict.asked[-1].query) == {"v": "1", "home": "42"}


async def test_a_token_of_the_users_by_its_name(strict: Strict, account: Account) -> None:
    api = '  auth: {type: bearer, token: "{setup.key}"}\n'
    strict.good = {KEY}
    await account(profile_of(api, 'get: "/{auth.token}/x"')).list_devices()
    assert strict.asked[-1].request.path == f"/{KEY}/x"


COMMANDS = """
types:
  "*":
    switch:
      s:
        state: {value: x, from: devices}
        confirm: {request: {get: "/{auth.token}/jobs/{answer.job}"}, until: done, every: 0.1}
        commands:
          turn_on: {post: "/{device.id}/on", json: {session: "{auth.token}", value: "{now.state}"}}
          turn_off: {post: "/{device.id}/off", json: {session: "{auth.token}"}}
"""


async def test_a_command(strict: Strict, account: Account) -> None:
    profile = profile_of(PLACED, 'get: "/{auth.token}/x"')
    profile = profile[: profile.index("types:")] + COMMANDS
    client = account(profile)
    device = (await client.list_devices()).devices["d1"]
    strict.good.clear()
    strict.answer = lambda _: {"job": "j/1", "done": True}
    await client.write(device, Command(entity="switch.s", name="turn_on"))
    sent, followed = strict.asked[-2:]
    (token,) = strict.good
    assert sent.body == {"session": token, "value": True}
    assert followed.request.raw_path == f"/{token}/jobs/j%2F1"
    assert strict.logins == 2


async def test_a_session_that_no_request_can_carry(strict: Strict, account: Account) -> None:
    def login(vendor: Strict, seen: Seen) -> web.Response:
        token = vendor.new_token(lambda name: f"{name}\r\nX-Admin: 1")
        return web.json_response({"token": token, "home": {"id": 1}})

    strict.kind = replace(strict.kind, logins={"POST /login": login})
    client = account(profile_of(PLACED, 'get: /x, headers: {X-S: "{auth.token}"}'))
    with pytest.raises(UnexpectedAnswerError, match=r"the sign-in's \{auth\.token\} has control"):
        await client.list_devices()
    assert not strict.asked


def pending(request: str) -> Request:
    """Return a request that waits for what the sign-in gives."""
    compiled = parse_profile(profile_of(PLACED, request), "tiny.yaml")
    return fill(compiled.listings[0].request, {"setup": {}})


PENDING = {
    part: pending(text)
    for part, text in {
        "path": 'get: "/a/{auth.token}/b?c={auth.token}"',
        "query": 'get: /x, query: {s: "{auth.token}"}',
        "header": 'get: /x, headers: {X-S: "s {auth.token}"}',
        "json": 'post: /x, json: {s: "{auth.token}"}',
        "form": 'post: /x, form: {s: "{auth.token}"}',
        "xml": 'post: /x, xml: "<s>{auth.token}</s>"',
    }.items()
}


@given(st.sampled_from(list(PENDING)), st.text())
def test_whatever_the_token_is_it_stays_in_its_place(part: str, token: str) -> None:
    request = PENDING[part]
    assert request.complete is not None
    made, message = None, ""
    try:
        made = request.complete({"token": token})
    except UnexpectedAnswerError as error:
        message = str(error)
    if made is None:
        assert len(token) < 3 or token not in message
        return
    assert made.label == request.label
    url = URL("https://a.example" + made.path, encoded=True)
    if part == "path":
        assert unquote(made.path.split("/")[2]) == token
        assert len(url.raw_parts) == 4
        assert dict(url.query) == {"c": token} or token == ""
    else:
        assert made.path == "/x"
    assert set(made.query) <= {"s"}
    for value in made.headers.values():
        assert not set(value) & {"\r", "\n", "\0"}
    encode_body(made.body)


@pytest.mark.parametrize(
    ("values", "message"),
    [({}, r"the sign-in's \{auth\.token\} has no value"), ({"token": ".."}, "leaves its segment")],
)
def test_a_session_that_fits_nowhere(values: Mapping[str, str], message: str) -> None:
    complete = PENDING["path"].complete
    assert complete is not None
    with pytest.raises(BridgeError, match=message):
        complete(values)


@pytest.mark.parametrize(
    ("api", "request_", "message"),
    [
        ("", 'get: "/{auth.token}"', "there is nothing called {auth.token} here"),
        (PLACED, 'get: "/{auth.tokn}"', "did you mean 'auth.token'"),
        (PLACED, 'get: "/{auth.refresh_token}"', "nothing called {auth.refresh_token}"),
        (PLACED, 'get: "/{auth.token}", sign_in: false', "nothing called {auth.token} here"),
        (
            PLACED,
            "get: /x",
            "it goes nowhere: no request has a placeholder for it (write {auth.token} or",
        ),
    ],
)
def test_mistakes(api: str, request_: str, message: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(profile_of(api, request_), "tiny.yaml")
    assert message in str(caught.value)
