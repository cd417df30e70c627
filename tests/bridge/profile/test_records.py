"""Lists of records: collected, picked, and what is wrong with one of them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from yarl import URL

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


SINCE = """
devices: {request: {get: /d}, id: id, type: type}
monitors:
  events:
    request: {get: /events, query: {since: "{events.last.id}", after: "{events.last.at:unix}"}}
    each: data
    device: serial
    collect: true
types:
  bell: {event: {bell: {event_types: [ring], events: {each: "@", id: id, at: ts}}}}
"""


async def test_next_request_asks_for_the_events_after_the_newest(
    vendor: Vendor, make_client: MakeClient
) -> None:
    def at(second: int) -> str:
        return f"2026-11-24T12:00:{second:02}Z"

    vendor.answers["GET /events"] = {"data": []}
    client = await make_client(SINCE)
    for told, since in (
        ([], None),
        ([pressed(7) | {"ts": at(8)}, pressed(9) | {"ts": at(3)}], None),
        ([], "7"),
        ([pressed(12, "other") | {"ts": at(9)}], "7"),
        ([pressed(3) | {"ts": at(1)}], "12"),
        ([], "12"),
    ):
        vendor.answers["GET /events"] = {"data": told}
        _ = await read(client, "b", "other")
        query = URL(vendor.asked[-1][0].removeprefix("GET ")).query
        assert query.get("since") == since
        assert ("after" in query) == (since is not None)
    assert URL(vendor.asked[-1][0].removeprefix("GET ")).query["after"] == "1795521609"


async def test_newest_event_of_each_device(vendor: Vendor, make_client: MakeClient) -> None:
    client = await make_client("""
devices: {request: {get: /d}, id: id, type: type}
monitors:
  events: {request: {get: "/events/{device.id}", query: {since: "{events.last.id}"}}}
types:
  bell: {event: {bell: {event_types: [ring], events: {each: data, id: id}}}}
""")
    for name, number in (("b", 100), ("c", 20)):
        vendor.answers[f"GET /events/{name}"] = {"data": [{"id": 9}, {"id": number}, {"id": 8}]}
    for _ in range(2):
        _ = await read(client, "b", "c")
    assert sorted(line for line, _ in vendor.asked) == [
        *("GET /events/b", "GET /events/b?since=100"),
        *("GET /events/c", "GET /events/c?since=20"),
    ]


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        ('{get: "/events/{events.last.id}"}', "there is no newest event at first"),
        ('{get: "/events?since={events.last.id}"}', "there is no newest event at first"),
        ('{get: /e, query: {filter: "id>{events.last.id}"}}', "there is no newest event at first"),
        ('{get: /e, query: {since: "{events.last.at}"}}', "with their `at`"),
        ('{get: /e, query: {since: "{events.last.name}"}}', "there is nothing called"),
    ],
)
def test_newest_event_that_cannot_be_asked_for(request_: str, why: str) -> None:
    text = f"""
devices: {{request: {{get: /d}}, id: id, type: type}}
monitors: {{events: {{request: {request_}, each: data, device: serial, collect: true}}}}
types:
  bell: {{event: {{bell: {{event_types: [ring], events: {{each: "@", id: id}}}}}}}}
"""
    with pytest.raises(ProfileError, match=why):
        parse_profile(HEAD + text, "tiny.yaml")
