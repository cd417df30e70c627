"""What every way to sign in is, and what it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ...http.auth import Auth, Rejection
from ..templates import Template
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


class SignIn(Protocol):
    """A way to sign in that waits for an account."""

    def make(self, given: Given) -> Auth:
        """Return an account's sign-in. Raises TemplateError."""
        ...
