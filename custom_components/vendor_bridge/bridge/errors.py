"""One hierarchy for everything that can go wrong between here and a vendor.

Messages are safe to log and to show: they never hold a secret, a query string or a body.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import override


class BridgeError(Exception):
    """Anything that the vendor half raises on purpose."""


# --- talking to a vendor ------------------------------------------------------------------------


class VendorError(BridgeError):
    """A request that did not lead to what it was sent for.

    ``reason`` is a short sentence; ``request`` is "METHOD /path", as the profile writes the path,
    without what was filled in; ``status`` is the HTTP status where an answer came.
    """

    def __init__(
        self, reason: str, *, request: str | None = None, status: int | None = None
    ) -> None:
        """Remember what happened and to which request."""
        super().__init__(f"{request}: {reason}" if request else reason)
        self.reason = reason
        self.request = request
        self.status = status


class UnreachableError(VendorError):
    """No answer: the name does not resolve, the connection fails or breaks, time runs out."""


class CertificateError(UnreachableError):
    """Nobody vouches for the vendor's certificate, or it is another one than was accepted."""


class OutageError(VendorError):
    """The vendor answered that it can't serve anybody just now (5xx)."""


class RateLimitedError(VendorError):
    """The vendor asks for patience. ``retry_after`` is in seconds where it says for how long."""

    def __init__(
        self,
        reason: str,
        *,
        request: str | None = None,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        """Remember how long the vendor wants to be left alone."""
        super().__init__(reason, request=request, status=status)
        self.retry_after = retry_after


class SignInError(VendorError):
    """The vendor does not accept the credentials. Only the user can mend that."""


class ConsentError(SignInError):
    """The user did not agree to the sign-in, or not in time."""


class RefusedError(VendorError):
    """The vendor understood the request and said no (4xx, or a body that says so)."""


class NotFoundError(RefusedError):
    """The vendor does not know what was asked for (404, 410)."""


class UnexpectedAnswerError(VendorError):
    """An answer that is not what the profile promised: type, size, shape, encoding."""


# --- commands -----------------------------------------------------------------------------------


class CommandError(BridgeError):
    """A command that cannot be sent: unknown, or its data does not fit."""


class TaskDataError(CommandError):
    """What a task was told for ``field`` does not fit. ``reason`` never holds a secret."""

    def __init__(self, field: str, reason: str) -> None:
        """Remember which field it was."""
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ReadOnlyError(CommandError):
    """A command that is not sent, because the device takes none just now."""


class NotConfirmedError(BridgeError):
    """The vendor took a command, but it did not take effect before its deadline."""


# --- profiles -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake in a profile: where it is, what is wrong, and what was probably meant.

    ``line`` and ``column`` count from 1; ``path`` leads there from the top of the profile.
    """

    file: str
    line: int
    column: int
    path: Sequence[str | int]
    message: str
    hint: str | None = None

    @override
    def __str__(self) -> str:
        """Return "file:line:column: path: message (hint)"."""
        where = ".".join(str(part) for part in self.path)
        hint = f" ({self.hint})" if self.hint else ""
        place = f"{self.file}:{self.line}:{self.column}"
        return (
            f"{place}: {where}: {self.message}{hint}" if where else f"{place}: {self.message}{hint}"
        )


class ProfileError(BridgeError):
    """A profile that cannot be used, with all of its mistakes."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        """Remember every mistake, in the order of the file."""
        self.mistakes = sorted(mistakes, key=lambda mistake: (mistake.line, mistake.column))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class SetupValueError(BridgeError):
    """What the user filled in for ``field`` cannot be used."""

    def __init__(self, field: str, reason: str) -> None:
        """Remember which field of the form it was."""
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
