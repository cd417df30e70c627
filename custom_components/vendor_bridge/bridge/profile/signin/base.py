"""What every way to sign in is, and what it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ...errors import SignInError, UnexpectedAnswerError, VendorError
from ...http.auth import Auth, Rejection
from ..templates import Template, TemplateError
from ..values import MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one account's sign-in is made from.

    ``setup`` is what the user filled in. ``tokens`` and ``save_tokens`` are as in the client's
    ``Context``. ``rejection`` is how an answer says that the sign-in is not valid (any more).
    """

    setup: Mapping[str, Any] = field(repr=False)
    tokens: Mapping[str, Any] = field(repr=False)
    save_tokens: Callable[[Mapping[str, Any]], None]
    rejection: Rejection

    @property
    def scope(self) -> Mapping[str, Any]:
        """Return what placeholders can refer to before anybody has signed in."""
        return {"setup": self.setup}

    def text(self, template: Template) -> str:
        """Return a text with its placeholders filled in. Raises TemplateError."""
        return filled(template, self.scope)


def filled(template: Template, scope: Mapping[str, Any]) -> str:
    """Return a text with its placeholders filled in, "" for none. Raises TemplateError."""
    value = template.fill(scope)
    return "" if value is None or value is MISSING else str(value)


def unfilled(error: TemplateError, label: str | None = None) -> VendorError:
    """Return what it means that a request cannot be filled in with what signs in.

    What the vendor gave is its own trouble; what the user filled in, only the user can mend.
    """
    reason = f"to sign in, {error}"
    if error.name.partition(".")[0] in {"auth", "answer"}:
        return UnexpectedAnswerError(reason, request=label)
    return SignInError(reason, request=label)


class SignIn(Protocol):
    """A way to sign in that waits for an account."""

    def make(self, given: Given) -> Auth:
        """Return an account's sign-in. Raises TemplateError."""
        ...
