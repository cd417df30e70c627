"""Signing in, and the account."""

from aiohttp import web

from ..catalogue import ACCOUNT_ID, HOME
from ..errors import InvalidValueError
from ..fields import Text, check_all
from ..service import SERVICE
from ..sessions import EMAIL
from .answers import answer, read_body

_LOGIN = {"email": Text(254), "password": Text(1000)}
_REFRESH = {"refresh_token": Text(1000)}


async def login(request: web.Request) -> web.Response:
    """``POST /v1/login``."""
    values = check_all(_LOGIN, await read_body(request))
    for name in _LOGIN:
        if name not in values:
            raise InvalidValueError(f"{name} is missing", field=name)
    return answer(request.app[SERVICE].sessions.login(values["email"], values["password"]))


async def refresh(request: web.Request) -> web.Response:
    """``POST /v1/refresh``."""
    values = check_all(_REFRESH, await read_body(request))
    return answer(request.app[SERVICE].sessions.refresh(values["refresh_token"]))


async def account(request: web.Request) -> web.Response:
    """``GET /v1/account``."""
    house = request.app[SERVICE].house
    return answer({"id": ACCOUNT_ID, "email": EMAIL, "home": HOME, "time_zone": str(house.zone)})
