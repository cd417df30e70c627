"""Short words for what tests of platforms do all the time."""

from typing import Any

from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant

from ..fakes import FakeClient


async def perform(hass: HomeAssistant, action: str, entity_id: str, **data: Any) -> None:
    """Perform an action such as "fan.turn_on" on an entity, and wait for its end."""
    domain, service = action.split(".")
    await hass.services.async_call(
        domain, service, {ATTR_ENTITY_ID: entity_id} | data, blocking=True
    )


def written(client: FakeClient) -> list[tuple[str, dict[str, Any]]]:
    """Return the commands that the vendor was sent, by name, with their data."""
    return [(command.name, dict(command.data)) for _, command in client.writes]
