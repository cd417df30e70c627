"""When a monitor is read next, and for how long what it told may still be shown."""

from collections.abc import Mapping
from random import uniform
from typing import TYPE_CHECKING, Final

from .bridge.pacing import next_interval
from .const import LOGGER

if TYPE_CHECKING:
    from .bridge.client import VendorClient

FORGIVEN: Final = 3
"""Intervals without a good read after which what was read before is too old to trust.

One read that fails is a hiccup, two are bad luck; whoever fails three times in a row is down.
"""

SOON: Final = 5.0
"""Seconds within which the monitors of an account are read that has just answered again."""


class Stretch:
    """By how much the intervals of an account are stretched, so that its budget lasts."""

    def __init__(self, account: str, client: VendorClient) -> None:
        """Start with the intervals as they are."""
        self._account = account
        self._client = client
        self.factor = 1.0

    def look(self, intervals: Mapping[str, float]) -> None:
        """Ask the client anew, and say once that intervals are stretched and once that they aren't.

        ``intervals`` maps each monitor that is read to the seconds that are wanted.
        """
        before, self.factor = self.factor, max(self._client.stretch(intervals), 1.0)
        if before == 1.0 < self.factor:
            LOGGER.info(
                "%s: the vendor's limit leaves too few requests; polling intervals are stretched,"
                " by %.1f now",
                self._account,
                self.factor,
            )
        elif before > 1.0 == self.factor:
            LOGGER.info("%s: polling intervals are no longer stretched", self._account)


class Pace:
    """How often one monitor is read: on its interval, and less and less while that fails.

    All times are in seconds. ``wanted`` is the interval that the user or the profile wants,
    ``failures`` how many reads have failed in a row, ``asked_for`` how long the vendor asked to be
    left alone when the last one failed.
    """

    def __init__(self, wanted: float, stretch: Stretch) -> None:
        """Start without failures."""
        self.wanted = wanted
        self.failures = 0
        self.asked_for = 0.0
        self._stretch = stretch
        self._soon = False

    @property
    def every(self) -> float:
        """Return the interval at which it is read while all goes well."""
        return self.wanted * self._stretch.factor

    @property
    def trusted(self) -> float:
        """Return for how long a good read is believed when those after it fail."""
        return FORGIVEN * self.every

    def succeeded(self) -> None:
        """Go back to the interval."""
        self.failures = 0
        self.asked_for = 0.0

    def failed(self, retry_after: float | None) -> None:
        """Count a read that failed; ``retry_after`` is the vendor's own wish."""
        self.failures += 1
        self.asked_for = retry_after or 0.0

    def hurry(self) -> None:
        """Wait only a moment next time, not as long as the failures before would have it."""
        self._soon = True

    def next_wait(self) -> float:
        """Return after how long to read next."""
        if self._soon:
            self._soon = False
            return uniform(0.0, min(self.every, SOON))  # noqa: S311 - to spread requests
        return next_interval(self.every, self.failures, jitter=uniform, at_least=self.asked_for)
