"""What a command is told is checked before anything is sent, whatever a caller makes up."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.command_data import bounds, check_command, secrets
from custom_components.vendor_bridge.bridge.errors import CommandError
from custom_components.vendor_bridge.bridge.model import Entity, Kind, Parameter, Value
from custom_components.vendor_bridge.bridge.platforms import PLATFORMS


def whole(platform: str, **options: Any) -> Entity:
    """Return an entity that has every command of its platform, with every parameter."""
    return Entity(
        key=f"{platform}.main",
        platform=platform,
        name=None,
        options=options,
        commands={
            row.name: [
                Parameter(name=one.name, kind=one.kind, required=one.required)
                for one in row.parameters
            ]
            for row in PLATFORMS[platform].commands
        },
    )


def nothing(_name: str) -> Value:
    return None


def check(
    entity: Entity, command: str, told: Mapping[str, Value] | None = None, /, **data: Any
) -> Any:
    return check_command(entity, command, data, (told or {}).get)


LIGHT = whole("light", min_color_temp_kelvin=2000, effect_list=["Rainbow", "Candle"])
CLIMATE = whole("climate", hvac_modes=["off", "heat"], min_temp=5)


def test_values_become_what_their_kinds_say() -> None:
    assert check(LIGHT, "turn_on", brightness="128", rgb_color=(1, 2, 3), effect=None) == {
        "brightness": 128,
        "rgb_color": [1, 2, 3],
    }
    assert check(whole("switch"), "turn_on") == {}
    assert check(whole("date"), "set_value", value="2026-12-24") == {"value": date(2026, 12, 24)}
    moment = datetime(2026, 12, 24, 18, tzinfo=UTC)
    assert check(whole("datetime"), "set_value", value="2026-12-24T18:00+00:00") == {
        "value": moment
    }
    assert check(whole("fan"), "oscillate", oscillating="on") == {"oscillating": True}
    params = {"a": [1, {"b": None}]}
    assert check(whole("vacuum"), "send_command", command="x", params=params)["params"] == params


@pytest.mark.parametrize(
    ("entity", "command", "data", "message"),
    [
        (
            LIGHT,
            "turn_on",
            {"brightnes": 1},
            "turn_on takes no 'brightnes' here; did you mean 'brightness'? It takes brightness, ",
        ),
        (
            whole("switch"),
            "turn_on",
            {"code": "1234"},
            "turn_on takes no 'code' here; it takes nothing",
        ),
        (CLIMATE, "set_hvac_mode", {}, "set_hvac_mode needs hvac_mode"),
        (CLIMATE, "set_hvac_mode", {"hvac_mode": None}, "set_hvac_mode needs hvac_mode"),
        (LIGHT, "turn_on", {"brightness": 256}, "brightness takes a number from 0 to 255"),
        (LIGHT, "turn_on", {"brightness": "secret"}, "brightness takes a number from 0 to 255"),
        (LIGHT, "turn_on", {"hs_color": [1, 2, 3]}, "hs_color takes a list of 2 numbers"),
        (LIGHT, "turn_on", {"color_temp_kelvin": 1500}, "color_temp_kelvin is at least 2000"),
        (
            LIGHT,
            "turn_on",
            {"effect": "Rainbw"},
            "effect is one of 'Rainbow', 'Candle'; did you mean 'Rainbow'?",
        ),
        (CLIMATE, "set_hvac_mode", {"hvac_mode": "cool"}, "hvac_mode is one of 'off', 'heat'"),
        (CLIMATE, "set_temperature", {"temperature": 4}, "temperature is at least 5"),
        (CLIMATE, "set_temperature", {"temperature": 31}, "temperature is at most 30"),
        (whole("fan"), "set_direction", {"direction": "up"}, "direction is one of 'forward', "),
        (whole("number", min=0, max=10), "set_value", {"value": 11}, "value is at most 10"),
        (whole("text", min=2), "set_value", {"value": "a"}, "value has at least 2 characters"),
        (whole("text"), "set_value", {"value": "a" * 256}, "value has at most 255 characters"),
        (
            whole("text", pattern="[a-z]+$"),
            "set_value",
            {"value": "A"},
            "value has to match '[a-z]+$'",
        ),
        (
            whole("datetime"),
            "set_value",
            {"value": "2026-12-24T18:00"},
            "value takes a time with an offset",
        ),
        (whole("select", options=["a"]), "select_option", {"option": True}, "option takes a text"),
    ],
)
def test_what_does_not_fit_is_told(
    entity: Entity, command: str, data: dict[str, Any], message: str
) -> None:
    with pytest.raises(CommandError) as caught:
        check(entity, command, {"max_temp": 30}, **data)
    assert str(caught.value).startswith(message)
    assert "secret" not in str(caught.value)
    assert "(" not in str(caught.value)


def test_a_pattern_that_cannot_be_used_keeps_nothing_out() -> None:
    assert check(whole("text", pattern="(a+)+$"), "set_value", value="b") == {"value": "b"}


def test_bounds_are_told_where_they_are_known() -> None:
    (parameter,) = CLIMATE.commands["set_hvac_mode"]
    assert bounds(CLIMATE, parameter, nothing).choices == ("off", "heat")
    temperature = Parameter(name="temperature", kind=Kind.NUMBER)
    told = bounds(CLIMATE, temperature, {"max_temp": 30.5}.get)
    assert (told.low, told.high) == (5, 30.5)
    odd: Any = {"max_temp": float("nan"), "min_temp": True}.get
    told = bounds(whole("climate"), temperature, odd)
    assert (told.low, told.high) == (None, None)
    percentage = Parameter(name="position", kind=Kind.PERCENTAGE)
    told = bounds(whole("cover"), percentage, nothing)
    assert (told.low, told.high) == (0, 100)


def test_codes_and_passwords_are_known_as_secrets() -> None:
    assert secrets(whole("lock"), {"code": 1234}) == ["1234"]
    assert secrets(whole("text", mode="password"), {"value": "x"}) == ["x"]
    assert secrets(whole("text"), {"value": "x", "code": None}) == []


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.datetimes()
    | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(data=st.data())
def test_whatever_is_told_fits_or_is_refused(data: st.DataObject) -> None:
    """What is let through is what its kind says, of a parameter that there is."""
    platform = data.draw(st.sampled_from([name for name, row in PLATFORMS.items() if row.commands]))
    entity = whole(platform)
    command = data.draw(st.sampled_from(sorted(entity.commands)))
    names = [one.name for one in entity.commands[command]]
    told = data.draw(
        st.dictionaries(st.sampled_from(names) | st.text() if names else st.text(), ANYTHING)
    )
    options = data.draw(
        st.dictionaries(
            st.sampled_from([o.name for o in PLATFORMS[platform].options] or ["x"]), ANYTHING
        )
    )
    refused = None
    made: dict[str, Any] = {}
    try:
        made = check_command(entity, command, told, options.get)
    except CommandError as error:
        refused = str(error)
    if refused is not None:
        assert 0 < len(refused) < 1000
        return
    assert set(made) == {name for name, value in told.items() if value is not None}
    kinds = {one.name: one.kind for one in entity.commands[command]}
    for name, value in made.items():
        if kinds[name] in {Kind.BRIGHTNESS, Kind.PERCENTAGE, Kind.FRACTION, Kind.NUMBER}:
            assert isinstance(value, int | float)
        if kinds[name] is Kind.TEXT:
            assert isinstance(value, str)
