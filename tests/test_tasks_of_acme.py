"""The tasks of the simulated vendor, run from Home Assistant and checked at the vendor."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
import re
from typing import Any

from aiohttp.test_utils import TestServer
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.config_validation import SCRIPT_SCHEMA
from homeassistant.helpers.script import Script, async_validate_actions_config
from homeassistant.util.yaml import parse_yaml
import pytest

from custom_components.vendor_bridge.const import (
    DOMAIN,
)
from demo.acme.app import create_app
from demo.acme.catalogue import card
from demo.acme.clock import SimulatedClock
from demo.acme.house import House, birth
from demo.acme.service import SERVICE, Service
from demo.acme.sessions import PASSWORD

from .actions.acting import act
from .at_acme import account_at
from .fakes import state_of
from .own_profiles import OwnProfiles

ROOT = Path(__file__).parents[1]
PROFILE = ROOT / "demo/config/vendor_bridge/acme.yaml"
PAGE = ROOT / "docs/tasks.md"
CARDS = (
    card("VAC-0001", "Dustin", "Vacuum", "Living room"),
    card("MOW-0001", "Hedgehog", "Mower", "Garden"),
    card("THM-0001", "Warm Valve", "Living room thermostat", "Living room"),
    card("BOI-0001", "Tank 120", "Boiler", "Basement"),
)
VACUUM, MOWER = "vacuum.living_room_vacuum", "lawn_mower.garden_mower"
SENSOR = "sensor.living_room_vacuum_task"


class Vendor:
    """The vendor, and its true house."""

    def __init__(self, service: Service, server: TestServer) -> None:
        self.service = service
        self.server = server

    @property
    def house(self) -> House:
        return self.service.house

    def wait(self, seconds: float) -> None:
        """Let time pass in the house, not here."""
        self.service.clock.advance(seconds)


@pytest.fixture
def own(hass: HomeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OwnProfiles:
    return OwnProfiles(hass, tmp_path, monkeypatch)


@pytest.fixture
async def vendor(
    hass: HomeAssistant, socket_enabled: None, own: OwnProfiles
) -> AsyncIterator[Vendor]:
    """Have an account at the vendor, whose profile is a little more impatient than the demo's."""
    text = PROFILE.read_text()
    looks = "            every: 5\n            until"
    for old, new in {looks: looks.replace("5", "1"), "within: 7200": "within: 4"}.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    own.write("acme.yaml", text)
    clock = SimulatedClock()
    clock.set_speed(0)
    zone = House(born=clock.now(), cards=()).zone
    house = House(born=birth(clock.now(), 1, zone), lively=False, cards=CARDS)
    app = create_app(house, clock)
    async with account_at(hass, app) as (server, _):
        yield Vendor(app[SERVICE], server)


async def start(hass: HomeAssistant, vendor: Vendor, **data: Any) -> asyncio.Task[dict[str, Any]]:
    """Have two rooms cleaned, and return once the vacuum cleans."""
    running = hass.async_create_task(act(hass, "acme_clean_rooms", entity_id=VACUUM, **data))
    await cleaning(vendor)
    return running


async def cleaning(vendor: Vendor) -> None:
    """Wait until the vacuum cleans."""
    async with asyncio.timeout(5):
        while vendor.house.device("VAC-0001").fields()["state"] != "cleaning":  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def shown(hass: HomeAssistant, attribute: str, value: object) -> None:
    """Wait until the sensor shows something."""
    async with asyncio.timeout(5):
        while state_of(hass, SENSOR).attributes[attribute] != value:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_rooms_are_cleaned_one_after_the_other(hass: HomeAssistant, vendor: Vendor) -> None:
    assert state_of(hass, SENSOR).state == "idle"
    running = await start(hass, vendor, rooms=["Kitchen", "Hall"])
    vendor.wait(120)
    await shown(hass, "progress", 25)
    assert state_of(hass, SENSOR).state == "running"
    vendor.wait(360)
    response = await running
    (device,) = response["devices"]
    assert device["result"]["rooms"] == ["Kitchen", "Hall"]
    assert vendor.house.works.task(device["result"]["id"]).state == "done"
    seen = {one["attribute"]: one["value"] for one in device["observations"]}
    assert seen["state"] in {"returning", "docked"}
    assert state_of(hass, VACUUM).state == seen["state"]
    assert state_of(hass, SENSOR).state == "done"


