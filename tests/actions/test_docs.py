"""Each example of docs/actions.md runs in a Home Assistant: the text there is what is run here."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
import yaml

from custom_components.vendor_bridge.actions import ACTIONS
from custom_components.vendor_bridge.bridge.errors import RefusedError
from custom_components.vendor_bridge.bridge.history import HOUR, hour_of
from custom_components.vendor_bridge.bridge.model import Device, Point
from custom_components.vendor_bridge.profiles import async_reload_profiles

from ..fakes import FakeClient, device_of, entity, set_up, state_of, using
from ..own_profiles import OwnProfiles, profile
from ..recording import mock_recorder_before_hass
from ..test_docs import ROOT, blocks
from ..test_history import KEY, meter
from .acting import LAMP
from .test_run_task import CLEAN

__all__ = ["mock_recorder_before_hass"]

PAGE = ROOT / "docs" / "actions.md"
EXAMPLES = {
    example["alias"]: example
    for example in (yaml.safe_load(text) for _, text in blocks(PAGE, "yaml"))
}


@pytest.fixture(autouse=True)
async def nothing_under_way(recorder_mock: Recorder, hass: HomeAssistant) -> AsyncIterator[None]:
    """Let imports end before the recorder does: they begin with each start of an account."""
    yield
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.fixture
def client() -> FakeClient:
    """Return the vendor of the examples."""
    client = FakeClient()
    for lamp in ("kitchen_lamp", "hall_lamp"):
        client.add(Device(id=lamp, type="lamp", name=lamp.replace("_", " ").capitalize()), LAMP)
        client.say(lamp, "light.main.state", value=True)
        client.say(lamp, "light.main.brightness", 255)
    power = entity(
        "sensor.power", "Power", attributes=["state"], options={"unit_of_measurement": "W"}
    )
    client.add(Device(id="dishwasher", type="plug", name="Dishwasher"), power, state=2)
    lock = entity("lock.main", attributes=["state"], commands={"unlock": ["code"]})
    client.add(Device(id="door", type="lock", name="Front door"), lock, state="locked")
    client.add(Device(id="meter", type="meter", name="Meter"), meter(), state=100)
    return client


@pytest.fixture
async def account(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    client: FakeClient,
    area_registry: ar.AreaRegistry,
    device_registry: dr.DeviceRegistry,
) -> MockConfigEntry:
    entry = await set_up(hass, client)
    kitchen = area_registry.async_create("Kitchen")
    for vendor_id in ("kitchen_lamp", "dishwasher"):
        device = device_of(hass, entry, vendor_id)
        device_registry.async_update_device(device.id, area_id=kitchen.id)
    await async_wait_recording_done(hass)
    return entry


async def run(hass: HomeAssistant, alias: str) -> Any:
    """Run an example as a script and return its response."""
    assert await async_setup_component(hass, "script", {"script": {"example": EXAMPLES[alias]}})
    return await hass.services.async_call(
        "script", "example", {}, blocking=True, return_response=True
    )


@pytest.mark.usefixtures("account")
async def test_refresh(hass: HomeAssistant, client: FakeClient) -> None:
    client.say("dishwasher", "sensor.power.state", 1800.5)
    assert await run(hass, "Is the dishwasher running?") == {"watts": 1800.5, "running": True}


@pytest.mark.usefixtures("account")
async def test_send_command(hass: HomeAssistant, client: FakeClient) -> None:
    response = await run(hass, "Dim the kitchen")
    assert [one["vendor_id"] for one in response["devices"]] == ["kitchen_lamp"]
    assert [(device, command.data) for device, command in client.writes] == [
        ("kitchen_lamp", {"brightness": 40})
    ]
    assert state_of(hass, "light.kitchen_lamp").attributes["brightness"] == 40


@pytest.mark.usefixtures("account")
async def test_send_command_with_a_code(hass: HomeAssistant, client: FakeClient) -> None:
    await run(hass, "Unlock the front door")
    assert [(device, command.data) for device, command in client.writes] == [
        ("door", {"code": "1234"})
    ]


@pytest.mark.usefixtures("recorder_mock")
async def test_run_task(hass: HomeAssistant, client: FakeClient) -> None:
    robot = entity("vacuum.main", attributes=["state"], commands={"start": []})
    client.add(Device(id="robot", type="robot", name="Robot"), robot, state="docked")
    client.offers = {"robot": [CLEAN]}
    await set_up(hass, client)
    response = await run(hass, "Clean two rooms")
    assert [one["vendor_id"] for one in response["devices"]] == ["robot"]
    assert [(device, task) for device, task, _ in client.runs] == [("robot", "clean")]


@pytest.mark.usefixtures("account")
async def test_list_devices(hass: HomeAssistant, client: FakeClient) -> None:
    assert await run(hass, "Which lamps cannot be reached?") == {"names": []}
    await make_unreachable(hass, client, "hall_lamp")
    response = await hass.services.async_call(
        "script", "example", {}, blocking=True, return_response=True
    )
    assert response == {"names": ["Hall lamp"]}


async def make_unreachable(hass: HomeAssistant, client: FakeClient, vendor_id: str) -> None:
    client.fail_device(vendor_id, RefusedError("no"))
    (entry,) = hass.config_entries.async_loaded_entries("vendor_bridge")
    for _ in range(5):
        await entry.runtime_data.coordinators["status"].async_refresh()


@pytest.mark.usefixtures("account")
async def test_get_observations(hass: HomeAssistant, client: FakeClient) -> None:
    for watts in (1800, 30):
        client.say("dishwasher", "sensor.power.state", watts)
        (entry,) = hass.config_entries.async_loaded_entries("vendor_bridge")
        await entry.runtime_data.coordinators["status"].async_refresh()
    await async_wait_recording_done(hass)
    response = await run(hass, "How much did the dishwasher draw at most?")
    assert response["most"] == 1800
    since = dt_util.parse_datetime(response["since"], raise_on_error=True)
    assert (dt_util.utcnow() - since).total_seconds() == pytest.approx(12 * 3600, abs=60)


@pytest.mark.usefixtures("account")
async def test_backfill(hass: HomeAssistant, client: FakeClient) -> None:
    now = hour_of(dt_util.utcnow())
    client.remembered["meter", KEY] = [Point(at=now - n * HOUR, value=50 - n) for n in range(40)]
    response = await run(hass, "What would an import of the last two days change?")
    assert response["hours"] in range(35, 41)


async def test_reload_profiles(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    client: FakeClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = OwnProfiles(hass, tmp_path, monkeypatch)
    own.write("mine.yaml", profile())
    await set_up(hass, client)
    await async_reload_profiles(hass)
    notes: list[str] = []
    hass.services.async_register(
        "persistent_notification", "create", lambda call: notes.append(call.data["message"])
    )
    own.write("mine.yaml", profile(name="Acme 2"))
    own.write("broken.yaml", "profile: 1\nvendor: {id: other, nane: Other}\n")
    with using(client):
        response = await run(hass, "Take over my changes to profiles")
    assert [one["vendor"] for one in response["accounts"]] == ["acme"]
    await hass.async_block_till_done()
    (note,) = notes
    assert "broken.yaml, line 2: " in note


@pytest.mark.usefixtures("account")
async def test_all_in_one(hass: HomeAssistant, client: FakeClient) -> None:
    client.add(Device(id="dark", type="lamp", name="Dark lamp"), LAMP, state=True)
    (entry,) = hass.config_entries.async_loaded_entries("vendor_bridge")
    await entry.runtime_data.coordinators["devices"].async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    await make_unreachable(hass, client, "dark")
    assert await run(hass, "Lamps off, and make sure") == {
        "switched_off": ["light.hall_lamp", "light.kitchen_lamp"],
        "still_on": [],
        "failed": [],
    }
    assert sorted(device for device, _ in client.writes) == ["hall_lamp", "kitchen_lamp"]


@pytest.mark.usefixtures("account")
async def test_all_in_one_tells_what_the_vendor_did_not_do(
    hass: HomeAssistant, client: FakeClient
) -> None:
    client.effective = False
    response = await run(hass, "Lamps off, and make sure")
    assert response["switched_off"] == []
    assert response["still_on"] == ["light.hall_lamp", "light.kitchen_lamp"]


@pytest.mark.usefixtures("account")
async def test_all_in_one_names_whom_it_could_not_command(
    hass: HomeAssistant, client: FakeClient
) -> None:
    real = client.write

    async def refuse(device: Device, command: Any) -> Any:
        if device.id == "hall_lamp":
            raise RefusedError("no")
        return await real(device, command)

    client.write = refuse  # type: ignore[method-assign]
    (entry,) = hass.config_entries.async_loaded_entries("vendor_bridge")
    assert await run(hass, "Lamps off, and make sure") == {
        "switched_off": ["light.kitchen_lamp"],
        "still_on": [],
        "failed": [device_of(hass, entry, "hall_lamp").id],
    }


@pytest.mark.usefixtures("account")
async def test_nobody_to_command_is_an_error(hass: HomeAssistant, client: FakeClient) -> None:
    for lamp in ("kitchen_lamp", "hall_lamp"):
        await make_unreachable(hass, client, lamp)
    with pytest.raises(ServiceValidationError):
        await run(hass, "Lamps off, and make sure")


# --- the page as a whole --------------------------------------------------------------------------


def test_every_action_is_described_with_an_example() -> None:
    text = PAGE.read_text()
    described = yaml.safe_load((ROOT / "custom_components/vendor_bridge/services.yaml").read_text())
    for action in ACTIONS:
        assert f"\n## {action.name}\n" in text
        section = text.partition(f"\n## {action.name}\n")[2].partition("\n## ")[0]
        assert f"- action: vendor_bridge.{action.name}\n" in section
        for field in (described[action.name] or {}).get("fields", {}):
            assert f"| `{field}` |" in section, (action.name, field)


def fields(schema: Any) -> set[str]:
    """Return the fields of an action's schema that are not its target."""
    services = yaml.safe_load((ROOT / "custom_components/vendor_bridge/services.yaml").read_text())
    by_name = {action.name: action.schema for action in ACTIONS}
    (name,) = [name for name, one in by_name.items() if one is schema]
    return set((services[name] or {}).get("fields") or {})


def test_every_example_has_a_test() -> None:
    tests = Path(__file__).read_text()
    assert [alias for alias in EXAMPLES if f'run(hass, "{alias}")' not in tests] == []
