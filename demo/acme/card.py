"""What is known of a device without asking it."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class Card:
    """A device as it is on the account; ``options`` tell models of one kind apart."""

    serial: str
    kind: str
    label: str
    model: str
    room: str | None = None
    firmware: str = "1.0.0"
    hardware: str = "A"
    parent: str | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def public(self) -> dict[str, Any]:
        """Return what the account's device list shows."""
        shown = asdict(self)
        del shown["options"]
        return shown
