from datetime import UTC, date, datetime
from typing import Any

import probatio
import pytest

from custom_components.vendor_bridge.bridge.model import Device
from custom_components.vendor_bridge.bridge.profile.templates import (
    Place,
    TemplateError,
    compile_template,
)
from custom_components.vendor_bridge.bridge.profile.values import MISSING

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
DEVICE = Device(id="d/1", type="lamp", data={"room": {"no": 7}, "tags": ["x", "y"]})
SCOPE: dict[str, Any] = {
    "device": DEVICE,
    "devices": {"ids": ["a", "b"]},
    "setup": {"url": "https://example.com", "password": "p & <q>"},
    "on": True,
    "level": 42,
    "ratio": 0.5,
    "name": "Küche",
    "nothing": None,
    "start": NOON,
    "day": date(2026, 7, 1),
}


def fill(value: Any, place: Place, **more: Any) -> Any:
    return compile_template(value, place).fill(SCOPE | more)


def refused(value: Any, place: Place, **more: Any) -> TemplateError:
    with pytest.raises(TemplateError) as caught:
        fill(value, place, **more)
    return caught.value


def attempt(value: Any, place: Place, **more: Any) -> Any:
    try:
        return fill(value, place, **more)
    except TemplateError as error:
        return error


# --- what a template becomes --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("{on}", True),
        ("{level}", 42),
        ("{ratio}", 0.5),
        ("{nothing}", None),
        ("{devices.ids}", ["a", "b"]),
        ("{devices.ids.1}", "b"),
        ("{device.id}", "d/1"),
        ("{device.data.room.no}", 7),
        ("{device.data.room}", {"no": 7}),
        ("{device.name}", None),
        ("{start}", "2026-07-01T12:00:00Z"),
        ("{start:unix}", 1782907200),
        ("{start:unix_ms}", 1782907200000),
        ("{start:%Y-%m-%d}", "2026-07-01"),
        ("{start:%H:%M}", "12:00"),
        ("{day:iso}", "2026-07-01"),
        ("{on:int}", 1),
        ("{ratio:int}", 0),
        ("{name:upper}", "KÜCHE"),
        ("{name:lower}", "küche"),
        ("{name:base64}", "S8O8Y2hl"),
        ("{level:md5}", "a1d0c6e83f027327d8461063f4ac58a6"),
        ("{level:sha1}", "92cfceb39d57d914ed8b14d0e37643de0797ae56"),
        ("{devices.ids:csv}", "a,b"),
        ("{devices.ids:json}", '["a","b"]'),
        ("{level}%", "42%"),
        ("{on}/{name}", "true/Küche"),
        ("{{level}}", "{level}"),
        ("{{{level}}}", "{42}"),
        ("", ""),
        ({"a": "{level}", "b": ["{on}", 1, None]}, {"a": 42, "b": [True, 1, None]}),
        ({"{device.type}": {"x": "{level}"}}, {"lamp": {"x": 42}}),
        ({"a": "{absent}", "b": 1}, {"b": 1}),
        ({"a": ["{absent}", 2]}, {"a": [2]}),
        ({"a": {"b": {"c": "{absent}"}}, "d": {}}, {"d": {}}),
        ({"a": ["{absent}"], "d": []}, {"d": []}),
        ({"a": {"b": "{absent}"}}, MISSING),
        ("{absent}", MISSING),
        ([], []),
        (7, 7),
        (False, False),
        (None, None),
    ],
)
def test_json(value: Any, expected: Any) -> None:
    got = fill(value, Place.JSON)
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (Place.PATH, "/v1/{device.id}/x", "/v1/d%2F1/x"),
        (Place.PATH, "/v1/{name}?from={start}", "/v1/K%C3%BCche?from=2026-07-01T12%3A00%3A00Z"),
        (Place.PATH, "/x?ids={devices.ids:csv}", "/x?ids=a%2Cb"),
        (Place.PATH, "{answer:path}", "/jobs/7?x=1&y=%20"),
        (Place.PATH, "{setup.url:path}/x", "https://example.com/x"),
        (Place.PATH, "{answer:path}/state", "/jobs/7?x=1&y=%20/state"),
        (
            Place.QUERY,
            {"a": "{on}", "b": 1, "c": 2.5, "d": False},
            {"a": "true", "b": "1", "c": "2.5", "d": "false"},
        ),
        (
            Place.QUERY,
            {"a": "{devices.ids}", "b": ["x", "{on}"]},
            {"a": ["a", "b"], "b": ["x", "true"]},
        ),
        (Place.QUERY, {"a": "{absent}", "b": "{nothing}", "c": None}, {}),
        (Place.QUERY, {}, {}),
        (Place.FORM, {"p": "{setup.password}"}, {"p": "p & <q>"}),
        (Place.HEADER, {"X-Id": "id {level}", "X-No": "{absent}"}, {"X-Id": "id 42"}),
        (Place.TEXT, '{{"a": {level}}}', '{"a": 42}'),
        (Place.TEXT, "{setup.password}", "p & <q>"),
        (Place.TEXT, "{level}", "42"),
        (Place.TEXT, "{absent}", MISSING),
        (Place.XML, "<p>{setup.password}</p>", "<p>p &amp; &lt;q&gt;</p>"),
        (Place.XML, "{level}", "42"),
    ],
)
def test_other_places(place: Place, value: Any, expected: Any) -> None:
    assert fill(value, place, answer="/jobs/7?x=1&y=%20") == expected


