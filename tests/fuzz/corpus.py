"""What fuzzing begins with: the bundled profiles, what real servers answered, and odd things."""

from functools import cache
import json
from pathlib import Path
from typing import Any, Final

from custom_components.vendor_bridge.bridge.http.message import AnswerKind
from custom_components.vendor_bridge.bridge.model import Kind
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile
from custom_components.vendor_bridge.bridge.profile.plans import CompiledProfile
from custom_components.vendor_bridge.bridge.profile.source import read_source
from custom_components.vendor_bridge.bridge.profile.templates import FORMATS, Place
from custom_components.vendor_bridge.bridge.profile.values import TRANSFORMS

from .mutating import ODD

ROOT: Final = Path(__file__).parents[2]
FIXTURES: Final = ROOT / "tests" / "fixtures"
LARGEST: Final = 24 * 1024
"""Bytes of a recording that is worth changing."""

_BARE: Final = b"""
profile: 1
vendor: {id: bare, name: Bare}
setup: {url: {type: url}}
api: {base_url: "{setup.url}"}
devices: {request: {get: /devices}, each: items, id: id}
monitors: {properties: {default: true, every: 30, request: {get: "/d/{device.id}"}}}
types: {"*": {sensor: {x: {value: x}}}}
"""
_LOGIN: Final = b"""
profile: 1
vendor: {id: login, name: Login}
setup: {url: {type: url}, user: {type: text}, password: {type: secret}}
api:
  base_url: "{setup.url}"
  error: error.message
  failed: "ok == `false`"
  signed_out: [401, "error.code == 'gone'"]
  headers: {X-Home: "{auth.home}"}
  auth:
    type: login
    steps:
      - {get: /nonce, keep: {nonce: data.nonce}}
      - {post: /login, json: {user: "{setup.user}", id: "{answer.id}", proof: "{auth.proof}"}}
    hashes: {proof: {text: "{auth.nonce}:{setup.password}", hash: sha256}}
    token: token
    refresh_token: refresh
    expires_in: life
    keep: {home: home.id}
account: {request: {get: "/account/{auth.home}"}, id: id, name: name}
devices:
  request: {get: /devices, pages: {next: next}}
  each: data
  id: id
  name: name
  type: kind
  model: model
monitors:
  one: {every: 30, request: {get: "/devices/{device.id}/{device.key}"}, observed_at: at}
  all: {every: 60, request: {get: /all, pages: {cursor: cursor, query: c}}, each: data, device: id}
types:
  "*":
    sensor:
      watts: {from: one, value: w, scale: 0.1, device_class: power, unit_of_measurement: W}
      said: {from: all, value: text, regex: "(\\\\d+) W", default: 0}
    switch:
      main:
        state: {from: one, value: "on", map: {"1": true, "0": false}}
        commands:
          turn_on: {put: "/devices/{device.id}", json: {on: true}}
          turn_off: {put: "/devices/{device.id}", json: {on: false}}
        confirm: {within: 5}
"""


_TASKS = b"""\
extends: acme
types:
  vacuum:
    tasks:
      mop:
        fields: {room: {type: select, options: [a, {value: 2, label: b}]}, at: {type: datetime}}
        data: {room: {value: "@", map: {a: 1}}}
        steps:
          - {post: "/v1/devices/{device.id}/tasks", json: {at: "{at:iso}"}, keep: {id: id}}
          - {get: "/v1/tasks/{kept.id}", until: done, progress: {value: part, scale: 100}}
        result: "[kept.id, answer]"
"""


@cache
def files() -> list[Path]:
    """Return all the profiles that there are."""
    vendors = ROOT / "custom_components" / "vendor_bridge"
    found = [*vendors.glob("vendors/*/profile*.yaml"), *ROOT.glob("demo/**/vendor_bridge/*.yaml")]
    return sorted([*found, vendors / "bridge" / "cli" / "starter.yaml"])


