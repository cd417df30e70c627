"""Pairing, for one account."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...http.auth import Auth, KeyAuth, PairingAuth, Place, Rejection, Renewal, Tokens
from ...http.message import Answer, Request
from ..plans import RequestPlan
from ..templates import Template
from ..values import Picker
from .base import Given
from .login import Parts, kept, sign_in_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """A request that gives a token once a button was pressed, or a token that the user has."""

    request: RequestPlan
    pending: Rejection
    parts: Parts
    keep: Mapping[str, Picker]
    key: Template | None
    text: str
    within: float
    every: float
    place: Place | None

    def make(self, given: Given) -> Auth:
        """Return what asks for a token, or has one. Raises TemplateError."""
        key = given.text(self.key) if self.key is not None else ""
        if key:
            return KeyAuth(key, self.place, given.rejection, "token")

        def request() -> Request:
            return sign_in_request(self.request, given.scope)

        return PairingAuth(
            request,
            self._parse,
            self.pending,
            text=self.text,
            seconds=self.within,
            pause=self.every,
            renewal=Renewal(
                place=self.place,
                tokens=given.tokens,
                save_tokens=given.save_tokens,
                needs=frozenset(self.keep),
                rejection=given.rejection,
            ),
        )

    def _parse(self, answer: Answer) -> Tokens:
        """Return the token in an answer, and what is kept of it. Raises UnexpectedAnswerError."""
        return replace(self.parts.tokens(answer, ""), extra=kept(self.keep, answer))
