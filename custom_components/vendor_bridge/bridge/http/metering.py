"""How many requests something takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Meter:
    """Counts the requests that are asked for by whoever opened it, and by all that it started."""

    requests: int = 0


_meter: ContextVar[Meter | None] = ContextVar("vendor_bridge_meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Count the requests that are asked for within."""
    meter = Meter()
    token = _meter.set(meter)
    try:
        yield meter
    finally:
        _meter.reset(token)


def count_request() -> None:
    """Count a request that somebody wants to send."""
    if meter := _meter.get():
        meter.requests += 1
