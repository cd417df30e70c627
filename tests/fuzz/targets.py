"""What is fuzzed: each target takes bytes, and lets nothing out but what is a finding."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
import json
import math
import re
from types import SimpleNamespace
from typing import Any, Final, cast
from urllib.parse import unquote

from multidict import CIMultiDict, CIMultiDictProxy
import probatio
from yarl import URL

from custom_components.vendor_bridge.bridge.described import properties, type_of
from custom_components.vendor_bridge.bridge.errors import (
    ProfileError,
    UnexpectedAnswerError,
    VendorError,
)
from custom_components.vendor_bridge.bridge.http.addresses import Addresses
from custom_components.vendor_bridge.bridge.http.allowance import allowances
from custom_components.vendor_bridge.bridge.http.auth.cookies import cookie_values, cookies_of
from custom_components.vendor_bridge.bridge.http.auth.device_code import DeviceCodeAuth
from custom_components.vendor_bridge.bridge.http.auth.jwt import jwt_life
from custom_components.vendor_bridge.bridge.http.auth.oauth2 import error_of, parse_tokens
from custom_components.vendor_bridge.bridge.http.auth.tokens import Tokens
from custom_components.vendor_bridge.bridge.http.decoding import DecodingError, decode
from custom_components.vendor_bridge.bridge.http.message import Answer, AnswerKind
from custom_components.vendor_bridge.bridge.http.patience import retry_after
from custom_components.vendor_bridge.bridge.http.samples import sample
from custom_components.vendor_bridge.bridge.http.times import MONTH, date_of, seconds_until
from custom_components.vendor_bridge.bridge.http.verdict import own_words, refusal
from custom_components.vendor_bridge.bridge.model import Kind
from custom_components.vendor_bridge.bridge.profile.loader import (
    extend_profile,
    extended_by,
    parse_extension,
    parse_profile,
)
from custom_components.vendor_bridge.bridge.profile.templates import (
    Place,
    TemplateError,
    compile_template,
)
from custom_components.vendor_bridge.bridge.profile.values import (
    MISSING,
    PickError,
    compile_path,
    compile_value,
)

from ..bridge.http.helpers import START, EagerClock
from . import corpus
from .vendor import use

type Run = Callable[[bytes], object]

_DEPTH: Final = 100
_BASE: Final = URL("https://vendor.example:8443/base")
_KINDS: Final = tuple(Kind)
_PLACES: Final = tuple(Place)
_ANSWERS: Final = tuple(AnswerKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing that strangers' input reaches.

    ``run`` raises for a finding. ``seeds`` makes what to begin with; ``is_json`` says that inputs
    are changed as JSON. ``longest`` is the size of an input in bytes.
    """

    name: str
    run: Run
    seeds: Callable[[], Sequence[bytes]]
    is_json: bool = False
    longest: int = 4096


def _json(data: bytes) -> Any:
    """Return JSON as orjson would, which is what gives us answers: deep ones never get here."""
    try:
        tree = json.loads(data)
    except ValueError, RecursionError:
        return None
    return tree if _depth(tree) <= _DEPTH else None


def _depth(tree: Any) -> int:
    level, depth = [tree], 0
    while level and depth <= _DEPTH:
        depth += 1
        inner = [list(n.values()) if isinstance(n, dict) else n for n in level if n]
        level = [n for children in inner if isinstance(children, list) for n in children]
    return depth


def profile(data: bytes) -> object:
    """Load the bytes of a profile, or of a file that adds to one."""
    base = corpus.loaded("acme")
    try:
        if extended_by(data) is not None and base is not None:
            return parse_extension(base, data, "p.yaml")
        return parse_profile(data, "p.yaml")
    except ProfileError as error:
        mistakes = error.mistakes
    assert mistakes, "an error without a mistake"
    for mistake in mistakes:
        assert mistake.line >= 1, "a mistake nowhere"
        assert len(mistake.message) < 2000, "an endless message"
    return None


def account(data: bytes) -> object:
    """Load a profile, and use it with a vendor that answers whatever."""
    tree = _json(data)
    if not isinstance(tree, dict) or not isinstance(tree.get("answers"), list):
        return None
    with suppress(ProfileError):
        loaded = parse_profile(json.dumps(tree.get("profile")), "p.yaml")
        return asyncio.run(use(loaded, tree["answers"]))
    return None


def answers(data: bytes) -> object:
    """Use a bundled profile with a vendor that answers whatever."""
    tree = _json(data)
    if not isinstance(tree, dict) or not isinstance(tree.get("answers"), list):
        return None
    loaded = corpus.loaded(tree.get("vendor"))
    return asyncio.run(use(loaded, tree["answers"])) if loaded is not None else None


