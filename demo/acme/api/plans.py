"""Charging plans of devices, and the holiday of the whole account."""

from aiohttp import web

from ..service import SERVICE
from .answers import answer, read_body


async def charging(request: web.Request) -> web.Response:
    """``GET /v1/devices/{serial}/charging``: the version of what is planned, and the plan."""
    house = request.app[SERVICE].house
    device = house.device(request.match_info["serial"])
    version, plan = device.charging()
    shown = plan.shown(house.zone) if plan is not None else None
    return answer({"serial": device.card.serial, "version": version, "plan": shown})


async def draft(request: web.Request) -> web.Response:
    """``POST /v1/devices/{serial}/charging``: work a plan out, which changes nothing yet."""
    service = request.app[SERVICE]
    serial = request.match_info["serial"]
    service.house.device(serial)
    plan = service.lived.act("draft_plan", serial=serial, body=await read_body(request))
    return answer(plan.shown(service.house.zone), status=201)


async def confirm(request: web.Request) -> web.Response:
    """``POST /v1/plans/{id}/confirm``: do as a plan says from now on."""
    service = request.app[SERVICE]
    body = await read_body(request)
    plan = service.lived.act("confirm_plan", number=request.match_info["id"], body=body)
    return answer(plan.shown(service.house.zone))


async def holiday(request: web.Request) -> web.Response:
    """``GET /v1/holiday``."""
    return answer(request.app[SERVICE].house.holiday.shown())


async def begin_holiday(request: web.Request) -> web.Response:
    """``PUT /v1/holiday``: ``until`` which day nobody is at home."""
    service = request.app[SERVICE]
    service.lived.act("begin_holiday", body=await read_body(request))
    return answer(service.house.holiday.shown())


async def end_holiday(request: web.Request) -> web.Response:
    """``DELETE /v1/holiday``."""
    service = request.app[SERVICE]
    service.lived.act("end_holiday")
    return answer(service.house.holiday.shown())
