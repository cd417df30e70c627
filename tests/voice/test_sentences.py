"""What can be said with no set-up: the sentences of docs/voice.md, checked at the vendor."""

from collections.abc import Mapping
from pathlib import Path
import re
from typing import Any

from homeassistant.helpers.intent import IntentResponseType
import pytest

from .conftest import Home, MakeHome, spoken

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web")

PAGE = Path(__file__).parents[2] / "docs/voice.md"
HEADS = {"en": "| Say | Assist answers |", "de": "| Sag | Assist antwortet |"}

type Effect = tuple[str, Mapping[str, Any]]

EFFECTS: tuple[tuple[str, str, Effect], ...] = (
    ("Turn on the kitchen lamp", "Schalte die Küchenlampe ein", ("LMP-0001", {"on": True})),
    (
        "Set the kitchen lamp brightness to 40%",
        "Stelle die Helligkeit der Küchenlampe auf 40%",
        ("LMP-0001", {"on": True, "level": 40}),
    ),
    ("Turn off the dishwasher", "Schalte den Geschirrspüler aus", ("PLG-0001", {"on": False})),
    (
        "Set the living room to 21 degrees",
        "Stell die Heizung im Wohnzimmer auf 21 Grad",
        ("THM-0001", {"target": 21}),
    ),
    ("Lock the front door", "Schließe die Haustür ab", ("LCK-0001", {"state": "locked"})),
    ("Open the garage", "Mach die Garage auf", ("GAR-0001", {"position": 100})),
    (
        "Set the bedroom blind to 30%",
        "Stell das Schlafzimmerrollo auf 30%",
        ("BLD-0001", {"position": 30}),
    ),
    ("Set the ceiling fan to 50%", "Deckenventilator auf 50 Prozent", ("FAN-0001", {"speed": 3})),
    ("Start the vacuum", "Starte den Staubsauger", ("VAC-0001", {"state": "cleaning"})),
    ("Start the mower", "Starte den Rasenroboter", ("MOW-0001", {"state": "mowing"})),
    ("Dock the mower", "Schicke den Rasenroboter zurück", ("MOW-0001", {"state": "parked"})),
    (
        "Set the speaker volume to 30%",
        "Stelle die Lautstärke von Lautsprecher auf 30%",
        ("SPK-0001", {"volume": 12}),
    ),
    ("Pause the speaker", "Pausiere den Lautsprecher", ("SPK-0001", {"doing": "paused"})),
    ("Activate the movie scene", "Aktiviere die Szene Movie", ("LMP-0001", {"level": 20})),
    (
        "Add milk to the shopping list",
        "Setze Milch auf die Einkaufsliste",
        ("BRD-0001", {"open": 3}),
    ),
)
"""What is true at the vendor once something has been said. What is not here is a question."""


def sentences(language: str) -> list[tuple[str, str]]:
    """Return what the page has people say, and what is answered."""
    _, table = PAGE.read_text().split(HEADS[language])
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table.split("\n\n")[0], re.MULTILINE)
    return [(said, answer) for said, answer in rows if not said.startswith("---")]


def without_numbers(text: str) -> str:
    """Return an answer that does not tell how warm it was when the page was written."""
    return re.sub(r"\d+([.,]\d+)?", "0", text)


async def watch(home: Home, effect: Effect) -> None:
    """Wait until something is true at the vendor. Raises AssertionError when it never is."""
    serial, wanted = effect
    seen: Mapping[str, Any] = {}
    for _ in range(100):
        seen = home.truth(serial)
        if all(seen[name] == value for name, value in wanted.items()):
            return
        home.service.clock.advance(5)
    pytest.fail(f"{serial} is {seen}")


@pytest.mark.parametrize("language", ["en", "de"])
async def test_every_sentence_of_the_page_is_understood_and_reaches_the_vendor(
    make_home: MakeHome, language: str
) -> None:
    effects = {(one, other)[language == "de"]: effect for one, other, effect in EFFECTS}
    said = sentences(language)
    assert set(effects) <= {sentence for sentence, _ in said}
    async with make_home(language) as home:
        # What is said to be done must not be so already.
        home.pull("LCK-0001", state="unlocked")
        home.pull("SPK-0001", do="play")
        registry_ids = [home.entity_id("LCK-0001"), home.entity_id("SPK-0001")]
        await home.hass.services.async_call(
            "homeassistant", "update_entity", {"entity_id": registry_ids}, blocking=True
        )
        for sentence, answer in said:
            response = await home.say(sentence.rstrip("?"))
            assert without_numbers(spoken(response)) == without_numbers(answer), sentence
            effect = effects.get(sentence)
            done = IntentResponseType.ACTION_DONE
            asked = IntentResponseType.QUERY_ANSWER
            assert response.response_type is (asked if effect is None else done), sentence
            if effect is not None:
                await watch(home, effect)


def test_both_languages_have_the_same_sentences() -> None:
    assert len(sentences("en")) == len(sentences("de"))
    assert len(sentences("en")) > len(EFFECTS)
