"""What a vendor's client is. A profile makes one; a Python client is one by itself.

A Python client in ``vendors/<vendor>/client.py`` is a class named ``Client`` that is called with
the compiled profile and a ``Context``, and has the methods of ``VendorClient``. Most build on
``ProfileClient`` and replace what the profile cannot say.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from .clock import Clock, SystemClock
from .errors import CommandError
from .http.sharing import Limiters
from .tasks import Task, TaskOutcome, TellProgress, tell_nobody

if TYPE_CHECKING:
    from datetime import datetime

    from aiohttp import ClientSession

    from .http.auth import ConsentAuth
    from .http.wire import Tls
    from .model import (
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


def forget(_what: Mapping[str, Any]) -> None:
    """Keep nothing beyond the client's own life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a client is given to work with.

    ``setup`` holds what the user filled in, by the names in the profile's ``setup``; ``tokens``
    what ``save_tokens`` was last called with, so that a sign-in survives a restart. The session
    belongs to the caller; closing the client leaves it open.

    ``tls`` is how certificates are checked, as ``profile.tls.tls_of`` has found out, which blocks.
    ``certificates`` are the SHA-256 of those that the user accepted, in hex, by "host:port".

    ``memory`` is what ``remember`` was last called with: how much has been asked of a vendor that
    counts by the day. It is called once a minute at most, and once more in the end; what it is
    given is JSON and holds nothing secret. ``limiters`` are those of all accounts of the program,
    for vendors that count some of them together.
    """

    session: ClientSession
    setup: Mapping[str, Any]
    tls: Tls | None = None
    certificates: Mapping[str, str] = field(default_factory=dict)
    clock: Clock = field(default_factory=SystemClock)
    tokens: Mapping[str, Any] = field(default_factory=dict, repr=False)
    save_tokens: Callable[[Mapping[str, Any]], None] = forget
    memory: Mapping[str, Any] = field(default_factory=dict)
    remember: Callable[[Mapping[str, Any]], None] = forget
    limiters: Limiters = field(default_factory=Limiters)


class VendorClient(Protocol):
    """One account at a vendor. Every method raises nothing but ``BridgeError`` and its kind."""

    @property
    def monitors(self) -> Mapping[str, Monitor]:
        """Return the scheduled reads, by key; ``devices`` among them is the listing itself."""
        ...

    @property
    def health(self) -> Health:
        """Return how the connection is."""
        ...

    @property
    def consent(self) -> ConsentAuth | None:
        """Return the sign-in that only the user can make, where it is one."""
        ...

    def stretch(self, intervals: Mapping[str, float]) -> float:
        """Return by how much the monitors' intervals have to be multiplied, 1.0 for not at all.

        ``intervals`` maps each monitor that is read to the seconds that it would like to be read
        at. The answer is such that what they cost leaves room for commands in the budget.
        """
        ...

    async def connect(self) -> Account:
        """Sign in and prove it. Raises SignInError for wrong credentials."""
        ...

    async def list_devices(self) -> Listing:
        """Return the account's devices, from as many pages as the vendor has."""
        ...

    def describe(self, device: Device) -> Sequence[Entity]:
        """Return the entities that a device has."""
        ...

    async def read(self, monitor: str, devices: Sequence[Device]) -> Reading:
        """Read a monitor for some devices.

        What concerns one device alone is reported in the reading's ``failures``; what concerns
        the request as a whole is raised.
        """
        ...

    async def write(self, device: Device, command: Command) -> Outcome:
        """Send a command and return once it took effect, as the profile says how to know.

        Raises NotConfirmedError when that could not be seen before the deadline, CommandError for
        data that does not fit, and VendorError for whatever the vendor made of it.
        """
        ...

    def tasks(self, device: Device | None) -> Sequence[Task]:  # noqa: ARG002 - for those who have
        """Return the tasks of a device, or those of the account as a whole; by default none."""
        return ()

    async def run_task(
        self,
        device: Device | None,  # noqa: ARG002 - as above
        task: str,
        data: Mapping[str, Any],  # noqa: ARG002
        progress: TellProgress = tell_nobody,  # noqa: ARG002
    ) -> TaskOutcome:
        """Run a task, named by its key, and return once it is done.

        ``data`` is by the keys of the task's fields. Who cancels it sends no more of it; what the
        vendor has begun goes on. Raises NotConfirmedError when it was not done before its deadline,
        CommandError (TaskDataError for a field) for what cannot be run, and VendorError for
        whatever the vendor made of it.
        """
        raise CommandError(f"there is no task {task!r}")

    async def fetch(self, device: Device, entity: str) -> Picture:
        """Return the picture of an entity, named by its key, as it is now.

        Raises NotFoundError where there is none just now, UnexpectedAnswerError for what is no
        picture, and VendorError.
        """
        ...

    def history(
        self, device: Device, attribute: str, start: datetime, end: datetime
    ) -> AsyncIterator[Sequence[Point]]:
        """Yield what the vendor remembers of an attribute, page after page.

        ``attribute`` is its key; points begin at ``start`` or later, and before ``end`` (aware).
        Raises CommandError for an attribute that has no history, and VendorError.
        """
        ...

    async def close(self) -> None:
        """End what the client began: pending requests, and a session at the vendor."""
        ...
