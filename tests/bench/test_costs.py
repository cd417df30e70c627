"""What a refresh costs, in counts that are the same everywhere; `./scripts/bench` has times."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
import gc
import sys
from types import CodeType
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import HomeAssistant, callback
import pytest

from bench.columns.bridge import VENDOR, account, profile
from bench.shape import Scope, Shape
from bench.stub import Vendor
from tests.own_profiles import OwnProfiles

CALLS_A_VALUE = 18
"""Calls of this integration's own functions that one changed value may take."""
CALLS_A_REQUEST = 47
"""... and one request that brings nothing new."""
TOOL = 4
OURS = "custom_components/vendor_bridge/"

pytestmark = pytest.mark.usefixtures("socket_enabled")


class Home:
    """An account at the stub vendor, both in this process."""

    def __init__(self, hass: HomeAssistant, vendor: Vendor) -> None:
        self.hass = hass
        self.vendor = vendor
        self.coordinator: Any = None
        self.changed = 0
        self.reported = 0

    async def refresh(self) -> dict[str, int]:
        """Read everything once and return what that took."""
        self.vendor.counts.clear()
        self.changed = self.reported = 0
        calls = await _calls(self.coordinator.async_refresh)
        await self.hass.async_block_till_done()
        return {
            "requests": self.vendor.counts["requests"],
            "bodies": self.vendor.counts["bodies"],
            "changed": self.changed,
            "reported": self.reported,
            "calls": calls,
        }


async def _calls(what: Callable[[], Awaitable[None]]) -> int:
    """Return how many of this integration's functions are called."""
    count = 0
    monitoring = sys.monitoring

    def called(code: CodeType, _offset: int) -> object:
        nonlocal count
        if OURS not in code.co_filename:
            return monitoring.DISABLE
        count += 1
        return None

    monitoring.use_tool_id(TOOL, "costs")
    try:
        monitoring.register_callback(TOOL, monitoring.events.PY_START, called)
        monitoring.set_events(TOOL, monitoring.events.PY_START)
        await what()
    finally:
        monitoring.set_events(TOOL, 0)
        monitoring.free_tool_id(TOOL)
    return count


@callback
def _always(_data: object) -> bool:
    return True


@asynccontextmanager
async def account_of(
    hass: HomeAssistant, own: OwnProfiles, shape: Shape
) -> AsyncIterator[tuple[Vendor, ConfigEntry[Any]]]:
    """Set an account up at a vendor of that shape."""
    vendor = Vendor()
    vendor.become(shape)
    app = web.Application()
    app.router.add_get("/{path:.*}", vendor.get)
    server = TestServer(app)
    await server.start_server()
    own.write(f"{VENDOR}.yaml", profile(shape))
    entry = account(f"http://127.0.0.1:{server.port}", "Bench")
    await hass.config_entries.async_add(entry)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    try:
        yield vendor, entry
    finally:
        await hass.config_entries.async_unload(entry.entry_id)
        await server.close()


@asynccontextmanager
async def home_of(hass: HomeAssistant, own: OwnProfiles, shape: Shape) -> AsyncIterator[Home]:
    """Set an account up at a vendor of that shape, and refresh it until all caches are full."""
    async with account_of(hass, own, shape) as (vendor, entry):
        home = Home(hass, vendor)
        home.coordinator = entry.runtime_data.coordinators["status"]

        @callback
        def changed(_event: object) -> None:
            home.changed += 1

        @callback
        def reported(_event: object) -> None:
            home.reported += 1

        hass.bus.async_listen(EVENT_STATE_CHANGED, changed)
        hass.bus.async_listen(EVENT_STATE_REPORTED, reported, event_filter=_always)
        for _ in range(2):
            vendor.step(5)
            await home.refresh()
        yield home


async def test_what_changed_is_written_and_nothing_else(
    hass: HomeAssistant, own_profiles: OwnProfiles
) -> None:
    shape = Shape(devices=20, attributes=20, scope="account")
    async with home_of(hass, own_profiles, shape) as home:
        home.vendor.step(5)
        took = await home.refresh()
    assert took["requests"] == 1
    assert took["changed"] == shape.size // 5
    assert took["reported"] == 0
    assert took["calls"] < CALLS_A_VALUE * took["changed"]


async def test_nothing_changed_costs_the_same_however_much_there_is(
    hass: HomeAssistant, own_profiles: OwnProfiles
) -> None:
    calls = []
    for devices in (5, 20):
        shape = Shape(devices=devices, attributes=20, scope="account")
        async with home_of(hass, own_profiles, shape) as home:
            home.vendor.step(0)
            before = home.coordinator.data
            took = await home.refresh()
            assert home.coordinator.data is before
        assert (took["changed"], took["reported"]) == (0, 0)
        calls.append(took["calls"])
    # The devices are gone through, to see which of them are to be read; their values are not.
    assert calls[1] - calls[0] <= 15 * 2


async def test_another_time_of_the_same_value_writes_nothing(
    hass: HomeAssistant, own_profiles: OwnProfiles
) -> None:
    shape = Shape(devices=5, attributes=20, scope="account", dated=True)
    async with home_of(hass, own_profiles, shape) as home:
        before = home.coordinator.data.observations
        home.vendor.step(0)
        took = await home.refresh()
        after = home.coordinator.data.observations
    assert (took["changed"], took["reported"]) == (0, 0)
    for device_id, told in before.items():
        for key, observation in told.items():
            assert after[device_id][key].observed_at > observation.observed_at
            assert after[device_id][key].value == observation.value


@pytest.mark.parametrize("scope", ["account", "device"])
async def test_nothing_is_left_to_the_garbage_collector(
    hass: HomeAssistant, own_profiles: OwnProfiles, scope: Scope
) -> None:
    """What waits for it is all in memory until then, and its coming holds up whoever is there."""
    shape = Shape(devices=20, attributes=20, scope=scope)
    async with home_of(hass, own_profiles, shape) as home:
        gc.collect()
        gc.disable()
        try:
            for _ in range(3):
                home.vendor.step(5)
                await home.refresh()
            garbage = gc.collect()
        finally:
            gc.enable()
    assert garbage < shape.devices


@pytest.mark.parametrize("etag", [False, True])
async def test_nothing_changed_builds_nothing(
    hass: HomeAssistant, own_profiles: OwnProfiles, etag: bool
) -> None:
    shape = Shape(devices=20, attributes=20, etag=etag)
    async with home_of(hass, own_profiles, shape) as home:
        home.vendor.step(0)
        before = home.coordinator.data.observations
        took = await home.refresh()
        after = home.coordinator.data.observations
    assert all(after[device_id] is told for device_id, told in before.items())
    assert (took["changed"], took["reported"]) == (0, 0)
    assert took["requests"] == shape.devices
    assert took["bodies"] == (0 if etag else shape.devices)
    assert took["calls"] < CALLS_A_REQUEST * shape.devices
