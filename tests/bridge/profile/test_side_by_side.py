"""How many requests of a read are under way at once."""

import asyncio
import gc

import pytest

from custom_components.vendor_bridge.bridge.errors import UnreachableError
from custom_components.vendor_bridge.bridge.http.connection import Paused
from custom_components.vendor_bridge.bridge.model import Reading
from custom_components.vendor_bridge.bridge.profile.side_by_side import side_by_side

NOTHING = Reading(observations={})


class Vendor:
    """Counts who is being served; whoever it shakes off pauses once, until all others are done."""

    def __init__(self, shaken_off: int = 0) -> None:
        self.shaken_off = shaken_off
        self.now = self.most = self.served = 0
        self.others_are_done = asyncio.Event()

    async def serve(self, many: int, at_a_time: int) -> dict[str, Reading | Exception]:
        async def read(place: str, paused: Paused) -> Reading:
            if int(place) < self.shaken_off:
                paused()
                await self.others_are_done.wait()
            self.now += 1
            self.most = max(self.most, self.now)
            await asyncio.sleep(0)
            self.now -= 1
            self.served += 1
            if self.served == many - self.shaken_off:
                self.others_are_done.set()
            return NOTHING

        async with asyncio.timeout(5):
            return await side_by_side([str(number) for number in range(many)], read, at_a_time)


@pytest.mark.parametrize(("many", "most"), [(0, 0), (1, 1), (3, 3), (20, 4)])
async def test_no_more_at_a_time_than_are_borne(many: int, most: int) -> None:
    vendor = Vendor()
    assert await vendor.serve(many, 4) == {str(number): NOTHING for number in range(many)}
    assert vendor.most == most


async def test_one_that_pauses_holds_up_no_other() -> None:
    vendor = Vendor(shaken_off=4)
    assert len(await vendor.serve(20, 4)) == 20


async def test_what_fails_is_told_beside_what_does_not() -> None:
    async def read(place: str, paused: Paused) -> Reading:
        if place == "b":
            return NOTHING
        paused()
        raise UnreachableError("it does not answer")

    told = await side_by_side(["a", "b", "c"], read, 1)
    assert told["b"] is NOTHING
    assert [type(told[place]) for place in ("a", "c")] == [UnreachableError, UnreachableError]


async def test_what_is_broken_off_by_itself_ends_nothing_else() -> None:
    async def read(place: str, _paused: Paused) -> Reading:
        if place == "a":
            raise asyncio.CancelledError  # as a thread is whose executor shuts down
        return NOTHING

    told = await side_by_side(["a", "b", "c"], read, 1)
    assert isinstance(told["a"], UnreachableError)
    assert (told["b"], told["c"]) == (NOTHING, NOTHING)


async def test_all_end_with_whoever_wants_to_know() -> None:
    vendor = Vendor(shaken_off=9)  # for ever
    task = asyncio.create_task(vendor.serve(9, 4))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(asyncio.all_tasks()) == 1


async def test_nothing_is_left_to_the_garbage_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        await Vendor(shaken_off=1).serve(9, 4)
        assert gc.collect() == 0
    finally:
        gc.enable()
