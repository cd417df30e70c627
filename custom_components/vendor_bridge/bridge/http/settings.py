"""How a connection behaves."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import uniform
from typing import Any

from aiohttp import Fingerprint

from ..pacing import Jitter
from .allowance import Names
from .limits import Limits
from .message import Answer, Explain
from .retry import Retry
from .wire import Tls


def no_secrets() -> Iterable[str]:
    """Return that there is nothing to hide."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a profile can say about the connection to its vendor, and what the user did.

    ``headers`` go with every request. ``max_bytes`` is the size of an answer, unpacked, beyond
    which it is refused. ``connect_timeout`` and ``return_after`` (the time after which the first
    address is tried again) are in seconds. ``describe_error`` finds the vendor's own words in a
    decoded refusal; ``failure_body`` finds out that an answer is a refusal in spite of its status,
    and returns the vendor's words. ``secrets`` returns what must not be seen in those words.
    ``limit_headers`` are the vendor's own names of the headers that tell of its limits.
    ``pins`` are the certificates that the user accepted, each by the "host:port" that has it.
    ``jitter`` picks what is added to a vendor's wish to be left alone.
    """

    limits: Limits = field(default_factory=Limits)
    limit_headers: Names | None = None
    jitter: Jitter = uniform
    retry: Retry = field(default_factory=Retry)
    tls: Tls = True
    pins: Mapping[str, Fingerprint] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    max_bytes: int = 8 * 2**20
    connect_timeout: float = 5.0
    return_after: float = 60.0
    describe_error: Explain[Any] | None = None
    failure_body: Explain[Answer] | None = None
    secrets: Callable[[], Iterable[str]] = field(default=no_secrets, repr=False)
