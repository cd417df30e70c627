"""What a profile says that its vendor bears, and what becomes of it."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, override
from zoneinfo import ZoneInfo

from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.clock import SystemClock
from custom_components.vendor_bridge.bridge.errors import (
    OutageError,
    ProfileError,
    RateLimitedError,
)
from custom_components.vendor_bridge.bridge.http import Limiters
from custom_components.vendor_bridge.bridge.http.budgets import Rate
from custom_components.vendor_bridge.bridge.model import DEVICES_MONITOR, Command, Device
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.limits import limit_headers, rates_of
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

PROFILE = """
profile: 1
vendor: {{id: tiny, name: Tiny}}
setup: {{url: {{type: url}}}}
api:
  base_url: "{{setup.url}}"
  limits: {limits}
devices: {{request: {{get: /d}}, id: id, type: type}}
monitors:
  all: {{request: {{get: /all}}, each: "@", device: id}}
  each: {{request: {{get: "/s/{{device.id}}"}}}}
  batch:
    request: {{get: "/b", query: {{ids: "{{devices.csv}}"}}}}
    batch: 4
    each: "@"
    device: id
types:
  lamp:
    light:
      main:
        state: {{from: each, value: "on"}}
        commands:
          turn_on: {{put: "/s/{{device.id}}", answer: none}}
          turn_off: {{put: "/s/{{device.id}}", answer: none}}
    sensor:
      one: {{from: all, value: "on"}}
      two: {{from: batch, value: "on"}}
