"""date, time and datetime: three platforms that are nothing but a value that can be set."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.entity_registry import EntityRegistry
import pytest
from syrupy.assertion import SnapshotAssertion

from custom_components.vendor_bridge.bridge.errors import RefusedError
from custom_components.vendor_bridge.bridge.model import Entity

from ..fakes import FakeClient, entity, set_up, state_of
from .acting import perform, snapshot_platform, written


@dataclass(frozen=True)
class Case:
    """A platform, and two of its values: as clients have them and as states say them."""

    platform: str
    before: Any
    before_state: str
    after: Any
    after_state: str

    @property
    def start(self) -> Entity:
        commands = {"set_value": ["value"]}
        return entity(f"{self.platform}.start", "Start", attributes=["state"], commands=commands)

    async def set(self, hass: HomeAssistant) -> None:
        action, target = f"{self.platform}.set_value", f"{self.platform}.washer_start"
        await perform(hass, action, target, **{self.platform: self.after_state})


CASES = (
    Case("date", date(2026, 11, 24), "2026-11-24", date(2026, 12, 1), "2026-12-01"),
    Case("time", time(7, 30), "07:30:00", time(8, 15), "08:15:00"),
    Case(
        "datetime",
        datetime(2026, 11, 24, 7, 30, tzinfo=UTC),
        "2026-11-24T07:30:00+00:00",
        datetime(2026, 12, 1, 8, 15, tzinfo=UTC),
        "2026-12-01T08:15:00+00:00",
    ),
)
pytestmark = pytest.mark.parametrize("case", CASES, ids=lambda case: case.platform)


async def test_entities(
    hass: HomeAssistant, entity_registry: EntityRegistry, snapshot: SnapshotAssertion, case: Case
) -> None:
    client = FakeClient()
    client.add("told", case.start, state=case.before)
    client.add("silent", case.start)
    entry = await set_up(hass, client)
    await snapshot_platform(hass, entity_registry, snapshot, entry.entry_id)


async def test_state(hass: HomeAssistant, case: Case) -> None:
    client = FakeClient()
    client.add("told", case.start, state=case.before)
    client.add("unknown", case.start, state=None)
    await set_up(hass, client)
    assert state_of(hass, f"{case.platform}.told_start").state == case.before_state
    assert state_of(hass, f"{case.platform}.unknown_start").state == STATE_UNKNOWN


async def test_set_value(hass: HomeAssistant, case: Case) -> None:
    client = FakeClient()
    client.add("washer", case.start, state=case.before)
    await set_up(hass, client)
    await case.set(hass)
    assert written(client) == [("set_value", {"value": case.after})]
    assert state_of(hass, f"{case.platform}.washer_start").state == case.after_state


async def test_refusal_changes_nothing(hass: HomeAssistant, case: Case) -> None:
    client = FakeClient()
    client.add("washer", case.start, state=case.before)
    await set_up(hass, client)
    client.fail("write", RefusedError("it is running"))
    with pytest.raises(HomeAssistantError, match="it is running"):
        await case.set(hass)
    assert state_of(hass, f"{case.platform}.washer_start").state == case.before_state
