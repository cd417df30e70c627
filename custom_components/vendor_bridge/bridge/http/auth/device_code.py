"""OAuth 2 for devices without a browser: the user enters a code elsewhere (RFC 8628)."""

from collections.abc import Mapping
import math
from typing import Final, override

from yarl import URL

from ...errors import ConsentError, UnexpectedAnswerError, VendorError
from .consent import Prompt, WaitingAuth
from .oauth2 import Endpoint, OAuth2Auth, TokenServer
from .renewing import Renewal
from .tokens import Tokens

GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER: Final = 5.0
"""Seconds by which the standard wants the pause to grow when the server asks for that."""

_DEFAULT_PAUSE: Final = 5.0
_DEFAULT_LIFE: Final = 600.0
_LONGEST_LIFE: Final = 3600.0
_LONGEST_PAUSE: Final = 60.0
_LONGEST_CODE: Final = 100

_REFUSALS: Final[Mapping[str, str]] = {
    "access_denied": "the user refused",
    "expired_token": "the code was not entered in time",
}


class DeviceCodeAuth(OAuth2Auth, WaitingAuth):
    """Shows the user an address and a code, and asks until that was entered."""

    def __init__(
        self, server: TokenServer, codes: Endpoint, renewal: Renewal | None = None
    ) -> None:
        super().__init__(server, renewal)
        self._codes = codes
        self._device_code = ""

    @override
    async def begin(self) -> Prompt:
        scope = {"scope": self._server.scope} if self._server.scope else {}
        answer = await self._ask_server(self._codes, scope)
        data = answer.data if isinstance(answer.data, Mapping) else {}
        self._device_code = _text(data, "device_code", 4096)
        self._seconds = _number(data, "expires_in", _DEFAULT_LIFE, _LONGEST_LIFE)
        self._pause = _number(data, "interval", _DEFAULT_PAUSE, _LONGEST_PAUSE)
        # The longer address holds the code already; the other one was once called "url".
        given = ("verification_uri_complete", "verification_uri", "verification_url")
        address = next((data[name] for name in given if data.get(name)), None)
        return Prompt(
            seconds=self._seconds,
            url=_address(address),
            code=_text(data, "user_code", _LONGEST_CODE),
        )

    @override
    async def _look(self) -> Tokens | None:
        try:
            return await self._ask_for_tokens(grant_type=GRANT, device_code=self._device_code)
        except VendorError as error:
            match self._said:
                case "authorization_pending":
                    return None
                case "slow_down":
                    self._pause += SLOWER
                    return None
                case "access_denied" | "expired_token":
                    raise ConsentError(_REFUSALS[self._said], request=error.request) from None
            raise


def _text(data: Mapping[str, object], name: str, longest: int) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise UnexpectedAnswerError(f"the answer holds no {name}")
    return value


def _number(data: Mapping[str, object], name: str, default: float, most: float) -> float:
    """Return a number of seconds. What makes no sense is taken for no statement."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return min(float(value), most) if math.isfinite(value) and value > 0 else default


def _address(value: object) -> URL:
    """Return where the user enters the code: it is shown as a link, so nothing but the web."""
    try:
        url = URL(value) if isinstance(value, str) and value.isprintable() else URL()
    except ValueError:
        url = URL()
    if url.scheme not in {"http", "https"} or not url.host or url.user is not None:
        raise UnexpectedAnswerError("the answer holds no verification_uri")
    return url
