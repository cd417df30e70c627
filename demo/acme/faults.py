"""Faults that are switched on from outside: which, for which requests, how long."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from .fields import Choice, Field, Integer, Number, Text


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault that is on: what, for which requests, how often, until when (real seconds)."""

    id: int
    kind: str
    path: str = "/v1"
    method: str | None = None
    count: int | None = None
    seconds: float | None = None
    delay: float = 2.0
    retry_after: int = 5
    status: int = 500
    body: str = ""
    content_type: str = "application/json"
    until: float | None = None

    def concerns(self, method: str, path: str) -> bool:
        """Tell whether it strikes a request."""
        return path.startswith(self.path) and self.method in {None, method}


OPTIONS: Mapping[str, Field] = {
    "path": Text(200),
    "method": Choice(("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD")),
    "count": Integer(1, 1_000_000),
    "seconds": Number(0.001, 86400, 0.001),
    "delay": Number(0, 3600, 0.001),
    "retry_after": Integer(0, 86400),
    "status": Integer(200, 599),
    "body": Text(100_000, shortest=0),
    "content_type": Text(100),
}
"""What can be said of a fault beside its kind."""


class Faults:
    """The faults that are on, oldest first; the first that concerns a request strikes it."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._on: list[Fault] = []
        self._made = 0

    def switch_on(self, kind: str, options: Mapping[str, Any]) -> Fault:
        """Switch one on."""
        self._made += 1
        fault = Fault(id=self._made, kind=kind, **options)
        if fault.seconds is not None:
            fault.until = self._now() + fault.seconds
        self._on.append(fault)
        return fault

    def switch_off(self, number: int | None = None) -> None:
        """Switch one off, or all."""
        self._on = [fault for fault in self._on if number not in {None, fault.id}]

    def on(self) -> list[dict[str, Any]]:
        """Return those that are on."""
        self._drop_old()
        return [asdict(fault) for fault in self._on]

    def strike(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes a request, and count it."""
        self._drop_old()
        for fault in self._on:
            if fault.concerns(method, path):
                if fault.count is not None:
                    fault.count -= 1
                return fault
        return None

    def _drop_old(self) -> None:
        now = self._now()
        self._on = [
            fault
            for fault in self._on
            if fault.count != 0 and (fault.until is None or now < fault.until)
        ]
