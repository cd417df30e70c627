import json
from pathlib import Path
from typing import Any

from aioresponses import aioresponses
from homeassistant.components.diagnostics import REDACTED
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vendor_bridge.bridge.errors import RefusedError, UnreachableError
from custom_components.vendor_bridge.bridge.model import Device
from custom_components.vendor_bridge.const import (
    CONF_ACCOUNT_ID,
    CONF_SETUP,
    CONF_TOKENS,
    CONF_VENDOR,
    DOMAIN,
)
from custom_components.vendor_bridge.diagnostics import (
    async_get_config_entry_diagnostics,
    async_get_device_diagnostics,
)
from custom_components.vendor_bridge.profiles import async_reload_profiles

from .fakes import FakeClient, entity, monitor, set_up
from .own_profiles import OwnProfiles, profile

PASSWORD = "pa55word-of-mum"
TOKEN = "t0ken-of-mum"
EMAIL = "mum@example.com"
SERIAL = "SN-20260001"
MAC = "aa:bb:cc:dd:ee:01"
PRIVATE = (PASSWORD, TOKEN, EMAIL, SERIAL, MAC, "52.3702", "mum77")


@pytest.fixture
def own(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnProfiles:
    own = OwnProfiles(hass, tmp_path, monkeypatch)
    own.write("acme.yaml", profile())
    return own


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Mum's home",
        unique_id="acme:mum77",
        data={
            CONF_VENDOR: "acme",
            CONF_ACCOUNT_ID: "acme:mum77",
            CONF_SETUP: {"url": "http://acme.example", "email": EMAIL, "password": PASSWORD},
            CONF_TOKENS: {"access": [TOKEN], "at": 5},
        },
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
def client() -> FakeClient:
    client = FakeClient(monitor("status"), monitor("extra", optional=True))
    lamp = entity("light.main", attributes=["state", "brightness"], commands={"turn_on": []})
    client.add(
        Device(
            id=SERIAL,
            type="lamp",
            name="Lamp",
            serial_number=SERIAL,
            mac=MAC,
            data={"serial": SERIAL, "latitude": 52.3702, "token": TOKEN, "note": f"of {EMAIL}"},
        ),
        lamp,
        state=True,
        brightness=7,
    )
    client.add("P1", entity("switch.main", attributes={"state": "extra"}))
    return client


async def of_entry(hass: HomeAssistant, entry: MockConfigEntry) -> dict[str, Any]:
    told = await async_get_config_entry_diagnostics(hass, entry)
    return checked(told)


def checked(told: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(told)
    for private in PRIVATE:
        assert private not in text
    return told


@pytest.mark.expects_warnings("light.main.brightness was not understood")
async def test_an_account_is_described_without_what_is_private(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry, client: FakeClient
) -> None:
    client.reject(SERIAL, "light.main.brightness", "expected a number, got 'much'")
    client.fail_device("P1", RefusedError("gone"))
    client.fail("extra", UnreachableError("no answer"))
    await set_up(hass, client, entry)
    assert entry.state is ConfigEntryState.LOADED
    told = await of_entry(hass, entry)
    assert told["setup"] == {
        "url": "http://acme.example",
        "email": f"mu{REDACTED}1",
        "password": REDACTED,
    }
    assert told["entry"]["state"] == "loaded"
    assert told["entry"]["has_tokens"] is True
    assert told["profile"]["origin"] == "own"
    assert told["profile"]["file"] == "acme.yaml"
    assert len(told["profile"]["sha256"]) == 64
    assert told["profile"]["mistakes"] == []
    monitors = told["account"]["monitors"]
    assert monitors["status"]["last_read_succeeded"] is True
    assert monitors["status"]["seconds_since_good_read"] >= 0
    assert monitors["status"]["interval"] == monitors["status"]["stretched_interval"] == 30
    assert monitors["status"]["failures_in_a_row"] == 0
    assert monitors["extra"]["failures_in_a_row"] == 1
    assert 20 < monitors["extra"]["next_wait"] <= 30
    assert monitors["extra"]["last_read_succeeded"] is False
    assert monitors["extra"]["optional"] is True
    assert monitors["extra"]["seconds_since_good_read"] is None
    assert "no answer" in monitors["extra"]["error"]
    assert told["requests"] is None
    outage = told["outage"]["extra"]
    assert (outage["reason"], outage["kind"]) == ("no answer", "UnreachableError")
    connection = told["account"]["connection"]
    assert connection["connected"] is True
    assert connection["stretched_by"] == 1.0
    devices = {device["listed"]["name"]: device for device in told["account"]["devices"].values()}
    lamp = devices["Lamp"]
    assert lamp["taken"] is True
    assert lamp["rejected"] == {"light.main.brightness": "expected a number, got 'much'"}
    state = lamp["entities"]["light.main"]["attributes"]["state"]
    assert state["value"] is True
    assert state["seconds_since_told"] >= 0
    assert lamp["entities"]["light.main"]["commands"] == ["turn_on"]
    plug = devices["P1"]["entities"]["switch.main"]["attributes"]["state"]
    assert plug == {"monitor": "extra", "observed": False, "seconds_since_told": None}


async def test_devices_that_could_not_be_read_are_told_with_the_reason(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry, client: FakeClient
) -> None:
    client.fail_device("P1", RefusedError("gone", request="GET /x"))
    await set_up(hass, client, entry)
    told = await of_entry(hass, entry)
    assert told["account"]["monitors"]["extra"]["failures"] == {"P1": "GET /x: gone"}


async def test_a_device_that_was_left_out_is_told_of_as_such(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry, client: FakeClient
) -> None:
    hass.config_entries.async_update_entry(entry, options={"excluded": ["P1"]})
    await set_up(hass, client, entry)
    told = (await of_entry(hass, entry))["account"]["devices"]["P1"]
    assert told["taken"] is False
    assert told["entities"] == {}


async def test_an_account_that_cannot_be_set_up_is_described_too(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry, client: FakeClient
) -> None:
    client.fail("connect", UnreachableError("no answer"))
    await set_up(hass, client, entry)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    told = await of_entry(hass, entry)
    assert told["entry"]["state"] == "setup_retry"
    assert "no answer" in told["entry"]["reason"]
    assert told["account"] is None
    assert told["outage"]["set-up"]["reason"] == "no answer"
    assert told["setup"]["password"] == REDACTED


async def test_what_is_kept_beside_the_tokens_does_not_blank_out_the_rest(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry, client: FakeClient
) -> None:
    kept = {"token": "sid=c00kie-of-mum; lang=de", "extra": {"home": "1", "region": "eu"}}
    hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_TOKENS: kept})
    client.add(Device(id="eu-1", type="plug", name="Lamp 1 c00kie-of-mum"), entity("switch.main"))
    await set_up(hass, client, entry)
    told = json.dumps(await async_get_config_entry_diagnostics(hass, entry))
    assert "c00kie-of-mum" not in told
    assert "Lamp 1" in told
    assert "eu-1" in told


