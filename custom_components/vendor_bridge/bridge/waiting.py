"""Waiting for what goes on whether or not anybody waits."""

import asyncio


async def outcome[T](task: asyncio.Task[T]) -> T:
    """Wait for a task and return or raise what came of it; who stops waiting does not stop it.

    ``asyncio.shield`` does the same, but has the loop report every failure that nobody waited for.
    """
    await asyncio.wait([task])
    return task.result()
