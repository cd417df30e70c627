"""Trying what the user filled in: sign in for real, list the devices, and say what went wrong."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
import traceback
from typing import TYPE_CHECKING, Any, Final

from homeassistant.core import HomeAssistant

from .bridge.errors import (
    BridgeError,
    OutageError,
    RateLimitedError,
    SetupValueError,
    SignInError,
    UnexpectedAnswerError,
    UnreachableError,
    VendorError,
)
from .bridge.model import Account, Device
from .const import LOGGER
from .forms import Form
from .helpers import async_create_client, client_session

if TYPE_CHECKING:
    from .bridge.profile.loader import CompiledProfile

PATIENCE: Final = 60.0
"""Seconds for signing in and listing the devices together."""
PATIENCE_CLOSING: Final = 5.0

_KEYS: Final[tuple[tuple[type[BridgeError], str], ...]] = (
    (SetupValueError, "invalid_value"),
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


async def async_attempt(
    hass: HomeAssistant, profile: CompiledProfile, form: Form, setup: Mapping[str, Any]
) -> Found | Failure:
    """Sign in as an account would, list its devices, and close the client whatever happens."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await _async_look(hass, profile, setup)
    except BridgeError as error:
        return _failure(error, form)
    except TimeoutError:
        return Failure(key="cannot_connect", reason=f"no answer within {PATIENCE:.0f} seconds")
    except Exception as error:  # noqa: BLE001 - a form must tell, whatever a client does
        # Neither the error's text nor its values: nobody knows what of the setup is in there.
        LOGGER.error(
            "Unexpected %s while trying an account at %s:\n%s",
            type(error).__name__,
            profile.name,
            "".join(traceback.format_tb(error.__traceback__)),
        )
        return Failure(key="unknown")


async def _async_look(
    hass: HomeAssistant, profile: CompiledProfile, setup: Mapping[str, Any]
) -> Found:
    tokens: dict[str, Any] = {}

    def save_tokens(new: Mapping[str, Any]) -> None:
        tokens.clear()
        tokens.update(new)

    session = client_session(hass, auto_cleanup=False)
    try:
        client = await async_create_client(
            hass, profile, setup, save_tokens=save_tokens, session=session
        )
        try:
            account = await client.connect()
            listing = await client.list_devices()
        finally:
            await _async_close(client.close, profile.name)
    finally:
        session.detach()  # its connector is Home Assistant's
    return Found(account=account, devices=listing.devices, tokens=tokens)


async def _async_close(close: Any, vendor: str) -> None:  # noqa: ANN401 - a bound method
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
        case SignInError():
            place = form.only("secret")
        case UnreachableError():
            place = form.only("url", "host")
    reason = error.reason if isinstance(error, VendorError | SetupValueError) else str(error)
    key = next(key for kind, key in _KEYS if isinstance(error, kind))
    return Failure(key=key, field=place or "base", reason=reason)
