from collections.abc import Mapping
from typing import Any

from homeassistant.helpers import config_validation as cv
from hypothesis import given, strategies as st
import probatio
import pytest

from custom_components.vendor_bridge.bridge.profile.schema.api import SetupField
from custom_components.vendor_bridge.forms import (
    COMMON_FIELDS,
    LONGEST_PEM,
    LONGEST_TEXT,
    Form,
    defaults,
    secrets,
    sign_in_fields,
)

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def one(kind: str, **more: Any) -> Form:
    """Return a form with the one field `it`, which goes by "It" there."""
    return Form(fields={"it": SetupField(type=kind, **more)})  # type: ignore[arg-type]


def read(form: Form, given: Any) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    return form.read({"It": given})


@pytest.mark.parametrize(
    ("kind", "given", "value"),
    [
        ("text", "  Kitchen ", "Kitchen"),
        ("secret", " spaces matter \n", " spaces matter "),
        (
            "pem",
            "  -----BEGIN X-----\r\nAA==\n-----END X-----\n",
            "-----BEGIN X-----\r\nAA==\n-----END X-----",
        ),
        ("url", "http://10.0.0.2:8123/", "http://10.0.0.2:8123"),
        ("url", "https://api.example.com/v1//", "https://api.example.com/v1"),
        ("url", "http://[fe80::1]:80", "http://[fe80::1]:80"),
        ("host", "bridge.local", "bridge.local"),
        ("host", "10.0.0.2", "10.0.0.2"),
        ("host", "fe80::1", "[fe80::1]"),
        ("host", "[fe80::1]", "[fe80::1]"),
        ("host", "my_bridge", "my_bridge"),
        ("port", 8080.0, 8080),
        ("port", 65535, 65535),
        ("number", 3.0, 3),
        ("number", 0, 0),
        ("number", -0.5, -0.5),
        ("boolean", False, False),
        ("boolean", None, False),
        ("select", "eu", "eu"),
    ],
)
def test_what_is_filled_in_is_taken_over(kind: str, given: Any, value: Any) -> None:
    options = ["eu", "us"] if kind == "select" else None
    values, errors = read(one(kind, options=options), given)
    assert errors == {}
    assert values == {"it": value}
    assert type(values["it"]) is type(value)


