"""What happened."""

from aiohttp import web

from ..clock import iso
from ..fields import Integer
from ..service import SERVICE
from .answers import answer, query

_LIMIT = Integer(1, 500)
_PAGE = 100
_SINCE = Integer(0, 10**15)


async def events(request: web.Request) -> web.Response:
    """``GET /v1/events``: those after ``since``, oldest first."""
    house = request.app[SERVICE].house
    since = query(request, "since", _SINCE) or 0
    limit = query(request, "limit", _LIMIT) or _PAGE
    found = house.works.events(since)
    serial = request.query.get("serial")
    if serial is not None:
        house.device(serial)
        found = [event for event in found if event.serial == serial]
    shown = [
        {
            "id": event.id,
            "ts": iso(event.moment, house.zone),
            "serial": event.serial,
            "type": event.type,
            "data": event.data,
        }
        for event in found[:limit]
    ]
    return answer({"data": shown, "latest": house.works.newest_event, "more": len(found) > limit})
