"""What only some devices have: pictures, a forecast, a list."""

from aiohttp import web

from ..service import SERVICE
from .answers import answer, read_body


async def picture(request: web.Request) -> web.Response:
    """``GET /v1/devices/{serial}/picture``: a PNG."""
    house = request.app[SERVICE].house
    device = house.device(request.match_info["serial"])
    return web.Response(body=device.picture(house.now), content_type="image/png")


async def forecast(request: web.Request) -> web.Response:
    """``GET /v1/devices/{serial}/forecast``: hours and days to come."""
    house = request.app[SERVICE].house
    device = house.device(request.match_info["serial"])
    return answer({"serial": device.card.serial, **device.forecast(house.now)})


async def items(request: web.Request) -> web.Response:
    """``GET /v1/devices/{serial}/items``: the list, in its order."""
    device = request.app[SERVICE].house.device(request.match_info["serial"])
    return answer({"serial": device.card.serial, "items": device.items()})


async def add_item(request: web.Request) -> web.Response:
    """``POST /v1/devices/{serial}/items``."""
    service = request.app[SERVICE]
    serial = request.match_info["serial"]
    service.house.device(serial)
    body = await read_body(request)
    return answer(service.lived.act("add_item", serial=serial, body=body), status=201)


async def change_item(request: web.Request) -> web.Response:
    """``PATCH /v1/devices/{serial}/items/{item}``: what is to change; ``after`` moves it."""
    service = request.app[SERVICE]
    serial, number = request.match_info["serial"], request.match_info["item"]
    service.house.device(serial)
    body = await read_body(request)
    return answer(service.lived.act("change_item", serial=serial, number=number, body=body))


async def remove_item(request: web.Request) -> web.Response:
    """``DELETE /v1/devices/{serial}/items/{item}``."""
    service = request.app[SERVICE]
    serial, number = request.match_info["serial"], request.match_info["item"]
    service.house.device(serial)
    service.lived.act("remove_item", serial=serial, number=number)
    return web.Response(status=204)