def value(data: bytes) -> object:
    """Pick a value out of items, and turn it back."""
    tree = _json(data)
    if not isinstance(tree, dict) or not isinstance(tree.get("items"), list):
        return None
    spec = tree.get("spec")
    if not isinstance(spec, str | dict):
        return None
    kind = tree.get("kind")
    try:
        picker = compile_value(spec, _KINDS[kind % len(_KINDS)] if type(kind) is int else Kind.ANY)
    except probatio.Invalid:
        return None
    for item in tree["items"]:
        with suppress(PickError):
            picked = picker.pick(item)
            if picked is not MISSING and picked is not None and picker.invertible:
                with suppress(PickError):
                    picker.invert(picked)
    return None


def path(data: bytes) -> object:
    """Find what a JMESPath names; the expression is the first line."""
    expression, _, item = data.partition(b"\n")
    try:
        find = compile_path(expression.decode("utf-8", "replace"))
    except probatio.Invalid:
        return None
    with suppress(PickError):
        return find(_json(item))
    return None


def template(data: bytes) -> object:
    """Fill in a part of a request, of which nothing can leave its place."""
    tree = _json(data)
    if not isinstance(tree, dict) or not isinstance(tree.get("scope"), dict):
        return None
    place = (
        _PLACES[number % len(_PLACES)] if type(number := tree.get("place")) is int else Place.JSON
    )
    literal = tree.get("template")
    with suppress(probatio.Invalid, TemplateError):
        made = compile_template(literal, place).fill(tree["scope"])
        _check_filled(made, place, literal)
    return None


def _check_filled(made: Any, place: Place, literal: Any) -> None:
    if place is Place.HEADER and made:
        for text in made.values():
            assert not re.search(r"[\x00-\x1f\x7f]", text), "a header that ends"
    if place is Place.PATH and made:
        assert "#" not in made, "a fragment"
        outline = re.sub(r"\{\{|\}\}|\{[^{}]*\}", "x", literal)
        if not re.search(r"\{[^{}]*:path\}", literal):
            assert made.count("/") == outline.count("/"), "a path with more segments"
            assert made.count("?") == outline.count("?"), "a query in a path"
            climbs = {".", ".."} & {unquote(one) for one in made.split("/")}
            assert climbs <= {unquote(one) for one in literal.split("/")}, "a path that climbs"
    if place is not Place.JSON and isinstance(made, str):
        made.encode()


def answer(data: bytes) -> object:
    """Decode an answer: its kind is the first byte, its content type the first line."""
    kind = _ANSWERS[data[0] % len(_ANSWERS)] if data else AnswerKind.AUTO
    content_type, _, body = data[1:].partition(b"\n")
    reason = ""
    try:
        decoded = decode(body, kind, content_type.decode("latin-1"))
    except DecodingError as error:
        decoded, reason = None, str(error)
    assert "\n" not in reason, "an error of several lines"
    assert len(reason) < 300, "an endless error"
    if not isinstance(decoded, bytes):
        assert _depth(decoded) <= _DEPTH + 2, "deep nesting"
        _check_scalars(decoded)
    made = Answer(
        status=200, data=decoded, url=_BASE, headers=CIMultiDictProxy(CIMultiDict()), body=body
    )
    return sample(made, START, None)


def _check_scalars(decoded: Any) -> None:
    waiting = [decoded]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting.extend(node)
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, str):
            node.encode()  # no half characters
        elif isinstance(node, float):
            assert math.isfinite(node), "NaN or infinity"
        else:
            assert node is None or -(2**63) <= node < 2**64, "a huge number"


def headers(data: bytes) -> object:
    """Read the headers that tell of limits, times, cookies and tokens: "name: value" lines."""
    told = CIMultiDict[str]()
    for line in data.decode("latin-1").split("\n"):
        name, _, content = line.partition(":")
        told.add(name.strip(), content.strip())
        life = jwt_life(content.strip(), START)
        assert life is None or life > 0, "a life that is none"
        seconds = seconds_until(content, told, START)
        assert seconds is None or 0 <= seconds <= MONTH, "a wait without end"
        date_of(content)
    for budget in allowances(told, START):
        assert budget.remaining >= 0, "less than nothing"
        assert budget.reset is None or 0 <= budget.reset <= MONTH, "a wait without end"
    wait = retry_after(told, START)
    assert wait is None or 0 <= wait <= MONTH, "a wait without end"
    own = Answer(status=429, data={"e": "no"}, url=_BASE, headers=CIMultiDictProxy(told))
    cookie = cookies_of(own)
    list(cookie_values(cookie))
    refusal(own, lambda _: data.decode("latin-1"), ("secret",), START)
    return None


