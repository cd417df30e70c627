"""An answer that is not what the profile promised changes nothing, and is reported once.

A real server answers a real Home Assistant here, and Home Assistant's own `rest` integration is
asked beside us.
"""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from http import HTTPStatus
import json
import logging
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.vendor_bridge import account
from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_VENDOR,
    DOMAIN,
)

from .fakes import state_of
from .own_profiles import OwnProfiles

PROFILE = """
profile: 1
vendor: {id: acme, name: Acme Home}
setup: {url: {type: url}}
api: {base_url: "{setup.url}", timeout: 3}
devices: {every: 300, request: {get: /devices}, each: data, id: id, type: kind}
monitors:
  status: {every: 30, default: true, request: {get: /status}, each: data, device: id}
  meter: {every: 30, request: {get: "/meter/{device.id}"}}
types:
  lamp:
    light:
      main:
        state: power
        brightness: level
        commands: {turn_on: {post: /on}, turn_off: {post: /off}}
    sensor:
      warmth:
        value: degrees
        unit_of_measurement: {value: unit}
        device_class: temperature
      energy: {from: meter, value: kwh, device_class: energy, unit_of_measurement: kWh}
"""
DEVICES = {"data": [{"id": "L1", "kind": "lamp"}, {"id": "L2", "kind": "lamp"}]}
LAMP, LEVEL, WARMTH, ENERGY = (
    "light.l1_main",
    "brightness",
    "sensor.l1_warmth",
    "sensor.l1_energy",
)
NO_MORE = "You are sending too many requests: 42"

type Handler = Callable[[], web.StreamResponse]


def status(**changes: Any) -> dict[str, Any]:
    """Return what the vendor tells of both lamps, with changes to the first."""
    lamp = {"id": "L1", "power": True, "level": 128, "degrees": 21.5, "unit": "°C"}
    return {"data": [{**lamp, **changes}, {**lamp, "id": "L2"}]}


def answers(data: Any, code: int = 200, **kwargs: Any) -> Handler:
    return lambda: web.json_response(data, status=code, **kwargs)


def says(text: str, code: int = 200, content_type: str = "text/html") -> Handler:
    return lambda: web.Response(text=text, status=code, content_type=content_type)


class Vendor:
    """A server that answers each path as a test says, and counts."""

    def __init__(self) -> None:
        """Answer as the profile promises."""
        self.handlers: dict[str, Handler] = {}
        self.mend()
        self.asked: list[str] = []

    def mend(self) -> None:
        """Answer as the profile promises, from now on."""
        self.handlers = {
            "/devices": answers(DEVICES),
            "/status": answers(status()),
            "/meter/L1": answers({"kwh": 7.5}),
            "/meter/L2": answers({"kwh": 8.5}),
        }

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        self.asked.append(request.path)
        return self.handlers[request.path]()


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


@pytest.fixture
async def server(vendor: Vendor, socket_enabled: None) -> AsyncIterator[TestServer]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", vendor.handle)
    server = TestServer(app)
    await server.start_server()
    yield server
    await server.close()


@pytest.fixture
async def entry(
    hass: HomeAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: TestServer,
) -> MockConfigEntry:
    """Return an account that works."""
    OwnProfiles(hass, tmp_path, monkeypatch).write("acme.yaml", PROFILE)
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Acme Home",
        data={
            CONF_VENDOR: "acme",
            CONF_ACCOUNT_ID: "acme:1",
            CONF_SETUP: {"url": str(server.make_url("/")).rstrip("/")},
        },
    )
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert shown(hass) == ("on", 128, "21.5", "7.5")
    return entry


def shown(hass: HomeAssistant) -> tuple[str, Any, str, str]:
    """Return the state of the first lamp, its brightness, its warmth and its energy."""
    lamp = state_of(hass, LAMP)
    return (
        lamp.state,
        lamp.attributes.get(LEVEL),
        state_of(hass, WARMTH).state,
        state_of(hass, ENERGY).state,
    )


async def read(hass: HomeAssistant, entry: MockConfigEntry, *keys: str, times: int = 1) -> None:
    """Read monitors as if it were time to."""
    for _ in range(times):
        for key in keys or ("status", "meter"):
            await entry.runtime_data.coordinators[key].async_refresh()
    await hass.async_block_till_done()


def reports(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("custom_components.vendor_bridge") and record.levelno >= level
    ]


