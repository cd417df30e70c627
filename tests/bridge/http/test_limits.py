import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from aioresponses import aioresponses
from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.errors import RateLimitedError, UnreachableError
from custom_components.vendor_bridge.bridge.http import Limiter, Limits, Rate
from custom_components.vendor_bridge.bridge.http.allowance import Allowance

from .conftest import Connect
from .helpers import ManualClock, get, post, settle, turn


def at_once(low: float, _high: float) -> float:
    """Return as little as can be: nothing is left to chance."""
    return low


ORIGIN = ("https", "api.example.com", 443)


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
        async with turn(self.limiter, command=command, patience=30):
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
    async with turn(crowd.limiter, command=False, patience=1):
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
        async with turn(crowd.limiter, command=True, patience=1):
            pass


@pytest.mark.parametrize("crowd", [Limits(rates=(Rate(2, 3600),))], indirect=True)
async def test_who_would_wait_for_long_is_told_at_once(crowd: Crowd) -> None:
    crowd.want("poll")
    crowd.want("late poll")
    await settle()
    with pytest.raises(RateLimitedError, match="leave no room") as caught:
        await crowd.tasks["late poll"]
    assert caught.value.retry_after == pytest.approx(3600, abs=40)
    crowd.want("command", command=True)
    crowd.want("late command", command=True)
    await settle()
    with pytest.raises(RateLimitedError, match="leave no room"):
        await crowd.tasks["late command"]
    assert crowd.names == ["poll", "command"]


@pytest.mark.parametrize("crowd", [Limits(rates=(Rate(10, 900),))], indirect=True)
async def test_many_polls_take_several_rounds(crowd: Crowd) -> None:
    for number in range(30):
        crowd.want(str(number))
    await crowd.clock.advance(2701)
    assert [when for _, when in crowd.got] == [0] * 9 + [900] * 9 + [1800] * 9 + [2700] * 3


@pytest.mark.parametrize("crowd", [Limits(concurrency=1)], indirect=True)
async def test_polls_in_line_are_sent_away_when_the_vendor_says_that_it_is_enough(
    crowd: Crowd,
) -> None:
    crowd.want("first", lasts=1)
    for number in range(3):
        crowd.want(f"poll {number}")
    crowd.want("command", command=True)
    await settle()
    crowd.limiter.hear([Allowance(remaining=10, limit=100, reset=600)], 1, ORIGIN)
    await crowd.clock.advance(2)
    assert crowd.names == ["first", "command"]
    for number in range(3):
        with pytest.raises(RateLimitedError) as caught:
            await crowd.tasks[f"poll {number}"]
        assert caught.value.retry_after == pytest.approx(599, abs=1.1)
    await crowd.clock.advance(600)
    crowd.want("afterwards")
    await settle()
    assert crowd.names[-1] == "afterwards"


@pytest.mark.parametrize("crowd", [Limits()], indirect=True)
async def test_polls_wait_for_a_budget_that_is_soon_full_again(crowd: Crowd) -> None:
    crowd.limiter.hear([Allowance(remaining=1, limit=10, reset=20)], 0, ORIGIN)
    crowd.want("poll")
    await crowd.clock.advance(19)
    assert crowd.names == []
    await crowd.clock.advance(2)
    assert crowd.got == [("poll", 20)]


@pytest.mark.parametrize("crowd", [Limits()], indirect=True)
async def test_another_servers_word_replaces_all(crowd: Crowd) -> None:
    crowd.limiter.hear([Allowance(remaining=0, limit=10, reset=20)], 0, ORIGIN)
    assert crowd.limiter.left is not None
    assert (crowd.limiter.left.remaining, crowd.limiter.left.limit) == (0, 10)
    crowd.limiter.hear([], 0, ("http", "hub.local", 80))
    assert crowd.limiter.left.remaining == 0
    crowd.limiter.hear([Allowance(name="x", remaining=5)], 0, ("http", "hub.local", 80))
    assert (crowd.limiter.left.remaining, crowd.limiter.left.limit) == (5, None)


async def test_only_the_accounts_own_server_is_heard(
    vendor: aioresponses, connect: Connect
) -> None:
    told = {"X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "3"}
    x = "https://api.example.com/v1/x"
    connection = connect("http://hub.local/v1", "https://api.example.com/v1")
    vendor.get("http://hub.local/v1/x", status=302, headers={"Location": x})
    vendor.get(x, payload=1, headers=told)
    await connection.send(get())
    share = connection.share
    assert (share.left,) == (None,), "a redirect to the cloud is not the hub's word"
    vendor.post("http://hub.local/v1/x", payload=1, headers=told)
    await connection.send(post(sign_in=False))
    assert (share.left,) == (None,), "what counts sign-ins counts nothing else"
    vendor.get("http://hub.local/v1/x", payload=1, headers=told)
    await connection.send(get())
    assert share.left is not None
    assert share.left.remaining == 3


async def test_no_more_budgets_are_told_than_can_be_looked_at() -> None:
    limiter = Limiter(Limits(), ManualClock())
    for number in range(100):
        limiter.hear([Allowance(name=str(number), remaining=100 - number, limit=100)], 0, ORIGIN)
    assert limiter.left is not None
    assert limiter.left.remaining == 93


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize("rates", [(), (Rate(10, 60), Rate(1000, 86400))])
async def test_what_is_left(concurrency: int, rates: tuple[Rate, ...]) -> None:
    clock = ManualClock()
    limiter = Limiter(Limits(concurrency=concurrency, rates=(Rate(3, 1), *rates)), clock)
    if not rates:
        assert limiter.left is None, "a few a second are no budget"
        return
    async with turn(limiter, command=False, patience=1):
        pass
    assert limiter.left is not None
    assert (limiter.left.remaining, limiter.left.limit, limiter.left.full_in) == (9, 10, 60)


async def test_whoever_was_held_back_does_not_come_back_at_the_same_second() -> None:
    clock = ManualClock()
    limiters = [Limiter(Limits(), clock) for _ in range(50)]
    for limiter in limiters:
        limiter.hold(60)
    held = sorted(limiter.held for limiter in limiters)
    assert 60 <= held[0] < held[-1] <= 66
    assert len({round(seconds, 2) for seconds in held}) > 40
    limiters[0].hold(3600)
    assert 3600 <= limiters[0].held <= 3630


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
