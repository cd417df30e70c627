"""All that the server is made of, in one place."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from .clock import SimulatedClock
from .faults import Faults
from .house import House
from .journal import LivedHouse
from .limits import RateLimiter
from .request_log import RequestLog
from .sessions import Sessions


@dataclass(slots=True)
class Settings:
    """What can be chosen: when the server starts, and through the back door."""

    token_seconds: float = 120
    requests_per_minute: int = 600
    page_size: int = 5


@dataclass(slots=True)
class Service:
    """What the handlers work with."""

    lived: LivedHouse
    settings: Settings
    sessions: Sessions
    limiter: RateLimiter
    faults: Faults
    log: RequestLog

    @property
    def house(self) -> House:
        """Return the house as it is now."""
        return self.lived.house

    @property
    def clock(self) -> SimulatedClock:
        """Return the house's clock."""
        return self.lived.clock


SERVICE = web.AppKey("acme_service", Service)


def make_service(
    lived: LivedHouse, settings: Settings | None = None, *, sessions_path: Path | None = None
) -> Service:
    """Put a service together around a house."""
    chosen = settings or Settings()
    real = lived.clock.real
    return Service(
        lived=lived,
        settings=chosen,
        sessions=Sessions(real, chosen.token_seconds, path=sessions_path),
        limiter=RateLimiter(real, chosen.requests_per_minute),
        faults=Faults(real),
        log=RequestLog(),
    )


def bearer(request: web.Request) -> str:
    """Return the bearer token of a request, empty if it has none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
