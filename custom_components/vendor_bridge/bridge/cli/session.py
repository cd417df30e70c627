"""A client that is connected, for as long as a command line's command takes."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession, DummyCookieJar

from ..client import Context, VendorClient
from ..errors import SetupValueError
from ..factory import create_client
from ..model import Account, Device, Listing
from ..profile.mistakes import close_to
from ..profile.plans import CompiledProfile
from .exits import MisuseError


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
async def connected(profile: CompiledProfile, setup: Mapping[str, Any]) -> AsyncIterator[Session]:
    """Connect, list the devices, and close again. Raises VendorError, MisuseError."""
    # Cookies, where a profile uses them, are its sign-in's business; none may leak beside it.
    async with ClientSession(cookie_jar=DummyCookieJar()) as http:
        try:
            client = create_client(profile, Context(session=http, setup=setup))
        except SetupValueError as error:
            is_asked = error.field in profile.setup
            raise MisuseError(f"--set {error}" if is_asked else error.reason) from None
        try:
            account = await client.connect()
            yield Session(client=client, account=account, listing=await client.list_devices())
        finally:
            await client.close()
