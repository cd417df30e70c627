"""The line in which the commands to one device wait for their turn."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from ..clock import Clock
from ..model import Command, Outcome
from ..waiting import outcome

QUIET: Final = 0.3
"""Seconds without another value after which a slider is taken to have come to rest."""
LONGEST_DRAG: Final = 3.0
"""Seconds for which a slider may move before its value is sent all the same."""

type Send = Callable[[Command, float], Awaitable[Outcome]]
"""Sends a command; given the clock's reading at which somebody first asked for it."""


@dataclass(slots=True, eq=False)
class _Ticket:
    """A command that waits, or is under way."""

    command: Command
    since: float
    asked: float
    settles: bool
    waiters: int = 0
    started: bool = False
    task: asyncio.Task[Outcome] = field(init=False)


class Line:
    """One command after the other. Of several that only set a value, the last one counts.

    A slider that is dragged through forty values leads to two commands: the first, which finds the
    line empty, and the last, which replaced the others while it waited for its turn and for the
    slider to rest. Whoever asked for one that was replaced gets the outcome of the one that
    replaced it.
    """

    def __init__(self, clock: Clock) -> None:
        """Take the clock."""
        self._clock = clock
        self._lock = asyncio.Lock()
        self._sent: _Ticket | None = None
        self._tickets: list[_Ticket] = []

    async def put(self, command: Command, send: Send, *, settles: bool) -> Outcome:
        """Wait for a command's turn, send it and return its outcome.

        When everybody who waits for it has gone, a command that has not been sent never will be.
        """
        ticket = self._join(command, send, settles=settles)
        ticket.waiters += 1
        try:
            return await outcome(ticket.task)
        finally:
            ticket.waiters -= 1
            if not ticket.waiters and not ticket.started:
                ticket.task.cancel()

    def _join(self, command: Command, send: Send, *, settles: bool) -> _Ticket:
        now = self._clock.monotonic()
        last = self._tickets[-1] if self._tickets else None
        if (
            last is not None
            and not last.started
            and settles
            and last.settles
            and _same_kind(last.command, command)
        ):
            last.command = command
            last.asked = now
            return last
        ticket = _Ticket(command=command, since=now, asked=now, settles=settles)
        self._tickets.append(ticket)
        ticket.task = asyncio.create_task(self._drive(ticket, send), name="vendor_bridge command")
        ticket.task.add_done_callback(_look_at)
        return ticket

    async def _drive(self, ticket: _Ticket, send: Send) -> Outcome:
        try:
            async with self._lock:
                await self._rest(ticket)
                ticket.started = True
                self._sent = ticket
                return await send(ticket.command, ticket.since)
        finally:
            self._tickets.remove(ticket)

    async def _rest(self, ticket: _Ticket) -> None:
        """Wait while values follow one another as from a slider, and nothing else is in line."""
        sent = self._sent
        if (
            sent is None
            or not (sent.settles and ticket.settles and _same_kind(sent.command, ticket.command))
            or ticket.since - sent.asked >= QUIET
        ):
            return
        while self._tickets[-1] is ticket:
            now = self._clock.monotonic()
            wait = min(ticket.asked + QUIET, ticket.since + LONGEST_DRAG) - now
            if wait <= 0:
                return
            await self._clock.sleep(wait)

    def cancel(self) -> list[asyncio.Task[Outcome]]:
        """Cancel everything and return what has to be waited for."""
        tasks = [ticket.task for ticket in self._tickets]
        for task in tasks:
            task.cancel()
        return tasks


def _look_at(task: asyncio.Task[Outcome]) -> None:
    """Look at what came of a command that nobody waits for any more."""
    if not task.cancelled():
        task.exception()


def _same_kind(one: Command, other: Command) -> bool:
    return (one.entity, one.name, one.data.keys()) == (other.entity, other.name, other.data.keys())
