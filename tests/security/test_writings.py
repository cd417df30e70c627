"""A secret is found however a vendor writes it when it repeats what it was sent."""

import base64
import json
from urllib.parse import quote, quote_plus

from homeassistant.components.diagnostics import REDACTED
from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.http.verdict import own_words, scrubbed
from custom_components.vendor_bridge.redaction import Redactor

from .planting import found_in, planted

SECRET = planted("password")


@pytest.mark.parametrize("before", ["", "u:", "us:", "use:"])
@pytest.mark.parametrize("after", ["", "z", "zz"])
def test_base64_of_a_secret_and_its_neighbours(before: str, after: str) -> None:
    encoded = base64.b64encode(f"{before}{SECRET}{after}".encode()).decode()
    told = own_words(f"Basic {encoded} is wrong", [SECRET])
    assert "***" in told
    assert not found_in(told, [SECRET])
    assert not found_in(str(Redactor([SECRET]).clean([f"Basic_{encoded}"])), [SECRET])


@pytest.mark.parametrize(
    "write",
    [
        str,
        quote,
        lambda text: quote(text, safe=""),
        quote_plus,
        lambda text: json.dumps(text)[1:-1],
    ],
)
def test_other_writings_are_hidden_in_diagnostics(write: object) -> None:
    assert callable(write)
    shown = Redactor([SECRET]).clean({"said": f"no: {write(SECRET)}!"})
    assert not found_in(json.dumps(shown), [SECRET])


def test_a_secret_in_the_key_below_something_personal_is_hidden() -> None:
    shown = Redactor([SECRET]).clean({"address": {f"no: {SECRET}": {f"{SECRET}": 1}}})
    assert not found_in(json.dumps(shown), [SECRET])


@given(st.text(min_size=8, max_size=30), st.text(max_size=5), st.text(max_size=5))
def test_any_secret_is_hidden(secret: str, before: str, after: str) -> None:
    shown = Redactor([secret]).clean([f"{before}{secret}{after}"])[0]
    assert secret not in shown or secret in "**REDACTED**"


@pytest.mark.parametrize("size", [5, 12, 20])
def test_the_beginning_of_a_secret_that_was_cut_short_is_hidden(size: int) -> None:
    secret = "planted-secret-0123456789"
    for dots in ("…", "..."):
        words = f"expected a number, got 'x{secret[:size]}{dots}'"
        assert secret[:5] not in scrubbed(words, [secret])
    assert Redactor([secret]).clean(f"before {secret[:size]}…") == f"before {REDACTED}…"