@pytest.mark.parametrize(
    ("kind", "given", "error"),
    [
        ("text", None, "required"),
        ("text", "   ", "required"),
        ("secret", "", "required"),
        ("number", None, "required"),
        ("text", "two\nlines", "invalid_text"),
        ("secret", "a\x00b", "invalid_text"),
        ("text", "x" * (LONGEST_TEXT + 1), "invalid_text"),
        ("pem", "x" * (LONGEST_PEM + 1), "invalid_text"),
        ("pem", "a\x00b", "invalid_text"),
        ("pem", "", "required"),
        ("url", "10.0.0.2", "invalid_url"),
        ("url", "ftp://example.com", "invalid_url"),
        ("url", "http://", "invalid_url"),
        ("url", "http://[::1", "invalid_url"),
        ("url", "http://host:99999", "invalid_url"),
        ("url", "http://xn--/", "invalid_url"),
        ("url", "http://xn--ä/", "invalid_url"),
        ("url", "http://me:secret@example.com", "invalid_url_parts"),
        ("url", "http://example.com?token=1", "invalid_url_parts"),
        ("url", "http://example.com#top", "invalid_url_parts"),
        ("host", "http://example.com", "invalid_host"),
        ("host", "example.com:80", "invalid_host"),
        ("host", "-x", "invalid_host"),
        ("host", "a" * 64, "invalid_host"),
        ("host", ".".join(["a" * 60] * 5), "invalid_host"),
        ("host", "fe80::1%eth0", "invalid_host"),
        ("port", 0, "invalid_port"),
        ("port", 65536, "invalid_port"),
        ("port", 80.5, "invalid_port"),
        ("number", float("nan"), "invalid_number"),
        ("number", float("inf"), "invalid_number"),
        ("number", True, "invalid_number"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(kind: str, given: Any, error: str) -> None:
    assert read(one(kind), given) == ({}, {"It": error})


@given(st.sampled_from(["text", "secret", "url", "host", "port", "number", "boolean"]), ANYTHING)
def test_whatever_is_sent_is_taken_or_refused(kind: str, sent: Any) -> None:
    form = one(kind)
    try:
        answer = form.schema({})({"It": sent})
    except probatio.Invalid:
        return  # Home Assistant has it refused before it comes to us
    values, errors = form.read(answer)
    assert bool(values) != bool(errors)


@pytest.mark.parametrize("kind", ["text", "secret", "url", "host", "port", "number"])
def test_what_is_not_required_may_be_left_out(kind: str) -> None:
    assert read(one(kind, required=False), None) == ({}, {})


def test_a_secret_that_is_left_empty_is_the_one_that_is_kept() -> None:
    fields = {"it": SetupField(type="secret")}
    form = Form(fields=fields, kept={"it": "old"})
    assert form.read({}) == ({"it": "old"}, {})
    assert form.read({"It": ""}) == ({"it": "old"}, {})
    assert form.read({"It": "new"}) == ({"it": "new"}, {})
    assert form.schema({})({}) == {}


def test_a_secret_is_never_shown() -> None:
    form = one("secret", default="factory")
    assert defaults(form.fields) == {}
    assert form.shown({"It": "typed"}) == {}
    sent = str(
        probatio.to_field_list(
            form.schema({"it": "secret"}), custom_serializer=cv.custom_serializer
        )
    )
    assert "'It'" in sent
    assert "secret" not in sent
    assert "factory" not in sent
    assert form.read({}) == ({"it": "factory"}, {})


def test_the_form_holds_what_may_be_shown() -> None:
    fields = {
        "url": SetupField(type="url", default="http://example.com"),
        "region": SetupField(type="select", options=["eu", "us"], required=False),
        "verify_ssl": SetupField(type="boolean", default=True),
        "email": SetupField(type="text"),
    }
    form = Form(fields=fields)
    schema = form.schema({**defaults(fields), "region": "us"})
    assert schema({"email": "me@example.com"}) == {
        "url": "http://example.com",
        "verify_ssl": True,
        "email": "me@example.com",
    }
    suggested = {marker.schema: marker.description for marker in schema.schema}
    assert suggested["region"] == {"suggested_value": "us"}
    assert suggested["email"] is None


def test_labels_and_help_come_from_the_profile() -> None:
    form = Form(
        fields={
            "url": SetupField(type="url", name="Bridge", description="On its back"),
            "password": SetupField(type="secret"),
            "garden_code": SetupField(type="text", description="In the app"),
            "pool": SetupField(type="text", name="Pool number"),
        }
    )
    assert [form.key(name) for name in form.fields] == [
        "url",
        "password",
        "Garden code",
        "Pool number",
    ]
    assert form.placeholders() == {
        "url_label": "Bridge",
        "url_help": "On its back",
        "password_label": "Password",
        "password_help": "",
        "help": "\n\n**Garden code**: In the app",
    }


def test_a_profiles_texts_lead_nowhere() -> None:
    evil = "[Sign in](http://evil.example) ![](http://evil.example/x.png) <img src=x>"
    form = Form(
        fields={
            "url": SetupField(type="url", description=evil),
            "pool": SetupField(type="text", description=f"**bold** {evil}"),
        }
    )
    told = form.placeholders()
    for text in (told["url_help"], told["help"]):
        assert "[" not in text.replace("\\[", "")
        assert "<" not in text.replace("\\<", "")
    assert "**bold**" in told["help"]


def test_the_one_field_of_a_kind_can_be_found() -> None:
    text, secret = SetupField(type="text"), SetupField(type="secret")
    assert Form(fields={"a": secret, "b": text}).only("secret") == "A"
    assert Form(fields={"a": secret, "b": secret}).only("secret") is None
    assert Form(fields={"b": text}).only("secret") is None


def test_secrets_are_told_from_the_rest() -> None:
    fields = {"token": SetupField(type="secret"), "url": SetupField(type="url")}
    assert secrets(fields, {"token": "t", "url": "u"}) == {"token": "t"}
    assert secrets(fields, {"url": "u"}) == {}


def test_signing_in_again_asks_who_and_for_what_proves_it() -> None:
    fields = {
        "url": SetupField(type="url"),
        "email": SetupField(type="text"),
        "password": SetupField(type="secret"),
    }
    assert list(sign_in_fields(fields)) == ["email", "password"]
    del fields["password"]
    assert list(sign_in_fields(fields)) == ["url", "email"]


def test_common_fields_have_a_name() -> None:
    assert all(COMMON_FIELDS.values())
