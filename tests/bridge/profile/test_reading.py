"""Monitors: for the account, for a batch, for each device; what changed, and what is wrong."""

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.vendor_bridge.bridge.errors import (
    NotFoundError,
    OutageError,
    SignInError,
    UnexpectedAnswerError,
)
from custom_components.vendor_bridge.bridge.model import Device, Reading
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient

from .conftest import MakeClient
from .vendor import Vendor

TYPES = """
types:
  meter:
    sensor:
      power: {value: w, unit_of_measurement: W}
      room: {value: room}
"""
ACCOUNT = """
devices: {request: {get: /d}, id: id, type: type}
monitors: {status: {request: {get: /status}, each: data, device: id, observed_at: at}}
"""
EACH = """
devices: {request: {get: /d}, id: id, type: type}
monitors: {status: {request: {get: "/status/{device.id}"}, observed_at: at}}
"""


def meter(name: str) -> Device:
    return Device(id=name, type="meter", data={})


def values(reading: Reading) -> dict[str, dict[str, object]]:
    return {
        device: {key.split(".")[1]: one.value for key, one in observations.items()}
        for device, observations in reading.observations.items()
    }


async def read(client: ProfileClient, *names: str) -> Reading:
    return await client.read("status", [known[name] for name in names])


known = {name: meter(name) for name in ("a", "b", "c", "d", "e")}


async def test_one_request_tells_of_the_whole_account(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /status"] = {
        "data": [{"id": "a", "w": 1, "room": "hall"}, {"id": "b", "w": 2.5}, {"id": "z", "w": 9}]
    }
    client = await make_client(ACCOUNT + TYPES)
    reading = await read(client, "a", "b", "c")
    assert values(reading) == {"a": {"power": 1, "room": "hall"}, "b": {"power": 2.5}}
    assert set(reading.failures) == {"c"}
    assert len(vendor.asked) == 1


async def test_what_has_not_changed_is_the_same_object(
    vendor: Vendor, make_client: MakeClient
) -> None:
    data = [{"id": "a", "w": 1, "room": "x"}, {"id": "b", "w": 2}]
    vendor.answers["GET /status"] = lambda _: {"data": data}
    client = await make_client(ACCOUNT + TYPES)
    first = await read(client, "a", "b")
    assert await read(client, "a", "b") is first
    data[0] = {"id": "a", "w": 5, "room": "x"}
    second = await read(client, "a", "b")
    assert second.observations["b"] is first.observations["b"]
    assert second.observations["a"] is not first.observations["a"]
    room = "sensor.room.state"
    assert second.observations["a"][room] is first.observations["a"][room]
    assert values(second)["a"] == {"power": 5, "room": "x"}


async def test_an_older_observation_never_replaces_a_newer_one(
    vendor: Vendor, make_client: MakeClient
) -> None:
    data = {"id": "a", "w": 1, "at": "2026-01-01T12:00:00Z"}
    vendor.answers["GET /status"] = lambda _: {"data": [data]}
    client = await make_client(ACCOUNT + TYPES)
    first = await read(client, "a")
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert first.observations["a"]["sensor.power.state"].observed_at == noon
    data.update(w=7, at="2026-01-01T11:59:59Z")
    assert values(await read(client, "a")) == {"a": {"power": 1}}
    data.update(w=8, at="2026-01-01T12:00:01Z")
    assert values(await read(client, "a")) == {"a": {"power": 8}}


async def test_one_request_for_each_device(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /status/a"] = {"w": 1}
    vendor.answers["GET /status/b"] = (404, {"error": "gone"})
    client = await make_client(EACH + TYPES)
    reading = await read(client, "a", "b")
    assert values(reading) == {"a": {"power": 1}}
    failure = reading.failures["b"]
    assert isinstance(failure, NotFoundError)
    assert "gone" in str(failure)
    assert "GET /status/{device.id}" in str(failure)


async def test_what_is_wrong_with_all_is_raised(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /status/a"] = vendor.answers["GET /status/b"] = (503, {})
    client = await make_client(EACH + TYPES)
    with pytest.raises(OutageError):
        await read(client, "a", "b")


async def test_a_sign_in_that_is_not_accepted_is_raised(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /status/a"] = {"w": 1}
    vendor.answers["GET /status/b"] = (401, {})
    client = await make_client(EACH + TYPES)
    with pytest.raises(SignInError):
        await read(client, "a", "b")


async def test_batches(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /status"] = lambda seen: [
        {"id": one, "w": len(one)} for one in seen["query"]["ids"].split(",")
    ]
    client = await make_client(
        """
devices: {request: {get: /d}, id: id, type: type}
monitors:
  status:
    request: {get: /status, query: {ids: "{devices.csv}"}}
    each: "@"
    device: id
    batch: 2
"""
        + TYPES
    )
    reading = await read(client, "a", "b", "c", "d", "e")
    assert len(reading.observations) == 5
    assert sorted(line for line, _ in vendor.asked) == [
        "GET /status?ids=a,b",
        "GET /status?ids=c,d",
        "GET /status?ids=e",
    ]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"w": "a lot"}, "a number"),
        ({"w": [1]}, "a number"),
        ({"w": True}, "a number"),
    ],
)
async def test_a_value_of_another_type_is_rejected(
    vendor: Vendor, make_client: MakeClient, item: dict[str, object], expected: str
) -> None:
    vendor.answers["GET /status"] = {"data": [{"id": "a", "room": "x", **item}]}
    client = await make_client(ACCOUNT + TYPES)
    reading = await read(client, "a")
    assert values(reading) == {"a": {"room": "x"}}
    assert expected in reading.rejected["a", "sensor.power.state"]


