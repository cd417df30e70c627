"""Calls of the integration's own actions, and a house to call them in."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import Context, HomeAssistant

from custom_components.vendor_bridge.bridge.model import Monitor
from custom_components.vendor_bridge.const import DOMAIN

from ..fakes import FakeClient, entity, monitor

LAMP = entity(
    "light.main",
    attributes=["state", "brightness"],
    commands={"turn_on": ["brightness"], "turn_off": []},
)
POWER = entity(
    "sensor.power",
    "Power",
    attributes={"state": "meter"},
    options={"unit_of_measurement": "W", "device_class": "power", "state_class": "measurement"},
)
OUTLET = entity("switch.outlet", attributes=["state"], commands={"turn_on": [], "turn_off": []})


async def act(
    hass: HomeAssistant,
    action: str,
    target: Mapping[str, Any] | None = None,
    /,
    *,
    user: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Call an action and return its response."""
    response = await hass.services.async_call(
        DOMAIN,
        action,
        {**(target or {}), **more},
        blocking=True,
        return_response=True,
        context=Context(user_id=user),
    )
    assert isinstance(response, dict)
    return response


def house(*monitors: Monitor) -> FakeClient:
    """Return a vendor with two lamps, and a plug whose meter is a monitor of its own."""
    client = FakeClient(*(monitors or (monitor("status"), monitor("meter"))))
    client.add("lamp", LAMP, state=True, brightness=100)
    client.add("reading_lamp", LAMP, state=False)
    client.add("plug", OUTLET, POWER, state=True)
    client.say("plug", "sensor.power.state", 12.5)
    return client
