from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.light import LightEntityFeature
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, pass_time, set_up, state_of
from .acting import snapshot_platform

FULL_PARAMETERS = [
    "brightness",
    "color_temp_kelvin",
    "hs_color",
    "effect",
    "flash",
    "transition",
]
FULL = entity(
    "light.main",
    attributes=["state", "brightness", "color_temp_kelvin", "hs_color", "effect"],
    options={
        "effect_list": ["rainbow", "off"],
        "min_color_temp_kelvin": 2200,
        "max_color_temp_kelvin": 6000,
    },
    commands={"turn_on": FULL_PARAMETERS, "turn_off": ["flash", "transition"]},
)


def lamp(attributes: list[str], parameters: list[str], **options: Any) -> Any:
    return entity(
        "light.main",
        attributes=["state", *attributes],
        options=options,
        commands={"turn_on": parameters, "turn_off": []},
    )


async def test_lamps(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("onoff", lamp([], []), state=True)
    client.add("dimmed", lamp(["brightness"], ["brightness"]), state=True, brightness=127.6)
    client.add("off", FULL, state=False, brightness=10)
    client.add("full", FULL, state=True, brightness=200, color_temp_kelvin=2700.4, effect="off")
    client.add("rgbww", lamp(["rgbww_color"], ["rgbww_color"]), state=True,
               rgbww_color=[1, 2, 3, 4, 5])  # fmt: skip
    client.add("silent", FULL)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("attributes", "parameters", "options", "modes"),
    [
        ([], [], {}, ["onoff"]),
        (["brightness"], [], {}, ["brightness"]),
        ([], ["brightness"], {}, ["brightness"]),
        (
            ["brightness", "color_temp_kelvin"],
            ["brightness", "color_temp_kelvin"],
            {},
            ["color_temp"],
        ),
        (["hs_color", "xy_color", "rgb_color"], ["rgb_color"], {}, ["rgb"]),
        (["hs_color"], [], {}, ["hs"]),
        (["rgbw_color"], ["rgbw_color", "white"], {}, ["rgbw", "white"]),
        (["color_temp_kelvin"], ["color_temp_kelvin", "white"], {}, ["color_temp"]),
        (
            ["hs_color"],
            ["hs_color"],
            {"supported_color_modes": ["hs", "color_temp", "ultraviolet", "unknown"]},
            ["color_temp", "hs"],
        ),
        ([], ["brightness"], {"supported_color_modes": ["onoff", "brightness"]}, ["brightness"]),
        ([], ["brightness"], {"supported_color_modes": ["white"]}, ["onoff"]),
    ],
)
async def test_modes_follow_from_what_it_can_do(
    hass: HomeAssistant,
    attributes: list[str],
    parameters: list[str],
    options: dict[str, Any],
    modes: list[str],
) -> None:
    client = FakeClient()
    client.add("lamp", lamp(attributes, parameters, **options), state=True)
    await set_up(hass, client)
    state = state_of(hass, "light.lamp")
    assert state.state == "on"
    assert state.attributes["supported_color_modes"] == modes


async def test_modes_may_be_observed(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    client = FakeClient()
    one = lamp(["supported_color_modes", "hs_color"], ["hs_color", "color_temp_kelvin"])
    client.add("lamp", one, state=True, supported_color_modes=["hs"])
    await set_up(hass, client)
    assert state_of(hass, "light.lamp").attributes["supported_color_modes"] == ["hs"]
    client.say("lamp", "light.main.supported_color_modes", ["color_temp"])
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "light.lamp").attributes["supported_color_modes"] == ["color_temp"]


