"""A Home Assistant with its own assistant, and an account at the simulated vendor."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
import time
from typing import Any, Protocol

from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.intent import IntentResponse
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from demo.acme.app import create_app
from demo.acme.catalogue import house_cards
from demo.acme.clock import Anchor, SimulatedClock
from demo.acme.house import House, birth
from demo.acme.service import SERVICE, Service
from tests.at_acme import account_at
from tests.own_profiles import OwnProfiles

PROFILE = Path(__file__).parents[2] / "demo/config/vendor_bridge/acme.yaml"
THEN = 1_795_536_000_000
"""When it is at the vendor: on an afternoon whose weather the page of the sentences tells."""
FAST = 30
"""How much faster than ours time passes for the vendor, whose motors take seconds."""
SERIALS: Mapping[str, Sequence[int]] = {
    "LCK": (1, 2),
    "CON": (2,),
    **dict.fromkeys(
        ("LMP", "PLG", "THM", "GAR", "BLD", "MOT", "SMK", "TMP", "VAC", "HUB", "BOI", "FAN"), (1,)
    ),
    **dict.fromkeys(("HUM", "MOW", "VLV", "SPK", "WEA", "BRD", "ALM", "SIR"), (1,)),
}
"""Which of the demo's devices there are, by the beginning of their serials."""
GERMAN: Mapping[str, str] = {
    "Kitchen lamp": "Küchenlampe",
    "Dishwasher": "Geschirrspüler",
    "Living room thermostat": "Wohnzimmerthermostat",
    "Front door": "Haustür",
    "Garden gate": "Gartentor",
    "Garage door": "Garagentor",
    "Bedroom blind": "Schlafzimmerrollo",
    "Kitchen window": "Küchenfenster",
    "Hall motion": "Bewegungsmelder",
    "Hall smoke alarm": "Rauchmelder",
    "Bathroom climate": "Badklima",
    "Vacuum": "Staubsauger",
    "Hub": "Zentrale",
    "Ceiling fan": "Deckenventilator",
    "Humidifier": "Luftbefeuchter",
    "Mower": "Rasenroboter",
    "Garden water": "Gartenwasser",
    "Speaker": "Lautsprecher",
    "Weather station": "Wetterstation",
    "Shopping list": "Einkaufsliste",
    "Kitchen": "Küche",
    "Living room": "Wohnzimmer",
    "Hall": "Flur",
    "Bedroom": "Schlafzimmer",
    "Bathroom": "Badezimmer",
    "Garden": "Garten",
    "Basement": "Keller",
    "Roof": "Dach",
}
"""How a German calls the devices and rooms in the vendor's app."""


@dataclass(frozen=True, slots=True)
class Home:
    """Home Assistant, its assistant, and the vendor's true house."""

    hass: HomeAssistant
    entry: MockConfigEntry
    service: Service

    async def say(self, sentence: str) -> IntentResponse:
        """Say something to Assist, in Home Assistant's language, and wait until it is done."""
        result = await conversation.async_converse(
            self.hass, sentence, None, Context(), language=self.hass.config.language
        )
        await self.hass.async_block_till_done()
        return result.response

    def pull(self, serial: str, **levers: Any) -> None:
        """Do something to a device by hand."""
        self.service.lived.act("pull", serial=serial, body=levers)

    def truth(self, serial: str) -> Mapping[str, Any]:
        """Return what the vendor knows of a device."""
        self.service.house.advance(self.service.clock.now())
        fields: Mapping[str, Any] = self.service.house.device(serial).fields()
        return fields

    def entity_id(self, serial: str, key: str = "main") -> str:
        """Return the id of a device's entity, by its key in the profile."""
        registry = er.async_get(self.hass)
        entries = er.async_entries_for_config_entry(registry, self.entry.entry_id)
        return next(one.entity_id for one in entries if one.unique_id.endswith(f":{serial}:{key}"))


def _is_there(serial: str) -> bool:
    kind, number = serial.split("-", 1)
    return number in {f"{wanted:04}" for wanted in SERIALS.get(kind, ())}


def spoken(response: IntentResponse) -> str:
    """Return what an assistant says."""
    speech: str = response.speech["plain"]["speech"]
    return speech


class MakeHome(Protocol):
    """Makes homes in one Home Assistant."""

    def __call__(
        self,
        language: str = "en",
        before: Callable[[HomeAssistant], None] | None = None,
        aliases: str | None = None,
    ) -> AbstractAsyncContextManager[Home]:
        """Make one whose people speak a language.

        ``before`` is done to Home Assistant first; ``aliases`` is where the vendor tells what else
        people call its devices.
        """


@pytest.fixture
def make_home(
    hass: HomeAssistant,
    socket_enabled: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> MakeHome:
    """Make homes at the simulated vendor's."""

    @asynccontextmanager
    async def make(
        language: str = "en",
        before: Callable[[HomeAssistant], None] | None = None,
        aliases: str | None = None,
    ) -> AsyncIterator[Home]:
        hass.config.language = language
        assert await async_setup_component(hass, "homeassistant", {})
        assert await async_setup_component(hass, "conversation", {})
        if before is not None:
            before(hass)
        room = "  suggested_area: room\n"
        told = f"{room}  aliases: {aliases}\n" if aliases is not None else room
        text = PROFILE.read_text()
        assert text.count(room) == 1
        OwnProfiles(hass, tmp_path, monkeypatch).write("acme.yaml", text.replace(room, told))
        clock = SimulatedClock(anchor=Anchor(real=time.time(), house=THEN, speed=1.0))
        clock.set_speed(FAST)
        words = GERMAN if language == "de" else {}
        cards = [
            replace(
                card,
                label=words.get(card.label, card.label),
                room=words.get(card.room or "", card.room),
            )
            for card in house_cards()
            if _is_there(card.serial)
        ]
        zone = House(born=clock.now(), cards=()).zone
        house = House(born=birth(clock.now(), 1, zone), lively=False, cards=cards)
        app = create_app(house, clock)
        async with account_at(hass, app) as (_, entry):
            yield Home(hass, entry, app[SERVICE])

    return make


@pytest.fixture
async def home(make_home: MakeHome) -> AsyncIterator[Home]:
    """Return a home whose people speak English."""
    async with make_home() as made:
        yield made
