from datetime import UTC, date, datetime
import json
import time
from typing import Any

from homeassistant.components.diagnostics import REDACTED
from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.redaction import Redactor, scrub

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


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('{"access_token": "abc", "level": 5', f'{{"access_token": {REDACTED}, "level": 5'),
        ("user_id=12&level=5", f"user_id={REDACTED}&level=5"),
        ("password: hunter2\nlevel: 5", f"password: {REDACTED}\nlevel: 5"),
        ("<email>a@b.example</email>", f"<email>{REDACTED}</email>"),
        ("mail to a.b@c.example now", f"mail to {REDACTED} now"),
        ("Authorization: Bearer abc.def", f"Authorization: {REDACTED} abc.def"),
        ("see eyJhbGciOiJI.eyJzdWIi.x_y for more", f"see {REDACTED} for more"),
        ('{"level": "5", "state": "on"}', '{"level": "5", "state": "on"}'),
    ],
)
def test_texts_that_are_documents_are_scrubbed(text: str, left: str) -> None:
    assert scrub(text) == left
    assert scrub({"a": [text, 5, None]}) == {"a": [left, 5, None]}


@given(
    before=st.text(alphabet='{}[]"<> \n,;', max_size=20),
    key=st.sampled_from(["token", "x-api-key", "clientSecret", "e-mail", "serial_number"]),
    after=st.text(alphabet='{}[]"<> \n,;=:', max_size=20),
)
def test_a_secret_does_not_survive_whatever_stands_around_it(
    before: str, key: str, after: str
) -> None:
    for told in (f'"{key}": "s3cret77"', f"{key}=s3cret77", f"<{key}>s3cret77</{key}>"):
        assert "s3cret77" not in scrub(f"{before} {told}{after}")


@given(st.text(max_size=300))
def test_scrubbing_takes_any_text(text: str) -> None:
    assert isinstance(scrub(text), str)


def test_scrubbing_a_large_text_is_quick() -> None:
    for piece in ("a", "<", '"', "a.", "a@", "x:", "eyJ", "Bearer "):
        began = time.perf_counter()
        scrub(piece * 8192)
        assert time.perf_counter() - began < 2