async def test_mode_is_that_of_what_changed_last(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    client.add("lamp", FULL, state=True, color_temp_kelvin=3000, hs_color=[30, 40])

    def mode() -> str:
        mode: str = state_of(hass, "light.lamp").attributes["color_mode"]
        return mode

    await set_up(hass, client)
    assert mode() == "color_temp"
    client.say("lamp", "light.main.hs_color", [120, 90])
    await pass_time(hass, freezer, 31)
    assert mode() == "hs"
    client.say("lamp", "light.main.brightness", 7)
    await pass_time(hass, freezer, 31)
    assert mode() == "hs"
    client.say("lamp", "light.main.color_temp_kelvin", 4000)
    client.say("lamp", "light.main.hs_color", [30, 20])
    await pass_time(hass, freezer, 31)
    assert mode() == "color_temp"
    client.say("lamp", "light.main.color_temp_kelvin", None)
    await pass_time(hass, freezer, 31)
    assert mode() == "hs"
    client.say("lamp", "light.main.hs_color", None)
    await pass_time(hass, freezer, 31)
    assert mode() == "color_temp"


@pytest.mark.parametrize(
    ("told", "effect", "shown"),
    [
        ("hs", None, "hs"),
        ("color_temp", None, "color_temp"),
        ("xy", None, "color_temp"),
        ("brightness", None, "color_temp"),
        ("brightness", "rainbow", "brightness"),
        (None, None, "color_temp"),
    ],
)
async def test_mode_that_the_vendor_tells(
    hass: HomeAssistant, told: str | None, effect: str | None, shown: str
) -> None:
    client = FakeClient()
    one = lamp(
        ["color_mode", "color_temp_kelvin", "hs_color", "effect", "brightness"],
        FULL_PARAMETERS,
        effect_list=["rainbow"],
    )
    client.add(
        "lamp",
        one,
        state=True,
        color_mode=told,
        color_temp_kelvin=3000,
        hs_color=[1, 2],
        effect=effect,
    )
    await set_up(hass, client)
    assert state_of(hass, "light.lamp").attributes["color_mode"] == shown


@pytest.mark.parametrize(
    ("told", "value", "taken", "shown"),
    [
        ("rgb_color", [255, 0, 0], "hs_color", (0.0, 100.0)),
        ("xy_color", [0.701, 0.299], "hs_color", (0.0, 100.0)),
        ("hs_color", [0, 100], "rgb_color", (255, 0, 0)),
        ("xy_color", [0.701, 0.299], "rgb_color", (255, 0, 0)),
        ("hs_color", [0, 100], "xy_color", (0.701, 0.299)),
        ("rgb_color", [255, 0, 0], "xy_color", (0.701, 0.299)),
    ],
)
async def test_colour_that_is_told_in_another_way_than_it_is_set(
    hass: HomeAssistant, told: str, value: list[float], taken: str, shown: tuple[float, ...]
) -> None:
    client = FakeClient()
    client.add("lamp", lamp([told], [taken]), state=True, **{told: value})
    await set_up(hass, client)
    assert state_of(hass, "light.lamp").attributes[taken] == shown


@pytest.mark.parametrize("color", [[1], [1, 2, 3], [], None])
async def test_colour_of_the_wrong_size_is_unknown(hass: HomeAssistant, color: Any) -> None:
    client = FakeClient()
    client.add("lamp", lamp(["hs_color"], ["hs_color"]), state=True, hs_color=color)
    await set_up(hass, client)
    state = state_of(hass, "light.lamp")
    assert state.state == "on"
    assert state.attributes["hs_color"] is None


@pytest.mark.parametrize(
    ("service", "given", "command", "data"),
    [
        ("turn_on", {}, "turn_on", {}),
        ("turn_on", {"brightness": 40}, "turn_on", {"brightness": 40}),
        ("turn_on", {"brightness_pct": 50}, "turn_on", {"brightness": 128}),
        ("turn_on", {"color_temp_kelvin": 2700}, "turn_on", {"color_temp_kelvin": 2700}),
        ("turn_on", {"hs_color": [120, 50]}, "turn_on", {"hs_color": [120.0, 50.0]}),
        ("turn_on", {"rgb_color": [255, 0, 0]}, "turn_on", {"hs_color": [0.0, 100.0]}),
        ("turn_on", {"effect": "rainbow"}, "turn_on", {"effect": "rainbow"}),
        ("turn_on", {"flash": "short"}, "turn_on", {"flash": "short"}),
        ("turn_on", {"transition": 2}, "turn_on", {"transition": 2}),
        ("turn_on", {"brightness": 0}, "turn_off", {}),
        ("turn_off", {}, "turn_off", {}),
        ("turn_off", {"transition": 3}, "turn_off", {"transition": 3}),
        ("toggle", {}, "turn_on", {}),
    ],
)
async def test_commands(
    hass: HomeAssistant,
    service: str,
    given: dict[str, Any],
    command: str,
    data: dict[str, Any],
) -> None:
    client = FakeClient()
    client.add("lamp", FULL, state=False, brightness=100)
    await set_up(hass, client)
    await hass.services.async_call(
        "light", service, {ATTR_ENTITY_ID: "light.lamp"} | given, blocking=True
    )
    assert [(one.name, one.data) for _, one in client.writes] == [(command, data)]
    state = state_of(hass, "light.lamp")
    assert state.state == ("on" if command == "turn_on" else "off")
    for name, value in data.items():
        if name in state.attributes and command == "turn_on":
            shown = state.attributes[name]
            assert (list(shown) if isinstance(shown, tuple) else shown) == value


async def test_features_follow_from_the_parameters(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("one", FULL)
    client.add("two", lamp(["effect"], ["transition"]))
    await set_up(hass, client)
    assert state_of(hass, "light.one").attributes["supported_features"] == (
        LightEntityFeature.EFFECT | LightEntityFeature.FLASH | LightEntityFeature.TRANSITION
    )
    assert (
        state_of(hass, "light.two").attributes["supported_features"]
        == LightEntityFeature.TRANSITION
    )
