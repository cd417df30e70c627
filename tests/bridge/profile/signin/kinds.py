"""Every way to sign in that a profile can name, each with a vendor that demands it.

To put another way through all that ``test_every_kind`` asks, add it to ``KINDS``.
"""

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
import hashlib
import hmac
from itertools import count
import json
from typing import Any
from urllib.parse import parse_qsl
from urllib.request import parse_http_list, parse_keqv_list

from aiohttp import web

from ...http.helpers import START, EagerClock

USER, PASSWORD = "jo@example.com", "pa$$w0rd-planted"
KEY, SECRET = "key-planted-4711", "secret-planted-0815"
HEAD = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup:
  url: {type: url}
"""
DEVICES = """
devices: {request: {%s}, each: items, id: id}
types: {"*": {sensor: {x: {value: x, from: devices}}}}
"""
SETUP = {"username": USER, "password": PASSWORD, "key": KEY, "secret": SECRET}


def profile_of(api: str, request: str = "get: /devices") -> str:
    """Return a profile whose setup has the fields that it uses."""
    fields = "".join(
        f"  {name}: {{type: {'text' if name == 'username' else 'secret'}}}\n"
        for name in SETUP
        if f"{{setup.{name}}}" in api
    )
    return f'{HEAD}{fields}api:\n  base_url: "{{setup.url}}"\n{api}{DEVICES % request}'


@dataclass(slots=True)
class Seen:
    """A request as the vendor sees it."""

    request: web.Request
    raw: str

    @property
    def headers(self) -> Mapping[str, str]:
        return self.request.headers

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query

    @property
    def body(self) -> Any:
        return json.loads(self.raw) if self.raw else None

    @property
    def all(self) -> str:
        """Return all that was sent."""
        return f"{self.request.raw_path} {self.raw} {list(self.headers.values())}"


@dataclass(slots=True)
class Strict:
    """A vendor that gives data to those alone who signed in as ``kind`` demands.

    ``mood`` is None, or how the vendor fails: at signing in, where that takes a request of its own,
    otherwise always. ``good`` are the tokens that it accepts. ``answer`` is what it gives to who
    signed in, and ``asked`` are their requests. ``instead`` takes the place of it all.
    """

    kind: Kind
    clock: EagerClock
    mood: Callable[[], web.Response | None] | None = None
    good: set[str] = field(default_factory=set)
    answer: Callable[[Seen], Any] = lambda _: {"items": [{"id": "d1", "x": 1}]}
    asked: list[Seen] = field(default_factory=list)
    instead: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None
    logins: int = 0
    numbers: count[int] = field(default_factory=lambda: count(1))

    def new_token(self, write: Callable[[str], str] = str) -> str:
        """Give a token, and take back the one before."""
        token = write(f"token-planted-{next(self.numbers)}")
        self.good = {token}
        return token

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        if self.instead is not None:
            return await self.instead(request)
        seen = Seen(request, await request.text())
        login = self.kind.logins.get(f"{request.method} {request.path}")
        if self.mood is not None and (login is not None or not self.kind.logins):
            response = self.mood()
            if response is None:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            return response
        if login is not None:
            self.logins += 1
            return login(self, seen)
        if not self.kind.admits(self, seen):
            return self.kind.turn_away(seen)
        self.asked.append(seen)
        made = self.answer(seen)
        return made if isinstance(made, web.Response) else web.json_response(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A way to sign in: how a profile says it, and what its vendor makes of a request.

    ``logins`` are the requests that sign in, by "METHOD /path"; ``wrong`` is what to fill in for
    the credentials to be wrong.
    """

    api: str
    request: str = "get: /devices"
    admits: Callable[[Strict, Seen], bool]
    logins: Mapping[str, Callable[[Strict, Seen], web.Response]] = field(default_factory=dict)
    turn_away: Callable[[Seen], web.Response] = lambda seen: echo(401, seen)
    wrong: Mapping[str, str] = field(default_factory=lambda: {"password": "wr0ng-planted"})

    @property
    def profile(self) -> str:
        """Return a profile."""
        return profile_of(self.api, self.request)


