"""Lists of records: collected, picked, and what is wrong with one of them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from custom_components.vendor_bridge.bridge.errors import ProfileError
from custom_components.vendor_bridge.bridge.model import Device, Reading
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

from .conftest import HEAD, MakeClient
from .vendor import Vendor

PROFILE = """
devices: {request: {get: /d}, id: id, type: type}
monitors:
  events: {request: {get: /events}, each: data, device: serial, collect: true}
types:
  bell:
    event:
      bell:
        device_class: doorbell
        event_types: [ring, ring_long]
        events:
          each: "@[?kind == 'pressed']"
          id: id
          type: {value: data.long, map: {true: ring_long, false: ring}}
          at: ts
          attributes: {button: data.button}
"""
KEY = "event.bell.events"


def pressed(number: int, serial: str = "b", **data: Any) -> dict[str, Any]:
    return {
        "id": number,
        "serial": serial,
        "kind": "pressed",
        "ts": "2026-11-24T12:00:00Z",
        "data": {"long": False, **data},
    }


async def read(client: ProfileClient, *names: str) -> Reading:
    return await client.read("events", [Device(id=name, type="bell") for name in names])


async def test_items_of_a_device_are_collected(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /events"] = {
        "data": [
            pressed(1, button=4),
            pressed(2, "other"),
            {**pressed(3), "kind": "charged"},
            pressed(4, long=True),
        ]
    }
    client = await make_client(PROFILE)
    reading = await read(client, "b", "quiet")
    at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert reading.observations["b"][KEY].value == [
        {"id": "1", "type": "ring", "at": at, "attributes": {"button": 4}},
        {"id": "4", "type": "ring_long", "at": at, "attributes": {}},
    ]
    assert reading.observations["quiet"][KEY].value == []
    assert reading.failures == {}
    again = await read(client, "b", "quiet")
    assert again.observations["b"] is reading.observations["b"]


async def test_a_record_that_is_wrong_is_left_out_and_told(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /events"] = {"data": [{**pressed(1), "ts": "soon"}, pressed(2)]}
    reading = await read(await make_client(PROFILE), "b")
    assert [one["id"] for one in reading.observations["b"][KEY].value] == ["2"]  # type: ignore[index, union-attr, call-overload]
    assert "soon" in reading.rejected["b", KEY]


async def test_an_answer_for_one_device_has_its_own_list(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /events/b"] = [pressed(1)]
    vendor.answers["GET /events/c"] = {"no": "list"}
    profile = PROFILE.replace("/events}", '"/events/{device.id}"}').replace(
        ", each: data, device: serial, collect: true", ", each: '[@]'"
    )
    client = await make_client(profile)
    reading = await read(client, "b", "c")
    assert len(reading.observations["b"][KEY].value) == 1  # type: ignore[arg-type]
    assert reading.observations["c"][KEY].value is None


def mistakes(old: str, new: str) -> list[str]:
    assert old in PROFILE
    with pytest.raises(ProfileError) as caught:
        parse_profile(HEAD + PROFILE.replace(old, new), "tiny.yaml")
    return [f"{one.path[-1]}: {one.message}" for one in caught.value.mistakes]


def test_mistakes() -> None:
    assert mistakes("          id: id\n", "          ident: id\n") == ["ident: unknown key 'ident'"]
    assert mistakes("each: \"@[?kind == 'pressed']\"", "from: events") == ["events: needs 'each'"]
    assert mistakes("[ring, ring_long]", "[pressed]") == [
        "event_types: a doorbell has the event ring"
    ]
    assert mistakes("          at: ts\n", "          at: 'ts['\n")[0].startswith("at: ")
    assert mistakes("        event_types: [ring, ring_long]\n", "") == [
        "bell: an event needs event_types"
    ]
