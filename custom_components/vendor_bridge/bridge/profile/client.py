"""The client that a profile makes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
import hashlib
import math
from typing import Any, Final

from aiohttp import Fingerprint
from yarl import URL

from ..client import Context
from ..errors import UnexpectedAnswerError
from ..http.auth import ConsentAuth
from ..http.connection import Connection
from ..http.deadline import within
from ..http.message import DEFAULT_TIMEOUT
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
    Picture,
    Point,
    Reading,
)
from ..tasks import Task, TaskOutcome, TellProgress, tell_nobody
from .filling import fill
from .limits import Costs, Measured, limit_headers, share_of
from .listing import Lister
from .means import Means
from .memory import Memory
from .picking import text_of
from .pictures import Painter
from .plans import CompiledProfile, EntityPlan
from .reading import Reader
from .remembering import Historian
from .selection import Selection
from .signin import auth_of
from .tasks import TaskRunner
from .tls import addresses_of, tls_of
from .writing import Writer

CONNECTING: Final = 120.0
"""Seconds after which signing in, with all the requests that it takes, has failed."""

READING: Final = 300.0
"""Seconds after which a read or a listing has failed, unless its requests may take longer."""


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
        self._clock = context.clock
        self._costs = Costs()
        self.connection = _connection(profile, context, self.addresses)
        self._selection = Selection(self.plans_of)
        means = Means(
            profile=profile,
            connection=self.connection,
            selection=self._selection,
            clock=context.clock,
            setup=context.setup,
            memory=Memory(context.clock),
        )
        self._lister = Lister(means)
        self._reader = Reader(means)
        self._writer = Writer(means, self._reader)
        self._historian = Historian(means)
        self._painter = Painter(means, self._reader)
        self._runner = TaskRunner(means, self._reader)

    def base_addresses(self) -> Sequence[URL]:
        """Return the base addresses, in the order in which they are tried.

        Raises SetupValueError where none is filled in, or one can't be asked.
        """
        return addresses_of(self.profile, self.setup)

    @property
    def monitors(self) -> Mapping[str, Monitor]:
        """Return the scheduled reads, by key."""
        return self.profile.monitors

    @property
    def health(self) -> Health:
        """Return how the connection is."""
        stats = self.connection.stats
        left = self.connection.share.left
        return Health(
            address=str(self.connection.address.origin()),
            round_trip=stats.round_trip,
            last_success=stats.last_success,
            remaining=left.remaining if left else None,
            limit=left.limit if left else None,
            resets_at=self._clock.now() + timedelta(seconds=left.full_in) if left else None,
            held=self.connection.held,
        )

    @property
    def consent(self) -> ConsentAuth | None:
        """Return the sign-in that only the user can make, where it is one."""
        return self.connection.auth.consent

    def stretch(self, intervals: Mapping[str, float]) -> float:
        """Return by how much the monitors' intervals have to be multiplied."""
        if not intervals:
            return 1.0
        demand = self._costs.demand(intervals)
        return self.connection.share.stretch(demand, min(intervals.values()))

    async def connect(self) -> Account:
        """Sign in and prove it with the account's own request, else with the listing."""
        async with within(CONNECTING, "signing in"):
            return await self._connect()

    async def _connect(self) -> Account:
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
            if not spec.is_secret and spec.type not in {"boolean", "number"}
        ]
        mark = hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]
        return Account(id=mark, name=f"{self.profile.name} ({self.addresses[0].host})")

    async def list_devices(self) -> Listing:
        """Return the account's devices."""
        request = self.profile.listings[0].request.base
        async with self.reading(DEVICES_MONITOR, patience=request.timeout) as measured:
            listing = await self._lister.list_devices()
            measured.whole = listing.complete
        return listing

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
        patience = self.profile.readers[monitor].request.base.timeout
        async with self.reading(monitor, requests=len(devices), patience=patience) as measured:
            reading = await self._reader.read(monitor, devices)
            measured.whole = not reading.failures
        return reading

    @asynccontextmanager
    async def reading(
        self, monitor: str, *, requests: int = 1, patience: float = DEFAULT_TIMEOUT
    ) -> AsyncIterator[Measured]:
        """Measure what a read costs, and end it when it takes too long.

        ``requests`` is how many it may send, each of them for up to ``patience`` seconds. It has
        the time that they may take one round after the other, and twice what the limits ask for,
        but at least READING. Raises UnreachableError after that. Whoever reads says in what this
        yields whether it was a ``whole`` read.
        """
        requests = max(requests, self._costs.of(monitor))
        rounds = math.ceil(requests / self.profile.source.api.limits.concurrency)
        waiting = 2 * self.connection.share.time_for(requests)
        seconds = max(READING, rounds * patience) + waiting
        async with self._costs.measured(monitor) as measured, within(seconds, f"reading {monitor}"):
            yield measured

    async def write(self, device: Device, command: Command) -> Outcome:
        """Send a command and return once it took effect."""
        return await self._writer.write(device, command)

    def tasks(self, device: Device | None) -> Sequence[Task]:
        """Return the tasks of a device, or those of the account as a whole."""
        return self._runner.tasks(device)

    async def run_task(
        self,
        device: Device | None,
        task: str,
        data: Mapping[str, Any],
        progress: TellProgress = tell_nobody,
    ) -> TaskOutcome:
        """Run a task and return once it is done."""
        return await self._runner.run(device, task, data, progress)

    async def fetch(self, device: Device, entity: str) -> Picture:
        """Return the picture of an entity, as it is now."""
        return await self._painter.fetch(device, entity)

    def history(
        self, device: Device, attribute: str, start: datetime, end: datetime
    ) -> AsyncIterator[Sequence[Point]]:
        """Yield what the vendor remembers of an attribute, page after page."""
        return self._historian.history(device, attribute, start, end)

    async def close(self) -> None:
        """Cancel what is under way."""
        await self._writer.close()
        await self.connection.close()


def _connection(profile: CompiledProfile, context: Context, addresses: Sequence[URL]) -> Connection:
    return Connection(
        context.session,
        addresses,
        auth_of(profile, context),
        clock=context.clock,
        settings=Settings(
            tls=tls_of(profile, context.setup) if context.tls is None else context.tls,
            pins={
                server: Fingerprint(bytes.fromhex(digest))
                for server, digest in context.certificates.items()
            },
            limit_headers=limit_headers(profile),
            secrets=lambda: _secrets(profile, context.setup),
        ),
        share=share_of(profile, context, addresses[0]),
    )


def _secrets(profile: CompiledProfile, setup: Mapping[str, Any]) -> list[str]:
    return [
        str(setup[name])
        for name, spec in profile.setup.items()
        if spec.is_secret and setup.get(name)
    ]
