"""Sentences that somebody says to Assist, each looked up at the vendor."""

from collections.abc import Mapping
from typing import Any

from .home_assistant import HomeAssistant
from .stage import PATIENCE, Stage, expect, until

SENTENCES: tuple[tuple[str, str, Mapping[str, Any], Mapping[str, Any]], ...] = (
    ("Turn on the kitchen lamp", "LMP-0001", {"on": False}, {"on": True}),
    ("Lock the front door", "LCK-0001", {"state": "unlocked", "jam": "never"}, {"state": "locked"}),
    ("Set the living room to 21 degrees", "THM-0001", {"target": 18}, {"target": 21}),
)
"""What is said, the device that it is about, how that is before, and how afterwards."""


async def say(home: HomeAssistant, sentence: str, language: str = "en") -> str:
    """Say something to Assist and return what it answers. Raises StepFailedError if it can't."""
    asked = {"text": sentence, "language": language}
    response = (await home.post("/api/conversation/process", asked))["response"]
    answer: str = response["speech"]["plain"]["speech"]
    expect(response["response_type"] != "error", f"{sentence!r} is answered by {answer!r}")
    return answer


async def talk(stage: Stage) -> str:
    """Say three sentences, see what becomes of each at the vendor, and ask a question."""
    answers = []
    for sentence, serial, before, after in SENTENCES:
        await stage.acme.pull(serial, **before)
        answers.append(await say(stage.home, sentence))

        async def so(serial: str = serial, after: Mapping[str, Any] = after) -> bool:
            truth = await stage.acme.status(serial)
            return all(truth[name] == value for name, value in after.items())

        await until(so, f"{sentence!r} does not reach {serial}", PATIENCE)
    garage = (await stage.acme.status("GAR-0001"))["position"]
    answer = await say(stage.home, "Is the garage open?")
    expect(answer == ("Yes" if garage else "No, closed"), f"the garage is at {garage}: {answer!r}")
    said = "; ".join(f"{one[0]!r}: {told}" for one, told in zip(SENTENCES, answers, strict=True))
    return f"{said}; and the garage: {answer}"
