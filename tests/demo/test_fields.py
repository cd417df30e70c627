from typing import Any

from hypothesis import given, strategies as st
import pytest

from demo.acme.errors import InvalidValueError, UnknownFieldError
from demo.acme.fields import (
    Choice,
    Choices,
    Field,
    Integer,
    Number,
    Press,
    Switch,
    Text,
    check_all,
)

FIELDS: dict[str, Field] = {
    "switch": Switch(),
    "press": Press(),
    "level": Integer(1, 100),
    "fives": Integer(10, 100, 5, "%"),
    "target": Number(5, 30, 0.5, "°C"),
    "mode": Choice(("off", "heat")),
    "effect": Choice(("candle",), nullable=True),
    "rooms": Choices(("Hall", "Kitchen")),
    "label": Text(10),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("switch", False, False),
        ("press", True, True),
        ("level", 40, 40),
        ("level", 40.0, 40),
        ("fives", 95, 95),
        ("target", 21.5, 21.5),
        ("target", 21, 21.0),
        ("mode", "heat", "heat"),
        ("effect", None, None),
        ("rooms", ["Hall"], ["Hall"]),
        ("label", "Lamp", "Lamp"),
    ],
)
def test_takes(name: str, value: object, kept: object) -> None:
    got = check_all(FIELDS, {name: value})[name]
    assert got == kept
    assert type(got) is type(kept)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("switch", 1, "be true or false"),
        ("press", False, "be true"),
        ("level", 0, "be between 1 and 100"),
        ("level", 40.5, "be a multiple of 1"),
        ("level", True, "be a number"),
        ("level", "40", "be a number"),
        ("level", 10**400, "be between"),
        ("level", float("nan"), "be between"),
        ("fives", 12, "be a multiple of 5 from 10"),
        ("target", 21.3, "be a multiple of 0.5"),
        ("mode", "cool", "be one of off, heat"),
        ("mode", None, "be one of"),
        ("mode", ["off"], "be one of"),
        ("rooms", [], "be a list"),
        ("rooms", ["Hall", "Hall"], "have each entry once"),
        ("rooms", ["Attic"], "have entries from"),
        ("label", "", "be a text of 1 to 10"),
        ("label", "a\nb", "have no control characters"),
    ],
)
def test_refuses(name: str, value: object, reason: str) -> None:
    with pytest.raises(InvalidValueError, match=f"{name} must {reason}") as caught:
        check_all(FIELDS, {name: value})
    assert caught.value.field == name


def test_refuses_what_it_does_not_know() -> None:
    with pytest.raises(UnknownFieldError, match="'color' is no field; known: switch"):
        check_all(FIELDS, {"color": 1})


def test_refuses_an_empty_body() -> None:
    with pytest.raises(InvalidValueError, match="no fields"):
        check_all(FIELDS, {})


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(), JSON, max_size=3))
def test_refuses_with_nothing_but_its_own_errors(body: dict[str, Any]) -> None:
    try:
        kept = check_all(FIELDS, body)
    except InvalidValueError, UnknownFieldError:
        return
    # What was kept is good again.
    assert check_all(FIELDS, kept) == kept


def test_describes_itself_with_its_ranges() -> None:
    assert FIELDS["fives"].describe() == {
        "type": "integer",
        "min": 10,
        "max": 100,
        "step": 5,
        "unit": "%",
    }
    assert FIELDS["effect"].describe() == {
        "type": "choice",
        "options": ["candle"],
        "nullable": True,
    }
