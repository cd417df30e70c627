"""How often to ask a vendor that is down."""

from collections.abc import Callable
from random import uniform
from typing import Final

type Jitter = Callable[[float, float], float]
"""Picks a number between two others, as ``random.uniform`` does."""

GRACE: Final = 2
"""Failures in a row for which a monitor keeps to its interval: most faults are over by then."""

LONGEST: Final = 900.0
"""Seconds between two attempts at most, unless the monitor's own interval is longer."""

_MOST_DOUBLINGS: Final = 32


def next_interval(
    every: float, failures: int, jitter: Jitter = uniform, *, at_least: float = 0.0
) -> float:
    """Return after how many seconds to read a monitor again.

    ``every`` is its interval and ``failures`` how many reads have failed in a row; none means the
    interval itself. After one or two failures the next read comes within one interval, so that
    what was short is over as soon; from the third on the interval doubles each time, up to
    LONGEST, and one good read makes it what it was. Each wait is anything between three quarters
    and the whole of that, so that accounts that failed together do not come back together.

    ``at_least`` are the seconds for which the vendor asked to be left alone (Retry-After); up to a
    tenth is added to them, for the same reason.
    """
    wait = every
    if failures > 0:
        doublings = min(max(failures - GRACE, 0), _MOST_DOUBLINGS)
        longest = max(every, LONGEST)
        wait = min(every * 2**doublings, longest)
        wait = jitter(wait * 0.75, wait)
    if at_least > wait:
        return jitter(at_least, at_least * 1.1)
    return wait
