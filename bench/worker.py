"""The process of one column: it does what the benchmark tells it, and says what that took.

Orders are lines of JSON on its input; to each there is one line of JSON in answer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
import json
import logging
from pathlib import Path
import resource
import sys
import time
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import HomeAssistant, callback

from . import blocking, commands, home, soak
from .columns import Column, ColumnError, Contestant
from .fast_clock import FastLoop
from .shape import Shape


def memory() -> tuple[float, float]:
    """Return what the process holds now and what it held at most, in MiB."""
    status = Path("/proc/self/status")
    if not status.exists():
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        return most, most
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
    now, peak = (int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
    return now, peak


def cpu() -> float:
    """Return the seconds of CPU of this process and of those that it has started."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


@callback
def _always(_data: object) -> bool:
    return True


class Worker:
    """One Home Assistant with one column."""

    def __init__(self, hass: HomeAssistant, column: Column) -> None:
        self._hass = hass
        self._column = column

    async def do(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Carry out an order."""
        match order["do"]:
            case "set_up":
                before, _ = memory()
                told = await self._measure(self._column.set_up)
                self._column.find()
                now, _ = memory()
                return told | {"grown": now - before, "states": len(self._hass.states.async_all())}
            case "refresh":
                return await self._measure(self._column.refresh)
            case "count":
                return await self._count()
            case "commands":
                with blocking.watched() if order["watched"] else nullcontext() as callbacks:
                    found = await commands.delays(
                        self._column.command,
                        self._column.refresh,
                        times=order["times"],
                        polling=order["polling"],
                    )
                seen = callbacks.told() if callbacks is not None else {}
                return {"milliseconds": found, **seen}
            case "soak":
                every = order["every"]
                return await soak.poll(
                    self._hass,
                    order["minutes"],
                    refresh=self._column.refresh if every else None,
                    every=every,
                )
            case "memory":
                now, peak = memory()
                return {"now": now, "peak": peak}
        message = f"unknown order: {order}"
        raise ValueError(message)

    async def _measure(self, what: Callable[[], Awaitable[None]]) -> dict[str, Any]:
        await self._hass.async_block_till_done()
        wall, used = time.perf_counter(), cpu()
        await what()
        await self._hass.async_block_till_done()
        return {"cpu": cpu() - used, "wall": time.perf_counter() - wall}

    async def _count(self) -> dict[str, Any]:
        """Refresh once and count what is written; not timed, for counting takes time, too."""
        counts = {"changed": 0, "reported": 0}

        def count(kind: str) -> Callable[[object], None]:
            @callback
            def heard(_event: object) -> None:
                counts[kind] += 1

            return heard

        listen = self._hass.bus.async_listen
        stop = [
            listen(EVENT_STATE_CHANGED, count("changed")),
            listen(EVENT_STATE_REPORTED, count("reported"), event_filter=_always),
        ]
        await self._column.refresh()
        await self._hass.async_block_till_done()
        for end in stop:
            end()
        return counts


async def work(who: Contestant, url: str, shape: Shape, folder: Path) -> None:
    """Start, and do what is ordered until the orders end."""
    loop = asyncio.get_running_loop()
    hass = await home.start(folder)
    column = who.make(hass, url, shape)
    worker = Worker(hass, column)
    print(json.dumps({"ready": True}), flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps(await worker.do(json.loads(line))), flush=True)
    await column.close()
    await hass.async_stop(force=True)


def told(text: str) -> Contestant:
    """Return who is told of in JSON."""
    said = json.loads(text)
    paths = {name: Path(path) for name, path in said.items() if path and name != "name"}
    return Contestant(name=said["name"], **paths)


def main() -> None:
    """`python -m bench.worker CONTESTANT URL SHAPE FOLDER`."""
    logging.basicConfig(level=logging.WARNING)
    who, url, shape, folder = sys.argv[1:]
    try:
        asyncio.run(
            work(told(who), url, Shape(**json.loads(shape)), Path(folder)),
            loop_factory=FastLoop,
        )
    except ColumnError as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
