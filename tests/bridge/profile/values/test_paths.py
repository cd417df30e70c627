import json
from typing import Any

from hypothesis import example, given, strategies as st
import jmespath
import probatio
import pytest

from custom_components.vendor_bridge.bridge.profile.values import MISSING, PickError, compile_path

from .hostile import JSON, KEYS, ODD, attempt

STEPS = st.lists(KEYS | st.integers(-3, 3), max_size=5)


def written(steps: list[str | int], *, current: bool) -> str:
    """Write steps as JMESPath: names bare where they can be, else quoted."""
    text = "@" if current or not steps else ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            bare = step.isascii() and step.isidentifier()
            text += ("." if text else "") + (step if bare else json.dumps(step))
    return text


@given(STEPS, JSON, st.booleans())
@example(["a", "a"], {"a": "text"}, False)
@example(["a", 0], {"a": "text"}, False)
@example(["get"], ["x"], False)
@example(["a", "b", "a", "b"], {"a": {"b": {"a": [1]}}}, True)
def test_the_fast_path_finds_what_jmespath_finds(
    steps: list[str | int], item: Any, current: bool
) -> None:
    path = written(steps, current=current)
    found = compile_path(path)(item)
    expected = jmespath.search(path, item)
    assert (None if found is MISSING else found) is expected


@given(STEPS, JSON)
def test_a_path_that_leads_there_is_never_missing(steps: list[str | int], item: Any) -> None:
    """Build an item around a value so that the path leads to it."""
    inner = item
    for step in reversed(steps):
        if isinstance(step, str):
            inner = {step: inner}
        else:
            inner = [inner] * (step + 1 if step >= 0 else -step)
    assert compile_path(written(steps, current=False))(inner) is item


@pytest.mark.parametrize(
    ("path", "item", "expected"),
    [
        ("a", {"a": None}, None),
        ("a", {}, MISSING),
        ("a", None, None),
        ("a.b", {"a": None}, None),
        ("a.b", {"a": {}}, MISSING),
        ("a.b", {"a": 5}, MISSING),
        ("a.b.c", {"a": {"b": None}}, None),
        ("a.b.c", {"a": {"b": []}}, MISSING),
        ("a.b.c", {"a": {"b": {"c": 0}}}, 0),
        ("a[0]", {"a": []}, MISSING),
        ("a[-1].b", {"a": [{"b": 1}, {"b": 2}]}, 2),
        ("a[0]", {"a": "text"}, MISSING),
        ("[1]", [1, 2], 2),
        ("@", 7, 7),
        ('"with space"."c-d"', {"with space": {"c-d": 1}}, 1),
        (" a . b ", {"a": {"b": 1}}, 1),
        ("a || b", {"b": 3}, 3),
        ("a || b", {}, None),
        ("length(@)", [1, 2], 2),
        ("map(&a, @)", [{"a": 1}, {}], [1, None]),
        ("sort_by(@, &t)[-1].v", [{"t": 2, "v": "x"}, {"t": 1, "v": "y"}], "x"),
        ("[?name=='power'].value | [0]", [{"name": "power", "value": 12}], 12),
    ],
)
def test_what_a_path_finds(path: str, item: Any, expected: Any) -> None:
    assert compile_path(path)(item) == expected


@pytest.mark.parametrize(
    ("path", "complaint"),
    [
        ("", "empty"),
        ("a[", "JMESPath"),
        ("a..b", "JMESPath"),
        ("fooo(@)", r"no function fooo\(\), did you mean floor"),
        ("length(a, b)", "takes 1 arguments, not 2"),
        ("not_null()", "takes 1"),
        ("a[::0]", "0"),
        ("&a", "&"),
        ("[&a]", "&"),
        ("length(&a)", "&"),
        ("not_null(&a)", "&"),
        ("(" * 900 + "a" + ")" * 900, "deep"),
        ("a|" * 900 + "b", "deep"),
        ("!" * 1500 + "a", "deep"),
        ("`" + "[" * 900 + "]" * 900 + "`", "deep|JMESPath"),
        ("|".join(["[@,@][]"] * 100), "64 times|deep"),
        ("|".join(["[@,@][]"] * 10), "64 times"),
        ("|".join(["join('', [@,@])"] * 10), "64 times"),
        ("|".join(["to_string([@])"] * 10), "64 times"),
        ("a" * 3000, "2000"),
        ("'\ud800'.[", "JMESPath"),
    ],
)
def test_an_expression_that_cannot_work_is_refused(path: str, complaint: str) -> None:
    with pytest.raises(probatio.Invalid, match=complaint):
        compile_path(path)


@pytest.mark.parametrize(
    ("path", "item"),
    [
        ("abs(a)", {"a": "secret"}),
        ("sum(a)", {"a": [1, "secret"]}),
        ("a < b", {"a": "secret", "b": 1}),
        ("ceil(a)", {"a": float("inf")}),
        ("join(',', a)", {"a": [1]}),
        ("sort_by(a, &b)", {"a": [{"b": 1}, {"b": "x"}]}),
    ],
)
def test_an_item_that_does_not_fit_is_told_without_what_is_in_it(path: str, item: Any) -> None:
    with pytest.raises(PickError) as caught:
        compile_path(path)(item)
    assert "secret" not in str(caught.value)
    assert len(caught.value.came) <= 80


@pytest.mark.parametrize(
    ("path", "item"),
    [
        ("[*].[@,@,@,@,@,@,@,@]", [1] * 2_000_000),
        ("join(a, b)", {"a": "x" * 100_000, "b": ["y"] * 100_000}),
        ("[]" * 5, [[1] * 1_000_000]),
        ("[?@ == `1`]", [2] * 2_000_000),
    ],
)
def test_too_much_work_is_given_up(path: str, item: Any) -> None:
    with pytest.raises(PickError, match="too much"):
        compile_path(path)(item)


EXPRESSIONS = st.lists(
    st.sampled_from(
        [*"ab01 .,:*@&|!<>=-'\"`()[]{}?", "length", "sort_by", "map", "&a", "[?a]", "\ud800"]
    ),
    max_size=25,
).map("".join)


@given(EXPRESSIONS, JSON)
def test_any_text_is_a_path_or_invalid(text: str, item: Any) -> None:
    try:
        path = compile_path(text)
    except probatio.Invalid:
        return
    attempt(path, item)


@pytest.mark.parametrize(
    "path", ["a", "a.b", "a.b.c", "a[0]", "@", "a || b", "[].a", "*.a", "keys(@)", "to_string(@)"]
)
def test_odd_items_break_no_path(path: str) -> None:
    pick = compile_path(path)
    for odd in ODD:
        for item in (odd, {"a": odd}, [odd]):
            attempt(pick, item)