def test_what_has_no_placeholders_is_made_once() -> None:
    template = compile_template({"a": [1, {"b": "x"}], "c": "{level}"}, Place.JSON)
    assert template.fill(SCOPE)["a"] is template.fill(SCOPE)["a"]


def test_a_template_tells_its_placeholders_and_where_they_stand() -> None:
    template = compile_template(
        {"a": ["x", "{device.id} {setup.url}"], "{on}": "{level:int}"}, Place.JSON
    )
    assert template.names == {"device.id", "setup.url", "on", "level"}
    assert [(one.name, one.path, one.column) for one in template.references] == [
        ("device.id", ("a", 1), 1),
        ("setup.url", ("a", 1), 13),
        ("on", ("{on}",), 1),
        ("level", ("{on}",), 1),
    ]


# --- what cannot be filled in -------------------------------------------------------------------


def test_a_missing_value_inside_a_text_is_named() -> None:
    error = refused({"a": "x {device.nope} y"}, Place.JSON)
    assert str(error) == "{device.nope} has no value"
    assert error.name == "device.nope"


@pytest.mark.parametrize(
    "name",
    [
        "device.__class__",
        "device._x",
        "setup.url.upper",
        "start.year",
        "level.real",
        "devices.ids.2",
        "devices.ids.x",
        "device.data.keys",
        "name.0",
        "devices.ids.append",
    ],
)
def test_nothing_but_data_can_be_reached(name: str) -> None:
    try:
        template = compile_template(f"{{{name}}}", Place.JSON)
    except probatio.Invalid:
        assert "_" in name
        return
    assert template.fill(SCOPE) is MISSING


@pytest.mark.parametrize(
    ("value", "place", "more"),
    [
        ("/x/{nothing}", Place.PATH, {}),
        ("/x/{devices.ids}", Place.PATH, {}),
        ("x {devices.ids}", Place.JSON, {}),
        ("{level:iso}", Place.JSON, {}),
        ("{day:unix}", Place.JSON, {}),
        ("{start:unix}", Place.JSON, {"start": datetime(2026, 1, 1)}),  # noqa: DTZ001 - on purpose
        ("{name:int}", Place.JSON, {}),
        ("{level:upper}", Place.JSON, {}),
        ("{level:csv}", Place.JSON, {}),
        ("{x:csv}", Place.JSON, {"x": ["a,b"]}),
        ("{x:csv}", Place.JSON, {"x": [["a"]]}),
        ("{x}", Place.JSON, {"x": float("nan")}),
        ("{x}", Place.JSON, {"x": {"a": [float("inf")]}}),
        ("{x}", Place.JSON, {"x": 10**5000}),
        ("{x}", Place.JSON, {"x": {1: 2}}),
        ("{x}", Place.JSON, {"x": object()}),
        ("{x:json}", Place.TEXT, {"x": [float("nan")]}),
        ({"a": "{devices.ids}"}, Place.HEADER, {}),
        ({"a": "{x}"}, Place.HEADER, {"x": "a\r\nSet-Cookie: b"}),
        ({"a": "{x}"}, Place.HEADER, {"x": "€"}),
        ("{x}", Place.XML, {"x": "\x00"}),
        ("{x}", Place.XML, {"x": "\uffff"}),
        ({"{a}": 1, "{b}": 2}, Place.JSON, {"a": "x", "b": "x"}),
        ({"{a}": 1}, Place.JSON, {"a": ["x"]}),
        ("{x:path}", Place.PATH, {"x": "jobs/7"}),
        ("{x:path}", Place.PATH, {"x": "/jobs/../7"}),
        ("{x:path}", Place.PATH, {"x": "/jobs/%2e%2E/7"}),
        ("{x:path}", Place.PATH, {"x": "/jobs\r\n"}),
        ("{x:path}", Place.PATH, {"x": "//user:pw@host/"}),
        ("{x:path}", Place.PATH, {"x": "//host/path"}),
        ("{x:path}", Place.PATH, {"x": "https://user:pw@host/"}),
        ("{x:path}", Place.PATH, {"x": "file:///etc/passwd"}),
        ("/{x}", Place.PATH, {"x": "a" * 10_000}),
    ],
)
def test_what_does_not_fit_its_place_is_refused(value: Any, place: Place, more: Any) -> None:
    error = refused(value, place, **more)
    assert str(error).isprintable()
    assert len(str(error)) < 200