async def test_without_its_profile_all_that_was_filled_in_is_hidden(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry
) -> None:
    own.write("acme.yaml", "profile: 1\nvendor: {id: acme, name: Acme}\n")
    told = await of_entry(hass, entry)
    assert told["setup"] == {"url": REDACTED, "email": REDACTED, "password": REDACTED}
    assert "acme.yaml" in told["profile"]["mistakes"][0]


async def test_a_profile_that_was_broken_since_is_said_to_be(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry, client: FakeClient
) -> None:
    await of_entry(hass, entry)
    own.write("acme.yaml", "vendor: [")
    await async_reload_profiles(hass)
    told = await of_entry(hass, entry)
    assert "1:10" in told["profile"]["mistakes"][0]
    assert told["setup"]["url"] == "http://acme.example"


async def test_one_device_is_described_alone(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry, client: FakeClient
) -> None:
    await set_up(hass, client, entry)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    lamp = next(device for device in devices if device.name == "Lamp")
    assert isinstance(lamp, dr.DeviceEntry)
    told = checked(await async_get_device_diagnostics(hass, entry, lamp))
    assert told["device"]["listed"]["type"] == "lamp"
    assert told["device"]["entities"]["light.main"]["attributes"]["brightness"]["value"] == 7
    assert told["profile"]["vendor"] == "acme"


