"""The client that a profile makes."""

from collections.abc import Mapping, Sequence
import hashlib
from typing import Any

from yarl import URL

from ..client import Context
from ..errors import SetupValueError, UnexpectedAnswerError
from ..http.budgets import Rate
from ..http.connection import Connection
from ..http.limits import Limits
from ..http.settings import Settings
from ..model import (
    DEVICES_MONITOR,
    Account,
    Command,
    Device,
    Entity,
    Health,
    Listing,
    Monitor,
    Outcome,
    Reading,
)
from .filling import fill
from .listing import Lister
from .means import Means
from .picking import text_of
from .plans import CompiledProfile, EntityPlan
from .reading import Reader
from .selection import Selection
from .signin import auth_of
from .values import MISSING
from .writing import Writer


class ProfileClient:
    """One account at a vendor, spoken to as a profile says.

    A Python client that builds on it replaces the methods whose work a profile cannot describe;
    ``connection``, ``profile`` and ``setup`` are there for it.
    """

    def __init__(self, profile: CompiledProfile, context: Context) -> None:
        """Make the connection's parts; nothing is sent. Raises SetupValueError."""
        self.profile = profile
        self.setup = context.setup
        self.addresses = self.base_addresses()
        self.connection = _connection(profile, context, self.addresses)
        self._selection = Selection(self.plans_of)
        means = Means(
            profile=profile,
            connection=self.connection,
            selection=self._selection,
            clock=context.clock,
            setup=context.setup,
        )
        self._lister = Lister(means)
        self._reader = Reader(means)
        self._writer = Writer(means, self._reader)

    def base_addresses(self) -> Sequence[URL]:
        """Return the base addresses, in the order in which they are tried.

        Raises SetupValueError where none is filled in, or one can't be asked.
        """
        filled = [plan.fill({"setup": self.setup}) for plan in self.profile.base_urls]
        addresses = [
            _address(self.profile, str(text)) for text in filled if text not in {None, MISSING, ""}
        ]
        if not addresses:
            raise SetupValueError("base", "no address is filled in")
        return addresses

    @property
    def monitors(self) -> Mapping[str, Monitor]:
        """Return the scheduled reads, by key."""
        return self.profile.monitors

    @property
    def health(self) -> Health:
        """Return how the connection is."""
        stats = self.connection.stats
        return Health(
            address=str(self.connection.address.origin()),
            round_trip=stats.round_trip,
            last_success=stats.last_success,
            held=self.connection.held,
        )

    def stretch(self, intervals: Mapping[str, float]) -> float:  # noqa: ARG002 - no budget is known
        """Return by how much the monitors' intervals have to be multiplied."""
        return 1.0

    async def connect(self) -> Account:
        """Sign in and prove it with the account's own request, else with the listing."""
        await self.connection.sign_in()
        plan = self.profile.account
        if plan.request is None or plan.id is None:
            await self.prove()
            return self._account_by_setup()
        answer = await self.connection.send(fill(plan.request, {"setup": self.setup}))
        account_id = text_of(plan.id, answer.data)
        if not account_id:
            raise UnexpectedAnswerError(
                "it does not tell the account's id", request=plan.request.label
            )
        return Account(id=account_id, name=text_of(plan.name, answer.data) or self.profile.name)

    async def prove(self) -> None:
        """Send a request that only who is signed in may send: the first one of the listing."""
        for plan in self.profile.listings[:1]:
            await self.connection.send(fill(plan.request, {"setup": self.setup}))

    def _account_by_setup(self) -> Account:
        """Tell accounts apart by their address and by what else was filled in openly."""
        told = [str(self.addresses[0])] + [
            f"{name}={str(self.setup.get(name)).rstrip('/')}"
            for name, spec in sorted(self.profile.setup.items())
            if spec.type not in {"secret", "boolean", "number"}
        ]
        mark = hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]
        return Account(id=mark, name=f"{self.profile.name} ({self.addresses[0].host})")

    async def list_devices(self) -> Listing:
        """Return the account's devices."""
        return await self._lister.list_devices()

    def plans_of(self, device: Device) -> Sequence[EntityPlan]:
        """Return the entities that a device's type can have. A Python client may make its own."""
        return self.profile.entities_of(device)

    def describe(self, device: Device) -> Sequence[Entity]:
        """Return the entities that a device has."""
        return [plan.entity for plan in self._selection.entities(device)]

    async def read(self, monitor: str, devices: Sequence[Device]) -> Reading:
        """Read a monitor for some devices."""
        if monitor == DEVICES_MONITOR:
            listing = await self.list_devices()
            return listing.reading or Reading(observations={})
        return await self._reader.read(monitor, devices)

    async def write(self, device: Device, command: Command) -> Outcome:
        """Send a command and return once it took effect."""
        return await self._writer.write(device, command)

    async def close(self) -> None:
        """Cancel what is under way."""
        await self._writer.close()
        await self.connection.close()


def _connection(profile: CompiledProfile, context: Context, addresses: Sequence[URL]) -> Connection:
    api = profile.source.api
    rates = (Rate(api.limits.requests, float(api.limits.per)),) if api.limits.requests else ()
    return Connection(
        context.session,
        addresses,
        auth_of(profile, context),
        clock=context.clock,
        settings=Settings(
            tls=profile.verify_ssl.fill({"setup": context.setup}) is not False,
            limits=Limits(concurrency=api.limits.concurrency, rates=rates),
            secrets=lambda: _secrets(profile, context.setup),
        ),
    )


def _address(profile: CompiledProfile, text: str) -> URL:
    """Return a base address. Raises SetupValueError for one that can't be asked."""
    field = next(
        (name for name, spec in profile.setup.items() if spec.type in {"url", "host"}), "base"
    )
    try:
        url = URL(text)
        if url.scheme not in {"http", "https"} or not url.host or url.user or url.query_string:
            message = "expected http:// or https://, a host, and perhaps a port and a path"
            raise SetupValueError(field, message)
    except ValueError as error:
        raise SetupValueError(field, "this is not an address") from error
    return url


def _secrets(profile: CompiledProfile, setup: Mapping[str, Any]) -> list[str]:
    return [
        str(setup[name])
        for name, spec in profile.setup.items()
        if spec.type == "secret" and setup.get(name)
    ]
