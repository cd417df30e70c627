"""Logins: requests that give a token."""

from dataclasses import dataclass, replace
from typing import Any

from ...errors import UnexpectedAnswerError
from ...http.auth import Auth, LoginAuth, Place, Renewal, Tokens
from ...http.message import Answer, Request
from ..filling import fill
from ..plans import RequestPlan
from ..values import MISSING, Picker, PickError
from .base import Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Where an answer has what; ``expires_in`` can be the number of seconds itself."""

    token: Picker | None
    refresh_token: Picker | None
    expires_in: Picker | float | None
    expires_at: Picker | None

    def tokens(self, answer: Answer) -> Tokens:
        """Return the tokens in an answer. Raises UnexpectedAnswerError where there are none."""
        token = _picked(self.token, answer.data)
        if not token:
            raise UnexpectedAnswerError("the sign-in's answer has no token")
        life = self.expires_in
        if life is not None and not isinstance(life, int | float):
            life = _picked(life, answer.data)
        refresh_token = _picked(self.refresh_token, answer.data)
        return Tokens(
            token=str(token),
            refresh_token=str(refresh_token) if refresh_token else None,
            expires_in=float(life) if life is not None else None,
            expires_at=_picked(self.expires_at, answer.data),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A request that gives a token, and perhaps one that renews it."""

    request: RequestPlan
    refresh: RequestPlan | None
    parts: Parts
    place: Place
    refused: frozenset[int]

    def make(self, given: Given) -> Auth:
        """Return what signs in when that is needed."""

        def renew(tokens: Tokens) -> Request | None:
            if self.refresh is None or not tokens.refresh_token:
                return None
            told = {"refresh_token": tokens.refresh_token, "token": tokens.token}
            return _unsigned(fill(self.refresh, {**given.scope, "auth": told}))

        return LoginAuth(
            lambda: _unsigned(fill(self.request, given.scope)),
            self.parts.tokens,
            renew,
            renewal=Renewal(
                place=self.place,
                tokens=given.tokens,
                save_tokens=given.save_tokens,
                rejection=given.rejection,
                refused=self.refused,
            ),
        )


def _unsigned(request: Request) -> Request:
    return replace(request, sign_in=False, etag=False)


def _picked(picker: Picker | None, data: Any) -> Any:  # noqa: ANN401 - a token, a time or a number
    if picker is None:
        return None
    try:
        value = picker.pick(data)
    except PickError as error:
        raise UnexpectedAnswerError(f"the sign-in's answer: {error}") from error
    return None if value is MISSING else value