async def test_a_device_of_an_account_that_is_not_loaded_has_nothing_to_tell(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry
) -> None:
    own.remove("acme.yaml")
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={(DOMAIN, "acme:mum77:x")}
    )
    told = checked(await async_get_device_diagnostics(hass, entry, device))
    assert told["device"] is None
    assert told["profile"]["error"] == "there is no profile for 'acme'"


async def test_the_last_requests_are_told_by_what_the_profile_calls_them(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry
) -> None:
    lamp = "types: {lamp: {sensor: {power: {from: devices, value: watts}}}}"
    own.write("acme.yaml", profile(more=lamp))
    with aioresponses() as vendor:
        vendor.get(
            "http://acme.example/v1/account", payload={"id": "mum77", "home": "H"}, repeat=True
        )
        vendor.get(
            "http://acme.example/v1/devices",
            payload={"data": [{"serial": SERIAL, "password": PASSWORD, "watts": 5}]},
            repeat=True,
        )
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.LOADED
        told = await of_entry(hass, entry)
    requests = told["requests"]
    assert requests["totals"]["requests"] >= 2
    assert requests["totals"]["failures"] == 0
    assert requests["last"]["GET /v1/devices"][0]["status"] == 200
    (device,) = told["account"]["devices"].values()
    assert device["listed"]["data"]["password"] == REDACTED
    assert device["entities"]["sensor.power"]["attributes"]["state"]["value"] == 5


LAMP = "types: {lamp: {sensor: {power: {from: devices, value: watts}}}}"


def answer(vendor: aioresponses, path: str, **kwargs: Any) -> None:
    vendor.get(f"http://acme.example{path}", repeat=True, **kwargs)


async def test_the_last_answers_are_told_without_what_is_private(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry
) -> None:
    own.write("acme.yaml", profile(more=LAMP))
    listed = {
        "serial": SERIAL,
        "label": "Lamp",
        "wifi": {"psk": "s3cret-psk", "mac": MAC},
        "owner": {"name": "Mum Somebody"},
        "note": f"for mum77, call {EMAIL}",
        "raw": '{"session_token": "raw-t0ken"}',
        "watts": 5,
    }
    with aioresponses() as vendor:
        answer(vendor, "/v1/account", payload={"id": "mum77", "home": "H"})
        answer(vendor, "/v1/devices", payload={"data": [listed]})
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        told = await of_entry(hass, entry)
    kept = told["requests"]["answers"]["GET /v1/devices"]
    assert kept["not_as_promised"] is None
    good = kept["as_promised"]
    assert (good["status"], good["content_type"]) == (200, "application/json")
    (item,) = good["data"]["data"]
    assert item["watts"] == 5
    assert item["label"] == "Lamp"
    assert item["serial"] == told["account"]["devices"][item["serial"]]["listed"]["id"]
    text = json.dumps(told)
    for private in ("s3cret-psk", "Mum Somebody", "raw-t0ken"):
        assert private not in text


async def test_the_answer_that_kept_an_account_from_being_set_up_is_told(
    hass: HomeAssistant, own: OwnProfiles, entry: MockConfigEntry
) -> None:
    own.write("acme.yaml", profile(more=LAMP))
    page = f"<html><p>Hello {EMAIL}</p><token>t0p-s3cret</token> csrf_token='abc123' try later"
    with aioresponses() as vendor:
        answer(vendor, "/v1/account", payload={"id": "mum77", "home": "H"})
        answer(vendor, "/v1/devices", body=page, content_type="text/html")
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        assert entry.state is ConfigEntryState.SETUP_RETRY
        told = await of_entry(hass, entry)
    bad = told["requests"]["answers"]["GET /v1/devices"]["not_as_promised"]
    assert (bad["status"], bad["content_type"]) == (200, "text/html")
    assert bad["data"] == (
        f"<html><p>Hello {REDACTED}</p><token>{REDACTED}</token> csrf_token={REDACTED} try later"
    )
    assert told["account"] is None
    assert "set-up" in told["outage"]
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await of_entry(hass, entry))["requests"] is None
