import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.errors import RateLimitedError, UnreachableError
from custom_components.vendor_bridge.bridge.http import Limiter, Limits, Rate

from .helpers import ManualClock, settle


def at_once(low: float, _high: float) -> float:
    """Return as little as can be: nothing is left to chance."""
    return low


class Crowd:
    """Requests that want their turn, and the order and times in which they got it."""

    def __init__(self, limiter: Limiter, clock: ManualClock) -> None:
        self.limiter = limiter
        self.clock = clock
        self.got: list[tuple[str, float]] = []
        self.most = 0
        self.running = 0
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def want(self, name: str, *, lasts: float = 0.0, command: bool = False) -> None:
        self.tasks[name] = asyncio.create_task(self._take(name, lasts, command=command))

    async def _take(self, name: str, lasts: float, *, command: bool) -> None:
        async with self.limiter.turn(command=command, patience=30):
            self.got.append((name, self.clock.seconds - 1000))
            self.running += 1
            self.most = max(self.most, self.running)
            try:
                if lasts:
                    await self.clock.sleep(lasts)
            finally:
                self.running -= 1

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.got]


@pytest.fixture
async def crowd(request: pytest.FixtureRequest) -> AsyncIterator[Crowd]:
    clock = ManualClock()
    crowd = Crowd(Limiter(request.param, clock, at_once), clock)
    yield crowd
    crowd.limiter.close()
    for task in crowd.tasks.values():
        task.cancel()
        with suppress(asyncio.CancelledError, UnreachableError, RateLimitedError):
            await task


@pytest.mark.parametrize("crowd", [Limits(concurrency=2)], indirect=True)
async def test_so_many_at_a_time(crowd: Crowd) -> None:
    for number in range(5):
        crowd.want(str(number), lasts=1)
    await crowd.clock.advance(10)
    assert crowd.most == 2
    assert [when for _, when in crowd.got] == [0, 0, 1, 1, 2]


@pytest.mark.parametrize("crowd", [Limits(concurrency=1)], indirect=True)
async def test_commands_go_before_polls(crowd: Crowd) -> None:
    crowd.want("first", lasts=1)
    for name in ("poll 1", "poll 2"):
        crowd.want(name)
    await settle()
    for name in ("command 1", "command 2"):
        crowd.want(name, command=True)
    await crowd.clock.advance(10)
    assert crowd.names == ["first", "command 1", "command 2", "poll 1", "poll 2"]


@pytest.mark.parametrize("crowd", [Limits(rates=(Rate(5, 60),))], indirect=True)
async def test_so_many_in_a_time(crowd: Crowd) -> None:
    for number in range(10):
        crowd.want(f"poll {number}")
    await crowd.clock.advance(30)
    # A fifth is left for commands.
    assert len(crowd.got) == 4
    crowd.want("command", command=True)
    crowd.want("one more", command=True)
    await crowd.clock.advance(10)
    assert crowd.names[4:] == ["command"]
    await crowd.clock.advance(1000)
    assert len(crowd.got) == 12
    assert crowd.got[5] == ("one more", 60)


@pytest.mark.parametrize("crowd", [Limits(rates=(Rate(2, 1), Rate(4, 30)))], indirect=True)
async def test_several_rates(crowd: Crowd) -> None:
    for number in range(5):
        crowd.want(str(number), command=True)
    await crowd.clock.advance(1000)
    assert [when for _, when in crowd.got] == [0, 0, 1, 1, 30]


@pytest.mark.parametrize("crowd", [Limits()], indirect=True)
async def test_the_vendors_wish(crowd: Crowd) -> None:
    crowd.limiter.hold(20)
    crowd.limiter.hold(5)
    crowd.want("poll")
    crowd.want("command", command=True)
    await crowd.clock.advance(19)
    assert crowd.names == ["command"]
    assert crowd.limiter.held == pytest.approx(1)
    await crowd.clock.advance(2)
    assert crowd.names == ["command", "poll"]
    crowd.limiter.hold(31)
    crowd.want("impatient")
    await settle()
    with pytest.raises(RateLimitedError) as caught:
        await crowd.tasks["impatient"]
    assert caught.value.retry_after == pytest.approx(31)


@pytest.mark.parametrize("crowd", [Limits(concurrency=1)], indirect=True)
async def test_who_leaves_gives_up_its_place(crowd: Crowd) -> None:
    crowd.want("first", lasts=1)
    crowd.want("second", lasts=1)
    crowd.want("third")
    await settle()
    crowd.tasks["second"].cancel()
    crowd.tasks["first"].cancel()
    await settle()
    assert crowd.names == ["first", "third"]


@pytest.mark.parametrize("crowd", [Limits(concurrency=1)], indirect=True)
async def test_who_leaves_as_its_turn_comes(crowd: Crowd) -> None:
    async with crowd.limiter.turn(command=False, patience=1):
        crowd.want("second")
        await settle()
    # The turn is the second one's by now, but it has not run yet.
    crowd.tasks["second"].cancel()
    crowd.want("third")
    await settle()
    assert crowd.names == ["third"]


@pytest.mark.parametrize("crowd", [Limits(concurrency=1)], indirect=True)
async def test_closing_turns_all_away(crowd: Crowd) -> None:
    crowd.want("first", lasts=1)
    crowd.want("second")
    await settle()
    crowd.limiter.close()
    with pytest.raises(UnreachableError):
        await crowd.tasks["second"]
    with pytest.raises(UnreachableError):
        async with crowd.limiter.turn(command=True, patience=1):
            pass


@given(
    st.lists(st.tuples(st.floats(0, 20), st.booleans(), st.floats(0, 5)), min_size=1, max_size=25),
    st.integers(1, 3),
    st.integers(1, 6),
)
def test_no_limit_is_ever_exceeded(
    arrivals: list[tuple[float, bool, float]], concurrency: int, requests: int
) -> None:
    async def run() -> None:
        clock = ManualClock()
        limits = Limits(concurrency=concurrency, rates=(Rate(requests, 10),))
        crowd = Crowd(Limiter(limits, clock, at_once), clock)
        for number, (after, command, lasts) in enumerate(arrivals):
            await clock.advance(after)
            crowd.want(str(number), command=command, lasts=lasts)
        await clock.advance(1000)
        assert len(crowd.got) == len(arrivals)
        assert crowd.most <= concurrency
        times = [when for _, when in crowd.got]
        for start, end in zip(times, times[requests:], strict=False):
            assert end - start >= 10 - 1e-6
        await asyncio.gather(*crowd.tasks.values())

    asyncio.run(run())
