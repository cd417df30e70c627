"""What a vendor bears, as its profile says, and what reading it costs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from yarl import URL

from ..client import Context
from ..http.addresses import origin_of
from ..http.allowance import Names
from ..http.budgets import Rate
from ..http.limits import Limits
from ..http.metering import metered
from ..http.share import Share
from .plans import CompiledProfile
from .schema.limits import PERIODS, RateSpec

UNKNOWN_COST: Final = 1
"""Requests that a read is taken to cost that has not been read yet."""


def share_of(profile: CompiledProfile, context: Context, address: URL) -> Share:
    """Return an account's share in what its vendor bears; ``address`` is its first."""
    spec = profile.source.api.limits
    return context.limiters.join(
        Limits(concurrency=spec.concurrency, rates=rates_of(profile)),
        context.clock,
        origin_of(address),
        group=profile.id if spec.shared else None,
        memory=context.memory,
        remember=context.remember,
    )


def rates_of(profile: CompiledProfile) -> tuple[Rate, ...]:
    """Return how many requests there may be in which time."""
    return tuple(_rate(rate) for rate in profile.source.api.limits.all_rates)


def limit_headers(profile: CompiledProfile) -> Names | None:
    """Return the vendor's own names of the headers that tell of its limits."""
    names = profile.source.api.limits.headers
    return (names.limit, names.remaining, names.reset) if names is not None else None


def _rate(spec: RateSpec) -> Rate:
    per = PERIODS[spec.per] if isinstance(spec.per, str) else float(spec.per)
    return Rate(spec.requests, per, spec.resets)


@dataclass(slots=True)
class Measured:
    """Whether a read was a whole one."""

    whole: bool = False


class Costs:
    """How many requests each monitor's read takes, as measured."""

    def __init__(self) -> None:
        """Start knowing none."""
        self._requests: dict[str, int] = {}

    def of(self, monitor: str) -> int:
        """Return how many requests a read took last."""
        return self._requests.get(monitor, UNKNOWN_COST)

    @asynccontextmanager
    async def measured(self, monitor: str) -> AsyncIterator[Measured]:
        """Measure what is read within.

        A read that failed, or that was not for all, may have cost less than one that goes well: it
        only ever raises what is known.
        """
        measured = Measured()
        with metered() as meter:
            try:
                yield measured
            finally:
                known = 0 if measured.whole else self.of(monitor)
                self._requests[monitor] = max(meter.requests, known)

    def demand(self, intervals: Mapping[str, float]) -> float:
        """Return how many requests a second the monitors take at these intervals, in seconds."""
        return sum(self.of(monitor) / every for monitor, every in intervals.items())
