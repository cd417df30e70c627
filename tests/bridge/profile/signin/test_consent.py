"""Sign-ins that only the user can make, as profiles say them."""

from collections.abc import AsyncIterator
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vendor_bridge.bridge.errors import (
    ConsentError,
    ProfileError,
    SetupValueError,
    SignInError,
    UnexpectedAnswerError,
)
from custom_components.vendor_bridge.bridge.http.auth import (
    AuthorizationCodeAuth,
    DeviceCodeAuth,
    PairingAuth,
)
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

from ..conftest import MakeClient
from ..vendor import Vendor

HEAD = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup:
  url: {type: url}
  login: {type: url, required: false, default: "https://login.example"}
  key: {type: secret, required: false}
"""
TAIL = """
devices: {request: {get: /devices}, each: items, id: id}
types: {"*": {sensor: {x: {value: x, from: devices}}}}
"""
OWN_TAIL = TAIL.replace("get: /devices", 'get: "/api/{auth.token}/x"')
PAIRING = """
api:
  base_url: "{setup.url}"
  headers: {X-Key: "{setup.key}", X-Login: "{setup.login}"}
  auth:
    type: pairing
    request: {post: /api, json: {devicetype: us}}
    instructions: Press it.
    pending: ["[0].error.type == `101`"]
    token: "[0].success.username"
    keep: {client: "[0].success.clientkey"}
    within: 6
    every: 0.5
    place: none
"""
OAUTH2 = """
api:
  base_url: "{setup.url}"
  headers: {X-Key: "{setup.key}", X-Login: "{setup.login}"}
  auth:
    type: oauth2
    grant: authorization_code
    authorize_url: "{setup.login}/authorize"
    token_url: "{setup.login}/token"
    client_id: us
    scopes: [a, b]
    authorize_query: {audience: home, who: "{setup.key}"}
    token: data.access
    refresh_token: data.refresh
    expires_in: 60
    keep: {home: data.home}
    place: query
    name: t
    prefix: ""
"""


@pytest.fixture
async def login(socket_enabled: None) -> AsyncIterator[Vendor]:
    """Return an authorization server that is none of the account's."""
    vendor = Vendor()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", vendor.handle)
    async with TestServer(app, host="127.0.0.1") as server:
        vendor.url = str(server.make_url("")).rstrip("/")
        yield vendor


# --- pairing --------------------------------------------------------------------------------------


async def paired(make_client: MakeClient, vendor: Vendor, **setup: Any) -> ProfileClient:
    return await make_client(PAIRING + OWN_TAIL, HEAD, **setup)


async def test_a_token_that_was_paired_goes_where_requests_say(
    make_client: MakeClient, vendor: Vendor
) -> None:
    client = await paired(make_client, vendor)
    waiting = [{"error": {"type": 101, "description": "link button not pressed"}}]
    given = [{"success": {"username": "u/1", "clientkey": "c"}}]
    answers = iter([waiting, given])
    vendor.answers = {
        "POST /api": lambda _: next(answers),
        "GET /api/u%2F1/x": {"items": [{"id": "d1", "x": 1}]},
        "GET /api/u/1/x": {"items": [{"id": "d1", "x": 1}]},
    }
    assert isinstance(client.consent, PairingAuth)
    assert (await client.consent.begin()).text == "Press it."
    await client.consent.wait()
    assert vendor.bodies("POST /api") == [{"devicetype": "us"}] * 2
    assert client.connection.auth.values["client"] == "c"
    assert set((await client.list_devices()).devices) == {"d1"}


async def test_an_answer_without_what_is_kept_pairs_nobody(
    make_client: MakeClient, vendor: Vendor
) -> None:
    client = await paired(make_client, vendor)
    vendor.answers = {"POST /api": [{"success": {"username": "u1"}}]}
    assert isinstance(client.consent, PairingAuth)
    await client.consent.begin()
    with pytest.raises(UnexpectedAnswerError, match="nothing to keep as client"):
        await client.consent.wait()


async def test_time_runs_out(make_client: MakeClient, vendor: Vendor) -> None:
    profile = PAIRING.replace("within: 6", "within: 5").replace("every: 0.5", "every: 4")
    client = await make_client(profile + OWN_TAIL, HEAD)
    vendor.answers = {"POST /api": [{"error": {"type": 101}}]}
    assert isinstance(client.consent, PairingAuth)
    await client.consent.begin()
    with pytest.raises(ConsentError, match="within 5 seconds"):
        await client.consent.wait()


async def test_a_key_that_the_user_has_pairs_nobody(
    make_client: MakeClient, vendor: Vendor
) -> None:
    profile = PAIRING.replace('    keep: {client: "[0].success.clientkey"}\n', "")
    profile = profile.replace("place: none", 'place: header\n    key: "{setup.key}"')
    client = await make_client(profile + TAIL, HEAD, key="k")
    assert client.consent is None
    assert client.connection.auth.values == {"token": "k"}


# --- OAuth 2 --------------------------------------------------------------------------------------


