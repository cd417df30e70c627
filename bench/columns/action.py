"""A command as an automation gives it."""

from homeassistant.core import HomeAssistant

from bench.shape import Shape, switch_id


async def switch(hass: HomeAssistant, number: int) -> None:
    """Switch the first device on (odd numbers) or off, and wait until that is done."""
    first = next(Shape(devices=1, attributes=0).device_ids())
    await hass.services.async_call(
        "switch",
        "turn_on" if number % 2 else "turn_off",
        {"entity_id": switch_id(first)},
        blocking=True,
    )