def echo(status: int, seen: Seen, **more: Any) -> web.Response:
    """Turn somebody away in words that hold all that was sent, as careless vendors do."""
    words = f"no: {seen.all}"
    return web.json_response({"error": words, **more}, status=status)


# --- what the user has ---------------------------------------------------------------------------


def _digest(vendor: Strict, seen: Seen) -> bool:
    kind, _, rest = seen.headers.get("Authorization", "").partition(" ")
    if kind != "Digest":
        return False
    told = parse_keqv_list(parse_http_list(rest))

    def hashed(*parts: str) -> str:
        return hashlib.sha256(":".join(parts).encode()).hexdigest()

    ha1 = hashed(USER, "home", PASSWORD)
    ha2 = hashed(seen.request.method, seen.request.path_qs)
    middle = (told["nonce"], told["nc"], told["cnonce"], told["qop"])
    return told["response"] == hashed(ha1, *middle, ha2)


def _challenge(seen: Seen) -> web.Response:
    response = echo(401, seen)
    challenge = 'Digest realm="home", nonce="n0nce", algorithm=SHA-256, qop="auth"'
    response.headers["WWW-Authenticate"] = challenge
    return response


def _switchbot(vendor: Strict, seen: Seen) -> bool:
    text = f"{KEY}{seen.headers['t']}{seen.headers['nonce']}".encode()
    right = base64.b64encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest()).decode()
    late = abs(int(seen.headers["t"]) - vendor.clock.now().timestamp() * 1000)
    return seen.headers["sign"] == right and seen.headers["Authorization"] == KEY and late < 5000


# --- logins --------------------------------------------------------------------------------------


def _knows(seen: Seen) -> bool:
    return bool(seen.body == {"user": USER, "password": PASSWORD})


def _login(vendor: Strict, seen: Seen) -> web.Response:
    if not _knows(seen):
        return echo(403, seen)
    return web.json_response({"token": vendor.new_token(), "home": {"id": 42}})


def _bearer(vendor: Strict, seen: Seen) -> bool:
    return seen.headers.get("Authorization", "").removeprefix("Bearer ") in vendor.good


def _login_in_words(vendor: Strict, seen: Seen) -> web.Response:
    """Say 200 whatever happens."""
    if not _knows(seen):
        return echo(200, seen, code=1001)
    return web.json_response({"code": 0, "token": vendor.new_token()})


def _login_with_cookies(vendor: Strict, seen: Seen) -> web.Response:
    if seen.raw.split("&")[-1] != "password=pa%24%24w0rd-planted":
        return echo(401, seen)
    response = web.Response(status=302, headers={"Location": "/home"})
    response.set_cookie("sid", vendor.new_token())
    response.set_cookie("ads", "yes")
    return response


def _jwt(vendor: Strict, seen: Seen) -> web.Response:
    if not _knows(seen):
        return echo(401, seen)
    now = vendor.clock.now()
    claims = {"iat": now.timestamp(), "exp": (now + timedelta(hours=1)).timestamp()}

    def write(name: str) -> str:
        payload = json.dumps({**claims, "sub": name}).encode()
        return f"e30.{base64.urlsafe_b64encode(payload).decode().rstrip('=')}.c2ln"

    return web.json_response({"token": vendor.new_token(write)})


def _oauth2(vendor: Strict, seen: Seen) -> web.Response:
    right = {"grant_type": "client_credentials", "client_id": KEY, "client_secret": SECRET}
    if dict(parse_qsl(seen.raw)) != right:
        return web.json_response(
            {"error": "invalid_client", "error_description": seen.raw}, status=400
        )
    return web.json_response({"access_token": vendor.new_token(), "token_type": "bearer"})


def _nonce(vendor: Strict, seen: Seen) -> web.Response:
    return web.json_response({"data": {"nonce": "n-1"}, "id": 7})


