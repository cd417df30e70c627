"""What entities have in common that are switched on and off."""

from typing import Any

from .entity import VendorBridgeEntity


class OnOffEntity(VendorBridgeEntity):
    """An entity that is switched on and off by a command for each."""

    async def async_turn_on(self, **_kwargs: Any) -> None:  # noqa: ANN401 - what the platform says
        """Switch it on."""
        await self.async_command("turn_on")

    async def async_turn_off(self, **_kwargs: Any) -> None:  # noqa: ANN401 - as above
        """Switch it off."""
        await self.async_command("turn_off")
