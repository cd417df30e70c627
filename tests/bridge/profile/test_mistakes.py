from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
import json
from typing import Annotated, Any, Literal

from hypothesis import given, strategies as st
import probatio
import pytest

from custom_components.vendor_bridge.bridge.errors import ProfileError
from custom_components.vendor_bridge.bridge.profile.mistakes import (
    Mistakes,
    close_to,
    mistakes_from,
)
from custom_components.vendor_bridge.bridge.profile.source import read_source


class Color(StrEnum):
    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, kw_only=True)
class Request:
    get: str | None = None
    post: str | None = None
    headers: Annotated[dict[str, str], probatio.Length(max=2)] | None = None
    json: Any = None

    def __post_init__(self) -> None:
        if (self.get is None) == (self.post is None):
            raise ValueError("give exactly one of get, post")


@dataclass(frozen=True, kw_only=True)
class Monitor:
    request: Request
    every: Annotated[float, probatio.Range(min=1, max=3600)] = 60
    retries: int = 0
    optional: bool = False
    statuses: Annotated[list[int], probatio.Length(min=1)] | None = None
    color: Color | None = None


@dataclass(frozen=True, kw_only=True)
class Sensor:
    value: str
    unit_of_measurement: str | None = None
    state_class: Literal["measurement", "total", "total_increasing"] | None = None


AUTH = probatio.TaggedUnion(
    "type",
    {
        "basic": {probatio.Required("type"): str, probatio.Required("username"): str},
        "token": {probatio.Required("type"): str, probatio.Required("token"): int},
    },
)


def shape(value: object, schemas: list[Any]) -> list[Any]:
    return [schemas[isinstance(value, Mapping)]]


SCHEMA = probatio.Schema(
    {
        probatio.Required("vendor"): {
            probatio.Required("id"): probatio.Match(r"^[a-z][a-z0-9_]*$"),
            "page": probatio.Match(r"^https:", msg="must begin with https:"),
        },
        "auth": AUTH,
        "monitors": {
            probatio.Match(r"^[a-z][a-z0-9_]*$"): probatio.DataclassSchema(Monitor),
        },
        "sensors": {str: probatio.Union(str, probatio.DataclassSchema(Sensor), discriminant=shape)},
        "colors": [Color],
        "ratio": probatio.Range(min=0, max=1, min_included=False, max_included=False),
        "either": probatio.Any(str, bool),
        "coerced": probatio.Coerce(Color),
        probatio.Secret("password"): int,
        probatio.Exclusive("one", "one and other"): str,
        probatio.Exclusive("other", "one and other"): str,
        probatio.Inclusive("user", "user and group"): str,
        probatio.Inclusive("group", "user and group"): str,
    }
)


def found(text: str) -> list[str]:
    """Return what is wrong with a text, as a person reads it."""
    source = read_source(text, "p")
    with pytest.raises(probatio.Invalid) as caught:
        SCHEMA(source.data)
    return [str(mistake) for mistake in mistakes_from(caught.value, source)]