WHOLE = {
    "HTML with 200": (says("<h1>We will be right back</h1>"), "GET /status"),
    "HTML that claims to be JSON": (
        says("<h1>Sorry</h1>", content_type="application/json"),
        "GET /status",
    ),
    "too many requests": (says(NO_MORE, HTTPStatus.TOO_MANY_REQUESTS), "429"),
    "JSON with 500": (answers(status(power=False, level=1), 500), "500"),
    "JSON with 404": (answers(status(power=False, level=1), 404), "404"),
    "wrong content type": (
        lambda: web.Response(body=b"\x89PNG\r\n\x1a\n", content_type="image/png"),
        "GET /status",
    ),
    "truncated": (says(json.dumps(status(power=False))[:60], content_type="application/json"), ""),
    "empty": (says("", content_type="application/json"), "GET /status"),
    "a list where a mapping should be": (answers([status()]), "GET /status"),
    "no list of items": (answers({"data": "none"}), "GET /status"),
    "null": (answers(None), "GET /status"),
    "NaN": (says('{"data": [{"id": "L1", "level": NaN}]}', content_type="application/json"), ""),
    "deep": (says("[" * 5000, content_type="application/json"), "GET /status"),
}


@pytest.mark.expects_warnings("Error fetching Acme Home status data")
@pytest.mark.parametrize(("handler", "told"), WHOLE.values(), ids=WHOLE)
async def test_answer_that_is_wrong_as_a_whole(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    vendor: Vendor,
    entry: MockConfigEntry,
    handler: Handler,
    told: str,
) -> None:
    before = hass.states.async_all("light"), shown(hass)
    caplog.clear()
    vendor.handlers["/status"] = handler
    await read(hass, entry, "status", times=2)
    assert (hass.states.async_all("light"), shown(hass)) == before
    assert len(reports(caplog)) == 1, reports(caplog)
    [report] = reports(caplog)
    assert "GET /status" in report
    assert told in report
    vendor.mend()
    vendor.handlers["/status"] = answers(status(power=False))
    if "429" not in told:
        await read(hass, entry, "status")
        assert state_of(hass, LAMP).state == "off"


@pytest.mark.parametrize(
    ("handler", "told"),
    [
        (says("<h1>Sorry</h1>"), "GET /meter/{device.id}"),
        (answers({"kwh": 0}, 500), "500"),
        (answers({"kwh": 0}, 404), "404"),
        (answers("0"), ""),
    ],
    ids=["HTML", "500", "404", "text"],
)
async def test_answer_that_is_wrong_for_one_device(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    vendor: Vendor,
    entry: MockConfigEntry,
    handler: Handler,
    told: str,
) -> None:
    caplog.clear()
    vendor.handlers["/meter/L1"] = handler
    vendor.handlers["/meter/L2"] = answers({"kwh": 9})
    await read(hass, entry, "meter", times=2)
    assert shown(hass)[3] == "7.5"
    assert state_of(hass, "sensor.l2_energy").state == "9"
    if told:
        [report] = reports(caplog)
        assert "device L1 cannot be read" in report
        assert told in report


ATTRIBUTES: dict[str, tuple[dict[str, Any], str, str]] = {
    "text for a switch": ({"power": "maybe"}, "light.main.state", "maybe"),
    "number for a switch": ({"power": 7}, "light.main.state", "7"),
    "level out of range": ({"level": 256}, "light.main.brightness", "256"),
    "negative level": ({"level": -5}, "light.main.brightness", "-5"),
    "text for a level": ({"level": "much"}, "light.main.brightness", "much"),
    "mapping for a level": ({"level": {"a": 1}}, "light.main.brightness", "mapping"),
    "list for a temperature": ({"degrees": [1, 2]}, "sensor.warmth.state", "list"),
    "text for a temperature": ({"degrees": "N/A"}, "sensor.warmth.state", "N/A"),
    "wrong unit": ({"degrees": 70, "unit": "bananas"}, "unit_of_measurement", "bananas"),
    "unit of something else": ({"degrees": 3, "unit": "kWh"}, "unit_of_measurement", "kWh"),
}