async def test_tokens_are_picked_kept_and_placed_as_the_profile_says(
    make_client: MakeClient, vendor: Vendor, login: Vendor
) -> None:
    client = await make_client(OAUTH2 + TAIL, HEAD, login=login.url, key="planted")
    consent = client.consent
    assert isinstance(consent, AuthorizationCodeAuth)
    assert str(consent.authorization.url) == f"{login.url}/authorize"
    assert consent.authorization.query == {"scope": "a b", "audience": "home", "who": "planted"}
    assert consent.authorization.pkce
    login.answers = {"POST /token": {"data": {"access": "t1", "refresh": "r1", "home": 7}}}
    await consent.redeem(code="c0de", redirect_uri="https://ha.example/cb")
    vendor.answers = {}
    with pytest.raises(Exception, match="404"):
        await client.list_devices()
    assert vendor.asked[0][0].endswith("?t=t1")
    assert client.connection.auth.values == {"token": "t1", "refresh_token": "r1", "home": "7"}
    assert "planted" not in str(login.asked)


async def test_an_answer_that_lacks_what_is_kept_signs_nobody_in(
    make_client: MakeClient, login: Vendor
) -> None:
    client = await make_client(OAUTH2 + TAIL, HEAD, login=login.url)
    login.answers = {"POST /token": {"data": {"access": "t1", "refresh": "r1"}}}
    assert isinstance(client.consent, AuthorizationCodeAuth)
    with pytest.raises(UnexpectedAnswerError, match="nothing to keep as home"):
        await client.consent.redeem(code="c0de", redirect_uri="https://ha.example/cb")


async def test_a_renewal_need_not_repeat_what_is_kept(
    make_client: MakeClient, vendor: Vendor, login: Vendor
) -> None:
    client = await make_client(OAUTH2 + TAIL, HEAD, login=login.url)
    answers = iter(
        [
            {"data": {"access": "t1", "refresh": "r1", "home": 7}},
            {"data": {"access": "t2", "refresh": "r2"}},
        ]
    )
    login.answers = {"POST /token": lambda _: next(answers)}
    assert isinstance(client.consent, AuthorizationCodeAuth)
    await client.consent.redeem(code="c0de", redirect_uri="https://ha.example/cb")

    def devices(seen: Any) -> Any:
        fine = seen["query"].get("t") == "t2"
        return {"items": []} if fine else web.Response(status=401, text=json.dumps({}))

    vendor.answers = {"GET /devices": devices}
    await client.list_devices()
    assert client.connection.auth.values["home"] == "7"


async def test_a_device_code_is_asked_for_at_its_own_address(
    make_client: MakeClient, login: Vendor
) -> None:
    profile = (
        OAUTH2.replace("authorization_code", "device_code")
        .replace("authorize_url", "device_url")
        .replace("/authorize", "/device")
        .replace('    authorize_query: {audience: home, who: "{setup.key}"}\n', "")
    )
    client = await make_client(profile + TAIL, HEAD, login=login.url)
    assert isinstance(client.consent, DeviceCodeAuth)
    with pytest.raises(Exception, match=r"POST \{setup.login\}/device: 404"):
        await client.consent.begin()
    assert login.asked[0][0] == "POST /device"


async def test_nobody_has_signed_in(make_client: MakeClient, vendor: Vendor) -> None:
    client = await make_client(OAUTH2 + TAIL, HEAD, login="https://login.example")
    with pytest.raises(SignInError, match="the user has to sign in"):
        await client.connect()
    assert vendor.asked == []


@pytest.mark.parametrize("address", ["ftp://x", "https://u@x.example", "https://[", "https://x#y"])
async def test_an_address_that_makes_no_server_is_told_at_its_field(
    make_client: MakeClient, address: str
) -> None:
    profile = OAUTH2.replace("{setup.login}/token", "{setup.login}")
    with pytest.raises(SetupValueError) as caught:
        await make_client(profile + TAIL, HEAD, login=address)
    assert caught.value.field == "login"


# --- mistakes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "wrong", "message"),
    [
        ("grant: authorization_code", "grant: device_code", "authorize_url is for authorization"),
        ("grant: authorization_code", "grant: implicit", "is not one of"),
        ('"{setup.login}/authorize"', "/authorize", "the browser needs a whole address"),
        ('"{setup.login}/token"', "login.example/token", "neither an address nor a path"),
        ('"{setup.login}/token"', '"https:///token"', "this is not an address"),
        ('"{setup.login}/token"', '"{setup.lgin}/token"', "has no field 'lgin'"),
        ("client_id: us", 'client_id: "{auth.token}"', "nothing called {auth.token} here"),
        ("place: query", "place: none", "no request has a placeholder for it"),
    ],
)
def test_mistakes_in_oauth2(found: str, wrong: str, message: str) -> None:
    assert found in OAUTH2
    with pytest.raises(ProfileError) as caught:
        parse_profile(HEAD + OAUTH2.replace(found, wrong) + TAIL, "tiny.yaml")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("found", "wrong", "message"),
    [
        ("within: 6", "within: 4000", "at most 600"),
        ("every: 0.5", "every: 0", "at least 0.5"),
        ("pending: [", "pending: [99, ", "at least 100"),
        ("place: none", 'key: "{setup.key}"', "there is no answer to keep anything of"),
        ("devicetype: us}", 'devicetype: "{auth.token}"}', "nothing called {auth.token} here"),
        ("post: /api,", "post: /api, pages: {page: p},", "has no use for this"),
    ],
)
def test_mistakes_in_pairing(found: str, wrong: str, message: str) -> None:
    assert found in PAIRING
    parse_profile(HEAD + PAIRING + OWN_TAIL, "tiny.yaml")
    with pytest.raises(ProfileError) as caught:
        parse_profile(HEAD + PAIRING.replace(found, wrong) + OWN_TAIL, "tiny.yaml")
    assert message in str(caught.value)
