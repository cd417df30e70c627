"""The bundled vendors without a network: what they recorded, and all the ways to fail badly."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
import json
from pathlib import Path
import re
from typing import Any, Final
from unittest.mock import Mock

import aiohttp
from aioresponses import CallbackResult, aioresponses
from yarl import URL

from .planting import found_in, planted

ROOT: Final = Path(__file__).parents[2]
FIXTURES: Final = ROOT / "tests" / "fixtures"
VENDORS: Final = ROOT / "custom_components" / "vendor_bridge" / "vendors"
THIEF: Final = "thief.example"

type Answer = Callable[["Asked"], Awaitable[CallbackResult]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it left."""

    method: str
    url: URL
    headers: Mapping[str, str]
    body: str

    @property
    def everything(self) -> str:
        """Return all of it, as a careless vendor would repeat it."""
        return f"{self.method} {self.url} {dict(self.headers)} {self.body}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A vendor, what the user fills in, and where its secrets may stand in a request.

    ``answers`` maps the path of a read to the recording; ``carries`` says which places may hold a
    secret: "header NAME", "body of PATH".
    """

    profile: Path
    setup: Mapping[str, Any]
    answers: Mapping[str, Any]
    secrets: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    carries: frozenset[str] = frozenset()
    host: str = "vendor.example"

    @property
    def vendor(self) -> str:
        """Return the vendor's id."""
        return self.profile.parent.name if self.profile.stem == "profile" else self.profile.stem


def recorded(vendor: str, name: str) -> Any:
    """Return what a real server answered."""
    return json.loads((FIXTURES / vendor / name).read_text())


_KEY, _TOKEN, _PASSWORD = planted("key"), planted("token"), planted("password")
_REFRESH, _JWT = planted("refresh"), planted("access")
_USER, _EMAIL = "mu5terfrau.planted", "mu5ter.frau@planted.example"
_URL = "https://vendor.example"
_HUE = ("bridge", "light", "device", "motion", "temperature", "light_level", "device_power")


def _acme() -> Mapping[str, Any]:
    lamp = {
        "serial": "AC-1",
        "label": "Lamp",
        "kind": "lamp",
        "model": "L1",
        "room": "Kitchen",
        "capabilities": {"settings": {"level": {"min": 0, "max": 100}}},
        "online": True,
    }
    status = {
        "serial": "AC-1",
        "on": True,
        "level": 50,
        "online": True,
        "ts": "2026-11-02T08:30:00Z",
    }
    return {
        "/v1/login": {"access_token": _JWT, "refresh_token": _REFRESH, "expires_in": 120},
        "/v1/refresh": {"access_token": _JWT, "refresh_token": _REFRESH, "expires_in": 120},
        "/v1/account": {"id": "acc-1", "home": "House", "email": _EMAIL},
        "/v1/devices": {"data": [lamp], "links": {"next": None}},
        "/v1/status": {"data": [status]},
        "/v1/events": {"data": []},
        "/v1/devices/AC-1/meter": {"ts": "2026-11-02T08:30:00Z"},
    }


CASES: Final[Mapping[str, Case]] = {
    case.vendor: case
    for case in (
        Case(
            profile=VENDORS / "home_assistant" / "profile.yaml",
            setup={"url": _URL, "token": _TOKEN},
            answers={"/api/states": recorded("home_assistant", "states.json")},
            secrets=(_TOKEN,),
            carries=frozenset({"header Authorization"}),
        ),
        Case(
            profile=VENDORS / "homebridge" / "profile.yaml",
            setup={"url": _URL, "username": _USER, "password": _PASSWORD},
            answers={
                "/api/auth/login": {"access_token": _JWT, "expires_in": 28800},
                "/api/auth/settings": {
                    "env": {"instanceId": "i", "homebridgeInstanceName": "House"}
                },
                "/api/accessories": recorded("homebridge", "accessories.json"),
            },
            secrets=(_PASSWORD, _JWT),
            personal=(_USER,),
            carries=frozenset({"header Authorization", "body of /api/auth/login"}),
        ),
        Case(
            profile=VENDORS / "hue_v2" / "profile.yaml",
            setup={"host": "vendor.example", "key": _KEY},
            answers={
                f"/clip/v2/resource/{name}": recorded("hue_v2", f"{name}.json") for name in _HUE
            },
            secrets=(_KEY,),
            carries=frozenset({"header hue-application-key"}),
        ),
        Case(
            profile=VENDORS / "webthing" / "profile.yaml",
            setup={"url": _URL},
            answers={
                "/": recorded("webthing", "things.json"),
                "/0/properties": recorded("webthing", "lamp_properties_off.json"),
                "/1/properties": recorded("webthing", "weather_properties.json"),
                "/2/properties": recorded("webthing", "thermostat_properties.json"),
            },
        ),
        Case(
            profile=VENDORS / "wot_thing" / "profile.yaml",
            setup={"url": f"{_URL}/living-room-lamp", "username": _USER, "password": _PASSWORD},
            answers={
                "/living-room-lamp": recorded("wot_thing", "lamp_thing_description.json"),
                "/living-room-lamp/properties": recorded("wot_thing", "lamp_properties_off.json"),
            },
            secrets=(_PASSWORD,),
            personal=(_USER,),
            carries=frozenset({"header Authorization"}),
        ),
        Case(
            profile=ROOT / "demo" / "config" / "vendor_bridge" / "acme.yaml",
            setup={"url": _URL, "email": _EMAIL, "password": _PASSWORD},
            answers=_acme(),
            secrets=(_PASSWORD, _JWT, _REFRESH),
            personal=(_EMAIL,),
            carries=frozenset({"header Authorization", "body of /v1/login", "body of /v1/refresh"}),
        ),
    )
}


