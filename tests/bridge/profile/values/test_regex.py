import time

from hypothesis import given, strategies as st
import probatio
import pytest

from custom_components.vendor_bridge.bridge.profile.values import PickError, compile_value

from .hostile import attempt


@pytest.mark.parametrize(
    ("argument", "text", "expected"),
    [
        (r"\d+", "v12.3", "12"),
        (r"v(\d+)\.(\d+)", "v12.3", "12"),
        ({"pattern": r"v(\d+)\.(\d+)", "group": 2}, "v12.3", "3"),
        ({"pattern": r"(?P<n>\d+) W", "group": "n"}, "250 W", "250"),
        ({"pattern": r"v(\d+)", "group": 0}, "v12", "v12"),
        (r"\s*(\d+)\s+W", " 250  W", "250"),
        (r"\s*x\s*", "a x", " x"),
        (r"(\d+) days?, (\d+):(\d+)", "3 days, 4:05", "3"),
    ],
)
def test_what_is_found(argument: object, text: str, expected: str) -> None:
    assert compile_value({"value": "@", "regex": argument}).pick(text) == expected


def test_what_is_not_found_is_a_misfit() -> None:
    picker = compile_value({"value": "@", "regex": r"(a)|b"})
    for text in ("", "c", "b"):
        assert isinstance(attempt(picker.pick, text), PickError)


@pytest.mark.parametrize(
    ("argument", "complaint"),
    [
        (r"(a+)+$", "forever"),
        (r"(a|aa)+$", "forever"),
        (r"\d+\d+", "forever"),
        (r"(?x) \d+ \d+", "flag x"),
        ("(", "not a regular expression"),
        ("[", r"write \\\["),
        ("[[a]", r"write \\\["),
        ("[a--b]", r"write \\\["),
        ("a{99999999999}", "not a regular expression"),
        (".*," * 7 + "x", "too many open repeats"),
        ({"pattern": "a", "group": 1}, "no group 1"),
        ({"pattern": "(a)", "group": -1}, "no group -1"),
        ({"pattern": "(a)", "group": "n"}, "no group n"),
        ("(" * 400 + ")" * 400, "pattern"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused(argument: object, complaint: str) -> None:
    with pytest.raises(probatio.Invalid, match=complaint):
        compile_value({"value": "@", "regex": argument})


@pytest.mark.parametrize(
    ("pattern", "fuel"),
    [
        (r".*x", "a"),
        (r"(\d+) W", "1"),
        (r"(\d+):(\d+):(\d+)x", "1:"),
        (r"\w+-\w+x", "a-"),
        (r".*,.*x", ","),
        (r".*,.*,.*x", ","),
        (r".*,.*,.*,.*x", ","),
        (r".*,.*,.*,.*,.*x", ","),
        (r".*,.*,.*,.*,.*,.*x", ","),
        (r"\w*_\w*_\w*_\w*_\w*_\w*!", "_"),
        (r"[^x]*,[^y]*,[^z]*!", ","),
        (r"a.{0,500}b.{0,500}c.{0,500}d", "abc"),
        (r"(?:a|b)*c", "ab"),
    ],
)
def test_the_longest_text_that_a_pattern_takes_is_searched_in_time(pattern: str, fuel: str) -> None:
    picker = compile_value({"value": "@", "regex": pattern})
    for length in (4001, 4000, 1000, 250, 100, 60, 40):
        text = (fuel * length)[:length]
        start = time.process_time()
        attempt(picker.pick, text)
        assert time.process_time() - start < 5


PATTERNS = st.lists(
    st.sampled_from([*"ab1 .*+?|()[]{}^$\\-,", r"\d", r"\w", r"\s", "[^,]", "{2,}", "(?:", ".*"]),
    max_size=12,
).map("".join)


@given(PATTERNS, st.text("ab1 ,-", max_size=40))
def test_any_text_is_a_pattern_or_invalid(pattern: str, text: str) -> None:
    try:
        picker = compile_value({"value": "@", "regex": pattern})
    except probatio.Invalid:
        return
    start = time.process_time()
    attempt(picker.pick, text)
    assert time.process_time() - start < 5