VENDOR = "vendor: {id: acme}\n"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "",
            "p:1:1: expected a mapping, got nothing (indent what belongs to it by two spaces more)",
        ),
        ("vendor:acme", "p:1:1: expected a mapping, got a text (put a space after the ':')"),
        ("colors: []", "p:1:1: needs 'vendor'"),
        ("vendor:\n  page: https://a.example\n", "p:1:1: vendor: needs 'id'"),
        (
            "vendor: {id: Acme Home}",
            (
                "p:1:14: vendor.id: 'Acme Home' cannot be used as a name"
                " (small letters, digits and '_', a letter first: 'acme_home', say)"
            ),
        ),
        ("vendor: {id: acme, page: ftp://x}", "p:1:26: vendor.page: must begin with https:"),
        (
            "vendor: {id: 7}",
            "p:1:14: vendor.id: expected a text, got a whole number (put it in quotes)",
        ),
        (
            VENDOR + "sensor: {}",
            "p:2:1: sensor: unknown key 'sensor' (did you mean 'sensors'?)",
        ),
        (
            VENDOR + "sensors:\n  power:\n    value: watts\n    unit_of_mesurement: W\n",
            (
                "p:5:5: sensors.power.unit_of_mesurement: unknown key 'unit_of_mesurement'"
                " (did you mean 'unit_of_measurement'?)"
            ),
        ),
        (
            VENDOR + "sensors: {power: {value: x, vlaue: 1}}",
            "p:2:29: sensors.power.vlaue: unknown key 'vlaue' (did you mean 'value'?)",
        ),
        (
            VENDOR + "sensors: {power: {value: x, foo: 1}}",
            (
                "p:2:29: sensors.power.foo: unknown key 'foo'"
                " (possible here: 'unit_of_measurement', 'state_class')"
            ),
        ),
        (
            VENDOR + "sensors: {power: {value: x, state_class: totl}}",
            (
                "p:2:42: sensors.power.state_class: 'totl' is not one of 'measurement', 'total',"
                " 'total_increasing' (did you mean 'total'?)"
            ),
        ),
        (
            VENDOR + "sensors: {power: {value: x, state_class: [total]}}",
            (
                "p:2:42: sensors.power.state_class: expected one of 'measurement', 'total',"
                " 'total_increasing', got a list"
            ),
        ),
        (
            VENDOR + "sensors: {power: {value: {setup.url}}}",
            (
                "p:2:26: sensors.power.value: expected a text, got a mapping"
                ' (put it in quotes: "{setup.url}")'
            ),
        ),
        (
            VENDOR + "sensors: {power: {value: [0]}}",
            (
                "p:2:26: sensors.power.value: expected a text, got a list"
                " (if it is an expression, put it in quotes)"
            ),
        ),
        (
            VENDOR + "sensors: {power: 3}",
            "p:2:18: sensors.power: expected a text, got a whole number (put it in quotes)",
        ),
        (
            VENDOR + "monitors: {m: {request: {get: /, post: /}}}",
            "p:2:16: monitors.m.request: give exactly one of get, post",
        ),
        (
            VENDOR + "monitors: {m: {request: {get: /}, every: '30'}}",
            "p:2:42: monitors.m.every: expected a number, got a text (write it without quotes)",
        ),
        (
            VENDOR + "monitors: {m: {request: {get: /}, every: 0}}",
            "p:2:42: monitors.m.every: must be at least 1, got 0",
        ),
        (
            VENDOR + "monitors: {m: {request: {get: /}, every: 3601}}",
            "p:2:42: monitors.m.every: must be at most 3600, got 3601",
        ),
        (
            VENDOR + "monitors: {m: {request: {get: /}, retries: 1.5}}",
            "p:2:44: monitors.m.retries: expected a whole number, got a number",
        ),
        (
            VENDOR + "monitors: {m: {request: {get: /}, optional: on}}",
            "p:2:45: monitors.m.optional: expected true or false, got a text (write true or false)",
        ),
        (
            VENDOR + "monitors: {m: {request: {get: /}, statuses: []}}",
            "p:2:45: monitors.m.statuses: must have at least 1 item",
        ),
        (
            VENDOR + "monitors: {m: {request: {get: /}, statuses: [200, ok]}}",
            "p:2:51: monitors.m.statuses.1: expected a whole number, got a text",
        ),
        (
            VENDOR + "monitors: {m: {request: {get: /, headers: {a: b, c: d, e: f}}}}",
            "p:2:43: monitors.m.request.headers: must have at most 2 keys",
        ),
        (
            VENDOR + "monitors: {m: {request: }}",
            (
                "p:2:25: monitors.m.request: expected a mapping, got nothing"
                " (indent what belongs to it by two spaces more)"
            ),
        ),
        (
            VENDOR + "monitors: {My Meter: {request: {get: /}}}",
            (
                "p:2:12: monitors.My Meter: 'My Meter' cannot be used as a name"
                " (small letters, digits and '_', a letter first: 'my_meter', say)"
            ),
        ),
        (
            VENDOR + "monitors: {m: {request: {get: /}, color: gren}}",
            "p:2:42: monitors.m.color: 'gren' is not one of 'red', 'green' (did you mean 'green'?)",
        ),
        (
            VENDOR + "coerced: gren",
            "p:2:10: coerced: 'gren' is not one of 'red', 'green' (did you mean 'green'?)",
        ),
        (VENDOR + "colors: red", "p:2:9: colors: expected a list, got a text"),
        (VENDOR + "ratio: 0", "p:2:8: ratio: must be more than 0, got 0"),
        (VENDOR + "ratio: 1", "p:2:8: ratio: must be less than 1, got 1"),
        (
            VENDOR + "either: [1]",
            (
                "p:2:9: either: expected a text or true or false, got a list"
                " (if it is an expression, put it in quotes)"
            ),
        ),
        (
            VENDOR + "auth: {type: basc}",
            "p:2:14: auth.type: 'basc' is not one of 'basic', 'token' (did you mean 'basic'?)",
        ),
        (
            VENDOR + "auth: {tpye: basic}",
            "p:2:1: auth: needs 'type', one of 'basic', 'token' (is 'tpye' meant to be it?)",
        ),
        (VENDOR + "auth: basic", "p:2:7: auth: expected a mapping, got a text"),
        (VENDOR + "one: a\nother: b", "p:1:1: give only one of one and other"),
        (VENDOR + "user: a", "p:1:1: give all of user and group, or none"),
    ],
)
def test_what_the_schema_finds_is_said_in_words(text: str, mistake: str) -> None:
    assert mistake in found(text)