def link(data: bytes) -> object:
    """Follow what a vendor says is its next page, and a path that somebody filled in."""
    base, _, text = data.decode(
        "utf-8", "surrogatepass" if data.isascii() else "replace"
    ).partition("\n")
    own = Addresses([_BASE], EagerClock())
    for start in (None, _BASE.with_path(base if base.startswith("/") else "/x")):
        with suppress(UnexpectedAnswerError):
            url = own.own(text, start)
            assert url.host == _BASE.host, "another host"
            assert url.scheme == "https", "no https"
            assert url.user is None, "a user in an address"
            assert url.port == _BASE.port, "another port"
    with suppress(UnexpectedAnswerError):
        for _, url in own.candidates(text, idempotent=True):
            assert (url.host, url.port, url.user) == (_BASE.host, _BASE.port, None), "another host"
    return None


def described(data: bytes) -> object:
    """Make entities of what a device says of itself."""
    tree = _json(data)
    if not isinstance(tree, dict):
        return None
    found = list(properties(tree))
    raw = type_of(found, lambda name, content: {"put": f"/p/{len(name)}", "json": content})
    bare = corpus.bare()
    with suppress(ProfileError):
        return extend_profile(bare, {"described": raw})
    return None


def tokens(data: bytes) -> object:
    """Read what a sign-in gives, and what was stored of one."""
    tree = _json(data)
    stored = Tokens.from_dict(tree) if isinstance(tree, Mapping) else None
    if stored is not None:
        stored.is_due(START)
        assert Tokens.from_dict(stored.obtained(START, stored).as_dict()) is not None
    own = Answer(status=200, data=tree, url=_BASE, headers=CIMultiDictProxy(CIMultiDict()))
    error_of(tree)
    with suppress(VendorError):
        parse_tokens(own).obtained(START).is_due(START)
    code = DeviceCodeAuth(cast("Any", SimpleNamespace(scope="")), cast("Any", None))

    async def ask(*_: Any) -> Answer:
        return own

    cast("Any", code)._ask_server = ask  # noqa: SLF001 - in the vendor's place
    with suppress(VendorError):
        prompt = asyncio.run(code.begin())
        assert prompt.url is not None
        assert prompt.url.scheme in {"http", "https"}, "a link to something else"
    return None


def words(data: bytes) -> object:
    """Take the secrets out of a vendor's own words, and out of what diagnostics show."""
    from custom_components.vendor_bridge.redaction import Redactor  # noqa: PLC0415 - with Home Assistant

    tree = _json(data)
    if not isinstance(tree, dict) or not isinstance(tree.get("secrets"), list):
        return None
    secrets = [one for one in tree["secrets"] if isinstance(one, str) and len(one) >= 4]
    redactor = Redactor(secrets)
    redactor.learn(tree.get("data"))
    shown = json.dumps(redactor.clean(tree.get("data")), ensure_ascii=False)
    said = own_words(str(tree.get("words")), secrets)
    for secret in secrets:
        if secret.isalnum() and len(secret) >= 8 and secret not in "**REDACTED**":
            assert secret not in shown, "a secret in diagnostics"
            assert secret not in said, "a secret in an error"
    return None


TARGETS: Final[Mapping[str, Target]] = {
    target.name: target
    for target in (
        Target(name="profile", run=profile, seeds=corpus.profiles, longest=64 * 1024),
        Target(name="account", run=account, seeds=corpus.accounts, is_json=True, longest=96 * 1024),
        Target(name="answers", run=answers, seeds=corpus.recordings, is_json=True, longest=2**17),
        Target(name="value", run=value, seeds=corpus.values, is_json=True),
        Target(name="path", run=path, seeds=corpus.paths),
        Target(name="template", run=template, seeds=corpus.templates, is_json=True),
        Target(name="answer", run=answer, seeds=corpus.bodies, longest=16 * 1024),
        Target(name="headers", run=headers, seeds=corpus.headers),
        Target(name="link", run=link, seeds=corpus.links, longest=1024),
        Target(
            name="described", run=described, seeds=corpus.descriptions, is_json=True, longest=2**14
        ),
        Target(name="tokens", run=tokens, seeds=corpus.tokens, is_json=True),
        Target(name="words", run=words, seeds=corpus.words, is_json=True),
    )
}


def run_any(data: bytes) -> object:
    """Run the target that the first byte names."""
    several = list(TARGETS.values())
    return several[data[0] % len(several)].run(data[1:]) if data else None
