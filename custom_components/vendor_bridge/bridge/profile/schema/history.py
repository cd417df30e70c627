"""How a profile says where the vendor keeps what was measured before."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import probatio

from .fields import SECONDS, told
from .limits import ZONE
from .requests import RequestSpec
from .values import OPTIONAL_VALUE, VALUE

DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySpec:
    """What the vendor has measured before: while Home Assistant was off, or before it was there.

    Only for a sensor whose state is a number with a `state_class`.
    """

    request: Annotated[
        RequestSpec, told("The request, with `{start}` and `{end}`: from, and up to but without.")
    ]
    each: Annotated[str | None, told("Where the points stand. The whole answer by default.")] = None
    at: Annotated[Any, VALUE, told("When the interval of a point begins.")]
    value: Annotated[Any, VALUE, told("Its value, in the sensor's unit. Null is a gap.")]
    low: Annotated[Any, OPTIONAL_VALUE, told("The lowest value in the interval of a mean.")] = None
    high: Annotated[Any, OPTIONAL_VALUE, told("The highest one.")] = None
    meaning: Annotated[
        Literal["total", "change", "mean"] | None,
        told(
            "What a value is: what a meter showed (`total`), how much came in the interval "
            "(`change`), or the mean over it. By default the state class decides: `mean` for a "
            "measurement, else `total`."
        ),
    ] = None
    timezone: Annotated[
        ZoneInfo | None,
        ZONE,
        told(
            "Where the vendor's days begin at midnight; times without an offset are read there, "
            "and the vendor is asked with its times."
        ),
    ] = None
    interval: Annotated[
        float | int,
        SECONDS,
        told("How long the interval of a point is, in seconds. A total is that at its end."),
    ] = 3600
    span: Annotated[
        float | int, SECONDS, told("For how long a time one request may ask, in seconds.")
    ] = 31 * DAY
    reach: Annotated[
        float | int, SECONDS, told("How far back the vendor remembers, in seconds.")
    ] = 366 * DAY
    corrections: Annotated[
        float | int,
        SECONDS,
        told("For how long the vendor may still correct a value. So much is asked for again."),
    ] = 2 * DAY

    def __post_init__(self) -> None:
        """Check that a request reaches further than one point."""
        if self.span < self.interval:
            message = "span is shorter than interval, so that no point fits in a request"
            raise ValueError(message)


HISTORY = probatio.DataclassSchema(HistorySpec)