def _proof(vendor: Strict, seen: Seen) -> web.Response:
    inner = hashlib.md5(PASSWORD.encode()).hexdigest()  # noqa: S324 - as vendors do
    proof = hmac.new(inner.encode(), f"n-1:{USER}".encode(), hashlib.sha1).hexdigest().upper()
    if seen.body != {"id": 7, "proof": proof}:
        return echo(400, seen)
    return web.json_response({"session": vendor.new_token()})


def _home(vendor: Strict, seen: Seen) -> web.Response:
    if seen.headers["X-Session"] not in vendor.good:
        return echo(401, seen)
    return web.json_response({"home": "h 1", "token": seen.headers["X-Session"]})


# --- Tuya's cloud --------------------------------------------------------------------------------


def _tuya_signed(seen: Seen, token: str) -> bool:
    body = hashlib.sha256(seen.raw.encode()).hexdigest()
    target = seen.request.path
    if seen.query:
        target += "?" + "&".join(f"{name}={seen.query[name]}" for name in sorted(seen.query))
    text = f"{seen.request.method}\n{body}\n\n{target}"
    text = f"{KEY}{token}{seen.headers['t']}{seen.headers['nonce']}{text}"
    right = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest().upper()
    return seen.headers["sign"] == right and seen.headers["client_id"] == KEY


def _tuya_login(vendor: Strict, seen: Seen) -> web.Response:
    if not _tuya_signed(seen, ""):
        return web.json_response({"success": False, "code": 1004, "msg": "sign invalid"})
    result = {"access_token": vendor.new_token(), "refresh_token": "r", "expire_time": 7200}
    return web.json_response({"success": True, "result": result})


def _tuya_admits(vendor: Strict, seen: Seen) -> bool:
    token = seen.headers.get("access_token", "")
    return token in vendor.good and _tuya_signed(seen, token)


def _tuya_no(seen: Seen) -> web.Response:
    return web.json_response({"success": False, "code": 1010, "msg": "token invalid"})


LOGIN = """\
  auth:
    type: login
    request: {post: /login, json: {user: "{setup.username}", password: "{setup.password}"}}
    token: token
"""
TUYA = """\
  failed: "success == `false`"
  error: msg
  signed_out: [401, "code == `1010`"]
  auth:
    type: login
    request: {get: "/v1.0/token?grant_type=1"}
    token: result.access_token
    refresh_token: result.refresh_token
    expires_in: result.expire_time
    refresh: {get: "/v1.0/token/{auth.refresh_token}"}
    name: access_token
    prefix: ""
    rejected: ["code == `1004`"]
  signature:
    text: "{setup.key}{auth.token}{sign.time:unix_ms}{sign.nonce}{sign.method}\\n\\
      {sign.body:sha256}\\n\\n{sign.sorted_target}"
    key: "{setup.secret}"
    write: upper_hex
    headers:
      client_id: "{setup.key}"
      sign: "{sign.signature}"
      sign_method: HMAC-SHA256
      t: "{sign.time:unix_ms}"
      nonce: "{sign.nonce}"
"""

