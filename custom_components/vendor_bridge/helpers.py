"""What the rooms of the Home Assistant half share: making clients, and telling of failures."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import ClientSession, DummyCookieJar
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    HomeAssistantError,
    ServiceValidationError,
)
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.helpers.update_coordinator import UpdateFailed

from .bridge.client import Context, VendorClient, forget
from .bridge.errors import (
    BridgeError,
    CommandError,
    NotConfirmedError,
    OutageError,
    RateLimitedError,
    ReadOnlyError,
    RefusedError,
    SignInError,
    UnreachableError,
    VendorError,
)
from .bridge.factory import create_client, load_client
from .bridge.profile.tls import tls_of
from .const import DOMAIN
from .count_store import CountStore, async_get_limiters

if TYPE_CHECKING:
    from .bridge.profile.plans import CompiledProfile

SHORTEST_WAIT = 5.0
LONGEST_WAIT = 24 * 60 * 60.0
"""Seconds. A vendor that asks to be left alone for less or more than that does not mean it."""

COMMAND_FAILURES: tuple[tuple[type[BridgeError], str], ...] = (
    (ReadOnlyError, "command_read_only"),
    (CommandError, "command_invalid"),
    (NotConfirmedError, "command_not_confirmed"),
    (SignInError, "sign_in_failed"),
    (RateLimitedError, "rate_limited"),
    (UnreachableError, "not_reachable"),
    (OutageError, "not_reachable"),
    (RefusedError, "command_refused"),
    (BridgeError, "command_failed"),
)
"""Translation keys of commands that failed. Placeholders: device, command, reason."""

ACCOUNT_FAILURES: tuple[tuple[type[BridgeError], str], ...] = (
    (SignInError, "account_sign_in_failed"),
    (RateLimitedError, "account_rate_limited"),
    (UnreachableError, "account_not_reachable"),
    (OutageError, "account_not_reachable"),
    (BridgeError, "account_failed"),
)
"""Translation keys of what else is asked of an account. Placeholders: account, reason."""


def client_session(hass: HomeAssistant, *, auto_cleanup: bool) -> ClientSession:
    """Return a session without cookies: a sign-in that needs some looks after its own."""
    return async_create_clientsession(hass, auto_cleanup=auto_cleanup, cookie_jar=DummyCookieJar())


async def async_create_client(  # noqa: PLR0913 - by name
    hass: HomeAssistant,
    profile: CompiledProfile,
    setup: Mapping[str, Any],
    *,
    tokens: Mapping[str, Any] | None = None,
    save_tokens: Callable[[Mapping[str, Any]], None] | None = None,
    session: ClientSession | None = None,
    certificates: Mapping[str, str] | None = None,
    counts: CountStore | None = None,
) -> VendorClient:
    """Return a client. Raises SetupValueError for what cannot be used.

    The session is one of ``client_session``; by default it ends with the config entry that is being
    set up, else with Home Assistant.
    """
    await hass.async_add_executor_job(load_client, profile.id)  # imports, and so blocks
    tls = await hass.async_add_executor_job(tls_of, profile, setup)  # may read certificates
    return create_client(
        profile,
        Context(
            session=session or client_session(hass, auto_cleanup=True),
            setup=setup,
            tls=tls,
            certificates=certificates or {},
            tokens=tokens or {},
            save_tokens=save_tokens or forget,
            memory=await counts.async_load() if counts is not None else {},
            remember=counts.remember if counts is not None else forget,
            limiters=async_get_limiters(hass),
        ),
    )


def _key(error: BridgeError, table: tuple[tuple[type[BridgeError], str], ...]) -> str:
    return next(key for kind, key in table if isinstance(error, kind))


def command_failure_key(error: BridgeError) -> str:
    """Return what sort of failure of a command an error is: the key of its translation."""
    return _key(error, COMMAND_FAILURES)


@contextmanager
def picture_failures(device: str) -> Generator[None]:
    """Tell of a picture that cannot be shown as Home Assistant does, in the user's language."""
    try:
        yield
    except BridgeError as error:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="picture_failed",
            translation_placeholders={"device": device, "reason": str(error)},
        ) from error


@contextmanager
def command_failures(device: str, command: str) -> Generator[None]:
    """Tell of a command that failed as Home Assistant does, in the user's language."""
    try:
        yield
    except BridgeError as error:
        made = ServiceValidationError if isinstance(error, CommandError) else HomeAssistantError
        raise made(
            translation_domain=DOMAIN,
            translation_key=command_failure_key(error),
            translation_placeholders={
                "device": device,
                "command": command,
                "reason": error.reason if isinstance(error, VendorError) else str(error),
            },
        ) from error


@contextmanager
def account_failures(account: str) -> Generator[None]:
    """Tell of an account that cannot be read as coordinators do.

    Raises ConfigEntryAuthFailed where only the user can help, else UpdateFailed.
    """
    try:
        yield
    except BridgeError as error:
        told: dict[str, Any] = {
            "translation_domain": DOMAIN,
            "translation_key": _key(error, ACCOUNT_FAILURES),
            "translation_placeholders": {"account": account, "reason": str(error)},
        }
        if isinstance(error, SignInError):
            raise ConfigEntryAuthFailed(**told) from error
        wait = error.retry_after if isinstance(error, RateLimitedError) else None
        if wait is not None:
            wait = min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)
        raise UpdateFailed(**told, retry_after=wait) from error
