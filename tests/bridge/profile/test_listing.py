"""Devices come from lists, mappings, single answers and pages, with their parts."""

import pytest

from custom_components.vendor_bridge.bridge.errors import OutageError, UnexpectedAnswerError
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, Json

from .conftest import MakeClient
from .vendor import Vendor

TYPES = """
types:
  "*": {sensor: {power: {from: devices, value: watts, unit_of_measurement: W}}}
"""


async def test_a_list(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /things"] = {
        "data": [{"n": 1, "label": "  Lamp\n one ", "kind": "lamp", "watts": 5}, {"n": 2}]
    }
    client = await make_client(
        "devices: {request: {get: /things}, each: data, id: n, name: label, type: kind}" + TYPES
    )
    listing = await client.list_devices()
    assert listing.complete
    assert set(listing.devices) == {"1", "2"}
    lamp = listing.devices["1"]
    assert (lamp.name, lamp.type) == ("Lamp one", "lamp")
    assert listing.devices["2"].name is None
    reading = await client.read(DEVICES_MONITOR, list(listing.devices.values()))
    assert reading.observations["1"]["sensor.power.state"].value == 5
    assert "sensor.power.state" not in reading.observations["2"]


async def test_a_mapping_keyed_by_id(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /lights"] = {"1": {"name": "One", "watts": 1}, "7": {"name": "Seven"}}
    client = await make_client('devices: {request: {get: /lights}, each: "@", name: name}' + TYPES)
    listing = await client.list_devices()
    assert {device.id: device.name for device in listing.devices.values()} == {
        "1": "One",
        "7": "Seven",
    }


async def test_a_single_device(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /shelly"] = {"mac": "AABBCC", "fw": "1.2", "watts": 3}
    client = await make_client(
        "devices: {request: {get: /shelly}, id: mac, sw_version: fw, mac: mac}" + TYPES
    )
    device = (await client.list_devices()).devices["AABBCC"]
    assert (device.sw_version, device.mac, device.parent) == ("1.2", "AABBCC", None)


@pytest.mark.parametrize(
    ("told", "aliases"),
    [
        (None, ()),
        ("", ()),
        (" Ceiling\n light ", ("Ceiling light",)),
        (["Big one", "Big one", " ", 7, {"no": "text"}], ("Big one",)),
        ([str(number) for number in range(9)], ("0", "1", "2", "3", "4")),
        ({"no": "list"}, ()),
    ],
)
async def test_what_else_people_call_a_device(
    vendor: Vendor, make_client: MakeClient, told: Json, aliases: tuple[str, ...]
) -> None:
    vendor.answers["GET /x"] = [{"id": "1", "nicknames": told, "parts": [{"nick": "Left"}]}]
    client = await make_client(
        "devices: {request: {get: /x}, id: id, aliases: nicknames, "
        "children: {each: parts, aliases: nick}}" + TYPES
    )
    devices = (await client.list_devices()).devices
    assert devices["1"].aliases == aliases
    assert devices["1/0"].aliases == ("Left",)


async def test_parts_of_a_device_and_parents(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /x"] = [
        {"id": "strip", "sockets": [{"w": 1}, {"w": 2}], "in": None},
        {"id": "bulb", "sockets": [], "in": "strip"},
    ]
    vendor.answers["GET /x/strip"] = {"relays": [{"w": 10}, {"w": 20}]}
    client = await make_client("""
devices:
  request: {get: /x}
  id: id
  type: {const: strip}
  parent: in
  children: {each: sockets, type: {const: socket}}
monitors:
  state: {request: {get: "/x/{device.id}"}, children: {each: relays}}
types:
  strip: {}
  socket: {sensor: {power: {value: w, unit_of_measurement: W}}}
""")
    listing = await client.list_devices()
    assert {device.id: device.parent for device in listing.devices.values()} == {
        "strip": None,
        "strip/0": "strip",
        "strip/1": "strip",
        "bulb": "strip",
    }
    reading = await client.read("state", list(listing.devices.values()))
    values = {key: one["sensor.power.state"].value for key, one in reading.observations.items()}
    assert values == {"strip/0": 10, "strip/1": 20}
    assert vendor.count("GET /x/strip") == 1


async def test_devices_that_are_reached_through_another(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /x"] = [
        {"id": "bridge", "hub": None, "of": None},
        {"id": "strip", "hub": "bridge", "of": None},
        {"id": "socket", "hub": "bridge", "of": "strip"},
    ]
    vendor.answers["GET /hubs/bridge/strip"] = {"w": 7}
    vendor.answers["GET /hubs/bridge/socket"] = {"w": 8}
    client = await make_client("""
devices: {request: {get: /x}, each: "@", id: id, parent: of, via: hub, type: {const: any}}
monitors:
  state: {request: {get: "/hubs/{device.via}/{device.id}"}}
types:
  any: {sensor: {power: {value: w, unit_of_measurement: W}}}
""")
    listing = await client.list_devices()
    assert {device.id: (device.parent, device.via) for device in listing.devices.values()} == {
        "bridge": (None, None),
        "strip": (None, "bridge"),
        "socket": ("strip", "bridge"),
    }
    reading = await client.read("state", list(listing.devices.values()))
    values = {key: one["sensor.power.state"].value for key, one in reading.observations.items()}
    assert values == {"strip": 7, "socket": 8}
    assert [str(error) for error in reading.failures.values()] == [
        "GET /hubs/{device.via}/{device.id}: {device.via} has no value"
    ]


@pytest.mark.parametrize(
    ("pages", "answers"),
    [
        (
            "{next: links.next}",
            {
                "GET /d": {"data": [{"id": "a"}], "links": {"next": "/d?p=2"}},
                "GET /d?p=2": {"data": [{"id": "b"}], "links": {"next": None}},
            },
        ),
        (
            "{cursor: cursor, query: after}",
            {
                "GET /d": {"data": [{"id": "a"}], "cursor": "x y"},
                "GET /d?after=x+y": {"data": [{"id": "b"}], "cursor": ""},
            },
        ),
        (
            "{page: page}",
            {
                "GET /d": {"data": [{"id": "a"}]},
                "GET /d?page=2": {"data": [{"id": "b"}]},
                "GET /d?page=3": {"data": []},
            },
        ),
        (
            "{offset: skip, total: total}",
            {
                "GET /d": {"data": [{"id": "a"}], "total": 2},
                "GET /d?skip=1": {"data": [{"id": "b"}], "total": 2},
            },
        ),
    ],
)
async def test_pages(
    vendor: Vendor, make_client: MakeClient, pages: str, answers: dict[str, object]
) -> None:
    vendor.answers |= answers
    client = await make_client(
        f"devices: {{request: {{get: /d, pages: {pages}}}, each: data, id: id}}" + TYPES
    )
    listing = await client.list_devices()
    assert set(listing.devices) == {"a", "b"}
    assert listing.complete
    assert len(vendor.asked) == len(answers)


async def test_pages_that_lead_in_a_circle(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /d"] = {"data": [{"id": "a"}], "next": "/d?p=2"}
    vendor.answers["GET /d?p=2"] = {"data": [{"id": "b"}], "next": "/d?p=2"}
    client = await make_client(
        "devices: {request: {get: /d, pages: {next: next}}, each: data, id: id}" + TYPES
    )
    with pytest.raises(UnexpectedAnswerError, match="circle"):
        await client.list_devices()


async def test_pages_without_end(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /d"] = lambda seen: {
        "data": [{"id": seen["query"].get("page", "1")}],
    }
    client = await make_client(
        "devices: {request: {get: /d, pages: {page: page, limit: 3}}, each: data, id: id}" + TYPES
    )
    with pytest.raises(UnexpectedAnswerError, match="more than 3 pages"):
        await client.list_devices()


async def test_a_page_on_another_host_is_not_followed(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /d"] = {"data": [{"id": "a"}], "next": "http://evil.example/d"}
    client = await make_client(
        "devices: {request: {get: /d, pages: {next: next}}, each: data, id: id}" + TYPES
    )
    with pytest.raises(UnexpectedAnswerError):
        await client.list_devices()


async def test_a_failing_page_is_not_a_short_listing(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /d"] = {"data": [{"id": "a"}], "next": "/d?p=2"}
    vendor.answers["GET /d?p=2"] = (500, {"error": "oops"})
    client = await make_client(
        "devices: {request: {get: /d, pages: {next: next}}, each: data, id: id}" + TYPES
    )
    with pytest.raises(OutageError):
        await client.list_devices()


@pytest.mark.parametrize("bad", [{}, {"id": None}, {"id": True}, {"id": "a\nb"}, {"id": "x" * 300}])
async def test_an_item_without_a_sound_id_makes_the_listing_incomplete(
    vendor: Vendor, make_client: MakeClient, bad: dict[str, object]
) -> None:
    vendor.answers["GET /d"] = [{"id": "a"}, bad, {"id": "a", "name": "again"}]
    client = await make_client("devices: {request: {get: /d}, id: id, name: name}" + TYPES)
    listing = await client.list_devices()
    assert set(listing.devices) == {"a"}
    assert listing.devices["a"].name is None
    assert not listing.complete


@pytest.mark.parametrize("answer", [{"data": 5}, {"data": None}, {}, "text", 7])
async def test_an_answer_of_another_shape(
    vendor: Vendor, make_client: MakeClient, answer: object
) -> None:
    vendor.answers["GET /d"] = answer
    client = await make_client("devices: {request: {get: /d}, each: data, id: id}" + TYPES)
    with pytest.raises(UnexpectedAnswerError, match="expected a list or a mapping at data"):
        await client.list_devices()


async def test_types_that_the_profile_does_not_know_are_left_out(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /d"] = [{"id": 1, "t": "lamp"}, {"id": 2, "t": "toaster"}, {"id": 3}]
    client = await make_client("""
devices: {request: {get: /d}, id: id, type: t}
types:
  lamp: {sensor: {power: {value: watts}}}
""")
    listing = await client.list_devices()
    assert set(listing.devices) == {"1"}
    assert listing.complete
    assert any("'toaster'" in line for line in listing.left_out)
    assert listing.unknown == {"2", "3"}


async def test_only_what_holds_is_taken(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /d"] = [{"id": 1, "on": True}, {"id": 2, "on": False}]
    client = await make_client('devices: {request: {get: /d}, id: id, when: "on"}' + TYPES)
    assert set((await client.list_devices()).devices) == {"1"}


async def test_account_by_request_and_by_setup(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answers["GET /me"] = {"id": 5, "mail": "a@b.example"}
    vendor.answers["GET /d"] = []
    listing = "devices: {request: {get: /d}, id: id}" + TYPES
    known = await make_client("account: {request: {get: /me}, id: id, name: mail}\n" + listing)
    account = await known.connect()
    assert (account.id, account.name) == ("5", "a@b.example")
    unknown = await make_client(listing)
    account = await unknown.connect()
    assert account.name == "Tiny (127.0.0.1)"
    assert account == await unknown.connect()
    vendor.answers["GET /me"] = {"mail": "a@b.example"}
    with pytest.raises(UnexpectedAnswerError, match="id"):
        await known.connect()
