"""What entities have in common that are nothing but a value that can be set."""

from typing import Any, ClassVar

from .entity import Shows, VendorBridgeEntity


class SingleValueEntity(VendorBridgeEntity):
    """An entity that is a text, a date or a time."""

    shows: ClassVar[Shows] = {"state": "native_value"}

    async def async_set_value(self, value: Any) -> None:  # noqa: ANN401 - what the platform sets
        """Set it."""
        await self.async_command("set_value", value=value)
