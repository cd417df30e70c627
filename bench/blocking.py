"""What keeps the event loop: the callbacks that take longest, and Python's garbage collector.

All in CPU milliseconds and not in wall time: what else the machine does is not the loop's fault.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
import gc
import heapq
import threading
import time
from typing import Any

FEW = 5
"""How many of the longest are told."""
TOO_LONG = 50.0
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, order=True)
class Held:
    """A callback: what it took by itself, and what the collector took meanwhile."""

    milliseconds: float
    collecting: float
    what: str


@dataclass(slots=True)
class Callbacks:
    """What was seen of all callbacks; ``collections`` are what the collector took each time.

    ``longest`` are those that took longest by themselves, and ``blocked`` is what the longest took
    together with the collector. So many were ``too_long``, by themselves.
    """

    count: int = 0
    too_long: int = 0
    blocked: float = 0.0
    longest: list[Held] = field(default_factory=list)
    collections: list[float] = field(default_factory=list)

    def add(self, handle: asyncio.Handle, milliseconds: float, collecting: float) -> None:
        """Take note of a callback."""
        own = milliseconds - collecting
        self.count += 1
        self.too_long += own > TOO_LONG
        self.blocked = max(self.blocked, milliseconds)
        if len(self.longest) < FEW:
            heapq.heappush(self.longest, Held(own, collecting, name_of(handle)))
        elif own > self.longest[0].milliseconds:
            heapq.heapreplace(self.longest, Held(own, collecting, name_of(handle)))

    def told(self) -> dict[str, Any]:
        """Return all that, the longest first, for a program."""
        return asdict(self) | {"longest": [asdict(one) for one in sorted(self.longest)[::-1]]}


def name_of(handle: asyncio.Handle) -> str:
    """Return what a callback is, so that it can be found in the code."""
    callback: Any = handle._callback  # type: ignore[attr-defined]  # noqa: SLF001
    owner = getattr(callback, "__self__", None)
    if isinstance(owner, asyncio.Task):
        name = f"{getattr(owner.get_coro(), '__qualname__', owner.get_coro())} ({owner.get_name()})"
    else:
        name = getattr(callback, "__qualname__", None) or repr(callback)
        names = (getattr(owner, attribute, None) for attribute in ("name", "job_name"))
        of = next((name for name in names if isinstance(name, str)), None)
        name += f" ({of})" if of else ""
    return name[:LONGEST_NAME]


def table_rows(name: str, longest: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Return the rows of a table of what a column's callbacks took, as they were told."""
    return {
        f"{name} {place}: {one['what']}": {
            "ms": one["milliseconds"],
            "collector's ms meanwhile": one["collecting"],
        }
        for place, one in enumerate(longest, 1)
    }


@contextmanager
def watched() -> Iterator[Callbacks]:
    """Look at every callback of this thread's loop but for those of the task that asks for it."""
    seen = Callbacks()
    own, this_thread = asyncio.current_task(), threading.get_ident()
    handle: Any = asyncio.Handle
    run = handle._run  # noqa: SLF001
    ignores = False
    here = 0.0
    began_to_collect = 0

    def collector(phase: str, _info: object) -> None:
        nonlocal began_to_collect, here
        if phase == "start":
            began_to_collect = time.thread_time_ns()
            return
        took = (time.thread_time_ns() - began_to_collect) / 1e6
        if threading.get_ident() == this_thread:
            here += took
        if not ignores:
            seen.collections.append(took)

    def look(one: Any) -> None:
        nonlocal ignores, here
        if getattr(one._callback, "__self__", None) is own:  # noqa: SLF001
            ignores = True
            try:
                run(one)
            finally:
                ignores = False
            return
        here = 0.0
        began = time.thread_time_ns()
        run(one)
        seen.add(one, (time.thread_time_ns() - began) / 1e6, here)

    handle._run = look  # noqa: SLF001
    gc.callbacks.append(collector)
    try:
        yield seen
    finally:
        gc.callbacks.remove(collector)
        handle._run = run  # noqa: SLF001
