"""A profile's mistakes: all of them at once, each where it is, with what was probably meant."""

from pathlib import Path

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.errors import ProfileError
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, Kind
from custom_components.vendor_bridge.bridge.profile.loader import (
    CompiledProfile,
    extend_profile,
    load_profile,
    parse_profile,
)
from custom_components.vendor_bridge.bridge.profile.schema.export import json_schema

ROOT = Path(__file__).parents[3]
PROFILES = [
    *sorted(ROOT.glob("custom_components/vendor_bridge/vendors/*/profile.yaml")),
    *sorted(ROOT.glob("demo/config/vendor_bridge/*.yaml")),
]
GOOD = """\
profile: 1
vendor: {id: acme, name: Acme}
setup:
  url: {type: url}
  token: {type: secret}
api:
  base_url: "{setup.url}"
  auth: {type: bearer, token: "{setup.token}"}
devices: {request: {get: /d}, each: data, id: id, type: {value: kind, map: {1: lamp}}}
monitors:
  status: {every: 10, request: {get: "/d/{device.id}"}}
  meter: {every: 60, request: {get: "/m/{device.id}"}}
types:
  lamp:
    from: status
    light:
      main:
        name: null
        state: "on"
        brightness: {value: level, range: [0, 100]}
        commands:
          turn_on: {put: "/d/{device.id}", json: {"on": true, level: "{brightness}"}}
          turn_off: {put: "/d/{device.id}", json: {"on": false}}
    sensor:
      power: {from: meter, value: w, device_class: power, unit_of_measurement: W}
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(ProfileError) as caught:
        parse_profile(text, "x.yaml")
    return [str(mistake) for mistake in caught.value.mistakes]


def changed(old: str, new: str) -> list[str]:
    assert old in GOOD
    return mistakes(GOOD.replace(old, new))


def compiled() -> CompiledProfile:
    return parse_profile(GOOD, "x.yaml")


def test_a_good_profile() -> None:
    profile = compiled()
    assert (profile.id, profile.name, profile.manufacturer) == ("acme", "Acme", "Acme")
    assert set(profile.monitors) == {DEVICES_MONITOR, "status", "meter"}
    light, power = profile.types["lamp"]
    assert light.entity.name is None
    assert light.entity.attributes["brightness"].kind is Kind.BRIGHTNESS
    assert [one.name for one in light.entity.commands["turn_on"]] == ["brightness"]
    assert power.entity.name == "Power"
    assert power.entity.attributes["state"].kind is Kind.NUMBER
    assert power.entity.attributes["state"].monitor == "meter"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("token: {type", "token: {typ", "did you mean"),
        ("every: 10", "evry: 10", "did you mean 'every'"),
        ("from: meter", "from: metre", "did you mean 'meter'"),
        ('"{setup.url}"', '"{setup.uri}"', "known: url, token"),
        ("{brightness}", "{brightnes}", "did you mean 'brightness'"),
        ("turn_on:", "turn_onn:", "did you mean 'turn_on'"),
        ("device_class: power", "device_clas: power", "did you mean 'device_class'"),
        ("    sensor:", "    senser:", "did you mean 'sensor'"),
        ("type: bearer", "type: barer", "bearer"),
        ("get: /d}", "get: d}", "write /d"),
        ("get: /d}", "get: /d, post: /d}", "exactly one of"),
        ("every: 10", "every: soon", "number"),
        ("every: 10", "every: -1", "0.1"),
        ("range: [0, 100]", "range: [0]", ""),
        ("value: level", "value: 'level['", ""),
        ('        state: "on"\n', "", "a light needs state"),
        ("name: Acme}", "name: Acme, iot_class: cloud}", "cloud_polling"),
        (
            "  meter: {every",
            "  other: {every: 5, request: {get: /o}, each: x}\n  meter: {every",
            "nothing is read",
        ),
        (
            "  token: {type: secret}\n",
            "  token: {type: secret}\n  pin: {type: text}\n",
            "used nowhere",
        ),
        ("  lamp:\n", "  lamb:\n", "no device can be of this type"),
        ("device_class: power", "entity_category: config", "it is no setting"),
        ("value: w,", "value: w, regex: {pattern: '(a+)+$'},", ""),
    ],
)
def test_one_mistake(old: str, new: str, expected: str) -> None:
    found = changed(old, new)
    assert any(expected in line for line in found), found
    line = GOOD[: GOOD.index(old)].count("\n") + 1
    places = [int(one.split(":")[1]) for one in found]
    assert any(abs(place - line) <= 3 for place in places), found


def test_an_address_of_another_host() -> None:
    text = GOOD.replace('"{setup.url}"', "https://api.example.com").replace(
        "  url: {type: url}\n", ""
    )
    assert parse_profile(text, "x.yaml").id == "acme"
    found = mistakes(text.replace("get: /d}", "get: 'https://evil.example/d'}"))
    assert "evil.example is not a host of this account" in found[0]


@pytest.mark.parametrize("address", ["http://[::1/d", "http://xn--/d", "http://host:99999/d"])
def test_an_address_that_is_none(address: str) -> None:
    text = GOOD.replace('"{setup.url}"', "https://api.example.com").replace(
        "  url: {type: url}\n", ""
    )
    found = mistakes(text.replace("get: /d}", f"get: '{address}'}}"))
    assert "this is not an address" in found[0]


def test_availability_is_read_from_where_it_is_said() -> None:
    text = GOOD.replace("from: status\n", "from: status\n    availability: {value: online}\n")
    own = text.replace("w, device_class", "w, availability: {value: there}, device_class")
    for profile, monitor in ((text, "status"), (own, "meter")):
        plans = parse_profile(profile, "x.yaml").types["lamp"]
        power = next(plan.entity for plan in plans if plan.entity.key == "sensor.power")
        assert power.attributes["state"].monitor == "meter"
        assert [one.monitor for one in power.availability.attributes] == [monitor]


def test_all_mistakes_at_once() -> None:
    text = (
        GOOD.replace("from: meter", "from: metre")
        .replace("{brightness}", "{brightnes}")
        .replace('"{setup.url}"', '"{setup.uri}"')
    )
    found = mistakes(text)
    assert [line.split(":")[:2] for line in found] == [
        ["x.yaml", "7"],
        ["x.yaml", "22"],
        ["x.yaml", "25"],
    ]


def test_what_cannot_be_turned_back_needs_data() -> None:
    old = "value: level, range: [0, 100]"
    new = "values: {a: level}, compute: a * a"
    assert "can't be turned back" in changed(old, new)[0]
    mended = GOOD.replace(old, new).replace(
        'level: "{brightness}"}}', 'level: "{brightness}"}, data: {brightness: {scale: 0.4}}}'
    )
    assert parse_profile(mended, "x.yaml").types["lamp"]


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.parent.name + "/" + path.name)
def test_every_profile_that_we_ship(path: Path) -> None:
    profile = load_profile(path)
    if path.name == "profile.yaml":
        assert profile.id == path.parent.name


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"name: \xe9")
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * (1024 * 1024 + 1))
    for path, why in (
        (tmp_path / "absent.yaml", "cannot be read"),
        (latin, "not UTF-8"),
        (large, "larger than 1 MiB"),
    ):
        with pytest.raises(ProfileError, match=why):
            load_profile(path)


def test_a_client_adds_types() -> None:
    profile = extend_profile(
        compiled(), {"plug": {"sensor": {"x": {"from": "meter", "value": "x"}}}}
    )
    assert set(profile.types) == {"lamp", "plug"}
    with pytest.raises(ProfileError, match="metre"):
        extend_profile(compiled(), {"plug": {"sensor": {"x": {"from": "metre", "value": "x"}}}})
    with pytest.raises(ProfileError, match="sensr"):
        extend_profile(compiled(), {"plug": {"sensr": {}}})


def test_json_schema_is_small_and_complete() -> None:
    schema = json_schema()
    assert schema["required"] == ["profile", "vendor", "api", "devices"]
    assert schema["properties"]["api"]
    assert len(str(schema)) < 220_000


@given(st.data())
def test_a_profile_with_holes_is_a_mistake_or_a_profile(data: st.DataObject) -> None:
    lines = GOOD.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "twice", "cut", "text"]))
        if change == "drop":
            del lines[place]
        elif change == "twice":
            lines.insert(place, lines[place])
        elif change == "cut":
            lines[place] = lines[place][: data.draw(st.integers(0, len(lines[place])))]
        else:
            lines[place] = lines[place].partition(":")[0] + ": " + data.draw(st.text(max_size=12))
    try:
        parse_profile("\n".join(lines), "x.yaml")
    except ProfileError as error:
        assert error.mistakes  # noqa: PT017 - either way is fine
