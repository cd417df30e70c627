"""Axes that move: a position that travels to where it was sent."""

from dataclasses import dataclass

from ..works import Command

FULL = 100.0


@dataclass(slots=True)
class Axis:
    """A position from 0 to 100 that needs ``travel`` milliseconds from end to end."""

    travel: int
    position: float
    target: float = 0.0
    started: int = 0
    origin: float = 0.0
    command: Command | None = None
    moving: bool = False

    def send(self, target: float, now: int, command: Command | None) -> None:
        """Start towards a target; a command that this interrupts has failed."""
        self.halt(now, "superseded")
        self.origin, self.target, self.started = self.position, target, now
        self.command, self.moving = command, True

    def arrival(self) -> int:
        """Return when it will be there."""
        return self.started + round(abs(self.target - self.origin) / FULL * self.travel)

    def follow(self, now: int) -> None:
        """Move on to where it is now, and finish the command there."""
        if not self.moving:
            return
        if now >= self.arrival():
            self.position, self.moving = self.target, False
            if self.command is not None:
                self.command.part_done(now)
                self.command = None
            return
        way = (now - self.started) / self.travel * FULL
        self.position = self.origin + (way if self.target > self.origin else -way)

    def halt(self, now: int, reason: str) -> None:
        """Stop where it is; its command has failed."""
        self.follow(now)
        if self.moving:
            self.moving = False
            if self.command is not None:
                self.command.fail(reason, now)
                self.command = None

    @property
    def direction(self) -> str | None:
        """Return ``up``, ``down`` or, at rest, None."""
        if not self.moving:
            return None
        return "up" if self.target > self.origin else "down"