def test_all_mistakes_come_at_once_in_the_order_of_the_file() -> None:
    lines = found(
        "monitors:\n"
        "  one: {request: {get: 1, hedaers: {}}, every: never}\n"
        "  two: {}\n"
        "vendor: {}\n"
        "colors: [red, blue]\n"
    )

    assert [line.split(": ")[0:2] for line in lines] == [
        ["p:2:24", "monitors.one.request.get"],
        ["p:2:27", "monitors.one.request.hedaers"],
        ["p:2:48", "monitors.one.every"],
        ["p:3:3", "monitors.two"],
        ["p:4:1", "vendor"],
        ["p:5:15", "colors.1"],
    ]


def test_what_aliases_repeat_is_one_mistake() -> None:
    lines = found(
        VENDOR
        + "monitors:\n"
        + "  one: &one {request: {get: /}, every: x}\n"
        + "  two: *one\n"
        + "  three: {<<: *one, retries: y}\n"
    )

    assert [line.split(": ")[0] for line in lines] == ["p:3:40", "p:5:30"]


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter2",
        "auth: {type: token, token: hunter2}",
        "auth: {type: token, token: {hunter2}}",
        "auth: {type: token, token: [hunter2]}",
        "monitors: {m: {request: {get: /, headers: {Authorization: {hunter2}}}}}",
    ],
)
def test_what_may_be_a_secret_is_not_repeated(text: str) -> None:
    lines = found(VENDOR + text)

    assert len(lines) == 1
    assert "hunter2" not in lines[0]


def test_long_values_are_cut_and_strange_ones_escaped() -> None:
    (line,) = found(VENDOR + f'colors: ["{"x" * 500}"]')
    assert "'xxxxxxx" in line
    assert len(line) < 150

    (line,) = found(VENDOR + 'colors: ["a\\e[31m\\nb"]')
    assert line.isprintable()


def test_a_message_of_our_own_is_kept() -> None:
    source = read_source("a: {b: 1}", "p")
    error = probatio.Invalid("that won't do", path=["a", "b"])

    (mistake,) = mistakes_from(
        probatio.MultipleInvalid([probatio.MultipleInvalid([error])]), source
    )

    assert str(mistake) == "p:1:8: a.b: that won't do"


def test_the_collector_raises_all_that_it_was_given() -> None:
    mistakes = Mistakes(read_source("a: {b: 1}\nc: 2\n", "p"))
    mistakes.raise_if_any()
    assert not mistakes

    mistakes.add(("c",), "second")
    mistakes.add(("a", "b"), "first", "a hint", of="key")
    mistakes.add(("a", "b"), "first", "said twice", of="key")
    assert mistakes
    with pytest.raises(ProfileError) as caught:
        mistakes.raise_if_any()

    assert str(caught.value) == "p:1:5: a.b: first (a hint)\np:2:4: c: second"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("brightnes", "did you mean 'brightness'?"),
        ("Brightness", "did you mean 'brightness'?"),
        ("color-temp", "did you mean 'color_temp_kelvin'?"),
        ("cloud", "did you mean 'cloud_polling' or 'cloud_push'?"),
        ("brightness_pct", "did you mean 'brightness'?"),
        ("brightness", None),
        ("device_info", None),
        ("xyz", None),
        ("c", None),
        ("", None),
        (None, None),
        (3, None),
        ("b" * 10_000, None),
    ],
)
def test_hints_name_what_is_near(word: object, hint: str | None) -> None:
    names = ["brightness", "color_temp_kelvin", "cloud_polling", "cloud_push", "device_class", 3]

    assert close_to(word, names) == hint


# JSON writes other characters as two halves, which are none in YAML.
BMP = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(BMP),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["vendor", "id", "auth", "type", "monitors", "sensors", "request", "get", "every"]
            )
            | st.text(BMP, max_size=40),
            inner,
            max_size=4,
        )
    ),
)


@given(JSON)
def test_any_data_is_complained_about_in_words(data: object) -> None:
    source = read_source(json.dumps(data).replace("\x7f", "?"), "p")
    with pytest.raises(probatio.Invalid) as caught:
        SCHEMA(source.data)

    mistakes = mistakes_from(caught.value, source)

    assert mistakes
    for mistake in mistakes:
        assert mistake.message
        assert mistake.message.isprintable()
        assert (mistake.line, mistake.column) >= (1, 1)
