"""One entity of each kind, commanded here and looked at there, and the other way round.

Entities are independent of each other, so that what is done to one is done beside the others.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
import contextlib
from itertools import groupby
from typing import Any, Self

from .deeds import DEEDS, SCENES, Deed
from .home_assistant import HomeAssistantError
from .stage import Stage, StepFailedError, expect, until

LOOKS_EVERY = 0.4
PATIENCE = 40
DAYS = 7


class Eyes:
    """Looks at both sides again and again, once for everybody who waits for something."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._seen = asyncio.Condition()
        self._looking: asyncio.Task[None] | None = None
        self.states: Mapping[str, Any] = {}
        self.house: Mapping[str, Any] = {}

    async def __aenter__(self) -> Self:
        await self._look()
        self._looking = asyncio.create_task(self._keep_looking())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._looking is not None:
            self._looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._looking

    async def _look(self) -> None:
        self.states = await self._stage.home.states()
        self.house = (await self._stage.acme.house())["devices"]
        async with self._seen:
            self._seen.notify_all()

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOKS_EVERY)
            await self._look()

    def vendor(self, serial: str) -> dict[str, Any]:
        """Return all that is true of a device."""
        device = self.house[serial]
        return {**device["status"], **device["truth"]}

    async def wait(self, wrong: Callable[[], str | None]) -> None:
        """Wait until nothing is wrong any more. Raises StepFailedError, which says what is."""
        last: str | None = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE), self._seen:
                while (last := wrong()) is not None:
                    await self._seen.wait()
                return
        raise StepFailedError(f"{last}, after {PATIENCE} s")


async def every_kind(stage: Stage) -> str:
    """Command an entity of each kind; check it at the vendor, and a change there here."""
    ours = {entity_id.partition(".")[0] for entity_id in stage.entities.values()}
    all_deeds = (*SCENES, *DEEDS)
    done = {deed.platform for deed in all_deeds}
    expect(ours <= done, f"nothing is done to {', '.join(sorted(ours - done))}")
    async with Eyes(stage) as eyes:
        await _in_turn(stage, eyes, SCENES)
        rows = [_in_turn(stage, eyes, list(deeds)) for _, deeds in _by_device()]
        outcomes = await asyncio.gather(*rows, _foretell(stage), return_exceptions=True)
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    expect(not failures, "; ".join(map(str, failures)))
    commanded = {deed.platform for deed in all_deeds if deed.action is not None}
    return f"{len(done)} kinds of entities, {len(commanded)} of them commanded"


def _by_device() -> Iterable[tuple[str, Iterable[Deed]]]:
    def whose(deed: Deed) -> str:
        return deed.serial

    return groupby(sorted(DEEDS, key=whose), whose)


async def _in_turn(stage: Stage, eyes: Eyes, deeds: Iterable[Deed]) -> None:
    for deed in deeds:
        await _do(stage, eyes, deed)


async def _do(stage: Stage, eyes: Eyes, deed: Deed) -> None:
    entity_id = stage.entity(deed.serial, deed.key)
    expect(entity_id.startswith(f"{deed.platform}."), f"{entity_id} is no {deed.platform}")
    if deed.action is not None:
        await _act(stage, entity_id, deed)
        serial = deed.elsewhere or deed.serial
        await eyes.wait(lambda: _missing(serial, deed.at_vendor, eyes.vendor(serial)))
    if deed.pull:
        await stage.acme.pull(deed.serial, **deed.pull)
    await eyes.wait(lambda: _unlike(entity_id, deed, eyes.states.get(entity_id)))
    if deed.picture:

        async def same() -> bool:
            here = await stage.home.picture(entity_id)
            return here == await stage.acme.picture(deed.serial)

        # A camera's picture is good for a while, and the vendor's changes every minute.
        await until(same, f"{entity_id} shows the vendor's picture", PATIENCE)


async def _foretell(stage: Stage) -> None:
    """Ask for the weather to come, which is an answer and no state."""
    entity_id = stage.entity("WEA-0001")
    told = await stage.home.websocket(
        type="call_service",
        domain="weather",
        service="get_forecasts",
        target={"entity_id": entity_id},
        service_data={"type": "daily"},
        return_response=True,
    )
    days = told["response"][entity_id]["forecast"]
    expect(len(days) == DAYS, f"{entity_id} foretells {len(days)} days, not {DAYS}")
    wrong = [day for day in days if not day["templow"] <= day["temperature"]]
    expect(not wrong, f"{entity_id} foretells {wrong}")


async def _act(stage: Stage, entity_id: str, deed: Deed) -> None:
    """Perform the action over the WebSocket, which gives the reason when it fails."""
    try:
        await stage.home.websocket(
            type="call_service",
            domain=deed.platform,
            service=deed.action,
            target={"entity_id": entity_id},
            service_data=dict(deed.data),
        )
    except HomeAssistantError as error:
        if deed.refused is None or deed.refused not in str(error):
            raise StepFailedError(f"{deed.action} of {entity_id}: {error}") from error
        return
    expect(deed.refused is None, f"{deed.action} of {entity_id} succeeded, though it can't have")


def _missing(what: str, wanted: Mapping[str, Any], there: Mapping[str, Any]) -> str | None:
    """Return what is not as wanted, None where all is."""
    wrong = {name: there.get(name) for name in wanted if there.get(name) != wanted[name]}
    return f"{what} has {wrong}, not {dict(wanted)}" if wrong else None


def _unlike(entity_id: str, deed: Deed, state: Mapping[str, Any] | None) -> str | None:
    if state is None:
        return f"{entity_id} has no state"
    if deed.state is not None and state["state"] != deed.state:
        return f"{entity_id} is {state['state']!r}, not {deed.state!r}"
    return _missing(entity_id, deed.attributes, state["attributes"])
