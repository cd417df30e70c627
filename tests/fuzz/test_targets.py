"""What is fuzzed stays fit for it: each target bears its seeds, and changed JSON is JSON."""

import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from .__main__ import NAMES
from .mutating import mutate_json, pieces
from .targets import TARGETS, run_any

ODD = [b"", b"\x00", b"{", b"[]", b"{}", b'{"answers": [], "vendor": "acme"}', b"\xff\xfe", b"\n\n"]


def test_the_command_knows_every_target() -> None:
    assert list(NAMES) == list(TARGETS)


# The loop that asyncio.run() makes is closed by it.
@pytest.mark.parametrize("name", NAMES)
def test_nothing_breaks_with_what_is_there_already(name: str) -> None:
    target = TARGETS[name]
    seeds = target.seeds()
    assert seeds
    for seed in seeds:
        assert len(seed) <= target.longest
        target.run(seed)
    for odd in ODD:
        target.run(odd)
        run_any(bytes([NAMES.index(name)]) + odd)


@given(
    st.integers(0, 2**32),
    st.recursive(st.none() | st.text() | st.floats(allow_nan=False), st.lists),
)
def test_what_was_changed_is_still_json(seed: int, tree: Any) -> None:
    raw = json.dumps(tree).encode()
    changed = mutate_json(raw, 4096, seed, lambda data, size: data[:size], pieces(tree))
    assert len(changed) <= 4096 or changed == raw[:4096]
    json.loads(changed)


def test_what_is_no_json_is_changed_otherwise() -> None:
    assert mutate_json(b"{", 10, 1, lambda data, size: b"else", []) == b"else"