@pytest.mark.parametrize("answer", [{"t": 999}, {"data": 5}, [], "up", {"data": "x"}])
async def test_an_answer_of_another_shape_is_no_observation(
    vendor: Vendor, make_client: MakeClient, answer: object
) -> None:
    vendor.answers["GET /status"] = answer
    client = await make_client(ACCOUNT + TYPES)
    with pytest.raises(UnexpectedAnswerError):
        await read(client, "a")


async def test_a_device_of_which_nothing_is_told_has_failed(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /status/a"] = {"message": "try again later"}
    client = await make_client(EACH + TYPES)
    reading = await read(client, "a")
    assert "none of what the profile looks for" in str(reading.failures["a"])


async def test_null_is_unknown_and_absent_is_not_told(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /status"] = {"data": [{"id": "a", "w": None}]}
    client = await make_client(ACCOUNT + TYPES)
    assert values(await read(client, "a")) == {"a": {"power": None}}


async def test_devices_without_attributes_cost_no_request(
    vendor: Vendor, make_client: MakeClient
) -> None:
    client = await make_client(EACH + TYPES + "  other: {}")
    reading = await client.read("status", [Device(id="q", type="other", data={})])
    assert reading.observations == {}
    assert vendor.asked == []


async def test_conditions_decide_what_a_device_has(vendor: Vendor, make_client: MakeClient) -> None:
    client = await make_client("""
devices: {request: {get: /d}, id: id, type: type}
monitors: {status: {request: {get: "/status/{device.id}"}}}
types:
  lamp:
    light:
      main:
        state: "on"
        brightness: {value: level, range: [0, 100], when: dims}
        commands:
          turn_on: {put: /x, json: {level: "{brightness}"}}
          turn_off: {put: /x}
      night:
        when: night
        state: night
        commands: {turn_on: {put: /y, when_device: strong}, turn_off: {put: /y}}
""")
    plain = Device(id="a", type="lamp", data={"dims": False, "night": True})
    entities = {entity.key: entity for entity in client.describe(plain)}
    assert set(entities["light.main"].attributes) == {"state"}
    assert set(entities["light.night"].commands) == {"turn_off"}
    better = Device(id="a", type="lamp", data={"dims": True, "night": False})
    entities = {entity.key: entity for entity in client.describe(better)}
    assert set(entities) == {"light.main"}
    assert set(entities["light.main"].attributes) == {"state", "brightness"}


async def test_entity_that_is_left_without_its_state_is_none(
    vendor: Vendor, make_client: MakeClient
) -> None:
    client = await make_client("""
devices: {request: {get: /d}, id: id, type: type}
monitors: {status: {request: {get: "/status/{device.id}"}}}
types:
  timer:
    date: {day: {state: {value: day, when: day}, commands: {set_value: {put: "/day/{value}"}}}}
    sensor: {left: {state: {value: left, when: left}}}
    device_tracker:
      where:
        state: {value: home, when: "!place"}
        latitude: {value: place.lat, when: place}
        longitude: {value: place.lon, when: place}
""")

    def keys(**data: Any) -> set[str]:
        device = Device(id=str(data), type="timer", data=data)
        return {entity.key for entity in client.describe(device)}

    assert keys(day="2026-11-24", left=3) == {"date.day", "sensor.left", "device_tracker.where"}
    assert keys(left=3, place={"lat": 1}) == {"sensor.left", "device_tracker.where"}
    assert keys(day=None) == {"device_tracker.where"}


async def test_a_secret_in_place_of_a_number_is_not_quoted(
    vendor: Vendor, make_client: MakeClient
) -> None:
    head = """
profile: 1
vendor: {id: tiny, name: Tiny}
setup: {url: {type: url}, token: {type: secret}}
api: {base_url: "{setup.url}", auth: {type: bearer, token: "{setup.token}"}}
"""
    secret = "planted-" + "0123456789" * 9
    data = [{"id": "a", "w": secret, "room": "x"}]
    vendor.answers["GET /status"] = {"data": data}
    client = await make_client(ACCOUNT + TYPES, head, token=secret)
    reading = await read(client, "a")
    why = reading.rejected["a", "sensor.power.state"]
    assert why.startswith("expected a number")
    assert "planted" not in why
