"""What takes too long is ended; and nothing else is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from custom_components.vendor_bridge.bridge.http.time_limits import TimeLimit, TimeLimits


@pytest.fixture
async def limits() -> AsyncIterator[TimeLimits]:
    limits = TimeLimits()
    yield limits
    assert limits._timer is None, "a timer is left behind"  # noqa: SLF001 - nobody else asks


async def take(limits: TimeLimits, seconds: float, limit: float) -> str:
    with TimeLimit(limits, limit):
        await asyncio.sleep(seconds)
    await asyncio.sleep(0)  # what was not meant for us would come now
    return "done"


async def test_what_is_over_in_time(limits: TimeLimits) -> None:
    assert await take(limits, 0.01, 5) == "done"


async def test_what_takes_too_long(limits: TimeLimits) -> None:
    with pytest.raises(TimeoutError):
        await take(limits, 5, 0.01)
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()
    assert await take(limits, 0, 5) == "done"


async def test_each_has_its_own(limits: TimeLimits) -> None:
    """Later ones with a shorter limit, too, and those with a longer one go on."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    ended: dict[float, float] = {}

    async def one(limit: float) -> None:
        with pytest.raises(TimeoutError):
            await take(limits, 5, limit)
        ended[limit] = loop.time() - began

    done = asyncio.create_task(take(limits, 0.12, 5))
    await asyncio.gather(*(one(limit) for limit in (0.09, 0.03, 0.06)))
    assert [*ended] == [0.03, 0.06, 0.09]
    assert all(limit <= took < limit + 0.5 for limit, took in ended.items())
    assert await done == "done"


async def test_one_after_another(limits: TimeLimits) -> None:
    """The timer of one that was over in time does not stand in for the next one's."""
    assert await take(limits, 0, 0.01) == "done"
    with pytest.raises(TimeoutError):
        await take(limits, 1, 0.02)


async def test_who_is_cancelled_is_cancelled(limits: TimeLimits) -> None:
    task = asyncio.create_task(take(limits, 5, 5))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_who_is_cancelled_while_it_is_too_late_is_cancelled(limits: TimeLimits) -> None:
    task = asyncio.create_task(take(limits, 5, 5))
    await asyncio.sleep(0)
    limits.end_all()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_all_can_be_ended(limits: TimeLimits) -> None:
    tasks = [asyncio.create_task(take(limits, 5, limit)) for limit in (5, 6, 7)]
    await asyncio.sleep(0)
    limits.end_all()
    limits.end_all()  # once is enough
    for task in tasks:
        with pytest.raises(TimeoutError):
            await task


async def test_who_gets_it_done_all_the_same_is_not_cancelled_later(limits: TimeLimits) -> None:
    async def stubborn() -> str:
        with TimeLimit(limits, 0.01), suppress(asyncio.CancelledError):
            await asyncio.sleep(5)
        await asyncio.sleep(0.01)
        return "done"

    assert await stubborn() == "done"
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()


async def test_another_failure_stays_what_it_is(limits: TimeLimits) -> None:
    async def fail() -> None:
        with TimeLimit(limits, 0.01):
            try:
                await asyncio.sleep(5)
            except asyncio.CancelledError:
                message = "it broke"
                raise ConnectionError(message) from None

    with pytest.raises(ConnectionError):
        await fail()
    assert await take(limits, 0, 5) == "done"


async def test_one_within_another(limits: TimeLimits) -> None:
    """As a command has one around all of its attempts."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await take(limits, 5, 5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5):
            await take(limits, 5, 0.01)


def test_only_a_task_can_be_ended() -> None:
    async def limit() -> TimeLimits:
        return TimeLimits()

    limits = asyncio.run(limit())
    failures: list[Exception] = []

    def outside() -> None:
        try:
            with TimeLimit(limits, 1):
                pass
        except RuntimeError as error:
            failures.append(error)

    async def call() -> None:
        asyncio.get_running_loop().call_soon(outside)
        await asyncio.sleep(0.01)

    asyncio.run(call())
    assert len(failures) == 1
