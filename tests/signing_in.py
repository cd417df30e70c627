"""A vendor that signs users in by their consent, on servers that really listen."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
import hashlib
from ssl import SSLContext
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

PROFILE = """
profile: 1
vendor: {{id: tiny, name: Tiny}}
setup:
{setup}
api:
  base_url: "{{setup.url}}"
{api}
account: {{request: {{get: /account}}, id: id, name: name}}
devices: {{request: {{get: /devices}}, each: items, id: id, name: id}}
types: {{"*": {{sensor: {{x: {{value: x, from: devices}}}}}}}}
"""

BROWSER = PROFILE.format(
    setup="""
  url: {type: url}
  login: {type: url, name: Sign-in server}
  client_id: {type: text}
  client_secret: {type: secret, required: false}
""",
    api="""
  auth:
    type: oauth2
    grant: authorization_code
    authorize_url: "{setup.login}/authorize?tenant=7"
    token_url: "{setup.login}/token"
    client_id: "{setup.client_id}"
    client_secret: "{setup.client_secret}"
    scopes: [read, write]
    authorize_query: {audience: tiny}
""",
)

DEVICE_CODE = PROFILE.format(
    setup="""
  url: {type: url}
  login: {type: url, name: Sign-in server}
""",
    api="""
  auth:
    type: oauth2
    grant: device_code
    device_url: "{setup.login}/device"
    token_url: "{setup.login}/token"
    client_id: tiny-app
""",
)

PAIRING = PROFILE.format(
    setup="""
  url: {type: url}
  key: {type: secret, required: false}
""",
    api="""
  auth:
    type: pairing
    request: {post: /pair, json: {app: vendor bridge}}
    instructions: Press the button on the hub.
    pending: ["error == 'press'"]
    token: key
    key: "{setup.key}"
    within: 5
    every: 0.5
    name: X-Key
    prefix: ""
""",
)


@dataclass(slots=True)
class Tiny:
    """A vendor with an API, and with an authorization server elsewhere.

    ``answers`` are what the token server says in turn, the last one again and again; ``pressed``
    says whether the hub's button was pressed. ``forms`` is what the token server was sent.
    """

    good: set[str] = field(default_factory=set)
    answers: list[Any] = field(default_factory=list)
    pressed: bool = False
    forms: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    number: int = 0
    account: str = "a1"
    url: str = ""
    login: str = ""

    @property
    def grants(self) -> list[str]:
        """Return by what the token server was asked for tokens."""
        return [form["grant_type"].rpartition(":")[2] for form in self.forms]

    def tokens(self, **more: Any) -> dict[str, Any]:
        """Give new tokens, which are good at once."""
        self.number += 1
        self.good = {f"access-{self.number}"}
        return {
            "access_token": f"access-{self.number}",
            "refresh_token": f"refresh-{self.number}",
            "expires_in": 3600,
        } | more

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.forms.append({name: str(value) for name, value in form.items()})
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == "tokens":
            answer = self.tokens()
        return web.json_response(answer, status=400 if "error" in answer else 200)

    async def device(self, request: web.Request) -> web.Response:
        return web.json_response(
            {
                "device_code": "dev1ce",
                "user_code": "WDJB_MJHT",
                "verification_uri": "https://example.com/device",
                "expires_in": 4,
                "interval": 0.05,
            }
        )

    async def pair(self, request: web.Request) -> web.Response:
        if not self.pressed:
            return web.json_response({"error": "press"})
        return web.json_response({"key": self.tokens()["access_token"]})

    async def api(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if {bearer, request.headers.get("X-Key")}.isdisjoint(self.good):
            return web.json_response({}, status=401)
        if request.path == "/account":
            return web.json_response({"id": self.account, "name": "Home of Mum"})
        return web.json_response({"items": [{"id": "d1", "x": 1}]})


@asynccontextmanager
async def listening(tiny: Tiny, tls: SSLContext | None = None) -> AsyncIterator[None]:
    """Run the vendor's servers."""
    api, login = web.Application(), web.Application()
    api.router.add_post("/pair", tiny.pair)
    api.router.add_get("/{path:.*}", tiny.api)
    login.router.add_post("/token", tiny.token)
    login.router.add_post("/device", tiny.device)
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(TestServer(api, host="127.0.0.1"))
        other = await stack.enter_async_context(TestServer(login, host="127.0.0.1"))
        if tls is not None:
            one = TestServer(api, host="127.0.0.1", scheme="https")
            await one.start_server(ssl=tls)
            stack.push_async_callback(one.close)
        tiny.url = str(one.make_url("")).rstrip("/")
        tiny.login = str(other.make_url("")).rstrip("/")
        yield


def challenge(verifier: str) -> str:
    """Return what PKCE makes of a verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
