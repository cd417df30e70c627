from datetime import UTC, date, datetime
import json
from typing import Any

from homeassistant.components.diagnostics import REDACTED
from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.redaction import Redactor

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["serial", "password", "lat", "name", "account_id"]) | st.text(), inner
        )
    ),
    max_leaves=10,
)


@pytest.mark.parametrize(
    "key",
    [
        *("password", "Passwd", "passphrase", "client_secret", "accessToken", "refresh_token"),
        *("Authorization", "Set-Cookie", "api_key", "apiKey", "pin", "pin_code", "wifi_key"),
        *("private_key", "sessionId", "signature", "credentials"),
    ],
)
def test_a_secret_is_hidden_whatever_it_is(key: str) -> None:
    redactor = Redactor([])
    for value in ("abc", 1234, ["x"], {"a": "b"}):
        assert redactor.clean({key: value}) == {key: REDACTED}
    assert redactor.clean({key: None}) == {key: None}


@pytest.mark.parametrize(
    "key",
    [
        *("email", "e_mail", "username", "user_id", "serial", "serialNumber", "mac", "macAddress"),
        *("latitude", "longitude", "lat", "lon", "ssid", "phone", "ip", "local_ip", "zip", "city"),
        *("street", "postal_code", "owner", "first_name", "location", "account_id", "home_name"),
    ],
)
def test_a_personal_value_is_shortened(key: str) -> None:
    assert Redactor([]).clean({key: "abcdef"}) == {key: f"ab{REDACTED}1"}
    assert Redactor([]).clean({key: 52.3702}) == {key: REDACTED}
    assert Redactor([]).clean({key: "abc"}) == {key: REDACTED}


@pytest.mark.parametrize(
    "key", ["name", "model", "capacity", "electricity", "strip", "gzip", "spin", "state", "passed"]
)
def test_what_is_neither_is_shown(key: str) -> None:
    assert Redactor([]).clean({key: "abcdef"}) == {key: "abcdef"}


def test_a_secret_is_found_inside_of_other_texts() -> None:
    redactor = Redactor(["hunter22", "hunter2", None, ""])
    assert redactor.clean(["Basic hunter22!", {"hunter2": "x"}]) == [
        f"Basic {REDACTED}!",
        {REDACTED: "x"},
    ]


def test_a_personal_value_is_the_same_wherever_it_stands() -> None:
    redactor = Redactor([])
    redactor.learn([{"deep": {"serial": "SN0001", "mac": ["AA:BB:CC:00"]}}, {"serial": 12345}])
    assert redactor.clean(
        {"SN0001": {"id": "lamp/SN0001"}, "x": "at AA:BB:CC:00", "y": "no 12345", "serial": None}
    ) == {
        f"SN{REDACTED}1": {"id": f"lamp/SN{REDACTED}1"},
        "x": f"at AA{REDACTED}2",
        "y": f"no 12{REDACTED}3",
        "serial": None,
    }


def test_devices_stay_apart_though_their_names_begin_alike() -> None:
    redactor = Redactor([])
    redactor.learn([{"serial": "SN0001"}, {"serial": "SN0002"}])
    assert len(redactor.clean({"SN0001": 1, "SN0002": 2})) == 2


def test_parts_of_a_personal_value_are_hidden_too() -> None:
    assert Redactor([]).clean(
        {"address": {"line": "Main Street 1", "no": 1, "lines": ["abcd"]}}
    ) == {"address": {"line": f"Ma{REDACTED}1", "no": REDACTED, "lines": [f"ab{REDACTED}2"]}}


def test_what_json_does_not_have_becomes_text() -> None:
    now = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    assert Redactor([]).clean([now, date(2026, 1, 2), {1}, b"raw", ValueError("no")]) == [
        *("2026-01-02T03:04:00+00:00", "2026-01-02", [1], "b'raw'", "no")
    ]


@given(JSON)
def test_whatever_a_vendor_answers_can_be_shown(data: Any) -> None:
    redactor = Redactor(["s3cr3t"])
    redactor.learn(data)
    json.dumps(redactor.clean([data, {"text": "s3cr3t"}]))
