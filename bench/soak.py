"""An hour of polling, in a loop whose clock jumps over the time in which nothing is done."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
import gc
import time
from typing import Any

from homeassistant.core import HomeAssistant

from . import blocking, holdings
from .fast_clock import FastLoop

PARTS = 6
"""How often memory, tasks and sockets are looked at."""
FIRST = 1
"""The look that the last one is compared with."""
WARM_UP = 300
"""Seconds of the loop's clock after which every account has been read a few times."""


async def poll(
    hass: HomeAssistant,
    minutes: float,
    *,
    refresh: Callable[[], Awaitable[None]] | None = None,
    every: float = 0,
) -> dict[str, Any]:
    """Let so many minutes of the loop's clock pass, and return what was seen after each part.

    ``refresh`` is called ``every`` so many seconds, for who does not read by itself.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FastLoop)
    reading = None if refresh is None else asyncio.create_task(_read(refresh, every))
    loop.hurry()
    await asyncio.sleep(WARM_UP)
    looks = [await _look(loop)]
    cpu, young, began = 0.0, 0.0, loop.time()
    with blocking.watched() as callbacks:
        for _ in range(PARTS):
            used = time.process_time()
            await asyncio.sleep(minutes * 60 / PARTS)
            cpu += time.process_time() - used
            young = _collect_young() if len(looks) == PARTS else 0.0
            looks.append(await _look(loop, exact=len(looks) in {FIRST, PARTS}))
    passed = (loop.time() - began) / 60
    loop.walk()
    if reading is not None:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
    return {
        "looks": looks,
        "cpu": cpu,
        "minutes": passed,
        "young": young,
        "states": len(hass.states.async_all()),
        **callbacks.told(),
    }


async def _look(loop: FastLoop, *, exact: bool = False) -> dict[str, float]:
    """Look while the clock stands still and nothing is being read.

    An ``exact`` look has garbage collected before. The others leave that to Python, as Home
    Assistant does, for the less there is to collect the shorter that keeps the loop.
    """
    with loop.stopped():
        await holdings.calm()
        loop.hurry()  # what is left over is there for good
        if exact:
            gc.collect()
        return holdings.look()


def _collect_young() -> float:
    """Return the milliseconds of CPU that a collection of what is young takes just now."""
    began = time.thread_time()
    gc.collect(0)
    return (time.thread_time() - began) * 1000


async def _read(refresh: Callable[[], Awaitable[None]], every: float) -> None:
    """Read again and again, each time in a task of its own: it is under way while there is one."""
    while True:
        await asyncio.create_task(_await(refresh))
        await asyncio.sleep(every)


async def _await(refresh: Callable[[], Awaitable[None]]) -> None:
    await refresh()