@pytest.mark.expects_warnings("was not understood")
@pytest.mark.parametrize(("changes", "key", "came"), ATTRIBUTES.values(), ids=ATTRIBUTES)
async def test_attribute_that_is_not_what_was_promised(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    vendor: Vendor,
    entry: MockConfigEntry,
    changes: dict[str, Any],
    key: str,
    came: str,
) -> None:
    before = shown(hass)
    unit = state_of(hass, WARMTH).attributes["unit_of_measurement"]
    caplog.clear()
    vendor.handlers["/status"] = answers(status(**changes))
    await read(hass, entry, "status", times=2)
    assert shown(hass) == before
    assert state_of(hass, WARMTH).attributes["unit_of_measurement"] == unit
    [report] = reports(caplog)
    assert "device L1" in report
    assert key in report
    assert came in report
    assert [place for place, _ in entry.runtime_data.rejected] == ["L1"]
    vendor.handlers["/status"] = answers(status(power=False, level=10, degrees=3))
    await read(hass, entry, "status")
    assert shown(hass) == ("off", None, "3", "7.5")
    assert entry.runtime_data.rejected == {}


@pytest.mark.expects_warnings("was not understood")
async def test_nonsense_that_goes_on_is_not_covered_up_for_ever(
    hass: HomeAssistant, vendor: Vendor, entry: MockConfigEntry
) -> None:
    vendor.handlers["/status"] = answers(status(power="maybe", level="much", degrees="N/A"))
    await read(hass, entry, "status", times=2)
    assert shown(hass) == ("on", 128, "21.5", "7.5")
    await read(hass, entry, "status")
    assert shown(hass) == (STATE_UNAVAILABLE, None, STATE_UNAVAILABLE, "7.5")
    vendor.handlers["/status"] = answers(status(level="much"))
    await read(hass, entry, "status")
    assert shown(hass) == ("on", None, "21.5", "7.5")
    vendor.mend()
    await read(hass, entry, "status")
    assert shown(hass) == ("on", 128, "21.5", "7.5")


WRONG = pytest.mark.expects_warnings("Error fetching Acme Home devices data")


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param(answers({"data": [{"kind": "lamp"}, DEVICES["data"][0]]}), id="no id"),
        pytest.param(answers({"data": [{"id": {"a": 1}}, DEVICES["data"][0]]}), id="strange id"),
        pytest.param(answers({"data": ["L1"]}), id="texts"),
        pytest.param(answers({"error": "maintenance"}), id="no list", marks=WRONG),
        pytest.param(answers({"data": []}, 503), id="503", marks=WRONG),
        pytest.param(says("[]"), id="HTML", marks=WRONG),
    ],
)
async def test_listing_that_is_not_what_was_promised_removes_nothing(
    hass: HomeAssistant,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    vendor: Vendor,
    entry: MockConfigEntry,
    listed: Handler,
) -> None:
    known = {one.entity_id for one in registered(hass, entry)}
    caplog.clear()
    vendor.handlers["/devices"] = listed
    monkeypatch.setattr(account, "CONFIRMED_AFTER", 0)
    await read(hass, entry, "devices", times=3)
    assert {one.entity_id for one in registered(hass, entry)} == known
    assert shown(hass) == ("on", 128, "21.5", "7.5")
    [report] = reports(caplog)
    assert "GET /devices" in report or "an item without an id" in report


def registered(hass: HomeAssistant, entry: MockConfigEntry) -> list[er.RegistryEntry]:
    return er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)


# Home Assistant 2026.9 does not stop its `rest` of YAML at the end.
@pytest.mark.parametrize("expected_lingering_timers", [True])
@pytest.mark.expects_warnings("Error fetching Acme Home status data")
async def test_the_body_of_a_429_is_a_state_for_rest_and_none_for_us(
    hass: HomeAssistant,
    server: TestServer,
    vendor: Vendor,
    entry: MockConfigEntry,
) -> None:
    url = str(server.make_url("/status"))
    template = "{{ value_json.data[0].degrees if value_json is defined else value }}"
    sensor = {"name": "rest", "value_template": template}
    config = {"rest": [{"resource": url, "sensor": [sensor]}]}
    assert await async_setup_component(hass, "rest", config)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "sensor.rest").state == state_of(hass, WARMTH).state == "21.5"

    vendor.handlers["/status"] = says(NO_MORE, HTTPStatus.TOO_MANY_REQUESTS, "text/plain")
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=31))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "sensor.rest").state == NO_MORE
    assert state_of(hass, WARMTH).state == "21.5"
    assert entry.state is ConfigEntryState.LOADED

    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=120))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "sensor.rest").state == NO_MORE
    assert state_of(hass, WARMTH).state == STATE_UNAVAILABLE