@cache
def bare() -> CompiledProfile:
    """Return a profile without anything."""
    return parse_profile(_BARE, "bare.yaml")


@cache
def _by_vendor() -> dict[str, CompiledProfile]:
    return {name: parse_profile(raw, name) for name, raw in _named().items()}


@cache
def _named() -> dict[str, bytes]:
    named = {path.parent.name if path.stem == "profile" else path.stem: path for path in files()}
    read = {name: path.read_bytes() for name, path in named.items() if name != "starter"}
    return {"login": _LOGIN, **read}


def loaded(vendor: object) -> CompiledProfile | None:
    """Return a vendor's profile, compiled once."""
    return _by_vendor().get(vendor) if isinstance(vendor, str) else None


def profiles() -> list[bytes]:
    """Return profiles as they were written, and what a YAML parser can be teased with."""
    odd = (
        *(b"a: &a [*a]", b"a: &a [x]\nb: {<<: *a}", b"? [a]\n: b", b"!!python/object:x {}"),
        *(b"\xff\xfea", b"\xef\xbb\xbfprofile: 1", b'a: "\\ud800"', b"- " * 100, b"[" * 100),
        *(
            b"a: |\n  x\n  y\n--- \nb: 1",
            b"{a: 0x1F, b: 0o17, c: .inf, d: .nan, e: 1_000, f: 1e999}",
        ),
    )
    return [*(path.read_bytes() for path in files()), _LOGIN, _BARE, _TASKS, *odd]


