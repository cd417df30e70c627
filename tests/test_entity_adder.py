from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .fakes import FakeClient, entity, pass_time, set_up, state_of

SWITCH = entity("switch.main", attributes=["state"], commands={"turn_on": [], "turn_off": []})
CONTACT = entity("binary_sensor.main", attributes=["state"])


async def test_only_platforms_that_are_used_are_set_up(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("plug", SWITCH, state=True)
    await set_up(hass, client)
    assert "switch" in hass.config.components
    assert not {"vendor_bridge.notify", "notify", "lock"} & hass.config.components


async def test_platform_is_set_up_when_a_device_is_the_first_to_use_it(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    client = FakeClient()
    entry = await set_up(hass, client)
    assert entry.state is ConfigEntryState.LOADED
    for name, one in (("plug", SWITCH), ("window", CONTACT)):
        client.add(name, one, state=True)
        await pass_time(hass, freezer, 301)
    assert state_of(hass, "switch.plug").state == "on"
    assert state_of(hass, "binary_sensor.window").state == "on"
    client.say("window", "binary_sensor.main.state", False)
    await pass_time(hass, freezer, 31)
    assert state_of(hass, "binary_sensor.window").state == "off"
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert state_of(hass, "switch.plug").state == "unavailable"
    await set_up(hass, client, entry)
    assert state_of(hass, "switch.plug").state == "on"
    assert state_of(hass, "binary_sensor.window").state == "off"
