"""The end of everything that takes several requests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..errors import UnreachableError


@asynccontextmanager
async def within(seconds: float, what: str) -> AsyncIterator[None]:
    """End what is done within, if it takes too long. Raises UnreachableError then."""
    timer = asyncio.timeout(seconds)
    try:
        async with timer:
            yield
    except TimeoutError:
        if not timer.expired():
            raise
        raise UnreachableError(f"{what} was not done within {seconds:g} s") from None