def _dump(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _good(vendor: str) -> list[Any]:
    if vendor == "login":
        return [
            {"data": {"nonce": "n"}, "id": 1},
            {"token": "t" * 12, "refresh": "r", "life": 3600, "home": {"id": 7}},
            {"id": "a", "name": "Home"},
            {
                "data": [{"id": "d1", "name": "One", "kind": "lamp", "w": 1, "on": "1", "at": 1e9}],
                "next": None,
            },
            {"w": 12, "on": "1", "at": "2026-01-01T00:00:00Z"},
            {"data": [{"id": "d1", "text": "12 W"}], "cursor": None},
            {"headers": {"Retry-After": "1"}, "status": 429, "body": {"error": {"message": "no"}}},
        ]
    first = {"access_token": "JWT", "token": "t", "expires_in": 28800, "id": "i", "data": []}
    return [first, *_recorded(vendor)]


def _recorded(vendor: str) -> list[Any]:
    folder = FIXTURES / vendor
    files = sorted(folder.glob("*.json")) if folder.is_dir() else []
    texts = [path.read_text() for path in files if path.stat().st_size <= LARGEST]
    return [json.loads(text) for text in texts]


def accounts() -> list[bytes]:
    """Return profiles with answers that suit them."""
    trees = {name: read_source(raw, name).data for name, raw in _named().items()}
    small = {name: tree for name, tree in trees.items() if len(_dump(tree)) < LARGEST}
    return [_dump({"profile": tree, "answers": _good(name)}) for name, tree in small.items()]


def recordings() -> list[bytes]:
    """Return the answers of each vendor, in some order."""
    return [_dump({"vendor": name, "answers": _good(name)}) for name in _named()]


def values() -> list[bytes]:
    """Return the example of each transform, and values without any."""
    made = []
    kinds = list(Kind)
    for name, row in TRANSFORMS.items():
        argument, kind, theirs, _ = row.example
        spec = {"value": "x", name: argument}
        made.append(
            {"spec": spec, "kind": kinds.index(kind), "items": [{"x": theirs}, {"x": None}]}
        )
    for number in range(len(kinds)):
        items = [{"x": odd} for odd in ODD if len(str(odd)) < 50]
        made.append({"spec": "x", "kind": number, "items": items})
    formula = {
        "values": {"a": "x", "b": "y"},
        "compute": "round(max(a, 1) * b / 3, 2) if a > 0 else 1",
    }
    made.append({"spec": formula, "kind": 0, "items": [{"x": 1, "y": 2.5}, {"x": "9", "y": None}]})
    return [_dump(one) for one in made]


def paths() -> list[bytes]:
    """Return expressions with something to find."""
    item = b'\n{"a": [{"b": 1, "c": ["x"]}, {"b": "2"}], "d": {"e": null}, "n": 3}'
    expressions = (
        *("a", "a[0].b", 'd."e"', "a[*].b", "a[?b == `1`] | [0]", "sort_by(a, &b)[-1]", "keys(@)"),
        *("join(', ', a[*].to_string(b))", "length(a) > `1` && d", "{x: a[].c[], y: [n, n]}"),
        *("map(&b, a)", "max_by(a, &n)", "a[::-1]", "[@,@][]", "not_null(d.e, n)", "@", "*.*"),
    )
    return [one.encode() + item for one in expressions]


def templates() -> list[bytes]:
    """Return templates for each place."""
    scope = {
        "device": {"id": "a/../b", "key": "k\r\nx: y", "keys": {"light": "l1"}},
        "setup": {"password": "p", "url": "https://vendor.example"},
        "on": True,
        "level": 12.5,
        "ids": ["a", "b"],
        "next": "/next?page=2",
    }
    text = "/v1/{device.id}/{level:int}?x={on}"
    by_place: dict[Place, list[Any]] = {
        Place.PATH: [text, "{next:path}", "/{{x}}/{ids.0}"],
        Place.QUERY: [{"a": "{on}", "b": ["{ids}", "1"], "c": "{ids:csv}"}],
        Place.HEADER: [{"X-A": "{device.key}", "X-B": "Bearer {setup.password:base64}"}],
        Place.JSON: [{"a": "{level}", "b": ["{device.keys}"], "{on}": 1}, [1, None]],
        Place.FORM: [{"a": "{on}", "b": "{ids:json}"}],
        Place.TEXT: ["x={level} {setup.password:sha256}"],
        Place.XML: ["<a b='{device.id}'>{level}</a>"],
    }
    places = list(Place)
    made = [
        {"place": places.index(place), "template": one, "scope": scope}
        for place, several in by_place.items()
        for one in several
    ]
    formats = [
        {
            "place": places.index(Place.TEXT),
            "template": "x{level:%s}{ids:%s}{on:%s}" % ((f,) * 3),
            "scope": scope,
        }
        for f in FORMATS
        if f != "path"
    ]
    return [_dump(one) for one in (*made, *formats)]


def bodies() -> list[bytes]:
    """Return answers of each kind, recorded ones among them."""
    kinds = {kind: bytes([number]) for number, kind in enumerate(AnswerKind)}
    recorded = [path for path in FIXTURES.glob("*/*") if 0 < path.stat().st_size <= 8192]
    xml = b'<?xml version="1.0" encoding="utf-8"?><a b="c"><d>e</d><d/><![CDATA[x]]></a>'
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    odd: list[tuple[AnswerKind, bytes, bytes]] = [
        (AnswerKind.XML, b"text/xml", xml),
        (AnswerKind.XML, b"text/xml; charset=latin-1", b"<a>\xe9</a>"),
        (AnswerKind.XML, b"", bomb),
        (AnswerKind.XML, b"", '<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode("utf-16")),
        (AnswerKind.FORM, b"application/x-www-form-urlencoded", b"a=1&b=%C3%A9&b=+&c="),
        (AnswerKind.TEXT, b"text/plain; charset=shift_jis", b"\x83\x65"),
        (AnswerKind.JSON, b"application/json; charset=utf-16", '{"a": "é"}'.encode("utf-16")),
        (AnswerKind.JSON, b"application/json", b"[" * 200 + b"]" * 200),
        (
            AnswerKind.JSON,
            b"",
            b'{"a": 18446744073709551616, "b": NaN, "c": 1e999, "d": "\\ud800"}',
        ),
        (AnswerKind.AUTO, b"", b"<html>no</html>"),
        (AnswerKind.AUTO, b"image/png", b"\x89PNG"),
        (AnswerKind.BYTES, b"", b"\x00"),
        (AnswerKind.NONE, b"", b"x"),
    ]
    made = [kinds[kind] + mime + b"\n" + body for kind, mime, body in odd]
    return [
        *made,
        *(kinds[AnswerKind.AUTO] + b"application/json\n" + path.read_bytes() for path in recorded),
    ]


def headers() -> list[bytes]:
    """Return headers as vendors send them."""
    return [
        b"Retry-After: 120\nDate: Sun, 01 Mar 2026 12:00:00 GMT",
        b"Retry-After: Sun, 01 Mar 2026 12:05:00 GMT",
        b'RateLimit: "default";r=50;t=30, "day";r=3;t=9\nRateLimit-Policy: "default";q=100;w=60',
        b"RateLimit: limit=100, remaining=50, reset=5",
        b"X-RateLimit-Limit: 100, 100;w=60\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1772366",
        b"X-Rate-Limit-Remaining: 1\nX-Rate-Limit-Reset: 2026-03-01T12:00:00Z",
        b"X-RateLimit-Remaining: 1\nX-RateLimit-Reset: 6m0.5s",
        b"Set-Cookie: sid=abc; Path=/; Max-Age=3600; HttpOnly\nSet-Cookie: gone=; Max-Age=0",
        b"Authorization: e30.eyJleHAiOjE3NzIzNjY0MDAsImlhdCI6MTc3MjM2MjgwMH0.c2ln",
    ]


def links() -> list[bytes]:
    """Return links, after the path on which they were met."""
    told = (
        *(
            "/next?page=2",
            "next",
            "?page=2",
            "https://vendor.example:8443/base/x",
            "//evil.example/",
        ),
        *("https://good@evil.example/", "https://vendor.example:8443@evil.example/", "\\\\evil\\x"),
        *("http://vendor.example:8443/x", "https://vendor.example/x", "https://vendor.example:1/x"),
        *(
            "/a/../b",
            "/a/%2e%2e/b",
            "/a%2f..%2fb",
            "javascript:alert(1)",
            "https://[::1]/",
            "https:/x",
        ),
        *(
            "https://VENDOR.example:8443/x",
            "https://vendor。example:8443/",
            "https://vendor.example.:8443",
        ),
        *(
            "/x#y",
            "/é",
            "/\x00",
            "https://vendor.example:8443\\@evil.example/",
            "https:\\\\evil",
            "",
        ),
    )
    return [b"/base/x\n" + one.encode() for one in told]


def descriptions() -> list[bytes]:
    """Return what things say of themselves."""
    things = _recorded("webthing") + _recorded("wot_thing")
    told = [node for thing in things for node in (thing if isinstance(thing, list) else [thing])]
    found = [one["properties"] for one in told if isinstance(one, dict) and "properties" in one]
    return [_dump(one) for one in found if isinstance(one, dict)]


def tokens() -> list[bytes]:
    """Return what token servers say, and what was stored."""
    stored = {"token": "t", "refresh_token": "r", "extra": {"home": "1"}}
    times = {"expires_at": "2026-03-01T13:00:00+00:00", "obtained_at": "2026-03-01T12:00:00+00:00"}
    code = {
        "device_code": "d",
        "user_code": "ABC",
        "verification_uri": "https://x.example/",
        "interval": 5,
    }
    given = {"access_token": "a.b.c", "refresh_token": "r", "expires_in": 3600, "error": ""}
    return [_dump(one) for one in (stored | times, code | {"expires_in": 600}, given)]


def words() -> list[bytes]:
    """Return what holds secrets."""
    secret = "s3cretplanted"
    data = {"password": secret, "email": "jo@example.com", "list": [f"x {secret} y", {secret: 1}]}
    return [
        _dump({"secrets": [secret, "päss/w0rd"], "data": data, "words": f"no {secret} päss%2Fw0rd"})
    ]