def test_an_error_never_shows_the_value() -> None:
    for place in Place:
        secret = "s3cret\r\n\x00\ud800"
        template: Any = (
            {"a": "x{setup.password}"}
            if place in {"query", "header", "form"}
            else "/x{setup.password}"
        )
        error = attempt(template, place, setup={"password": secret})
        assert isinstance(error, TemplateError)
        assert "s3cret" not in str(error)
        assert error.__cause__ is None


# --- what is no template ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "place", "path", "complaint"),
    [
        ("a {b", Place.TEXT, [], "single { at column 3: write {{"),
        ("a } b", Place.TEXT, [], "single } at column 3: write }}"),
        ("{}", Place.TEXT, [], "empty placeholder at column 1"),
        ("{ a }", Place.TEXT, [], "not a name"),
        ("{a.}", Place.TEXT, [], "not a name"),
        ("{a..b}", Place.TEXT, [], "not a name"),
        ("{0}", Place.TEXT, [], "not a name"),
        ("{_a}", Place.TEXT, [], "not a name"),
        ("{a.__class__}", Place.TEXT, [], "not a name"),
        ("{a[0]}", Place.TEXT, [], "not a name"),
        ("{a!r}", Place.TEXT, [], "not a name"),
        ("{a.b.c.d.e.f.g.h.i.j.k}", Place.TEXT, [], "not a name"),
        ("{a:}", Place.TEXT, [], "no format"),
        ("{a:isso}", Place.TEXT, [], "did you mean iso"),
        ("{a:>10000000}", Place.TEXT, [], "no format"),
        ("{a:%Q}", Place.TEXT, [], "%Q has no place"),
        ("{a:%}", Place.TEXT, [], "no place"),
        ('{"a": {level}}', Place.TEXT, [], "write {{"),
        ({"a": ["x", {"b": "{"}]}, Place.JSON, ["a", 1, "b"], "write {{"),
        ({"{": 1}, Place.JSON, ["{"], "write {{"),
        ({"a": {1: 2}}, Place.JSON, ["a", 1], "a text"),
        ({"a": float("nan")}, Place.JSON, ["a"], "number"),
        ({"a": object()}, Place.JSON, ["a"], "JSON"),
        ({"a": "\ud800"}, Place.JSON, ["a"], "encoding"),
        ({"a": {"b": 1}}, Place.QUERY, ["a"], "no single"),
        ({"a": [["b"]]}, Place.QUERY, ["a", 0], "no single"),
        ({"a": ["b"]}, Place.HEADER, ["a"], "no single"),
        ({"a b": "c"}, Place.HEADER, ["a b"], "name"),
        ({"a": "b\r\nc: d"}, Place.HEADER, ["a"], "control characters"),
        ({"a\r\nb": "c"}, Place.HEADER, ["a\r\nb"], "name"),
        ("x", Place.QUERY, [], "a mapping"),
        ({"a": 1}, Place.PATH, [], "a text"),
        ("/a#b", Place.PATH, [], "%23"),
        ("/a/{b:path}", Place.PATH, [], "start of a path"),
        ({"a": "{b:path}"}, Place.QUERY, ["a"], "start of a path"),
        ("x" * 100_000, Place.TEXT, [], "at most"),
    ],
)
def test_a_mistake_is_told_where_it_is(
    value: Any, place: Place, path: list[Any], complaint: str
) -> None:
    with pytest.raises(probatio.Invalid) as caught:
        compile_template(value, place)
    assert complaint in str(caught.value)
    assert caught.value.path == path


def test_too_deep_a_template_is_refused() -> None:
    value: Any = "{a}"
    for _ in range(5000):
        value = {"a": [value]}
    with pytest.raises(probatio.Invalid, match="deep"):
        compile_template(value, Place.JSON)
