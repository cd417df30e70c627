"""Asking again and again how something goes, until it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ..clock import Clock
from ..errors import OutageError, RateLimitedError, UnexpectedAnswerError, UnreachableError
from ..http.connection import Connection
from ..model import Json
from .filling import fill
from .picking import holds
from .plans import RequestPlan
from .values import Picker

PASSING: Final = (UnreachableError, OutageError, RateLimitedError, UnexpectedAnswerError)
"""What may go wrong while looking how something goes, and be fine a second later."""


@dataclass(slots=True, kw_only=True)
class Follow:
    """A request that is repeated, ``every`` so many seconds, ``until`` its answer is right.

    ``trouble`` is what went wrong when it was asked last, if something did.
    """

    connection: Connection
    clock: Clock
    request: RequestPlan
    until: Picker
    every: float
    trouble: str | None = field(default=None, init=False)

    async def follow(self, scope: Mapping[str, Any], pending: Callable[[Json], None]) -> Json:
        """Return the answer of which it holds. ``pending`` is given every other one, and may raise.

        What passes is waited for; anything else that the connection raises is raised.
        """
        while True:
            pause = self.every
            try:
                answer: Json = (await self.connection.send(fill(self.request, scope))).data
            except PASSING as error:
                self.trouble = str(error)
                if isinstance(error, RateLimitedError):
                    pause = max(pause, error.retry_after or 0.0)
            else:
                self.trouble = None
                if holds(self.until, answer):
                    return answer
                pending(answer)
            await self.clock.sleep(pause)
