"""Nothing that is filled into a template leaves its place."""

from datetime import UTC, datetime, timedelta, timezone
import json
from typing import Any
from xml.dom import minidom

from hypothesis import example, given, strategies as st
import probatio
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.profile.templates import (
    Place,
    TemplateError,
    compile_template,
)

from .values.hostile import JSON as ANYTHING, ODD

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def attempt(value: Any, place: Place, **scope: Any) -> Any:
    try:
        return compile_template(value, place).fill(scope)
    except TemplateError as error:
        return error


TRICKY = st.text(
    st.sampled_from(
        [*"/.?#%\\&=:;@+ \r\n\t\x00\x7f<>'\"{}é€", "2", "e", "E", "f", "\u2028", "\ud800"]
    ),
    max_size=12,
)
WORDS = TRICKY | st.text(max_size=10) | st.sampled_from(["..", ".", "%2e%2e", "%2F..", "a/../b"])


@given(WORDS, WORDS)
@example("..", "x")
@example("%2e%2e", "%252e")
@example("", "x")
def test_a_path_keeps_its_segments(first: str, second: str) -> None:
    path = attempt("/v1/{a}/mid/x{b}y/end?q={a}&r={b}", Place.PATH, a=first, b=second)
    if isinstance(path, TemplateError):
        return
    for url in (URL("https://example.com" + path), URL("https://example.com").join(URL(path))):
        assert url.host == "example.com"
        assert len(url.raw_parts) == 6
        assert url.parts[:2] == ("/", "v1")
        assert url.parts[2] == first
        assert url.parts[3:] == ("mid", f"x{second}y", "end")
        assert url.fragment == ""
        assert dict(url.query) == {"q": first, "r": second}


@given(WORDS)
def test_only_segments_that_would_vanish_are_refused(value: str) -> None:
    got = attempt("/v1/{a}/x", Place.PATH, a=value)
    vanishes = (
        value in {"", ".", ".."}
        or "\ud800" <= max(value, default="") <= "\udfff"
        or any("\ud800" <= char <= "\udfff" for char in value)
    )
    assert isinstance(got, TemplateError) is vanishes


@given(WORDS)
def test_a_header_stays_one_line(value: str) -> None:
    got = attempt({"X": "a {x}", "Y": "{x}"}, Place.HEADER, x=value)
    if isinstance(got, TemplateError):
        return
    for text in got.values():
        assert text.isprintable() or "\xa0" in text or "\xad" in text
        assert not set(text) & {"\r", "\n", "\x00"}
        assert value.encode("latin-1").decode("latin-1") in text


@given(WORDS)
def test_xml_stays_one_text(value: str) -> None:
    got = attempt("<a b='{x}'>{x}</a>", Place.XML, x=value)
    if isinstance(got, TemplateError):
        return
    root = minidom.parseString(got.encode()).documentElement  # noqa: S318 - a text of our own
    assert root is not None
    children = root.childNodes
    assert all(isinstance(child, minidom.Text) for child in children)
    text = "".join(child.data for child in children if isinstance(child, minidom.Text))
    assert text == value.replace("\r\n", "\n").replace("\r", "\n")


@given(ANYTHING)
def test_json_can_be_sent(value: Any) -> None:
    got = attempt({"a": "{x}", "b": ["{x}"], "c": 1}, Place.JSON, x=value)
    if not isinstance(got, TemplateError):
        sent = json.dumps(got, allow_nan=False).encode("utf-8")
        assert json.loads(sent) == {"a": value, "b": [value], "c": 1}


@pytest.mark.parametrize("place", Place)
def test_odd_values_break_no_place(place: Place) -> None:
    mapped = place in {Place.QUERY, Place.HEADER, Place.FORM}
    for text in ("{x}", "/a{x}b", "{x:csv}", "{x:json}", "{x:int}", "{x:%Y}", "{x:unix}", "{x.a}"):
        template = compile_template({"k": text} if mapped else text, place)
        for odd in [*ODD, NOON.astimezone(timezone(timedelta(hours=-12))), object(), {1: 2}]:
            try:
                template.fill({"x": odd})
            except TemplateError as error:
                message = str(error)
            else:
                continue
            assert message.isprintable()
            assert len(message) < 200


TEMPLATES = st.lists(
    st.sampled_from([*"{}:.a0_ %/#", "{a}", "{{", "}}", "{a.b:iso}", ":%Y", "\ud800", "\r"]),
    max_size=12,
).map("".join)


@given(
    TEMPLATES | st.dictionaries(TEMPLATES, TEMPLATES | ANYTHING, max_size=3),
    st.sampled_from(list(Place)),
    ANYTHING,
)
def test_any_value_is_a_template_or_invalid(value: Any, place: Place, filling: Any) -> None:
    try:
        template = compile_template(value, place)
    except probatio.Invalid:
        return
    try:
        template.fill({"a": filling})
    except TemplateError as error:
        message = str(error)
    else:
        return
    assert message.isprintable()
