"""What the steps of the story play on, and how they say that something is not as it should be."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from .acme_server import AcmeServer
from .home_assistant import HomeAssistant

DOMAIN = "vendor_bridge"
PATIENCE = 30


class StepFailedError(Exception):
    """A step of the story that did not go as it should."""


@dataclass(slots=True)
class Stage:
    """What the steps play on, and what they have found out so far."""

    acme: AcmeServer
    home: HomeAssistant
    entry_id: str = ""
    devices: dict[str, dict[str, Any]] = field(default_factory=dict)
    entities: dict[str, str] = field(default_factory=dict)

    def entity(self, serial: str, key: str = "main") -> str:
        """Return the entity id of a device's entity, by its key in the profile."""
        suffix = f":{serial}:{key}"
        for unique_id, entity_id in self.entities.items():
            if unique_id.endswith(suffix):
                return entity_id
        message = f"{serial} has no entity {key!r}"
        raise StepFailedError(message)

    def own_entity(self, key: str) -> str:
        """Return the entity id of an entity that the account has of its own."""
        return self.entity("", key)


def expect(condition: object, what: str) -> None:
    """Raise StepFailedError unless something holds."""
    if not condition:
        raise StepFailedError(what)


async def until(check: Callable[[], Awaitable[object]], what: str, seconds: float = 30) -> None:
    """Wait until something holds. Raises StepFailedError when it does not in time."""
    try:
        async with asyncio.timeout(seconds):
            while not await check():  # noqa: ASYNC110 - it happens elsewhere
                await asyncio.sleep(0.25)
    except TimeoutError:
        message = f"{what}: not within {seconds:g} s"
        raise StepFailedError(message) from None
