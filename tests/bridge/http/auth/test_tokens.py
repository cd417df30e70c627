from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
import json
import math
from typing import Any

from hypothesis import given, strategies as st
from multidict import CIMultiDict, CIMultiDictProxy
import orjson
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.http import Answer
from custom_components.vendor_bridge.bridge.http.auth import Tokens, cookies_of, jwt_life

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
UTC_TIMES = st.datetimes(timezones=st.just(UTC))


@given(
    st.builds(
        Tokens,
        token=st.text(min_size=1),
        refresh_token=st.none() | st.text(min_size=1),
        expires_in=st.none() | st.floats(),
        expires_at=st.none() | UTC_TIMES,
        extra=st.dictionaries(st.text(), st.text()),
    ),
    UTC_TIMES,
)
def test_tokens_that_are_kept(tokens: Tokens, now: datetime) -> None:
    tokens = tokens.obtained(NOW)
    stored = json.loads(json.dumps(tokens.as_dict()))
    again = Tokens.from_dict(stored)
    assert again is not None
    assert again.as_dict() == tokens.as_dict()
    # What is over is due, at any time.
    assert tokens.is_due(NOW) >= tokens.is_expired(NOW)


@given(
    st.dictionaries(
        st.sampled_from(["token", "refresh_token", "expires_at", "obtained_at", "extra"]), ANYTHING
    )
)
def test_anything_that_was_stored(stored: dict[str, Any]) -> None:
    tokens = Tokens.from_dict(stored)
    assert tokens is None or isinstance(tokens.is_due(NOW), bool)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-03-01", "now"]
)
def test_times_at_the_end_of_time(text: str) -> None:
    tokens = Tokens.from_dict({"token": "t", "expires_at": text, "obtained_at": text})
    assert tokens is not None
    assert not tokens.is_due(NOW)


def test_tokens_from_before_the_flood() -> None:
    tokens = Tokens(token="t", expires_at=datetime.min.replace(tzinfo=UTC)).obtained(NOW)
    assert tokens.is_due(NOW)
    assert tokens.is_expired(NOW)


def test_a_refresh_that_gives_nothing_but_a_token() -> None:
    first = Tokens(token="a", refresh_token="r", extra={"home": "1"}).obtained(NOW)
    second = Tokens(token="b", expires_in=60).obtained(NOW, first)
    assert (second.refresh_token, second.extra) == ("r", {"home": "1"})
    assert second.expires_at == NOW + timedelta(seconds=60)


@pytest.mark.parametrize("life", [0, -5, math.nan, math.inf, 1e18])
def test_a_life_that_is_none(life: float) -> None:
    assert Tokens(token="t", expires_in=life).obtained(NOW).expires_at is None


def make_jwt(claims: object) -> str:
    return f"e30.{urlsafe_b64encode(orjson.dumps(claims)).decode().rstrip('=')}.c2ln"


@pytest.mark.parametrize(
    ("claims", "life"),
    [
        ({"iat": 1000, "exp": 4600}, 3600),
        ({"exp": NOW.timestamp() + 60.5}, 60.5),
        ({"iat": 4600, "exp": 1000}, None),
        ({"exp": NOW.timestamp() - 60}, None),
        ({"exp": "4600"}, None),
        ({"exp": True}, None),
        ({"iat": 1000}, None),
        ([], None),
    ],
)
def test_life_of_a_jwt(claims: object, life: float | None) -> None:
    assert jwt_life(make_jwt(claims), NOW) == life


@given(st.text() | st.builds("{}.{}.{}".format, st.text(), st.text(), st.text()))
def test_any_text_for_a_jwt(text: str) -> None:
    assert jwt_life(text, NOW) is None


@given(
    st.dictionaries(
        st.sampled_from(["iat", "exp"]), st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text()
    )
)
def test_any_claims(claims: dict[str, Any]) -> None:
    life = jwt_life(make_jwt(claims), NOW)
    assert life is None or life > 0


def answer(*cookies: str) -> Answer:
    headers = CIMultiDict[str]()
    for cookie in cookies:
        headers.add("Set-Cookie", cookie)
    url = URL("https://a.example/")
    return Answer(status=200, data=None, url=url, headers=CIMultiDictProxy(headers))


def test_cookies() -> None:
    set_by = answer(
        "sid=abc=; Path=/; HttpOnly",
        'csrf="x y"; Max-Age=60',
        "old=1; Max-Age=0",
        "gone=; Path=/",
        "nonsense",
        "sid=def==; Secure",
    )
    assert cookies_of(set_by) == 'sid=def==; csrf="x y"'
    assert cookies_of(set_by, names={"sid"}) == "sid=def=="
    assert cookies_of(answer()) == ""
    assert cookies_of() == ""


def test_cookies_of_several_answers() -> None:
    first = answer("csrf=1", "sid=anonymous; Path=/")
    then = answer("sid=me", "csrf=; Max-Age=0")
    assert cookies_of(first, then) == "sid=me"
