"""What listing, reading and writing have in common: the means to ask and to remember."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..clock import Clock
from ..http.connection import Connection
from .memory import Memory
from .plans import CompiledProfile
from .selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """One account's: ``setup`` holds what the user filled in, by the names of the profile."""

    profile: CompiledProfile
    connection: Connection
    selection: Selection
    clock: Clock
    setup: Mapping[str, Any] = field(repr=False)
    memory: Memory