@dataclass(slots=True)
class World:
    """All that can be reached. ``mood`` makes of a request an answer in place of the good one."""

    case: Case
    mood: Callable[[Asked, World], CallbackResult] | None = None
    asked: list[Asked] = field(default_factory=list)

    def play(self, mock: aioresponses) -> None:
        """Answer whatever is asked."""
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            mock.add(re.compile(".*"), method, callback=self._answer(method), repeat=True)

    def _answer(self, method: str) -> Callable[..., CallbackResult]:
        def answer(url: URL, **options: Any) -> CallbackResult:
            body = options.get("data") or b""
            text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
            asked = Asked(method, url, dict(options.get("headers") or {}), text)
            self.asked.append(asked)
            if self.mood is not None:
                return self.mood(asked, self)
            found = self.case.answers.get(url.path)
            if method in {"GET", "POST"} and found is not None:
                return CallbackResult(payload=found)
            return CallbackResult(status=200 if method != "GET" else 404, payload={})

        return answer

    def echo(self, asked: Asked) -> str:
        """Return everything that should stay a secret, in one text.

        Tokens are told only to whom they were given: nobody else can know them for secrets.
        """
        known = [text for text in self.case.secrets if text in self.case.setup.values()]
        sent = " ".join(f"{one.url} {dict(one.headers)} {one.body}" for one in self.asked)
        known += [text for text in self.case.secrets if text not in known and text in sent]
        every = " ".join((*known, *self.case.personal))
        return f"no: {every} {asked.everything}"

    @property
    def strays(self) -> list[str]:
        """Return the requests that carried a secret where it has no business."""
        found = []
        for one in self.asked:
            host = one.url.host
            if host != self.case.host:
                found.append(f"another host was asked: {one.everything}")
            places = {
                "address": str(one.url),
                **{f"header {name}": text for name, text in one.headers.items()},
                f"body of {one.url.path}": one.body,
            }
            found += [
                f"{place}: {one.everything}"
                for place, text in places.items()
                if place not in self.case.carries and found_in(text, self.case.secrets)
            ]
        return found


def _says(status: int, **more: Any) -> Callable[[Asked, World], CallbackResult]:
    """Return a refusal that repeats everything, in each place in which vendors put their words."""

    def mood(asked: Asked, world: World) -> CallbackResult:
        words = world.echo(asked)
        body = {
            "message": words,
            "error": {"message": words, "code": words},
            "errors": [{"description": words}],
            words: words,
        }
        headers = {"X-Echo": quote_header(words), "WWW-Authenticate": quote_header(words)}
        return CallbackResult(status=status, payload=body, headers=headers, **more)

    return mood


def quote_header(text: str) -> str:
    """Return a text that a header can hold."""
    return re.sub(r"[^ -~]", "?", text)


def _body(body: str, content_type: str) -> Callable[[Asked, World], CallbackResult]:
    return lambda asked, world: CallbackResult(
        body=body.replace("ECHO", json.dumps(world.echo(asked))[1:-1]), content_type=content_type
    )


def _leads(location: str) -> Callable[[Asked, World], CallbackResult]:
    return lambda asked, world: CallbackResult(
        status=302,
        headers={
            "Location": location.replace(
                "ECHO", URL.build(query={"q": world.echo(asked)}).raw_query_string
            )
        },
    )


def _raises(make: Callable[[str], Exception]) -> Callable[[Asked, World], CallbackResult]:
    def mood(asked: Asked, world: World) -> CallbackResult:
        raise make(world.echo(asked))

    return mood


def _connector(words: str) -> Exception:
    key = Mock(ssl=True, host=words, port=443, is_ssl=True)
    return aiohttp.ClientConnectorError(key, OSError(111, words))


def _response_error(words: str) -> Exception:
    info = Mock(real_url=URL.build(scheme="https", host="vendor.example", query={"q": words}))
    return aiohttp.ClientResponseError(info, (), status=400, message=words)


MOODS: Final[Mapping[str, Callable[[Asked, World], CallbackResult]]] = {
    **{f"{status}": _says(status) for status in (400, 401, 403, 404, 409, 423, 500, 503)},
    "429": lambda asked, world: CallbackResult(
        status=429, payload={"message": world.echo(asked)}, headers={"Retry-After": "0"}
    ),
    "a web page": _body("<html>ECHO</html>", "text/html"),
    "no JSON": _body('{"x": "ECHO"', "application/json"),
    "a text": _body("ECHO", "text/plain"),
    "another shape": _body('["ECHO", {"ECHO": "ECHO"}]', "application/json"),
    "a strange type": _body("ECHO", "application/ECHO"),
    "to another host": _leads(f"https://{THIEF}/?ECHO"),
    "to http": _leads("http://vendor.example/?ECHO"),
    "to a port": _leads("https://vendor.example:444/?ECHO"),
    "to nonsense": _leads("https://[ECHO"),
    "in circles": _leads("/circle"),
    "refused": _raises(_connector),
    "hung up": _raises(aiohttp.ServerDisconnectedError),
    "cut off": _raises(aiohttp.ClientPayloadError),
    "no HTTP": _raises(_response_error),
    "out of time": _raises(TimeoutError),
    "an error of the system": _raises(lambda words: OSError(5, words)),
}
