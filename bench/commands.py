"""How long a command takes from the action call to the wire, alone and while devices are polled."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
import time
from typing import Any

PAUSE = 0.02
"""Seconds between two commands."""
MARK = b"PUT "


class Wire:
    """Notes when a command leaves: at the first write to a socket that begins with its method."""

    def __init__(self) -> None:
        self.left_at = 0.0

    def watch(self) -> None:
        """Look at everything that is written to sockets from now on."""
        transport: Any = asyncio.selector_events._SelectorSocketTransport  # type: ignore[attr-defined]  # noqa: SLF001
        write, writelines = transport.write, transport.writelines

        def watched(one: Any, data: Any) -> None:
            if bytes(data[:4]) == MARK:
                self.left_at = time.perf_counter()
            write(one, data)

        def watched_lines(one: Any, lines: Any) -> None:
            lines = list(lines)
            if lines and bytes(lines[0][:4]) == MARK:
                self.left_at = time.perf_counter()
            writelines(one, lines)

        transport.write, transport.writelines = watched, watched_lines


async def delays(
    command: Callable[[int], Awaitable[None]],
    refresh: Callable[[], Awaitable[None]],
    *,
    times: int,
    polling: bool,
) -> list[float]:
    """Return the milliseconds that each of so many commands took to the wire.

    While ``polling``, one refresh follows the other without a pause.
    """
    wire = Wire()
    wire.watch()

    async def poll() -> None:
        while True:
            await refresh()

    task = asyncio.create_task(poll()) if polling else None
    found = []
    for number in range(times):
        await asyncio.sleep(PAUSE)
        began = time.perf_counter()
        await command(number)
        found.append((wire.left_at - began) * 1000)
    if task is not None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return found
