from typing import Any

from hypothesis import given, strategies as st
import probatio
import pytest

from custom_components.vendor_bridge.bridge.model import Kind
from custom_components.vendor_bridge.bridge.profile.values import (
    MISSING,
    TRANSFORMS,
    PickError,
    compile_value,
)

from .hostile import JSON, KEYS, attempt


@pytest.mark.parametrize(
    ("spec", "item", "expected"),
    [
        ({"value": "a", "scale": 10, "offset": 1}, {"a": 2}, 21),
        ({"value": "a", "offset": 1, "scale": 10}, {"a": 2}, 30),
        ({"value": "a", "scale": 10, "then": [{"offset": 1}, {"scale": 2}]}, {"a": 2}, 42),
        ({"value": "a", "then": [{"scale": 3, "offset": 1}], "round": 0}, {"a": 1.2}, 5),
        ({"const": 5}, {}, 5),
        ({"const": None}, {}, None),
        ({"const": [1, 2]}, {}, [1, 2]),
        ({"values": {"u": "v", "i": "a"}, "compute": "u * i / 1000"}, {"v": 230, "a": 100}, 23.0),
        ({"values": {"u": "v", "i": "a"}, "compute": "u * i"}, {"v": 230}, MISSING),
        ({"values": {"u": "v", "i": "a"}, "compute": "u * i"}, {"v": 230, "a": None}, None),
        ({"values": {"u": "v"}, "compute": "u > 5", "invert": True}, {"v": 9}, False),
        ({"value": "a", "default": 7}, {}, 7),
        ({"value": "a", "default": 7}, {"a": None}, 7),
        ({"value": "a", "default": 7}, {"a": 0}, 0),
        ({"value": "a", "default": 7, "scale": 10}, {}, 70),
        ({"value": "a", "scale": 10, "default": 7}, {}, 7),
        ({"value": "a", "default": None}, {}, None),
        ({"value": "a", "scale": 10}, {}, MISSING),
        ({"value": "a", "scale": 10}, {"a": None}, None),
        ({"value": "a", "unknown": -1, "scale": 10}, {"a": -1}, None),
        ({"value": "a", "unknown": -1, "default": 0}, {"a": -1}, 0),
        ({"value": "a", "map": {1: "x"}, "default": "?"}, {"a": 2}, "?"),
        ({"value": "a", "map": {1: "x"}, "default": "?"}, {}, "?"),
        ({"value": "a", "regex": r"(\d+)", "default": 0}, {"a": "none"}, 0),
        ({"value": "a", "map": {None: "off", 1: "on"}}, {"a": None}, "off"),
        ({"value": "a", "map": {None: "off", 1: "on"}}, {}, MISSING),
        ({"value": "a", "map": {1: "on", "never": None}}, {"a": "never"}, None),
        ({"value": "a", "equals": None}, {"a": None}, True),
        ({"value": "a", "equals": None}, {}, MISSING),
        ({"value": "a", "decode": "json", "path": "p.q"}, {"a": '{"p":{"q":3}}'}, 3),
        ({"value": "a", "decode": "json", "path": "p.q"}, {"a": '{"p":{}}'}, MISSING),
    ],
)
def test_what_is_picked(spec: dict[str, Any], item: Any, expected: Any) -> None:
    assert compile_value(spec).pick(item) == expected


@pytest.mark.parametrize(
    ("spec", "kind", "ours", "theirs"),
    [
        ("a", Kind.NUMBER, 21.5, 21.5),
        ({"value": "a", "scale": 0.1}, Kind.NUMBER, 21.5, 215),
        ({"value": "a", "scale": 0.1, "offset": -40}, Kind.NUMBER, 21, 610),
        ({"value": "a", "round": 0, "unit": ["mired", "K"]}, Kind.KELVIN, 2700, 370),
        ({"value": "a", "range": [0, 100], "invert": True}, Kind.PERCENTAGE, 30, 70),
        ({"value": "a", "map": {0: "off", 1: "heat"}}, Kind.TEXT, "heat", 1),
        ({"value": "a", "map": {"locked": True, "unlocked": False}}, Kind.BOOLEAN, "on", "locked"),
        ({"value": "a", "map": {"Y": "on", "N": "off"}}, Kind.BOOLEAN, True, "Y"),
        ({"value": "a", "map": {1: True}, "default": False}, Kind.BOOLEAN, True, 1),
        ({"value": "a", "decode": "hex_bytes"}, Kind.COLOR, (255, 128, 0), "ff8000"),
        ({"value": "[h, s]", "round": 0, "scale": [0.01, 0.5]}, Kind.COLOR, [3.6, 50], [360, 100]),
        ({"value": "a", "split": ","}, Kind.COLOR, [1, 2, 3], "1,2,3"),
        ({"value": "a", "scale": 2}, Kind.NUMBER, None, None),
    ],
)
def test_what_is_sent_back(spec: Any, kind: Kind, ours: Any, theirs: Any) -> None:
    picker = compile_value(spec, kind)
    assert picker.invertible
    got = picker.invert(ours)
    assert got == theirs
    assert type(got) is type(theirs)


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ({"const": 1}, "const"),
        ({"values": {"a": "a"}, "compute": "a"}, "compute"),
        ({"value": "a", "scale": 2, "bit": 3}, "bit"),
        ({"value": "a", "then": [{"equals": 3}]}, "equals"),
        ({"value": "a", "map": {1: "a", 2: "a"}}, "map"),
        ({"value": "a", "map": {1: True, 2: "true"}}, "map"),
        ({"value": "a", "split": {"by": ",", "index": 0}}, "split"),
    ],
)
def test_what_cannot_be_sent_back_says_why(spec: Any, name: str) -> None:
    picker = compile_value(spec)
    assert not picker.invertible
    assert picker.why_not is not None
    assert f"`{name}`" in picker.why_not
    with pytest.raises(PickError, match=name):
        picker.invert(1)