"""
LAMPS = [Device(id=str(number), type="lamp") for number in range(10)]
TURN_ON = Command(entity="light.main", name="turn_on")
DAY = 86400


def profile(limits: str) -> str:
    return PROFILE.format(limits=limits)


class LaterClock(SystemClock):
    """A clock whose time of day can be put forward."""

    def __init__(self) -> None:
        self.later = timedelta()

    @override
    def now(self) -> datetime:
        return super().now() + self.later


class House:
    """A vendor, and accounts at it."""

    def __init__(self, url: str, session: ClientSession) -> None:
        self.url = url
        self.clock = LaterClock()
        self.session = session
        self.headers: dict[str, str] = {}
        self.status = 200
        self.asked: list[str] = []
        self.limiters = Limiters(lambda low, _high: low)
        self.kept: dict[str, Mapping[str, Any]] = {}
        self.clients: list[ProfileClient] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.method} {request.path}")
        data: Any = {"on": True, "token": "t"}
        if request.path in {"/all", "/b", "/d"}:
            data = [{"id": lamp.id, "type": "lamp", "on": True} for lamp in LAMPS]
        return web.json_response(data, status=self.status, headers=self.headers)

    def account(self, limits: str, name: str = "one") -> ProfileClient:
        client = ProfileClient(
            parse_profile(profile(limits), "tiny.yaml"),
            Context(
                session=self.session,
                setup={"url": self.url},
                clock=self.clock,
                limiters=self.limiters,
                memory=self.kept.get(name, {}),
                remember=lambda memory: self.kept.update({name: memory}),
            ),
        )
        self.clients.append(client)
        return client


@pytest.fixture
async def house(socket_enabled: None) -> AsyncIterator[House]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        made = House("", session)
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", made.answer)
        async with TestServer(application, host="127.0.0.1") as server:
            made.url = str(server.make_url("")).rstrip("/")
            yield made
            for client in made.clients:
                await client.close()


# --- what can be said -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "rates"),
    [
        ("{}", ()),
        ("{concurrency: 2}", ()),
        ("{requests: 60}", (Rate(60, 60),)),
        ("{requests: 60, per: 90}", (Rate(60, 90),)),
        ("{requests: 5, per: second}", (Rate(5, 1),)),
        ("{requests: 5, per: day, resets: UTC}", (Rate(5, DAY, ZoneInfo("UTC")),)),
        (
            "{rates: [{requests: 60, per: 60}, {requests: 10000, per: day}]}",
            (Rate(60, 60), Rate(10_000, DAY)),
        ),
        (
            "{requests: 9, per: hour, rates: [{requests: 60, per: day, resets: Asia/Tokyo}]}",
            (Rate(9, 3600), Rate(60, DAY, ZoneInfo("Asia/Tokyo"))),
        ),
    ],
)
def test_rates(limits: str, rates: tuple[Rate, ...]) -> None:
    assert rates_of(parse_profile(profile(limits), "tiny.yaml")) == rates


def test_headers_of_the_vendors_own() -> None:
    said = "{headers: {remaining: X-Quota-Left, limit: X-Quota}}"
    compiled = parse_profile(profile(said), "tiny.yaml")
    assert limit_headers(compiled) == ("X-Quota", "X-Quota-Left", None)
    assert limit_headers(parse_profile(profile("{}"), "tiny.yaml")) is None


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ("{requests: 0}", "must be at least 1"),
        ("{requests: 5, per: week}", "per"),
        ("{requests: 5, per: true}", "expected a text or a number"),
        ("{requests: 5, per: hour, resets: UTC}", "resets belongs to `per: day`"),
        ("{rates: [{requests: 5, resets: UTC}]}", "resets belongs to `per: day`"),
        ("{requests: 5, per: day, resets: Europe/Berln}", "did you mean Europe/Berlin"),
        ("{requests: 5, per: day, resets: ../etc/passwd}", "no time zone"),
        ("{headers: {limit: X-Limit}}", "remaining"),
        ("{rates: [{per: day}]}", "requests"),
    ],
)
def test_mistakes(limits: str, message: str) -> None:
    with pytest.raises(ProfileError, match=message):
        parse_profile(profile(limits), "tiny.yaml")


# --- what is left ---------------------------------------------------------------------------------


async def test_the_users_see_what_is_left(house: House) -> None:
    client = house.account("{}")
    assert (client.health.remaining, client.health.limit, client.health.resets_at) == (None,) * 3
    house.headers = {
        "X-RateLimit-Limit": "100",
        "X-RateLimit-Remaining": "42",
        "X-RateLimit-Reset": "1800",
    }
    await client.read("all", LAMPS)
    health = client.health
    assert (health.remaining, health.limit) == (42, 100)
    assert health.resets_at is not None
    assert abs(health.resets_at - datetime.now(UTC) - timedelta(minutes=30)) < timedelta(seconds=5)
    assert health.address == house.url
    assert health.round_trip is not None
    assert health.round_trip > 0


async def test_polls_yield_to_commands_when_the_vendor_says_that_little_is_left(
    house: House,
) -> None:
    client = house.account("{headers: {limit: X-Max, remaining: X-Left, reset: X-Again}}")
    house.headers = {"X-Max": "100", "X-Left": "10", "X-Again": "1800"}
    await client.read("all", LAMPS)
    with pytest.raises(RateLimitedError) as caught:
        await client.read("all", LAMPS)
    assert caught.value.retry_after == pytest.approx(1800, abs=2)
    assert caught.value.request == "GET /all"
    await client.write(LAMPS[0], TURN_ON)
    assert house.asked == ["GET /all", "PUT /s/0"]


async def test_429_without_retry_after_waits_for_the_reset(house: House) -> None:
    client = house.account("{}")
    house.status = 429
    house.headers = {"RateLimit": '"default";r=0;t=77'}
    with pytest.raises(RateLimitedError) as caught:
        await client.read("all", LAMPS)
    assert caught.value.retry_after == 77
    assert 76 < client.health.held <= 85


async def test_a_command_always_tries_at_once(house: House) -> None:
    client = house.account("{}")
    house.status = 503
    house.headers = {"Retry-After": "600"}
    with pytest.raises(RateLimitedError):
        await client.read("all", LAMPS)
    for _ in range(5):
        with pytest.raises(RateLimitedError):
            await client.write(LAMPS[0], TURN_ON)
    house.headers = {}
    with pytest.raises(OutageError):
        await client.write(LAMPS[0], TURN_ON)
    house.status = 200
    await client.write(LAMPS[0], TURN_ON)
    assert house.asked.count("PUT /s/0") == 7


async def test_a_days_count_survives_a_restart(house: House) -> None:
    limits = "{requests: 20, per: day}"
    client = house.account(limits)
    for _ in range(5):
        await client.read("all", LAMPS)
    await client.close()
    client = house.account(limits)
    assert (client.health.remaining, client.health.limit) == (15, 20)
    await client.read("each", LAMPS)
    assert client.health.remaining == 5
    reading = await client.read("each", LAMPS)
    # Two are kept for commands: three lamps could be read, and the others say why not.
    assert len(reading.observations) == 3
    assert {type(error) for error in reading.failures.values()} == {RateLimitedError}
    for _ in range(2):
        await client.write(LAMPS[0], TURN_ON)
    with pytest.raises(RateLimitedError, match="leave no room"):
        await client.write(LAMPS[0], TURN_ON)
    assert len(house.asked) == 20


# --- stretching -----------------------------------------------------------------------------------


async def test_intervals_stretch_by_what_reads_really_cost(house: House) -> None:
    client = house.account("{requests: 100, per: 60}")
    every = {"each": 10.0, "all": 30.0}
    assert client.stretch({}) == 1
    assert client.stretch(every) == 1, "nothing is known: one request each"
    for monitor in every:
        await client.read(monitor, LAMPS)
    # Ten lamps every ten seconds and one for all every thirty are 62 a minute; 90 are for polls.
    assert client.stretch(every) == 1
    assert client.stretch({"each": 5.0, "all": 30.0}) == pytest.approx(1.4)  # 122 of 90
    await client.read("batch", LAMPS)
    await client.list_devices()
    four = {"each": 5.0, "all": 30.0, "batch": 5.0, DEVICES_MONITOR: 60.0}
    assert client.stretch(four) == pytest.approx(1.8)  # 159 of 90


async def test_a_read_that_fails_does_not_look_cheap(house: House) -> None:
    client = house.account("{requests: 60, per: 60}")
    await client.read("each", LAMPS)
    assert client.stretch({"each": 5.0}) == pytest.approx(2.3)  # 120 of 54
    house.status = 404
    with pytest.raises(Exception, match="404"):
        await client.read("each", LAMPS[:1])
    assert client.stretch({"each": 5.0}) == pytest.approx(2.3)
    house.status = 200
    await client.read("each", LAMPS[:4])
    assert client.stretch({"each": 5.0}) == 1, "four lamps are left"


async def test_a_sign_in_is_not_what_a_read_costs(house: House) -> None:
    login = "auth: {type: login, request: {post: /login}, token: token}"
    client = house.account(f"{{requests: 60, per: 60}}\n  {login}")
    await client.read("all", LAMPS)
    assert "POST /login" in house.asked
    assert client.stretch({"all": 1.0}) == pytest.approx(1.2)  # 60 of 54


async def test_a_read_that_is_cut_short_does_not_look_cheap_either(house: House) -> None:
    client = house.account("{requests: 5, per: hour}")
    reading = await client.read("each", LAMPS)
    assert len(reading.failures) == 6
    demand, allowed = 10 / 600, 4 / 3600
    assert client.stretch({"each": 600.0}) >= demand / allowed


async def test_who_was_left_over_is_the_first_next_time(house: House) -> None:
    client = house.account("{requests: 4, per: hour}")
    seen: list[str] = []
    for _ in range(4):
        reading = await client.read("each", LAMPS)
        assert len(reading.failures) == 7, "there is never room for all"
        seen += reading.observations
        house.clock.later += timedelta(hours=2)
    assert set(seen) == {lamp.id for lamp in LAMPS}


# --- accounts together ----------------------------------------------------------------------------


@pytest.mark.parametrize(("shared", "left"), [("true", 13), ("false", 16)])
async def test_accounts_that_the_vendor_counts_as_one(house: House, shared: str, left: int) -> None:
    limits = f"{{requests: 20, per: 60, shared: {shared}}}"
    one, other = house.account(limits, "one"), house.account(limits, "other")
    for _ in range(4):
        await one.read("all", LAMPS)
    for _ in range(3):
        await other.read("all", LAMPS)
    assert one.health.remaining == left
    assert len(house.limiters) == (1 if shared == "true" else 0)
    await one.close()
    await other.read("all", LAMPS)
    await other.close()
    assert len(house.limiters) == 0
