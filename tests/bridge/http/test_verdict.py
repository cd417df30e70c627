"""What is shown of a vendor's own words."""

import json
from urllib.parse import quote, quote_plus

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.http.verdict import LONGEST_WORDS, own_words

SECRET = 'p/l "a&n\\t ü+d=1'


@pytest.mark.parametrize(
    "written",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        json.dumps(SECRET),
        json.dumps(SECRET, ensure_ascii=False),
    ],
)
def test_no_secret_however_it_is_written(written: str) -> None:
    shown = own_words(f"Cannot GET /api/{written}/x", ["", "abc", SECRET])
    assert shown.replace('"', "") == "Cannot GET /api/***/x"


@given(st.text(), st.lists(st.text(min_size=4)))
def test_any_words(words: str, secrets: list[str]) -> None:
    shown = own_words(words, secrets)
    assert len(shown) <= LONGEST_WORDS + 1
    assert not set(shown) & {"\r", "\n", "\0"}
