"""Transforms of texts, there and back."""

import base64
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.model import Kind
from custom_components.vendor_bridge.bridge.profile.values import PickError, compile_value

from .hostile import JSON, attempt

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def there(name: str, argument: Any, value: Any, kind: Kind = Kind.ANY) -> Any:
    return compile_value({"value": "@", name: argument}, kind).pick(value)


def back(name: str, argument: Any, value: Any, kind: Kind = Kind.ANY) -> Any:
    return compile_value({"value": "@", name: argument}, kind).invert(value)


@given(st.lists(st.text("abc ", max_size=5), min_size=1), st.sampled_from([",", "; ", "|"]))
def test_split_there_and_back(parts: list[str], by: str) -> None:
    text = by.join(parts)
    assert there("split", by, text) == parts
    assert back("split", by, parts) == text
    for index in range(-len(parts), len(parts)):
        assert there("split", {"by": by, "index": index}, text) == parts[index]
    assert isinstance(attempt(there, "split", {"by": by, "index": len(parts)}, text), PickError)


def test_what_cannot_be_packed_is_a_misfit() -> None:
    unsaid: list[Any] = [float("nan"), {"a": float("inf")}, {"a": {1, 2}}, {(): 1}]
    for value in unsaid:
        assert isinstance(attempt(back, "decode", "json", value), PickError)
    no_bytes: list[Any] = [[256], ["a"], "ff", [-1], [0] * 2000]
    for value in no_bytes:
        assert isinstance(attempt(back, "decode", "hex_bytes", value), PickError)
    assert isinstance(attempt(there, "split", ",", "," * 2000), PickError)
    assert isinstance(attempt(there, "scale", 2, [1] * 2000), PickError)


@given(TEXTS)
def test_case_is_idempotent(text: str) -> None:
    assert there("case", "upper", text) == text.upper()
    assert there("case", "lower", text) == text.lower()


@given(TEXTS)
def test_base64_there_and_back(text: str) -> None:
    packed = base64.b64encode(text.encode()).decode()
    assert there("decode", "base64", packed) == text
    assert there("decode", "base64", packed.rstrip("=").replace("+", "-").replace("/", "_")) == text
    assert back("decode", "base64", text) == packed


@given(st.binary(max_size=50))
def test_bytes_there_and_back(octets: bytes) -> None:
    assert there("decode", "hex_bytes", "0x" + octets.hex().upper()) == list(octets)
    assert back("decode", "hex_bytes", list(octets)) == octets.hex()
    packed = base64.b64encode(octets).decode()
    assert there("decode", "base64_bytes", packed) == list(octets)
    assert back("decode", "base64_bytes", list(octets)) == packed


@given(JSON)
def test_json_there_and_back(value: Any) -> None:
    try:
        text = json.dumps(value, allow_nan=False)
    except ValueError:
        return
    got = attempt(there, "decode", "json", text)
    if isinstance(got, PickError):  # what no kind takes: huge integers, lone surrogates
        assert not isinstance(value, list | dict | bool | None)
        return
    expected = json.loads(text)  # not quite the value: halves of a character become one
    assert got == expected
    if expected is not None:
        assert json.loads(back("decode", "json", expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "[Infinity]",
        "{",
        '{"a":1}x',
        "[" * 65 + "]" * 65,
        "[" * 500_000,
        '{"a":' * 100 + "1" + "}" * 100,
        "9" * 5000,
        " " * 2_000_000 + "1",
    ],
)
def test_json_that_is_none_or_too_much_is_a_misfit(text: str) -> None:
    assert isinstance(attempt(there, "decode", "json", text), PickError)


def test_brackets_inside_texts_nest_nothing() -> None:
    value = ["[" * 100, '"\\[{']
    assert there("decode", "json", json.dumps(value)) == value


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("hex", "g"),
        ("hex", ""),
        ("hex", "0x0x1"),
        ("hex", "1" * 17),
        ("hex", "1_0"),
        ("hex", "-1"),
        ("hex_bytes", "00" * 40_000),
        ("hex_bytes", "abc"),
        ("base64", "a"),
        ("base64", "!!!!"),
        ("base64", base64.b64encode(b"\xff\xfe").decode()),
        ("base64_bytes", "é"),
    ],
)
def test_what_is_not_packed_so_is_a_misfit(codec: str, text: str) -> None:
    assert isinstance(attempt(there, "decode", codec, text), PickError)


@given(st.integers(-(2**31), 2**31 - 1), st.sampled_from(["big", "little"]), st.binary(max_size=4))
def test_bytes_make_the_integer_that_they_were(number: int, order: str, before: bytes) -> None:
    octets = [*before, *number.to_bytes(4, order, signed=True)]  # type: ignore[arg-type]
    where = {"at": len(before), "length": 4, "signed": True, "order": order}
    assert there("bytes", where, octets) == number
    assert isinstance(attempt(there, "bytes", where, octets[:-1]), PickError)
    assert isinstance(attempt(there, "bytes", where, [*octets[:-1], 256]), PickError)


def test_a_tuya_meter_is_read_out_of_its_packed_text() -> None:
    """Voltage in tenths, current in mA and power in W, two and twice three bytes, in base64."""
    packed = base64.b64encode(bytes.fromhex("08fc 000fa0 0001f4")).decode()
    decode = {"value": "phase_a", "decode": "base64_bytes"}
    voltage = compile_value({**decode, "bytes": {"at": 0, "length": 2}, "scale": 0.1})
    current = compile_value({**decode, "bytes": {"at": 2, "length": 3}, "unit": ["mA", "A"]})
    assert voltage.pick({"phase_a": packed}) == 230
    assert current.pick({"phase_a": packed}) == 4
