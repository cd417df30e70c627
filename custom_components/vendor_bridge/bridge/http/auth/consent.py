"""Sign-ins that only the user can make: in a browser, with a code, or at the press of a button.

They give tokens like a login does, but none can be got without the user. Once they are over, the
user has to be asked again; until then nothing is different.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Final, override

from yarl import URL

from ...errors import (
    CertificateError,
    ConsentError,
    OutageError,
    RateLimitedError,
    SignInError,
    UnreachableError,
    VendorError,
)
from .renewing import RenewingAuth
from .tokens import Tokens

LONGEST_PAUSE: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What to tell the user, who then has so many ``seconds``.

    Either ``text`` says what to do, or there is a ``url`` to open and a ``code`` to enter there.
    """

    seconds: float
    text: str = ""
    url: URL | None = None
    code: str = ""


class ConsentAuth(RenewingAuth):
    """Has no tokens but those to which the user agreed once."""

    @property
    @override
    def consent(self) -> ConsentAuth:
        return self

    @override
    async def _sign_in(self) -> Tokens:
        raise SignInError("the user has to sign in")

    @override
    async def _refresh(self, tokens: Tokens) -> Tokens | None:
        return None

    @override
    async def _get(self, previous: Tokens | None) -> Tokens:
        """Refresh, where that can be done; only who says no to that is to be asked again."""
        refreshed = None if previous is None else await self._refresh(previous)
        return await self._sign_in() if refreshed is None else refreshed


class WaitingAuth(ConsentAuth):
    """Asks the vendor again and again whether the user has agreed.

    First ``begin``, and show the prompt; then ``wait``. Both raise VendorError.
    """

    _seconds = 0.0
    _pause = 5.0

    @abstractmethod
    async def begin(self) -> Prompt:
        """Return what to tell the user; from now on the time counts."""

    @abstractmethod
    async def _look(self) -> Tokens | None:
        """Ask whether the user has agreed; None for not yet. Raises VendorError."""

    async def wait(self) -> None:
        """Return once the user has agreed; the tokens are in use and stored by then.

        A vendor that cannot be reached for a moment is asked again. Raises ConsentError where the
        user refuses, or does not agree in time.
        """
        until = self._clock.monotonic() + self._seconds
        trouble: VendorError | None = None
        while self._clock.monotonic() < until:
            pause = self._pause
            if isinstance(trouble, RateLimitedError) and trouble.retry_after:
                pause = min(max(pause, trouble.retry_after), LONGEST_PAUSE)
            await self._clock.sleep(pause)
            try:
                tokens = await self._look()
            except CertificateError:
                raise  # it will not be another one for waiting
            except (UnreachableError, OutageError, RateLimitedError) as error:
                trouble = error
                continue
            trouble = None
            if tokens is not None:
                self._keep(tokens)
                return
        if trouble is not None:
            raise trouble
        raise ConsentError(f"nobody agreed within {self._seconds:.0f} seconds")
