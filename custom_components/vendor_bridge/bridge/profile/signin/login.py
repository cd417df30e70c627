"""Logins: requests that give a token or a session."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from ...errors import UnexpectedAnswerError
from ...http.auth import Auth, Place, Renewal, StepsAuth, Tokens, Where, cookies_of
from ...http.message import Answer, Explain, Request
from .. import picking
from ..filling import fill
from ..picking import demanded
from ..plans import RequestPlan
from ..templates import TemplateError
from ..values import Picker
from .base import Given, unfilled
from .hashes import Hashed

WHOLE_COOKIE: Final = Place(Where.COOKIE, "")

_WRONG: Final = "the sign-in's answer"
_COOKIES: Final = "Cookie"
"""What the cookies are kept as beside a token; no name of a profile's begins with a capital."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Where an answer has what; ``expires_in`` can be the number of seconds itself."""

    token: Picker | None
    refresh_token: Picker | None
    expires_in: Picker | float | None
    expires_at: Picker | None

    def tokens(self, answer: Answer, cookies: str) -> Tokens:
        """Return the tokens in an answer. Raises UnexpectedAnswerError where there are none.

        Without a token, the session is in the cookies.
        """
        token = cookies if self.token is None else demanded(self.token, answer.data, _WRONG)
        if not token:
            missing = "sets no cookie" if self.token is None else "has no token"
            raise UnexpectedAnswerError(f"the sign-in's answer {missing}")
        life = self.expires_in
        if life is not None and not isinstance(life, int | float):
            life = demanded(life, answer.data, _WRONG)
        refresh_token = demanded(self.refresh_token, answer.data, _WRONG)
        return Tokens(
            token=str(token),
            refresh_token=str(refresh_token) if refresh_token else None,
            expires_in=float(life) if life is not None else None,
            expires_at=demanded(self.expires_at, answer.data, _WRONG),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request of a sign-in, and what is kept of its answer."""

    request: RequestPlan
    keep: Mapping[str, Picker]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Requests that give a token or a session, and perhaps some that renew and end it.

    ``cookies`` are the names of those that make up the session, none for all, and None where none
    does. ``keep`` and ``hashes`` are what requests can be filled in with besides the token.
    """

    steps: Sequence[Step]
    refresh: RequestPlan | None
    logout: RequestPlan | None
    parts: Parts
    cookies: frozenset[str] | None
    keep: Mapping[str, Picker]
    hashes: Mapping[str, Hashed]
    place: Place | None
    refused: frozenset[int]
    refused_if: Explain[Answer] | None

    def make(self, given: Given) -> Auth:
        """Return what signs in when that is needed."""
        place, others = self.place, {}
        if self.cookies is not None and self.parts.token is None:
            place = WHOLE_COOKIE
        elif self.cookies is not None:
            others = {WHOLE_COOKIE: _COOKIES}
        return StepsAuth(
            [partial(self._step, given, number) for number in range(len(self.steps))],
            partial(self._tokens, given),
            partial(self._renewal, given),
            partial(self._renewed, given),
            renewal=Renewal(
                place=place,
                others=others,
                tokens=given.tokens,
                save_tokens=given.save_tokens,
                needs=frozenset(
                    [*self.keep, *self.hashes, *(name for step in self.steps for name in step.keep)]
                ),
                rejection=given.rejection,
                logout=partial(self._told, self.logout, given) if self.logout else None,
                refused=self.refused,
                refused_if=self.refused_if,
            ),
        )

    def _step(self, given: Given, number: int, answers: Sequence[Answer]) -> Request:
        """Return a request, given the answers to those before."""
        plan = self.steps[number].request
        scope = {**given.scope, "auth": self._known(given, answers)}
        if answers:
            scope["answer"] = answers[-1].data
        request = sign_in_request(plan, scope)
        if self.cookies is not None and (cookies := cookies_of(*answers)):
            own = request.headers.get(_COOKIES)
            cookie = f"{own}; {cookies}" if own else cookies
            request = replace(request, headers={**request.headers, _COOKIES: cookie})
        return request

    def _known(self, given: Given, answers: Sequence[Answer]) -> dict[str, str]:
        """Return what is known after some of the steps."""
        known: dict[str, str] = {}
        for step, answer in zip(self.steps, answers, strict=False):
            known |= kept(step.keep, answer)
        return self._with_hashes(given, known)

    def _with_hashes(self, given: Given, known: Mapping[str, str]) -> dict[str, str]:
        """Return what is known, and the hashes of it for which it is enough."""
        made = dict(known)
        for name, hashed in self.hashes.items():
            if hashed.needs <= made.keys():
                try:
                    made[name] = hashed.make({**given.scope, "auth": made})
                except TemplateError as error:
                    raise unfilled(error) from error
        return made

    def _tokens(self, given: Given, answers: Sequence[Answer]) -> Tokens:
        """Return what the answers to all steps give."""
        cookies = self._cookies(answers)
        tokens = self.parts.tokens(answers[-1], cookies)
        known = {**self._known(given, answers), **kept(self.keep, answers[-1])}
        return self._with(given, tokens, known, cookies)

    def _renewal(self, given: Given, tokens: Tokens) -> Request | None:
        """Return the request that renews, where one can with what there is."""
        plan = self.refresh
        if plan is None or ("auth.refresh_token" in plan.names and not tokens.refresh_token):
            return None
        return self._told(plan, given, tokens)

    def _told(self, plan: RequestPlan, given: Given, tokens: Tokens) -> Request:
        """Return a request that is about the tokens that there are."""
        told = {
            **tokens.extra,
            "refresh_token": tokens.refresh_token or "",
            "token": tokens.token,
        }
        return sign_in_request(plan, {**given.scope, "auth": told})

    def _renewed(self, given: Given, answer: Answer) -> Tokens:
        """Return what the answer to a renewal gives: it need not repeat what is kept."""
        cookies = self._cookies([answer])
        tokens = self.parts.tokens(answer, cookies)
        return self._with(given, tokens, kept(self.keep, answer, strict=False), cookies)

    def _with(self, given: Given, tokens: Tokens, known: Mapping[str, str], cookies: str) -> Tokens:
        extra = self._with_hashes(given, known)
        if self.cookies is not None and self.parts.token is not None and cookies:
            extra[_COOKIES] = cookies
        return replace(tokens, extra=extra)

    def _cookies(self, answers: Iterable[Answer]) -> str:
        return "" if self.cookies is None else cookies_of(*answers, names=self.cookies)


def sign_in_request(plan: RequestPlan, scope: Mapping[str, Any]) -> Request:
    """Return a request that signs in. Raises VendorError for one that cannot be filled in."""
    try:
        request = fill(plan, scope)
    except TemplateError as error:
        raise unfilled(error, plan.label) from error
    return replace(request, sign_in=False, etag=False)


def kept(keep: Mapping[str, Picker], answer: Answer, *, strict: bool = True) -> dict[str, str]:
    """Return what is kept of an answer. Raises UnexpectedAnswerError if it lacks any of it."""
    found = picking.kept(keep, answer.data, _WRONG, strict=strict)
    return {name: str(value) for name, value in found.items()}
