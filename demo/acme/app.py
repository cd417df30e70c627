"""The web application."""

from aiohttp import web

from .api.routes import ROUTES
from .back_door import ROUTES as BACK_DOOR
from .clock import SimulatedClock
from .front_page import front_page
from .house import House, birth
from .journal import LivedHouse
from .middlewares import ALL
from .service import SERVICE, Service, Settings, make_service

_LARGEST_BODY = 256 * 1024
PAST_DAYS = 30


def make_house(clock: SimulatedClock, *, seed: int = 1, days: int = PAST_DAYS) -> House:
    """Return the house of the demo, which has lived through that many days."""
    now = clock.now()
    house = House(born=now, cards=(), seed=seed)
    return House(born=birth(now, days, house.zone), seed=seed)


def create_app(
    house: House, clock: SimulatedClock, *, settings: Settings | None = None
) -> web.Application:
    """Return the server for a house, in this process and without a memory on disk."""
    return create_app_for(make_service(LivedHouse(house, clock), settings))


def create_app_for(service: Service) -> web.Application:
    """Return the server for a service that was put together."""
    app = web.Application(middlewares=ALL, client_max_size=_LARGEST_BODY)
    app[SERVICE] = service
    app.router.add_get("/", front_page)
    app.add_routes(ROUTES)
    app.add_routes(BACK_DOOR)
    app.on_cleanup.append(_close)
    return app


async def _close(app: web.Application) -> None:
    app[SERVICE].lived.close()