KINDS: Mapping[str, Kind] = {
    "basic": Kind(
        api="""\
  error: error
  auth: {type: basic, username: "{setup.username}", password: "{setup.password}"}
""",
        admits=lambda _, seen: (
            seen.headers["Authorization"]
            == "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        ),
    ),
    "digest": Kind(
        api="""\
  error: error
  auth: {type: digest, username: "{setup.username}", password: "{setup.password}"}
""",
        admits=_digest,
        turn_away=_challenge,
    ),
    "bearer": Kind(
        api='  error: error\n  auth: {type: bearer, token: "{setup.key}"}\n',
        admits=lambda _, seen: seen.headers["Authorization"] == f"Bearer {KEY}",
        wrong={"key": "wr0ng-planted"},
    ),
    "api key": Kind(
        api='  error: error\n  auth: {type: api_key, key: "{setup.key}", place: query, name: k}\n',
        admits=lambda _, seen: seen.query["k"] == KEY,
        wrong={"key": "wr0ng-planted"},
    ),
    "api key in the path": Kind(
        api='  error: error\n  auth: {type: api_key, key: "{setup.key}", place: none}\n',
        request='get: "/api/{auth.key}/devices"',
        admits=lambda _, seen: seen.request.path == f"/api/{KEY}/devices",
        wrong={"key": "wr0ng-planted"},
    ),
    "login": Kind(api=f"  error: error\n{LOGIN}", admits=_bearer, logins={"POST /login": _login}),
    "login, token in path and body": Kind(
        api=f"  error: error\n{LOGIN}    place: none\n    keep: {{home: home.id}}\n",
        request='post: "/{auth.home}/{auth.token}", json: {s: "{auth.token}", h: "{auth.home}"}',
        admits=lambda vendor, seen: (
            seen.body["s"] in vendor.good and seen.request.path == f"/42/{seen.body['s']}"
        ),
        logins={"POST /login": _login},
    ),
    "login that says 200": Kind(
        api=f"""\
  failed: "code != `0` && code != null"
  error: error
  signed_out: ["code == `1002`"]
{LOGIN}    rejected: ["code == `1001`"]
""",
        admits=_bearer,
        logins={"POST /login": _login_in_words},
        turn_away=lambda seen: echo(200, seen, code=1002),
    ),
    "cookies": Kind(
        api="""\
  error: error
  auth:
    type: login
    request:
      post: /login
      form: {user: "{setup.username}", password: "{setup.password}"}
      ok: [302]
      answer: none
    cookies: [sid]
""",
        # Nothing but the one that is named.
        admits=lambda vendor, seen: (
            seen.headers.get("Cookie", "").removeprefix("sid=") in vendor.good
        ),
        logins={"POST /login": _login_with_cookies},
    ),
    "jwt": Kind(api=f"  error: error\n{LOGIN}", admits=_bearer, logins={"POST /login": _jwt}),
    "steps": Kind(
        api="""\
  error: error
  headers: {X-Home: "{auth.home}"}
  auth:
    type: login
    steps:
      - {get: /nonce, keep: {nonce: data.nonce}}
      - {post: /login, json: {id: "{answer.id}", proof: "{auth.proof}"}, keep: {session: session}}
      - {get: /home, headers: {X-Session: "{auth.session}"}}
    hashes:
      inner: {text: "{setup.password}", hash: md5}
      proof:
        {text: "{auth.nonce}:{setup.username}", key: "{auth.inner}", hash: sha1, write: upper_hex}
    token: token
    keep: {home: home}
    name: X-Session
    prefix: ""
""",
        admits=lambda vendor, seen: (
            seen.headers["X-Session"] in vendor.good and seen.headers["X-Home"] == "h 1"
        ),
        logins={"GET /nonce": _nonce, "POST /login": _proof, "GET /home": _home},
    ),
    "client credentials": Kind(
        api="""\
  error: error
  auth:
    type: oauth2
    grant: client_credentials
    token_url: /token
    client_id: "{setup.key}"
    client_secret: "{setup.secret}"
""",
        admits=_bearer,
        logins={"POST /token": _oauth2},
        wrong={"secret": "wr0ng-planted"},
    ),
    "signature": Kind(
        api="""\
  error: error
  auth: {type: api_key, key: "{setup.key}", name: Authorization}
  signature:
    text: "{auth.key}{sign.time:unix_ms}{sign.nonce}"
    key: "{setup.secret}"
    write: base64
    headers: {sign: "{sign.signature}", t: "{sign.time:unix_ms}", nonce: "{sign.nonce}"}
""",
        admits=_switchbot,
        wrong={"secret": "wr0ng-planted"},
    ),
    "signature and login": Kind(
        api=TUYA,
        request='get: /v2.0/devices, query: {page_size: "20", last_id: x}',
        admits=_tuya_admits,
        logins={"GET /v1.0/token": _tuya_login},
        turn_away=_tuya_no,
        wrong={"secret": "wr0ng-planted"},
    ),
}

RENEWING = [name for name, kind in KINDS.items() if kind.logins]
__all__ = ["KINDS", "PASSWORD", "RENEWING", "SETUP", "START", "Kind", "Strict"]
