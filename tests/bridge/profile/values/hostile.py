"""What strangers send: for tests that nothing but our own errors comes out."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from custom_components.vendor_bridge.bridge.profile.values import PickError


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def nested_mapping(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = {"a": value}
    return value


ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -0.0,
    1,
    255,
    float("nan"),
    float("inf"),
    float("-inf"),
    1e308,
    5e-324,
    2**63 - 1,
    2**63,
    -(2**63),
    10**5000,
    "",
    " ",
    "on",
    "NaN",
    "Infinity",
    "1e999",
    "1_000",
    "٣",
    "9" * 5000,
    "-" * 100,
    "\ud800",
    "a\udfffb",
    "\x00\x1b[31m\n",
    "x" * 10_000_000,
    "[" * 100_000,
    "{" * 100_000,
    '{"a":' * 1000 + "1" + "}" * 1000,
    "0x" + "f" * 16,
    "=" * 1000,
    "2026-01-01",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "2026-02-30T00:00:00Z",
    [],
    {},
    [None] * 10_000,
    ["a", 1, None],
    {"a": {"b": [1, 2]}},
    {"": ""},
    nested(5000),
    nested_mapping(5000),
]
"""Values one by one that broke something somewhere."""

KEYS = st.sampled_from(["a", "b", "c-d", "e f", "0", "get", "é", ""])

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.text(st.characters(categories=["Cs", "Cc"]), max_size=3)
    | st.sampled_from(["on", "OFF", "1", "-2.5", "1e3", "2026-01-01T12:00:00Z", "ff", "#ff8000"])
)

JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
"""Whatever can be in an answer."""


def attempt(function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function makes of its arguments, or the PickError that it raised.

    The error's sides are short single lines.
    """
    try:
        return function(*arguments)
    except PickError as error:
        misfit = error
    for side in (misfit.came, misfit.expected):
        assert side.isprintable()
    assert len(misfit.came) <= 80
    assert len(misfit.expected) <= 300
    return misfit
