"""A reading in the making: what answers have told so far, of which devices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import VendorError
from ..model import Observation, Reading


@dataclass(slots=True)
class Gathering:
    """What a reading holds, to be added to; ``collected`` are the items that make up one."""

    observations: dict[str, Mapping[str, Observation]] = field(default_factory=dict)
    failures: dict[str, VendorError] = field(default_factory=dict)
    rejected: dict[tuple[str, str], str] = field(default_factory=dict)
    collected: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, part: Reading) -> None:
        """Take over what was told of other devices."""
        self.observations.update(part.observations)
        if part.failures:
            self.failures.update(part.failures)
        if part.rejected:
            self.rejected.update(part.rejected)

    def finish(self) -> Reading:
        """Return what has been told."""
        return Reading(
            observations=self.observations, failures=self.failures, rejected=self.rejected
        )
