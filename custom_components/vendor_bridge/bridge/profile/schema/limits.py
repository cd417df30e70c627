"""How a profile says how much its vendor bears."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import probatio

from .fields import SECONDS, either, told

PERIODS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}
"""Words for a period, in seconds."""


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except KeyError, ValueError, OSError:
        close = get_close_matches(name, available_timezones(), n=1)
        hint = f", did you mean {close[0]}?" if close else ""
        raise probatio.Invalid(f"no time zone {name[:60]}{hint}") from None


REQUESTS = probatio.Range(min=1, max=10**9)
PER = either((str, probatio.In(list(PERIODS))), ((int, float), SECONDS))
ZONE = probatio.Maybe(probatio.All(str, _zone))

PER_HELP = "The period: `second`, `minute`, `hour`, `day`, or so many seconds."
ZONE_HELP = (
    "With `per: day`: the time zone at whose midnight the vendor counts anew, such as `UTC`. "
    "Without it, what counts are the last 24 hours."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSpec:
    """So many requests in a period."""

    requests: Annotated[int, REQUESTS, told("Requests in each period.")]
    per: Annotated[Any, PER, told(PER_HELP)] = 60
    resets: Annotated[Any, ZONE, told(ZONE_HELP)] = None

    def __post_init__(self) -> None:
        """Check that only a day has a midnight."""
        _check_resets(self.per, self.resets)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitHeaders:
    """The vendor's own names for headers of its answers that tell what is left of a budget."""

    remaining: Annotated[str, told("The one that says how many requests are left.")]
    limit: Annotated[str | None, told("The one that says how many there are in all.")] = None
    reset: Annotated[
        str | None, told("The one that says when it is full again, as a wait or as a time.")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much the vendor bears of one account."""

    concurrency: Annotated[
        int, probatio.Range(min=1, max=100), told("Requests under way at once.")
    ] = 4
    requests: Annotated[int | None, probatio.Maybe(REQUESTS), told("Requests in each period.")] = (
        None
    )
    per: Annotated[Any, PER, told(PER_HELP)] = 60
    resets: Annotated[Any, ZONE, told(ZONE_HELP)] = None
    rates: Annotated[
        list[RateSpec],
        probatio.Length(max=8),
        told("Several of them, or more beside `requests`; all of them hold."),
    ] = field(default_factory=list)
    headers: Annotated[
        LimitHeaders | None,
        told("Where answers tell what is left, if not in the usual headers."),
    ] = None
    shared: Annotated[
        bool,
        told("True where the vendor counts all accounts on one server together."),
    ] = False

    def __post_init__(self) -> None:
        """Check that only a day has a midnight."""
        _check_resets(self.per, self.resets)

    @property
    def all_rates(self) -> list[RateSpec]:
        """Return every rate that there is."""
        if self.requests is None:
            return self.rates
        own = RateSpec(requests=self.requests, per=self.per, resets=self.resets)
        return [own, *self.rates]


def _check_resets(per: object, resets: object) -> None:
    if resets is not None and per != "day":
        message = "resets belongs to `per: day`"
        raise ValueError(message)
