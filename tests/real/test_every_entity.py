"""Every entity of another Home Assistant that can be bridged, controlled there and back."""

import asyncio
from collections import Counter
from collections.abc import Callable
import contextlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.home_assistant import HomeAssistant, HomeAssistantError

from .servers import HomeAssistantServer
from .test_profiles import add, home
from .turns import TURNS, Measured, State, Turn

__all__ = ["home"]

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("house"), pytest.mark.timeout(900)]

PROFILE = (
    Path(__file__).parents[2]
    / "custom_components/vendor_bridge/vendors/home_assistant/profile.yaml"
)
PATIENCE = 90
LOOKS_EVERY = 1.0
AT_ONCE = 12
MEASURES_EVERY = 3.0
NEVER_SAME = {"event", "scene", "button", "notify", "input_button"}
"""Those whose state is a time of this Home Assistant's own."""


class Sides:
    """Both houses as they are, looked at once for all who wait."""

    def __init__(self, home: HomeAssistant, server: HomeAssistantServer) -> None:
        self.home = home
        self.server = server
        self.here: dict[str, Any] = {}
        self.there: dict[str, Any] = {}
        self._seen = asyncio.Condition()

    async def look(self) -> None:
        """Look once."""
        self.here, self.there = await self.home.states(), await self.server.states()
        async with self._seen:
            self._seen.notify_all()

    async def keep_looking(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOKS_EVERY)

    async def wait(self, missing: Callable[[], str | None], who: str) -> None:
        """Wait until nothing is missing any more."""
        last: str | None = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE), self._seen:
                while (last := missing()) is not None:
                    await self._seen.wait()
                return
        raise AssertionError(f"{who}: {last}")


class Entity:
    """One entity, under its id here and its id there."""

    def __init__(self, sides: Sides, here: str, there: str) -> None:
        self.sides = sides
        self.here = here
        self.there = there
        self.domain = there.partition(".")[0]

    async def there_and_back(self) -> tuple[bool, bool]:
        """Control it from here, then change it there; return which of these it can."""
        turn, back = TURNS[self.domain](self.sides.there[self.there])
        if turn is not None:
            await self._take(turn)
        if isinstance(back, Turn):
            before = self.sides.here[self.here]
            await self.sides.server.call(
                f"{self.domain}.{back.service}", self.there, **dict(back.data)
            )
            await self._arrives(back, before)
            return turn is not None, True
        if back is None:
            return True, True
        await self._measure(back)
        return turn is not None, False

    async def _take(self, turn: Turn) -> None:
        before = self.sides.there[self.there]
        asked = asyncio.create_task(self._ask(turn))
        if not turn.lasting:
            refusal = await asked
            if turn.reason is None:
                assert refusal is None, f"{self.here}: {refusal}"
            else:
                assert refusal is not None, f"{self.here} did what it can't"
                assert turn.reason in refusal, f"{self.here}: {refusal}"
        try:
            who = f"{self.there} after {turn.service} from here"
            await self.sides.wait(
                lambda: turn.unseen(self.sides.there.get(self.there), before), who
            )
            await self._arrives(turn, self.sides.here[self.here])
        finally:
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)

    async def _ask(self, turn: Turn) -> str | None:
        """Perform an action here; return why it failed, None where it did not."""
        try:
            await self.sides.home.websocket(
                type="call_service",
                domain=self.here.partition(".")[0],
                service=turn.service,
                target={"entity_id": self.here},
                service_data=dict(turn.data),
            )
        except HomeAssistantError as error:
            return str(error)
        return None

    async def _arrives(self, turn: Turn, before: State) -> None:
        """Wait until this side shows it, too; what is a time there is one of its own here."""
        seen = turn if self.domain not in NEVER_SAME else Turn(turn.service)
        await self.sides.wait(
            lambda: seen.unseen(self.sides.here.get(self.here), before),
            f"{self.here} after {turn.service}",
        )

    async def _measure(self, back: Measured) -> None:
        before = self.sides.here[self.here]
        attributes = {**self.sides.there[self.there]["attributes"], **back.attributes}
        body = {"state": back.state, "attributes": attributes}
        measuring = asyncio.create_task(self._keep_measuring(body))
        shown = {name: back.attributes[name] for name in back.attributes}
        seen = Turn("a measurement", {}, back.state, shown)
        if self.domain in NEVER_SAME:
            seen = Turn("an event", {}, None, shown, moves=True)
        try:
            await self.sides.wait(
                lambda: seen.unseen(self.sides.here.get(self.here), before),
                f"{self.here} after {back}",
            )
        finally:
            measuring.cancel()
            await asyncio.gather(measuring, return_exceptions=True)

    async def _keep_measuring(self, body: dict[str, Any]) -> None:
        """Give it the state again and again: some entities write their own over it now and then."""
        while True:
            await self.sides.server.expect("POST", f"/api/states/{self.there}", body=body)
            await asyncio.sleep(MEASURES_EVERY)


async def test_every_entity_there_and_back(
    home: HomeAssistant,
    home_assistant_server: HomeAssistantServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server = home_assistant_server
    ids = await add(home, "home_assistant", url=server.url, token=server.token)
    sides = Sides(home, server)
    await sides.look()
    entities = [
        Entity(sides, here, there.removesuffix(":main"))
        for there, here in ids.items()
        if there.endswith(":main") and here in sides.here
    ]
    types = yaml.safe_load(PROFILE.read_text(encoding="utf-8"))["types"]
    bridgeable = {name for name in sides.there if name.partition(".")[0] in types}
    assert {entity.there for entity in entities} == bridgeable
    looking = asyncio.create_task(sides.keep_looking())
    gate = asyncio.Semaphore(AT_ONCE)

    async def do(entity: Entity) -> tuple[bool, bool]:
        async with gate:
            return await entity.there_and_back()

    try:
        done = await asyncio.gather(*(do(entity) for entity in entities), return_exceptions=True)
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking
    counts: dict[str, Counter[str]] = {}
    failures = []
    for entity, outcome in zip(entities, done, strict=True):
        row = counts.setdefault(entity.domain, Counter())
        row["entities"] += 1
        if isinstance(outcome, BaseException):
            failures.append(f"{entity.there}: {outcome}")
            continue
        commanded, acted = outcome
        row["commanded"] += commanded
        row["changed"] += acted
        row["measured"] += not acted
    with capsys.disabled():
        print("\n" + table(counts))
    assert not failures, "\n".join(failures)


def table(counts: dict[str, Counter[str]]) -> str:
    """Return what was done, one line a domain."""
    columns = ("entities", "commanded", "changed", "measured")
    lines = [f"{'domain':20}" + "".join(f"{name:>11}" for name in columns)]
    total: Counter[str] = Counter()
    for domain, row in sorted(counts.items()):
        total += row
        lines.append(f"{domain:20}" + "".join(f"{row[name]:11}" for name in columns))
    lines.append(f"{'all':20}" + "".join(f"{total[name]:11}" for name in columns))
    return "\n".join(lines)
