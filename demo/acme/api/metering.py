"""What the meters show, and what they showed."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from ..clock import DAY, SECOND, from_datetime, iso, local
from ..errors import InvalidValueError, NoMeterError
from ..fields import Integer
from ..house import House
from ..kinds import Device
from ..kinds.base import SAMPLE
from ..noise import draw
from ..service import SERVICE
from .answers import answer, query, query_time, read_cursor, write_cursor

_DAILY = DAY // SECOND
_RESOLUTIONS = (300, 900, 3600, _DAILY)
_LIMIT = Integer(1, 1000)
_PAGE = 200
_MILLI = 1000
_KWH = 1_000_000


def _metered(request: web.Request, house: House) -> tuple[Device, int]:
    """Return the device asked for, and when it was heard of last."""
    device = house.device(request.match_info["serial"])
    if not device.ledgers:
        raise NoMeterError(f"{device.card.serial} does not measure energy")
    return device, house.now if device.offline_since is None else device.offline_since


async def meter(request: web.Request) -> web.Response:
    """``GET /v1/devices/{serial}/meter``: as measured at the last full ten seconds."""
    house = request.app[SERVICE].house
    device, heard = _metered(request, house)
    moment = max(device.born, heard // SAMPLE * SAMPLE)
    told = {"serial": device.card.serial, "ts": iso(moment, house.zone)}
    readings = {name: ledger.reading(moment) / _KWH for name, ledger in device.ledgers.items()}
    if "kwh" not in readings:
        return answer(told | readings)
    watts = device.net_power(moment) / _MILLI
    volts = round(228 + 4 * draw(house.seed, "volts", moment // SAMPLE), 1)
    return answer(
        {**told, "watts": watts, **readings, "volts": volts, "amps": round(watts / volts, 3)}
    )


async def history(request: web.Request) -> web.Response:
    """``GET /v1/devices/{serial}/history``: whole intervals, oldest first."""
    house = request.app[SERVICE].house
    device, heard = _metered(request, house)
    resolution = query(request, "resolution", Integer(1, _DAILY)) or 3600
    if resolution not in _RESOLUTIONS:
        choices = ", ".join(map(str, _RESOLUTIONS))
        raise InvalidValueError(f"resolution must be one of {choices}", field="resolution")
    until = query_time(request, "to", house.zone)
    until = heard if until is None else until
    begin = query_time(request, "from", house.zone)
    begin = until - DAY if begin is None else begin
    if begin >= until:
        raise InvalidValueError("from must be before to", field="from")
    position = read_cursor(request)
    limit = query(request, "limit", _LIMIT) or _PAGE
    # The first interval may have begun before the meter did; it counted nothing until then.
    start = begin if position is None else max(begin, position)
    intervals = _intervals(max(start, 0), min(until, heard), resolution, device.born, house.zone)
    points: list[dict[str, Any]] = []
    following = None
    for one, two in intervals:
        if two > heard:
            break
        if len(points) == limit:
            following = _next(request, write_cursor(one))
            break
        points.append(_point(device, one, two, house.zone))
    return answer(
        {
            "serial": device.card.serial,
            "resolution": resolution,
            "points": points,
            "links": {"next": following},
        }
    )


def _next(request: web.Request, cursor: str) -> str:
    return str(request.rel_url.update_query(cursor=cursor))


def _point(device: Device, begin: int, end: int, zone: ZoneInfo) -> dict[str, Any]:
    point: dict[str, Any] = {"t": iso(begin, zone)}
    for name, ledger in device.ledgers.items():
        total = ledger.reading(end)
        point[name] = (total - ledger.reading(begin)) / _KWH
        point[f"{name}_total"] = total / _KWH
    if "kwh" not in device.ledgers:
        return point
    mean = device.ledgers["kwh"].mean(begin, end)
    if device.against is not None:
        mean -= device.ledgers[device.against].mean(begin, end)
    point["watts_mean"] = mean / _MILLI
    return point


def _intervals(
    begin: int, until: int, resolution: int, born: int, zone: ZoneInfo
) -> Iterator[tuple[int, int]]:
    """Yield the intervals that start in a period, from the one in which the meter was born."""
    step = resolution * SECOND
    if resolution == _DAILY:
        edges = _midnights(max(begin, _midnight(born, zone)), zone)
    else:
        first = max(-(-begin // step) * step, born // step * step)
        edges = iter(range(first, until + 2 * step, step))
    for start, end in pairwise(edges):
        if start >= until:
            return
        yield start, end


def _midnight(moment: int, zone: ZoneInfo) -> int:
    day = local(moment, zone).date()
    return from_datetime(datetime.combine(day, time.min, zone))


def _midnights(begin: int, zone: ZoneInfo) -> Iterator[int]:
    """Yield the local midnights from a moment on: 23, 24 or 25 hours apart."""
    day = local(begin, zone).date()
    if _midnight(begin, zone) < begin:
        day += timedelta(days=1)
    while True:
        yield from_datetime(datetime.combine(day, time.min, zone))
        day += timedelta(days=1)
