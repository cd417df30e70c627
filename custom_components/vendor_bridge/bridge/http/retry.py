"""When to try again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import uniform


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How often an idempotent request is sent at most, and the pauses in between, in seconds.

    Each pause is twice as long as the one before, up to ``longest``, and anything between half and
    the whole of that, so that many who failed together do not return together.
    """

    attempts: int = 2
    first: float = 0.5
    longest: float = 8.0
    jitter: Callable[[float, float], float] = uniform

    def pauses(self) -> Iterator[float]:
        """Return the pause before each further attempt."""
        for attempt in range(self.attempts - 1):
            pause = min(self.first * 2**attempt, self.longest)
            yield self.jitter(pause / 2, pause)
