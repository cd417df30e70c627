"""Trying what the user filled in: sign in for real, list the devices, and say what went wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
import traceback
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HomeAssistant

from .bridge.errors import (
    BridgeError,
    CertificateError,
    ConsentError,
    OutageError,
    RateLimitedError,
    SetupValueError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
    VendorError,
)
from .bridge.http.auth import ConsentAuth
from .bridge.model import Account, Device
from .bridge.profile.tls import addresses_of, asks_about_certificates
from .certificates import Certificate, async_find_untrusted
from .const import LOGGER
from .forms import Form
from .helpers import async_create_client, client_session

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from .bridge.profile.loader import CompiledProfile

PATIENCE: Final = 60.0
"""Seconds for signing in and listing the devices together."""
PATIENCE_CLOSING: Final = 5.0

_KEYS: Final[tuple[tuple[type[BridgeError], str], ...]] = (
    (SetupValueError, "invalid_value"),
    (ConsentError, "not_agreed"),
    (SignInError, "invalid_auth"),
    (RateLimitedError, "rate_limited"),
    (UnreachableError, "cannot_connect"),
    (OutageError, "cannot_connect"),
    (UnexpectedAnswerError, "unexpected_answer"),
    (BridgeError, "refused"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who signed in, which devices there are by vendor id, and what to remember of the sign-in."""

    account: Account
    devices: Mapping[str, Device]
    tokens: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why it did not work: the key of a translation, the field it concerns, and the reason."""

    key: str
    field: str = "base"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A sign-in that only the user can make, and ``tokens``, which it gives once it is made.

    Whoever is given one closes it.
    """

    consent: ConsentAuth
    tokens: Mapping[str, Any] = field(repr=False)
    close: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What is tried: a profile with what was filled in for it, and what the user accepted.

    ``tokens`` are those to which the user has agreed; ``certificates`` are as in a config entry.
    """

    hass: HomeAssistant
    profile: CompiledProfile
    form: Form
    setup: Mapping[str, Any] = field(repr=False)
    certificates: Mapping[str, str] = field(default_factory=dict)
    tokens: Mapping[str, Any] = field(default_factory=dict, repr=False)

    async def async_make(self) -> Found | Asking | Certificate | Failure:
        """Sign in as an account would, list its devices, and close the client whatever happens.

        Where only the user can go on, return what to ask: for consent, or about a certificate.
        """
        return await self.async_guard(self._async_look())

    async def async_guard[T](
        self, work: Awaitable[T], patience: float | None = None
    ) -> T | Failure:
        """Return what some work gives, or why it failed. It has ``patience`` seconds."""
        if patience is None:
            patience = PATIENCE
        try:
            async with asyncio.timeout(patience):
                return await work
        except BridgeError as error:
            return _failure(error, self.form)
        except TimeoutError:
            return Failure(key="cannot_connect", reason=f"no answer within {patience:.0f} seconds")
        except Exception as error:  # noqa: BLE001 - a form must tell, whatever a client does
            # Neither the error's text nor its values: nobody knows what of the setup is in there.
            LOGGER.error(
                "Unexpected %s while trying an account at %s:\n%s",
                type(error).__name__,
                self.profile.name,
                "".join(traceback.format_tb(error.__traceback__)),
            )
            return Failure(key="unknown")

    async def _async_look(self) -> Found | Asking | Certificate:
        session = client_session(self.hass, auto_cleanup=False)
        async with AsyncExitStack() as stack:
            stack.callback(session.detach)  # its connector is Home Assistant's
            try:
                return await self._async_look_through(stack, session)
            except CertificateError:
                if (found := await self._async_find_untrusted(session)) is None:
                    raise
                return found

    async def _async_find_untrusted(self, session: ClientSession) -> Certificate | None:
        """Return the certificate to ask about, where the profile wants that."""
        if not asks_about_certificates(self.profile, self.setup):
            return None
        addresses = addresses_of(self.profile, self.setup)
        return await async_find_untrusted(session, addresses, self.certificates)

    async def _async_look_through(
        self, stack: AsyncExitStack, session: ClientSession
    ) -> Found | Asking | Certificate:
        tokens = dict(self.tokens)

        def save_tokens(new: Mapping[str, Any]) -> None:
            tokens.clear()
            tokens.update(new)

        client = await async_create_client(
            self.hass,
            self.profile,
            self.setup,
            tokens=self.tokens,
            save_tokens=save_tokens,
            session=session,
            certificates=self.certificates,
        )
        stack.push_async_callback(_async_close, client.close, self.profile.name)
        if client.consent is not None and not self.tokens:
            # Before anybody is sent to a button: so far nothing has been sent.
            if (found := await self._async_find_untrusted(session)) is not None:
                return found
            kept = stack.pop_all()
            return Asking(consent=client.consent, tokens=tokens, close=kept.aclose)
        account = await client.connect()
        listing = await client.list_devices()
        return Found(account=account, devices=listing.devices, tokens=tokens)


async def _async_close(close: Callable[[], Awaitable[None]], vendor: str) -> None:
    """Close a client. What goes wrong then is no reason to refuse an account."""
    try:
        async with asyncio.timeout(PATIENCE_CLOSING):
            await close()
    except Exception as error:  # noqa: BLE001 - as above
        LOGGER.debug("Closing a client of %s failed: %s", vendor, type(error).__name__)


def _failure(error: BridgeError, form: Form) -> Failure:
    """Return what to tell of an error, at the field that it concerns where there is just one."""
    place = None
    match error:
        case SetupValueError():
            place = form.key(error.field) if error.field in form.fields else None
        case ConsentError():
            pass
        case SignInError():
            place = form.only("secret")
        case UnreachableError():
            place = form.only("url", "host")
    reason = error.reason if isinstance(error, VendorError | SetupValueError) else str(error)
    key = next(key for kind, key in _KEYS if isinstance(error, kind))
    return Failure(key=key, field=place or "base", reason=reason)
