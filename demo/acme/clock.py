"""The time in the house: real time, moved and stretched."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
import time

from .errors import InvalidValueError

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

FURTHEST = 3700 * DAY
"""How far one step may go: the house lives through every minute of it."""
FASTEST = 100_000


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where house time and real time were tied together: seconds, milliseconds, factor."""

    real: float
    house: int
    speed: float


def behind(anchor: Anchor, days: int) -> Anchor:
    """Return an anchor at which house time is some days behind real time."""
    return Anchor(real=anchor.real, house=anchor.house - days * DAY, speed=anchor.speed)


class SimulatedClock:
    """House time in whole milliseconds since 1970, in UTC; it never goes back.

    ``source`` gives real time in seconds since 1970. A speed of 0 stops the clock.
    """

    def __init__(
        self, source: Callable[[], float] = time.time, *, anchor: Anchor | None = None
    ) -> None:
        self._source = source
        real = source()
        self.anchor = anchor or Anchor(real=real, house=round(real * SECOND), speed=1.0)

    def real(self) -> float:
        """Return real time in seconds: what sign-in and rate limits go by."""
        return self._source()

    def now(self) -> int:
        """Return house time."""
        elapsed = max(0.0, self._source() - self.anchor.real)
        return self.anchor.house + int(elapsed * SECOND * self.anchor.speed)

    def advance(self, seconds: float) -> None:
        """Move house time forward."""
        step = round(seconds * SECOND)
        if not 0 <= step <= FURTHEST:
            raise InvalidValueError("advance must be between 0 and 10 years", field="advance")
        self._tie(self.now() + step, self.anchor.speed)

    def set_speed(self, speed: float) -> None:
        """Let house time run at a multiple of real time."""
        if not 0 <= speed <= FASTEST:
            raise InvalidValueError(f"speed must be between 0 and {FASTEST}", field="speed")
        self._tie(self.now(), speed)

    def _tie(self, house: int, speed: float) -> None:
        self.anchor = Anchor(real=self._source(), house=house, speed=speed)


def local(moment: int, zone: tzinfo) -> datetime:
    """Return house time as a local time of day."""
    return datetime.fromtimestamp(moment / SECOND, UTC).astimezone(zone)


def iso(moment: int, zone: tzinfo) -> str:
    """Return house time as ISO 8601 with milliseconds and offset."""
    return local(moment, zone).isoformat(timespec="milliseconds")


def from_datetime(moment: datetime) -> int:
    """Return an aware time as house time."""
    return round(moment.timestamp() * SECOND)