@pytest.mark.parametrize("value", [True, "x", 300, -1])
def test_a_value_that_is_none_of_home_assistants_is_not_sent(value: Any) -> None:
    with pytest.raises(PickError):
        compile_value({"value": "a", "range": [0, 100]}, Kind.BRIGHTNESS).invert(value)


@pytest.mark.parametrize(
    ("spec", "path", "complaint"),
    [
        ({}, [], "give one of"),
        ({"value": "a", "const": 1}, [], "give one of"),
        ({"values": {"a": "x"}}, ["values"], "belong together"),
        ({"compute": "a"}, ["compute"], "belong together"),
        ({"value": "a["}, ["value"], "JMESPath"),
        ({"value": 5}, ["value"], "a text"),
        ({"values": ["a"], "compute": "a"}, ["values"], "a mapping"),
        ({"values": {"a": "a"}, "compute": 1}, ["compute"], "a text"),
        ({"values": {"a": "x["}, "compute": "a"}, ["values", "a"], "JMESPath"),
        ({"values": {"a": "x"}, "compute": "b"}, ["compute"], "has no b; it has a"),
        ({"value": "a", "scale": 0}, ["scale"], "0"),
        ({"value": "a", "sclae": 2}, ["sclae"], "did you mean `scale`"),
        ({"value": "a", "then": [{"scale": 1}, {"map": {}}]}, ["then", 1, "map"], "length"),
        ({"value": "a", "then": [{"then": []}]}, ["then", 0, "then"], "no such"),
        ({"value": "a", "range": {"from": [0, "x"], "to": [0, 1]}}, ["range", "from", 1], "float"),
        ({"value": "a", "map": {1: "a", "1": "b"}}, ["map"], "the same to a vendor"),
        ({"value": "a", "unit": ["mW", "KW"]}, ["unit", 1], "did you mean kW"),
        ({"value": "a", "path": "x["}, ["path"], "JMESPath"),
        (
            {"value": "a", "timestamp": {"timezone": "Europe/Berlim"}},
            ["timestamp", "timezone"],
            "Europe/Berlin",
        ),
        ({"value": "a", "then": [{"scale": 2}] * 51}, [], "at most 50"),
    ],
)
def test_a_mistake_is_told_where_it_is(spec: Any, path: list[Any], complaint: str) -> None:
    with pytest.raises(probatio.Invalid, match=complaint) as caught:
        compile_value(spec)
    assert caught.value.path == path


def test_several_mistakes_are_told_at_once() -> None:
    with pytest.raises(probatio.MultipleInvalid) as caught:
        compile_value({"value": "a[", "scale": "x", "then": [{"bit": 64}], "rund": 1})
    assert [error.path for error in caught.value.errors] == [
        ["value"],
        ["scale"],
        ["then", 0, "bit"],
        ["rund"],
    ]


SPECS = st.dictionaries(
    st.sampled_from([*TRANSFORMS, "value", "const", "values", "compute", "then", "x"]),
    JSON
    | st.sampled_from([row.example[0] for row in TRANSFORMS.values()])
    | st.sampled_from(["a", "a.b", "@", {"a": "a"}, [{"scale": 2}], "a * 2", [0, 100], "hex"]),
    max_size=4,
)


@given(SPECS | SPECS.map(lambda spec: {**spec, "value": "@"}), st.sampled_from(list(Kind)), JSON)
def test_any_spec_compiles_or_is_invalid(spec: dict[str, Any], kind: Kind, item: Any) -> None:
    try:
        picker = compile_value(spec, kind)
    except probatio.Invalid:
        return
    attempt(picker.pick, item)
    attempt(picker.invert, item)


@given(st.dictionaries(KEYS, JSON, max_size=3))
def test_picking_never_changes_the_item(item: dict[str, Any]) -> None:
    before = repr(item)
    for row in TRANSFORMS.values():
        argument, kind, _, _ = row.example
        attempt(compile_value({"value": "a", row.name: argument}, kind).pick, item)
    assert repr(item) == before
