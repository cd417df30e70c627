"""A vendor that rejects the credentials that it has just given."""

from dataclasses import dataclass
from typing import Final

from ..errors import SignInError, UnexpectedAnswerError, VendorError

LASTING: Final = 300.0
"""Seconds of it after which the user is asked."""

PAUSE: Final = 10.0
"""Seconds between two renewals meanwhile, lest the vendor lock the account."""


@dataclass(slots=True)
class Doubt:
    """How long that has been so.

    It is the vendor's own trouble, which passes; only when it lasts can nobody but the user help.
    """

    since: float | None = None
    last: float = 0.0

    def note(self, now: float) -> None:
        """Note that it has happened."""
        self.since = now if self.since is None else self.since
        self.last = now

    def is_fresh(self, now: float) -> bool:
        """Return whether it is too early to try anew."""
        return self.since is not None and now - self.last < PAUSE

    def error(self, status: int) -> VendorError:
        """Return the error to raise."""
        reason = "new credentials are not accepted either"
        if self.since is not None and self.last - self.since >= LASTING:
            return SignInError(reason, status=status)
        return UnexpectedAnswerError(reason, status=status)
