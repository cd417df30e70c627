"""Short words for what tests of platforms do all the time."""

from typing import Any

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component import common
from syrupy.assertion import SnapshotAssertion

from ..fakes import FakeClient, remove_account_entities


async def perform(hass: HomeAssistant, action: str, entity_id: str, **data: Any) -> None:
    """Perform an action such as "fan.turn_on" on an entity, and wait for its end."""
    domain, service = action.split(".")
    await hass.services.async_call(
        domain, service, {ATTR_ENTITY_ID: entity_id} | data, blocking=True
    )


def written(client: FakeClient) -> list[tuple[str, dict[str, Any]]]:
    """Return the commands that the vendor was sent, by name, with their data."""
    return [(command.name, dict(command.data)) for _, command in client.writes]


async def snapshot_platform(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
    entry_id: str,
) -> None:
    """Compare all entities of an account's devices, which are of one platform."""
    remove_account_entities(entity_registry, entry_id)
    await common.snapshot_platform(hass, entity_registry, snapshot, entry_id)
