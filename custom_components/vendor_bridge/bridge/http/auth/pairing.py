"""Pairing: the vendor gives a token to whoever asks just after a button was pressed."""

from collections.abc import Callable
from typing import override

from ...errors import VendorError
from ..message import Answer, Request
from .base import Rejection
from .consent import Prompt, WaitingAuth
from .renewing import Renewal
from .tokens import Tokens


class PairingAuth(WaitingAuth):
    """Asks for a token until the button was pressed.

    ``pending`` tells from an answer that it was not, yet; ``parse`` finds the token in any other,
    or raises UnexpectedAnswerError. It asks every ``pause`` seconds, for so many ``seconds``.
    """

    def __init__(
        self,
        request: Callable[[], Request],
        parse: Callable[[Answer], Tokens],
        pending: Rejection,
        *,
        text: str = "",
        seconds: float = 60.0,
        pause: float = 2.0,
        renewal: Renewal | None = None,
    ) -> None:
        super().__init__(renewal or Renewal())
        self._request = request
        self._parse = parse
        self._pending = pending
        self._text = text
        self._seconds = seconds
        self._pause = pause

    @override
    async def begin(self) -> Prompt:
        self._request()  # what cannot be filled in is better said before anybody presses anything
        return Prompt(seconds=self._seconds, text=self._text)

    @override
    async def _look(self) -> Tokens | None:
        waiting = False

        def is_pending(answer: Answer) -> bool:
            nonlocal waiting
            waiting = self._pending(answer)
            return waiting

        try:
            answer = await self._send_as(self._request(), denies=is_pending)
        except VendorError:
            if waiting:
                return None
            raise
        return self._parse(answer)
