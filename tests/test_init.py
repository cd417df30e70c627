from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .fakes import FakeClient, entity, set_up

LAMP = entity(
    "light.main",
    attributes=["state", "brightness"],
    commands={"turn_on": ["brightness"], "turn_off": []},
)


async def test_account_becomes_devices_and_entities(hass: HomeAssistant) -> None:
    client = FakeClient()
    client.add("lamp", LAMP, state=True, brightness=128)
    entry = await set_up(hass, client)
    assert entry.state is ConfigEntryState.LOADED
    state = hass.states.get("light.lamp")
    assert state is not None
    assert state.state == "on"
    assert state.attributes["brightness"] == 128
