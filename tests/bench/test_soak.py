"""An hour of polling: the clock, what is looked at, and that a leak is told."""

import asyncio
from collections.abc import Awaitable, Callable
import gc
import socket
import time
from typing import Any

from homeassistant.core import HomeAssistant
import pytest

from bench import blocking, holdings, soak, soaking
from bench.blocking import watched
from bench.fast_clock import FastLoop
from bench.measures import Target

pytestmark = pytest.mark.usefixtures("socket_enabled")

HOUR = 3600.0
MINUTES = 10


class NoStates:
    """As much of Home Assistant as a soak asks for."""

    states = property(lambda self: self)

    def async_all(self) -> list[object]:
        return []


@pytest.fixture(autouse=True)
def _look_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holdings, "BETWEEN", 0.02)


def run[ResultT](what: Callable[[], Awaitable[ResultT]]) -> ResultT:
    async def main() -> ResultT:
        result = await what()
        the_loop().walk()
        return result

    with asyncio.Runner(loop_factory=FastLoop) as runner:
        return runner.run(main())


def the_loop() -> FastLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FastLoop)
    return loop


def test_waiting_takes_no_time_and_work_takes_its_own() -> None:
    async def main() -> tuple[float, float]:
        loop = the_loop()
        loop.hurry()
        began = loop.time()
        await asyncio.sleep(HOUR)
        slept = loop.time() - began
        began = loop.time()
        time.sleep(0.05)  # noqa: ASYNC251 - the loop is to be blocked
        return slept, loop.time() - began

    began = time.monotonic()
    slept, worked = run(main)
    assert time.monotonic() - began < 10
    assert slept == pytest.approx(HOUR, abs=1)
    assert 0.05 <= worked < 5


def test_what_is_under_way_is_not_jumped_over() -> None:
    async def main() -> bool:
        loop = the_loop()
        loop.hurry()
        done = asyncio.Event()
        loop.call_later(HOUR, done.set)
        read = asyncio.create_task(asyncio.to_thread(time.sleep, 0.05))
        await read
        return done.is_set()

    assert run(main) is False


def test_a_clock_that_stands_still_lets_nothing_begin() -> None:
    async def main() -> tuple[bool, float, bool]:
        loop = the_loop()
        loop.hurry()
        rung = asyncio.Event()
        loop.call_later(1, rung.set)
        with loop.stopped():
            began = loop.time()
            await asyncio.to_thread(time.sleep, 0.05)
            passed, too_early = loop.time() - began, rung.is_set()
        await rung.wait()
        return too_early, passed, loop.time() - began < 2

    assert run(main) == (False, 0, True)


async def _work(seconds: float) -> None:
    began = time.thread_time()
    while time.thread_time() - began < seconds:
        pass


def test_the_longest_callback_is_named() -> None:
    async def main() -> blocking.Callbacks:
        with watched() as seen:
            await asyncio.create_task(_work(0.06), name="long")
            await asyncio.create_task(_work(0.01), name="short")
            await _work(0.2)  # the task that looks is not meant
        return seen

    seen = run(main)
    longest = max(seen.longest)
    assert longest.what == "_work (long)"
    assert 60 <= longest.milliseconds < 200
    assert seen.too_long == 1
    assert seen.blocked < 200


def test_the_collector_is_told_apart() -> None:
    async def collect() -> None:
        gc.collect()

    async def main() -> blocking.Callbacks:
        with watched() as seen:
            await asyncio.create_task(collect(), name="collecting")
        return seen

    seen = run(main)
    assert len(seen.collections) == 1
    (one,) = (one for one in seen.longest if "collecting" in one.what)
    assert one.collecting == seen.collections[0] > one.milliseconds
    assert seen.blocked > seen.collections[0]


def test_a_look_is_taken_once_nothing_is_under_way() -> None:
    async def main() -> tuple[float, float]:
        before = holdings.look()["tasks"]
        read = asyncio.create_task(asyncio.sleep(0.06))
        await holdings.calm()
        after = holdings.look()["tasks"]
        await read
        return before, after

    assert run(main) == (1, 1)


def _failed(read: Callable[[], Awaitable[None]]) -> set[str]:
    """Return what is said to grow while somebody reads so."""

    async def main() -> dict[str, Any]:
        hass: Any = NoStates()
        return await soak.poll(hass, MINUTES, refresh=read, every=30)

    grows: list[Target] = soaking.targets(run(main))[: len(soaking.GROWS)]
    return {target.what.split()[2] for target in grows if not target.holds}


def test_reads_that_leave_nothing_behind_pass() -> None:
    async def read() -> None:
        one, other = socket.socketpair()
        await asyncio.create_task(asyncio.sleep(0.001))
        one.close()
        other.close()

    # What else this process of tests holds may grow meanwhile.
    assert not _failed(read) & {"tasks", "sockets"}


@pytest.mark.parametrize("leaks", ["tasks", "sockets", "objects"])
def test_what_a_read_leaves_behind_fails(leaks: str) -> None:
    left: list[Any] = []

    async def read() -> None:
        if leaks == "tasks":
            left.append(asyncio.create_task(asyncio.Event().wait()))
        elif leaks == "sockets":
            left.extend(socket.socketpair())
        else:
            left.extend([[] for _ in range(10**4)])

    try:
        assert leaks in _failed(read)
    finally:
        for one in left:
            if isinstance(one, socket.socket):
                one.close()


async def test_only_its_own_loop_is_asked_to_hurry(hass: HomeAssistant) -> None:
    with pytest.raises(AssertionError):
        await soak.poll(hass, MINUTES)
