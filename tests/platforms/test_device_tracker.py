from typing import Any

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import snapshot_platform

POSITION = ["latitude", "longitude", "gps_accuracy"]
CAR = entity("device_tracker.main", attributes=POSITION)
PHONE = entity("device_tracker.main", attributes=["state", "ip", "mac", "host_name"])
TAG = entity("device_tracker.main", attributes=["state"], options={"source_type": "bluetooth_le"})
ADDRESSES = {"ip": "192.168.1.7", "mac": "00:11:22:33:44:55", "host_name": "annas-phone"}


@pytest.fixture(autouse=True)
def home(hass: HomeAssistant) -> None:
    """Be at home in Berlin, with a zone for work in Potsdam."""
    for name, latitude, longitude in (("home", 52.5, 13.4), ("work", 52.39, 13.06)):
        hass.states.async_set(
            f"zone.{name}",
            "0",
            {
                "friendly_name": name.capitalize(),
                "latitude": latitude,
                "longitude": longitude,
                "radius": 100,
                "passive": False,
            },
        )


async def test_trackers(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion
) -> None:
    client = FakeClient()
    client.add("car", CAR, latitude=52.5, longitude=13.4, gps_accuracy=12)
    client.add("phone", PHONE, state=True, **ADDRESSES)
    client.add("tag", TAG, state=False)
    client.add("silent", PHONE)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


@pytest.mark.parametrize(
    ("observed", "shown"),
    [
        ({"latitude": 52.5, "longitude": 13.4}, "home"),
        ({"latitude": 52.39, "longitude": 13.06}, "Work"),
        ({"latitude": 48.1, "longitude": 11.6}, "not_home"),
        ({"latitude": None, "longitude": None}, STATE_UNKNOWN),
        ({"in_zones": ["zone.work"]}, "Work"),
        ({"in_zones": ["zone.elsewhere"]}, "not_home"),
        ({"in_zones": []}, "not_home"),
        ({"in_zones": None}, STATE_UNKNOWN),
        ({"state": True}, "home"),
        ({"state": False}, "not_home"),
        ({"state": None}, STATE_UNKNOWN),
    ],
)
async def test_state(hass: HomeAssistant, observed: dict[str, Any], shown: str) -> None:
    client = FakeClient()
    client.add("car", entity("device_tracker.main", attributes=list(observed)), **observed)
    await set_up(hass, client)
    assert state_of(hass, "device_tracker.car").state == shown


async def test_addresses(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("phone", PHONE, state=True, **(ADDRESSES | {"host_name": None}))
    await set_up(hass, client)
    attributes = state_of(hass, "device_tracker.phone").attributes
    assert (attributes["ip"], attributes["mac"]) == ("192.168.1.7", "00:11:22:33:44:55")
    assert "host_name" not in attributes
    assert attributes["source_type"] == "router"
