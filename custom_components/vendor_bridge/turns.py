"""Long work in small pieces: thousands of entities must not hold up who switches a light."""

import asyncio
from time import perf_counter
from typing import Final

TURN: Final = 0.001
"""Seconds of work between two turns of the event loop."""


class Turns:
    """Tells when it is time to let others have their turn."""

    def __init__(self) -> None:
        """Begin to work."""
        self._began = perf_counter()

    @property
    def are_due(self) -> bool:
        """Return whether others have waited for long enough."""
        return perf_counter() - self._began > TURN

    async def give(self) -> None:
        """Let them have their turn, and go on working."""
        await asyncio.sleep(0)
        self._began = perf_counter()
