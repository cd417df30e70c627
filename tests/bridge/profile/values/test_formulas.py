import math
from typing import Any

from hypothesis import given, strategies as st
import probatio
import pytest

from custom_components.vendor_bridge.bridge.profile.values import PickError
from custom_components.vendor_bridge.bridge.profile.values.formulas import compile_formula

from .hostile import attempt

NAMES = ("a", "b")
OPERATORS = st.sampled_from(["+", "-", "*", "/", "//", "%", "<", ">=", "=="])
NUMBERS = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


def formulas() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(NAMES) | st.integers(0, 99).map(str) | st.sampled_from(["0.5", "1e3"])
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds("({} {} {})".format, inner, OPERATORS, inner)
            | st.builds("-{}".format, inner)
            | st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner)
            | st.builds("abs({})".format, inner)
        ),
        max_leaves=8,
    )


@given(formulas(), NUMBERS, NUMBERS)
def test_a_formula_computes_what_python_does(text: str, a: float, b: float) -> None:
    compute = compile_formula(text, NAMES)
    known = {"__builtins__": {}, "min": min, "max": max, "abs": abs}
    try:
        expected = eval(text, known, {"a": a, "b": b})  # noqa: S307 - a text of our own
    except ArithmeticError:
        with pytest.raises(PickError):
            compute([a, b])
        return
    got = compute([a, b])
    assert got == expected or (math.isnan(got) and math.isnan(expected))


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("a * b / 1000", [230, 500], 115.0),
        (" ( a + b ) ", [1, 2], 3),
        ("round(a / b)", [7, 2], 4),
        ("round(a / b, 2)", [1, 3], 0.33),
        ("a > b", [2, 1], True),
        ("a != b", [2, 2], False),
        ("a", ["12.5", 0], 12.5),
        ("-a // 2 % 3", [5, 0], -5 // 2 % 3),
    ],
)
def test_examples(text: str, values: list[Any], expected: Any) -> None:
    assert compile_formula(text, NAMES)(values) == expected


@pytest.mark.parametrize(
    "values", [[1, 0], [1, "0"], [True, 1], [None, 1], ["x", 1], [10**20, 1], [1e308, 1e-308]]
)
def test_what_cannot_be_computed_is_a_misfit(values: list[Any]) -> None:
    compute = compile_formula("a / b * a", NAMES)
    if values == [1e308, 1e-308]:
        assert compute(values) == math.inf  # the kind refuses that in the end
    else:
        with pytest.raises(PickError):
            compute(values)


@pytest.mark.parametrize("digits", [-1, -(10**9), 13, 10**9, 1e300])
def test_rounding_to_absurd_digits_is_a_misfit(digits: float) -> None:
    with pytest.raises(PickError, match="digits"):
        compile_formula("round(a, b)", NAMES)([5, digits])


def test_numbers_that_outgrow_floats_are_a_misfit() -> None:
    with pytest.raises(PickError, match="too large"):
        compile_formula("a" + "*a" * 20 + "/ 3", NAMES)([2**62, 1])
    with pytest.raises(PickError, match="too large"):
        compile_formula("round(a * 10, b)", NAMES)([1e308, 0])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "a ** b",
        "a +",
        "a b",
        "(a",
        "c",
        "a.b",
        "a[0]",
        "__import__('os')",
        "a if b else 1",
        "[a]",
        "lambda: a",
        "a < b < a",
        "a and b",
        "'a'",
        "min(a)",
        "abs(a, b)",
        "round(a, b, a)",
        "open(a)",
        "min(*a)",
        "1if 2else 3",
        "0x10",
        "1_000",
        "9" * 499,
        "True",
        "None",
        "a := 1",
        "a\ud800",
        "-" * 400 + "a",
        "+".join("a" * 240) + "*1e999",
        "a" * 501,
    ],
)
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(probatio.Invalid):
        compile_formula(text, NAMES)


@pytest.mark.timeout(5)
@pytest.mark.parametrize("word", ["a", "round", "1", "11+", "a ", " ", "a1.", "1e5 "])
def test_what_is_no_formula_is_found_out_at_once(word: str) -> None:
    with pytest.raises(probatio.Invalid):
        compile_formula(word * (499 // len(word)) + "é", NAMES)


@given(
    st.lists(
        st.sampled_from([*"ab0123 .,()+-*/%<>=!_e", "min", "abs", "round", "\n", "é"]), max_size=30
    ).map("".join),
    NUMBERS,
)
def test_any_text_is_a_formula_or_invalid(text: str, number: float) -> None:
    try:
        compute = compile_formula(text, NAMES)
    except probatio.Invalid:
        return
    attempt(compute, [number, 2])
