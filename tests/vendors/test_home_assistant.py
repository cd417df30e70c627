"""Commands to another Home Assistant: what it is sent, and how they are known to have worked."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
import json
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, DummyCookieJar
from aioresponses import CallbackResult, aioresponses
import pytest
from yarl import URL

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.factory import create_client
from custom_components.vendor_bridge.bridge.model import Command
from custom_components.vendor_bridge.bridge.profile.loader import load_profile

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "custom_components/vendor_bridge/vendors/home_assistant/profile.yaml"
STATES = (ROOT / "tests/fixtures/home_assistant/states.json").read_text()
HOST = "http://ha.local"

type Case = tuple[str, str, dict[str, Any], str, dict[str, Any], str | None, dict[str, Any]]
CASES: list[Case] = [
    # entity, command, its data, path of the action, its data there, then: state and attributes
    ("fan.ceiling_fan", "turn_on", {"percentage": 66}, "fan/turn_on", {"percentage": 66}, "on",
     {"percentage": 66}),
    ("fan.living_room_fan", "set_direction", {"direction": "reverse"}, "fan/set_direction",
     {"direction": "reverse"}, None, {"direction": "reverse"}),
    ("fan.living_room_fan", "oscillate", {"oscillating": True}, "fan/oscillate",
     {"oscillating": True}, None, {"oscillating": True}),
    ("valve.back_garden", "set_position", {"position": 20}, "valve/set_valve_position",
     {"position": 20}, "closing", {}),
    ("valve.orchard", "open", {}, "valve/open_valve", {}, "opening", {}),
    ("siren.siren_with_all_features", "turn_on", {"tone": "fire", "volume_level": 0.5},
     "siren/turn_on", {"tone": "fire", "volume_level": 0.5}, "on", {}),
    ("humidifier.hygrostat", "set_mode", {"mode": "eco"}, "humidifier/set_mode", {"mode": "eco"},
     None, {"mode": "eco"}),
    ("humidifier.humidifier", "set_humidity", {"humidity": 40}, "humidifier/set_humidity",
     {"humidity": 40}, None, {"humidity": 40}),
    ("water_heater.demo_water_heater", "set_away_mode", {"away_mode": True},
     "water_heater/set_away_mode", {"away_mode": "on"}, None, {"away_mode": "on"}),
    ("water_heater.demo_water_heater", "set_temperature", {"temperature": 50},
     "water_heater/set_temperature", {"temperature": 50}, None, {"temperature": 50}),
    ("vacuum.demo_vacuum_0_ground_floor", "set_fan_speed", {"fan_speed": "max"},
     "vacuum/set_fan_speed", {"fan_speed": "max"}, None, {"fan_speed": "max"}),
    ("vacuum.demo_vacuum_0_ground_floor", "send_command",
     {"command": "sing", "params": {"song": 3}}, "vacuum/send_command",
     {"command": "sing", "params": {"song": 3}}, None, {}),
    ("alarm_control_panel.security", "arm_away", {"code": "1234"},
     "alarm_control_panel/alarm_arm_away", {"code": "1234"}, "arming", {}),
    ("text.text", "set_value", {"value": "Bye"}, "text/set_value", {"value": "Bye"}, "Bye", {}),
    ("date.date", "set_value", {"value": date(2026, 12, 1)}, "date/set_value",
     {"date": "2026-12-01"}, "2026-12-01", {}),
    ("time.time", "set_value", {"value": time(8, 15)}, "time/set_value", {"time": "08:15:00"},
     "08:15:00", {}),
    ("datetime.date_and_time", "set_value", {"value": datetime(2026, 12, 1, 8, 15, tzinfo=UTC)},
     "datetime/set_value", {"datetime": "2026-12-01T08:15:00Z"}, "2026-12-01T08:15:00+00:00", {}),
    ("notify.notifier", "send_message", {"message": "Dinner", "title": "Now"},
     "notify/send_message", {"message": "Dinner", "title": "Now"}, None, {}),
    ("update.demo_add_on", "install", {}, "update/install", {}, None, {}),
]  # fmt: skip


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as opened:
        yield opened


@pytest.mark.parametrize(
    ("entity_id", "name", "data", "action", "expected", "state", "attributes"),
    CASES,
    ids=[f"{case[0]} {case[1]}" for case in CASES],
)
async def test_commands(
    entity_id: str,
    name: str,
    data: dict[str, Any],
    action: str,
    expected: dict[str, Any],
    state: str | None,
    attributes: dict[str, Any],
    session: ClientSession,
) -> None:
    states = json.loads(STATES)
    item = next(one for one in states if one["entity_id"] == entity_id)
    sent: list[object] = []

    def act(_url: URL, **request: Any) -> CallbackResult:
        sent.append(json.loads(request["data"]))
        item["state"] = state or item["state"]
        item["attributes"] |= attributes
        return CallbackResult(body=json.dumps([item]))

    def tell(_url: URL, **_request: Any) -> CallbackResult:
        return CallbackResult(body=json.dumps(states))

    setup = {"url": HOST, "token": "TOKEN"}
    client = create_client(load_profile(PROFILE), Context(session=session, setup=setup))
    platform = entity_id.partition(".")[0]
    with aioresponses() as mock:
        mock.get(f"{HOST}/api/states", callback=tell, repeat=True)
        mock.post(f"{HOST}/api/services/{action}", callback=act)
        device = (await client.list_devices()).devices[entity_id]
        await client.write(device, Command(entity=f"{platform}.main", name=name, data=data))
    await client.close()
    assert sent == [{"entity_id": entity_id, **expected}]
