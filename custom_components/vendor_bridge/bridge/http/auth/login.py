"""A login: a request, or several in a row, gives a token."""

from collections.abc import Callable, Sequence
from typing import override

from ..message import Answer, Request
from .renewing import Renewal, RenewingAuth
from .tokens import Tokens

type Step = Callable[[Sequence[Answer]], Request]
"""Makes a request from the answers to the steps before it."""


class StepsAuth(RenewingAuth):
    """Signs in with several requests, of which each may use the answers to those before.

    ``parse`` finds the tokens in all the answers, or raises UnexpectedAnswerError. ``refresh``
    makes the request that renews them, or returns None where only a new login can;
    ``parse_refresh`` reads the answer to that, which may hold no refresh token: the old one stays.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        parse: Callable[[Sequence[Answer]], Tokens],
        refresh: Callable[[Tokens], Request | None] | None = None,
        parse_refresh: Callable[[Answer], Tokens] | None = None,
        *,
        renewal: Renewal | None = None,
    ) -> None:
        super().__init__(renewal or Renewal())
        self._steps = steps
        self._parse = parse
        self._make_refresh = refresh
        self._parse_refresh = parse_refresh

    @override
    async def _sign_in(self) -> Tokens:
        answers: list[Answer] = []
        for step in self._steps:
            answers.append(await self._ask(step(answers)))
        return self._parse(answers)

    @override
    async def _refresh(self, tokens: Tokens) -> Tokens | None:
        request = self._make_refresh(tokens) if self._make_refresh else None
        if request is None:
            return None
        answer = await self._ask(request)
        return self._parse_refresh(answer) if self._parse_refresh else self._parse([answer])


class LoginAuth(StepsAuth):
    """Signs in with one request, whose answer ``parse`` reads, as it does that to a refresh."""

    def __init__(
        self,
        login: Callable[[], Request],
        parse: Callable[[Answer], Tokens],
        refresh: Callable[[Tokens], Request | None] | None = None,
        parse_refresh: Callable[[Answer], Tokens] | None = None,
        *,
        renewal: Renewal | None = None,
    ) -> None:
        super().__init__(
            [lambda _answers: login()],
            lambda answers: parse(answers[-1]),
            refresh,
            parse_refresh or parse,
            renewal=renewal,
        )
