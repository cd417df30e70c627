"""A client that is connected, for as long as a command line's command takes."""

import argparse
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
import re
from typing import Any

from aiohttp import ClientSession, DummyCookieJar

from ..client import Context, VendorClient
from ..errors import SetupValueError
from ..factory import create_client
from ..http.auth import WaitingAuth
from ..http.wire import server_of
from ..model import Account, Device, Listing
from ..profile.mistakes import close_to
from ..profile.plans import CompiledProfile
from ..profile.tls import addresses_of
from .answers import print_answers
from .exits import MisuseError
from .output import error
from .setup import gather


class UnknownDeviceError(Exception):
    """The account has no such device."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A connected account and its devices."""

    client: VendorClient
    account: Account
    listing: Listing

    def device(self, vendor_id: str) -> Device:
        """Return a device by its vendor id. Raises UnknownDeviceError."""
        devices = self.listing.devices
        if vendor_id in devices:
            return devices[vendor_id]
        by_name = [found.id for found in devices.values() if found.name == vendor_id]
        hint = (
            f"did you mean {', '.join(map(repr, by_name))}?"
            if by_name
            else close_to(vendor_id, devices)
        )
        reason = f"the account has no device {vendor_id!r}"
        raise UnknownDeviceError(f"{reason}: {hint}" if hint else reason)


@asynccontextmanager
async def connected(
    profile: CompiledProfile, options: argparse.Namespace
) -> AsyncIterator[Session]:
    """Connect, list the devices, and close again. Raises VendorError, MisuseError.

    ``options`` are those that all commands have which speak to a vendor. Where only the user can
    sign in, say what to do, and wait until it was done.
    """
    setup = gather(profile, options.set)
    # Cookies, where a profile uses them, are its sign-in's business; none may leak beside it.
    async with ClientSession(cookie_jar=DummyCookieJar()) as http:
        try:
            accepted = _accepted(profile, setup, options.certificate)
            context = Context(session=http, setup=setup, certificates=accepted)
            client = create_client(profile, context)
        except SetupValueError as failed:
            is_asked = failed.field in profile.setup
            raise MisuseError(f"--set {failed}" if is_asked else failed.reason) from None
        try:
            await _agree(client)
            account = await client.connect()
            yield Session(client=client, account=account, listing=await client.list_devices())
        finally:
            if options.answers:
                print_answers(client)
            await client.close()


def _accepted(
    profile: CompiledProfile, setup: Mapping[str, Any], certificate: str | None
) -> Mapping[str, str]:
    """Return which certificate is accepted of which server. Raises MisuseError, SetupValueError."""
    if certificate is None:
        return {}
    digits = certificate.replace(":", "").lower()
    if not re.fullmatch("[0-9a-f]{64}", digits):
        raise MisuseError("--certificate takes 64 hexadecimal digits, with or without colons")
    servers = [server_of(url) for url in addresses_of(profile, setup) if url.scheme == "https"]
    return dict.fromkeys(servers, digits)


async def _agree(client: VendorClient) -> None:
    """Have the user sign in, where nobody else can."""
    match client.consent:
        case None:
            return
        case WaitingAuth() as consent:
            prompt = await consent.begin()
            todo = prompt.text or f"Open {prompt.url} and enter the code {prompt.code}"
            error(f"{todo} (waiting for {prompt.seconds:.0f} seconds at most)")
            await consent.wait()
        case _:
            raise MisuseError(
                "one signs in with the browser here: add the account in Home Assistant"
            )
