from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.model import Kind
from custom_components.vendor_bridge.bridge.profile.values import PickError, compile_value

from .hostile import JSON, ODD, attempt

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)

FITS: list[tuple[Kind, Any, Any]] = [
    (Kind.ANY, "x", "x"),
    (Kind.ANY, [1, {"a": 2}], [1, {"a": 2}]),
    (Kind.BOOLEAN, True, True),
    (Kind.BOOLEAN, 0, False),
    (Kind.BOOLEAN, 1.0, True),
    (Kind.BOOLEAN, "ON", True),
    (Kind.BOOLEAN, "false", False),
    (Kind.BOOLEAN, "0", False),
    (Kind.NUMBER, 5, 5),
    (Kind.NUMBER, -2.5, -2.5),
    (Kind.NUMBER, " 21.5 ", 21.5),
    (Kind.NUMBER, "1e3", 1000.0),
    (Kind.NUMBER, "-7", -7),
    (Kind.NUMBER, ".5", 0.5),
    (Kind.INTEGER, 5.0, 5),
    (Kind.INTEGER, "12", 12),
    (Kind.INTEGER, "12.0", 12),
    (Kind.TEXT, "Küche 🍳", "Küche 🍳"),
    (Kind.TEXT, 5, "5"),
    (Kind.TEXT, 2.5, "2.5"),
    (Kind.TEXT, "", ""),
    (Kind.BRIGHTNESS, 255, 255),
    (Kind.BRIGHTNESS, 127.6, 128),
    (Kind.BRIGHTNESS, 255.0000001, 255),
    (Kind.BRIGHTNESS, -0.0000001, 0),
    (Kind.PERCENTAGE, 55.5, 55.5),
    (Kind.PERCENTAGE, "100", 100),
    (Kind.FRACTION, 0.25, 0.25),
    (Kind.KELVIN, 2699.6, 2700),
    (Kind.COLOR, [0, "100"], [0, 100]),
    (Kind.COLOR, (1, 2, 3, 4, 5), [1, 2, 3, 4, 5]),
    (Kind.TEXTS, ["a", 1], ["a", "1"]),
    (Kind.TEXTS, [], []),
    (
        Kind.STRUCTURE,
        {"rates": [{"from": "06:00", "price": 0.31}]},
        {"rates": [{"from": "06:00", "price": 0.31}]},
    ),
    (Kind.STRUCTURE, [], []),
    (Kind.TIMESTAMP, "2026-01-02T12:00:00Z", NOON),
    (Kind.TIMESTAMP, "2026-01-02 13:00:00+01:00", NOON),
    (Kind.TIMESTAMP, "2026-01-02T13:00:00.000000000+0100", NOON),
    (Kind.TIMESTAMP, NOON.astimezone(timezone(timedelta(hours=5))), NOON),
    (Kind.DATE, "2026-01-02", date(2026, 1, 2)),
    (Kind.DATE, NOON, date(2026, 1, 2)),
    (Kind.TIME, "07:30", time(7, 30)),
    (Kind.TIME, NOON, time(12)),
]

MISFITS: list[tuple[Kind, Any]] = [
    (Kind.ANY, float("nan")),
    (Kind.ANY, 2**63),
    (Kind.ANY, "\ud800"),
    (Kind.BOOLEAN, 2),
    (Kind.BOOLEAN, "yes"),
    (Kind.BOOLEAN, "open"),
    (Kind.BOOLEAN, [True]),
    (Kind.NUMBER, True),
    (Kind.NUMBER, "21,5"),
    (Kind.NUMBER, "NaN"),
    (Kind.NUMBER, "inf"),
    (Kind.NUMBER, "1e999"),
    (Kind.NUMBER, "1_000"),
    (Kind.NUMBER, "٣"),
    (Kind.NUMBER, ""),
    (Kind.NUMBER, float("inf")),
    (Kind.NUMBER, 2**63),
    (Kind.NUMBER, str(2**63)),
    (Kind.NUMBER, [1]),
    (Kind.INTEGER, 5.5),
    (Kind.INTEGER, 1e300),
    (Kind.TEXT, True),
    (Kind.TEXT, ["a"]),
    (Kind.TEXT, "x" * 70_000),
    (Kind.TEXT, "a\udc00"),
    (Kind.BRIGHTNESS, 256),
    (Kind.BRIGHTNESS, -1),
    (Kind.PERCENTAGE, 101),
    (Kind.FRACTION, 1.01),
    (Kind.KELVIN, 0),
    (Kind.KELVIN, -2700),
    (Kind.COLOR, [1]),
    (Kind.COLOR, [1] * 6),
    (Kind.COLOR, ["red", 1, 2]),
    (Kind.COLOR, "ff0000"),
    (Kind.TEXTS, "a"),
    (Kind.TEXTS, [None]),
    (Kind.STRUCTURE, "text"),
    (Kind.STRUCTURE, 5),
    (Kind.STRUCTURE, [float("nan")]),
    (Kind.STRUCTURE, {"long": "x" * 16384}),
    (Kind.TIMESTAMP, "2026-01-02T12:00:00"),
    (Kind.TIMESTAMP, 1767225600),
    (Kind.TIMESTAMP, "yesterday"),
    (Kind.TIMESTAMP, "9999-12-31T23:59:59-23:59"),
    (Kind.TIMESTAMP, datetime(2026, 1, 1)),  # noqa: DTZ001 - naive on purpose
    (Kind.DATE, "02.01.2026"),
    (Kind.TIME, "25:00"),
]


@pytest.mark.parametrize(("kind", "value", "expected"), FITS)
def test_what_fits_a_kind(kind: Kind, value: Any, expected: Any) -> None:
    got = compile_value("@", kind).pick(value)
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(("kind", "value"), MISFITS)
def test_what_does_not(kind: Kind, value: Any) -> None:
    assert isinstance(attempt(compile_value("@", kind).pick, value), PickError)


@pytest.mark.parametrize("kind", Kind)
def test_null_is_null_for_every_kind(kind: Kind) -> None:
    assert compile_value("@", kind).pick(None) is None


@pytest.mark.parametrize("kind", Kind)
def test_odd_values_break_no_kind(kind: Kind) -> None:
    picker = compile_value("@", kind)
    for odd in ODD:
        attempt(picker.pick, odd)
        attempt(picker.invert, odd)


@given(st.sampled_from(list(Kind)), JSON)
def test_a_value_that_fits_fits_again(kind: Kind, value: Any) -> None:
    """Coercing is idempotent: what was picked can be sent back through the same kind."""
    picker = compile_value("@", kind)
    got = attempt(picker.pick, value)
    if not isinstance(got, PickError):
        assert picker.pick(got) == got
        assert picker.invert(got) == got


def test_a_misfit_says_what_was_expected_and_what_came() -> None:
    with pytest.raises(PickError) as caught:
        compile_value("a", Kind.BOOLEAN).pick({"a": "open"})
    assert caught.value.expected == "on/off, true/false or 1/0 (use `map` for others)"
    assert caught.value.came == "'open'"
    assert str(caught.value) == f"expected {caught.value.expected}, got 'open'"


def test_a_misfit_shows_nothing_from_inside_a_container() -> None:
    with pytest.raises(PickError) as caught:
        compile_value("@", Kind.NUMBER).pick({"token": "secret"})
    assert caught.value.came == "a mapping of 1"
