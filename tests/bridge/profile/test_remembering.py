"""What the vendor remembers: asked for page after page, and what is no point left out."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.vendor_bridge.bridge.errors import CommandError, OutageError, ProfileError
from custom_components.vendor_bridge.bridge.model import Device, History, Meaning, Point
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient

from .conftest import MakeClient
from .vendor import Vendor

PROFILE = """
devices: {{request: {{get: /d}}, id: id, type: type}}
monitors: {{meter: {{request: {{get: "/meter/{{device.id}}"}}}}}}
types:
  meter:
    sensor:
      energy:
        value: kwh
        state_class: {state_class}
        unit_of_measurement: kWh
        history:
          request:
            get: /history/{{device.id}}
            query: {{from: "{{start:unix}}", to: "{{end:unix}}"}}
            pages: {{next: next}}
          each: points
          at: {{value: t, timestamp: seconds}}
          value: v
          {more}
"""
DEVICE = Device(id="m", type="meter", data={})
KEY = "sensor.energy.state"
START = datetime(2026, 11, 1, tzinfo=UTC)
END = START + timedelta(days=1)


def profile(more: str = "", state_class: str = "total_increasing") -> str:
    return PROFILE.format(more=more, state_class=state_class)


async def remembered(client: ProfileClient) -> list[Point]:
    pages = client.history(DEVICE, KEY, START, END)
    return [point async for page in pages for point in page]


def stamp(hours: float) -> int:
    return int((START + timedelta(hours=hours)).timestamp())


async def test_pages_are_followed(vendor: Vendor, make_client: MakeClient) -> None:
    def answer(request: Mapping[str, Any]) -> object:
        begun = "cursor" in request["query"]
        hour = 1 if begun else 0
        return {
            "points": [{"t": stamp(hour), "v": hour + 0.5}],
            "next": None if begun else f"{vendor.url}/history/m?cursor=2",
        }

    vendor.answers["GET /history/m"] = answer
    client = await make_client(profile("meaning: change"))
    assert await remembered(client) == [
        Point(START, 0.5),
        Point(START + timedelta(hours=1), 1.5),
    ]
    assert vendor.asked[0][0] == f"GET /history/m?from={stamp(0)}&to={stamp(24)}"


async def test_a_total_is_that_at_the_end_of_its_interval(
    vendor: Vendor, make_client: MakeClient
) -> None:
    vendor.answers["GET /history/m"] = {"points": [{"t": stamp(0), "v": "7.5"}], "next": None}
    client = await make_client(profile("interval: 900"))
    assert await remembered(client) == [Point(START + timedelta(minutes=15), 7.5)]


@pytest.mark.expects_warnings("left out")
async def test_gaps_and_nonsense_are_left_out_and_told_once(
    vendor: Vendor, make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = {"t": stamp(2), "v": "much"}
    points = [
        {"t": stamp(0), "v": None},
        {"t": stamp(1)},
        wrong,
        wrong,
        {"t": "yesterday", "v": 1},
        {"v": 1},
        {"t": stamp(-1), "v": 1},
        {"t": stamp(24), "v": 1},
        {"t": stamp(3), "v": 4},
    ]
    vendor.answers["GET /history/m"] = lambda _: {"points": points, "next": None}
    client = await make_client(profile("meaning: change"))
    for _ in range(2):
        assert await remembered(client) == [Point(START + timedelta(hours=3), 4.0)]
    told = [record.message for record in caplog.records if "left out" in record.message]
    assert len(told) == 3


async def test_means_have_extremes(vendor: Vendor, make_client: MakeClient) -> None:
    point = {"t": stamp(0), "v": 5, "min": 1, "max": 9}
    vendor.answers["GET /history/m"] = {"points": [point], "next": None}
    client = await make_client(profile("low: min\n          high: max", "measurement"))
    assert await remembered(client) == [Point(START, 5.0, 1.0, 9.0)]


async def test_what_goes_wrong_is_raised(vendor: Vendor, make_client: MakeClient) -> None:
    client = await make_client(profile())
    vendor.answers["GET /history/m"] = (500, {})
    with pytest.raises(OutageError, match="GET /history"):
        await remembered(client)
    with pytest.raises(CommandError, match="remember"):
        [page async for page in client.history(DEVICE, "sensor.energy.last_reset", START, END)]


async def test_the_entity_tells_that_there_is_one(make_client: MakeClient) -> None:
    client = await make_client(profile("reach: 86400\n          span: 7200"))
    [described] = client.describe(DEVICE)
    assert described.attributes["state"].history == History(
        meaning=Meaning.TOTAL,
        interval=timedelta(hours=1),
        span=timedelta(hours=2),
        reach=timedelta(days=1),
        corrections=timedelta(days=2),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (profile("meaning: mean"), "has no history of this kind"),
        (profile("span: 60"), "span is shorter than interval"),
        (profile().replace('"{start:unix}"', "0").replace('"{end:unix}"', "0"), "for which time"),
        (profile().replace("state_class: total_increasing", "icon: mdi:flash"), "state_class"),
        (profile("meanings: mean"), "meaning"),
    ],
)
async def test_mistakes(make_client: MakeClient, text: str, expected: str) -> None:
    with pytest.raises(ProfileError, match=expected):
        await make_client(text)
