"""What a process holds: memory, objects, tasks and sockets."""

import asyncio
import ctypes
import gc
from pathlib import Path
import sys
import time

import aiohttp

MIB = 1024
FEWEST_CALM = 5
MOST_LOOKS = 100
BETWEEN = 0.1
"""Seconds between two looks at whether anything is still under way."""


async def calm() -> None:
    """Wait until what is under way has ended: until there have been no fewer tasks for a while.

    It does so by time and not by the loop's clock, which may stand still.
    """
    loop = asyncio.get_running_loop()
    fewest, since = sys.maxsize, 0
    for _ in range(MOST_LOOKS):
        await loop.run_in_executor(None, time.sleep, BETWEEN)
        tasks = len(asyncio.all_tasks())
        fewest, since = (tasks, 0) if tasks < fewest else (fewest, since + 1)
        if since == FEWEST_CALM:
            return


def look() -> dict[str, float]:
    """Return what there is now.

    ``MiB`` is what is left once malloc has given back what it holds without need, which is told
    apart as ``free MiB``: that is no growth, but fragmentation. ``blocks`` are pieces of memory
    that are in use, whatever for; ``objects`` those that the collector looks after. ``sockets`` are
    told without those that aiohttp keeps for the next request.
    """
    before = resident()
    _give_back()
    after = resident()
    objects = gc.get_objects()
    connectors = [one for one in objects if isinstance(one, aiohttp.BaseConnector)]
    kept = sum(len(some) for one in connectors for some in one._conns.values())  # noqa: SLF001
    return {
        "MiB": after,
        "free MiB": before - after,
        "blocks": sys.getallocatedblocks(),
        "objects": len(objects),
        "tasks": len(asyncio.all_tasks()),
        "sockets": sum(_is_socket(link) for link in Path("/proc/self/fd").iterdir()) - kept,
    }


def resident() -> float:
    """Return how much of the process is in memory, in MiB."""
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmRSS")).split()[1]) / MIB


def _give_back() -> None:
    """Let malloc give back what is free, where it can."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _is_socket(link: Path) -> bool:
    try:
        return str(link.readlink()).startswith("socket:")
    except OSError:
        return False