async def test_a_vacuum_that_gets_stuck_says_so(hass: HomeAssistant, vendor: Vendor) -> None:
    running = await start(hass, vendor, rooms=["Hall"])
    vendor.service.lived.act("pull", serial="VAC-0001", body={"state": "stuck"})
    with pytest.raises(HomeAssistantError) as raised:
        await running
    assert raised.value.translation_key == "command_refused"
    assert "stuck" in str(raised.value)
    assert state_of(hass, SENSOR).state == "failed"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, VACUUM).state == "error"


async def test_a_vendor_that_dies_meanwhile_is_waited_for_until_the_deadline(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    running = await start(hass, vendor, rooms=["Hall"])
    await shown(hass, "step", "Cleaning")
    await vendor.server.close()
    with pytest.raises(HomeAssistantError) as raised:
        await running
    assert raised.value.translation_key == "command_not_confirmed"
    assert "not done within 4 s; when it was last asked" in str(raised.value)
    assert PASSWORD not in str(raised.value)


async def test_charging_is_planned_step_by_step(hass: HomeAssistant, vendor: Vendor) -> None:
    vendor.service.lived.act("pull", serial="MOW-0001", body={"battery": 50})
    now = vendor.house.now / 1000 + 6 * 3600
    response = await act(
        hass,
        "run_task",
        {"data": {"level": 80, "ready_by": _iso(now)}},
        entity_id=MOWER,
        task="plan_charging",
    )
    version, plan = vendor.house.device("MOW-0001").charging()
    assert plan is not None
    assert (version, plan.state, plan.level) == (1, "active", 80)
    assert abs(plan.ready_by / 1000 - now) < 1
    assert response["devices"][0]["result"]["plan"] == plan.id
    assert response["devices"][0]["result"]["minutes"] == 20


async def test_a_holiday_of_the_whole_account(hass: HomeAssistant, vendor: Vendor) -> None:
    last = _iso(vendor.house.now / 1000 + 3 * 86400)[:10]
    response = await act(hass, "acme_start_holiday", until=last)
    assert response["result"] == {
        "active": True,
        "until": last,
        "devices": ["THM-0001", "BOI-0001"],
    }
    assert vendor.house.device("BOI-0001").fields()["holiday"] is True
    await hass.async_block_till_done(wait_background_tasks=True)
    heater = state_of(hass, "water_heater.basement_boiler")
    assert heater.attributes["away_mode"] == "on", "all devices were read again"
    await act(hass, "acme_end_holiday")
    assert vendor.house.holiday.until is None


async def test_what_the_vendor_refuses_is_told_in_its_words(
    hass: HomeAssistant, vendor: Vendor
) -> None:
    with pytest.raises(HomeAssistantError) as raised:
        await act(hass, "acme_start_holiday", until="2020-01-01")
    assert raised.value.translation_key == "command_refused"
    assert "until must be within a year" in str(raised.value)


def examples(holds: str) -> list[str]:
    """Return the examples of docs/tasks.md that begin with a key."""
    found = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    return [text for text in found if re.search(rf"^{holds}:", text, re.MULTILINE)]


async def test_the_script_of_the_documentation(hass: HomeAssistant, vendor: Vendor) -> None:
    (text,) = examples("sequence")
    written: Any = parse_yaml(text)
    sequence = await async_validate_actions_config(hass, SCRIPT_SCHEMA(written["sequence"]))
    script = Script(hass, sequence, "clean", DOMAIN)
    running = hass.async_create_task(script.async_run(context=Context()))
    await cleaning(vendor)
    vendor.wait(4 * 240)
    result = await running
    assert result is not None
    response: Any = result.service_response
    (device,) = response["devices"]
    assert device["result"]["rooms"] == ["Kitchen", "Hall"]
    assert vendor.house.works.task(device["result"]["id"]).data["passes"] == 2


async def test_the_task_of_ones_own_of_the_documentation(
    hass: HomeAssistant, vendor: Vendor, own: OwnProfiles
) -> None:
    (text,) = examples("extends")
    own.write("my tasks.yaml", text.replace("within: 3600", "within: 60"))
    response = await act(hass, "reload_profiles")
    assert (response["changed"], response["mistakes"]) == (["acme"], {})
    await hass.async_block_till_done()
    running = hass.async_create_task(
        act(hass, "acme_clean_quietly", entity_id=VACUUM, room="Bathroom")
    )
    await cleaning(vendor)
    vacuum = vendor.house.device("VAC-0001").fields()
    assert (vacuum["room"], vacuum["speed"]) == ("Bathroom", "quiet")
    vendor.wait(240)
    await running
    own.remove("my tasks.yaml")
    await act(hass, "reload_profiles")
    await hass.async_block_till_done()
    assert not hass.services.has_service(DOMAIN, "acme_clean_quietly")
    assert hass.services.has_service(DOMAIN, "acme_clean_rooms")


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
