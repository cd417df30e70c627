"""The simulator's own door, for tests: it sees the true house, and can do what nature does.

It has no sign-in, and no vendor has one.
"""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from .api.answers import answer, query, read_body
from .api.devices import status_of
from .clock import iso
from .errors import InvalidValueError, UnknownFieldError
from .fault_table import FAULTS
from .faults import OPTIONS
from .fields import Field, Integer, Number, Switch, check_all, finite
from .service import SERVICE, Service

_SETTINGS: Mapping[str, Field] = {
    "token_seconds": Number(0.001, 86400, 0.001),
    "requests_per_minute": Integer(1, 1_000_000),
    "page_size": Integer(1, 50),
}
_REVOKE: Mapping[str, Field] = {"access": Switch(), "refresh": Switch()}
_HOUSE = frozenset({"set", "add", "remove"})
_CLOCK = frozenset({"advance", "speed"})
_NUMBER = Integer(0, 10**15)


def _house(service: Service) -> dict[str, Any]:
    house = service.house
    return {
        "now": iso(house.now, house.zone),
        "born": iso(house.born, house.zone),
        "speed": service.clock.anchor.speed,
        "devices": {
            serial: {
                **device.card.public(),
                "status": status_of(device, house) | device.fields(),
                "truth": device.truth(),
            }
            for serial, device in house.devices.items()
        },
    }


def _known(body: Mapping[str, Any], names: frozenset[str]) -> None:
    for name in body:
        if name not in names:
            known = ", ".join(sorted(names))
            raise UnknownFieldError(f"{name[:50]!r} is no field; known: {known}", field=name[:50])


async def see_house(request: web.Request) -> web.Response:
    """``GET /_sim/house``: all of it, as it truly is, whatever the vendor has heard."""
    return answer(_house(request.app[SERVICE]))


async def change_house(request: web.Request) -> web.Response:
    """``POST /_sim/house``: ``set`` levers by serial, ``add`` devices, ``remove`` serials."""
    service = request.app[SERVICE]
    body = await read_body(request)
    _known(body, _HOUSE)
    pulls, added, removed = body.get("set", {}), body.get("add", []), body.get("remove", [])
    if not isinstance(pulls, dict) or not all(isinstance(pull, dict) for pull in pulls.values()):
        raise InvalidValueError("set must map serials to objects", field="set")
    if not isinstance(added, list) or not all(isinstance(device, dict) for device in added):
        raise InvalidValueError("add must be a list of objects", field="add")
    if not isinstance(removed, list) or not all(isinstance(serial, str) for serial in removed):
        raise InvalidValueError("remove must be a list of serials", field="remove")
    for serial, pull in pulls.items():
        service.house.check_pull(serial, pull)
    for serial, pull in pulls.items():
        service.lived.act("pull", serial=serial, body=pull)
    for device in added:
        service.lived.act("add", device=device)
    for serial in removed:
        service.lived.act("remove", serial=serial)
    return answer(_house(service))


async def see_faults(request: web.Request) -> web.Response:
    """``GET /_sim/faults``."""
    return answer({"faults": request.app[SERVICE].faults.on()})


async def switch_on_fault(request: web.Request) -> web.Response:
    """``POST /_sim/faults``: ``kind`` and options."""
    body = await read_body(request)
    kind = body.pop("kind", None)
    if not isinstance(kind, str) or kind not in FAULTS:
        raise InvalidValueError(f"kind must be one of {', '.join(FAULTS)}", field="kind")
    options = check_all(OPTIONS, body) if body else {}
    fault = request.app[SERVICE].faults.switch_on(kind, options)
    return answer({"id": fault.id, "kind": fault.kind}, status=201)


async def switch_off_faults(request: web.Request) -> web.Response:
    """``DELETE /_sim/faults``: all, or ``/_sim/faults/{id}``."""
    number = request.match_info.get("id")
    request.app[SERVICE].faults.switch_off(None if number is None else int(number))
    return answer({"faults": request.app[SERVICE].faults.on()})


async def set_clock(request: web.Request) -> web.Response:
    """``POST /_sim/clock``: ``advance`` by seconds, run at ``speed``."""
    service = request.app[SERVICE]
    body = await read_body(request)
    _known(body, _CLOCK)
    values = {name: finite(value, name) for name, value in body.items()}
    if "speed" in values:
        service.lived.set_speed(values["speed"])
    if "advance" in values:
        service.lived.advance(values["advance"])
    return await see_clock(request)


async def see_clock(request: web.Request) -> web.Response:
    """``GET /_sim/clock``."""
    service = request.app[SERVICE]
    house = service.house
    return answer({"now": iso(house.now, house.zone), "speed": service.clock.anchor.speed})


async def see_log(request: web.Request) -> web.Response:
    """``GET /_sim/log``: requests after number ``since``, newest last."""
    since = query(request, "since", _NUMBER) or 0
    return answer({"requests": request.app[SERVICE].log.since(since)})


async def clear_log(request: web.Request) -> web.Response:
    """``DELETE /_sim/log``."""
    request.app[SERVICE].log.clear()
    return answer({"requests": []})


async def revoke_tokens(request: web.Request) -> web.Response:
    """``POST /_sim/tokens/revoke``: all, or only ``access`` or ``refresh`` tokens."""
    body = check_all(_REVOKE, await read_body(request)) if request.can_read_body else {}
    asked = body or {"access": True, "refresh": True}
    access, refresh = asked.get("access", False), asked.get("refresh", False)
    request.app[SERVICE].sessions.revoke(access=access, refresh=refresh)
    return answer({"access": access, "refresh": refresh})


async def expire_tokens(request: web.Request) -> web.Response:
    """``POST /_sim/tokens/expire``: all access tokens have expired; refresh tokens are good."""
    request.app[SERVICE].sessions.expire_all()
    return answer({"expired": True})


async def change_settings(request: web.Request) -> web.Response:
    """``POST /_sim/settings``."""
    service = request.app[SERVICE]
    for name, value in check_all(_SETTINGS, await read_body(request)).items():
        setattr(service.settings, name, value)
    service.sessions.lifetime = service.settings.token_seconds
    service.limiter.per_minute = service.settings.requests_per_minute
    return await see_settings(request)


async def see_settings(request: web.Request) -> web.Response:
    """``GET /_sim/settings``."""
    settings = request.app[SERVICE].settings
    return answer({name: getattr(settings, name) for name in _SETTINGS})


ROUTES = (
    web.get("/_sim/house", see_house),
    web.post("/_sim/house", change_house),
    web.get("/_sim/faults", see_faults),
    web.post("/_sim/faults", switch_on_fault),
    web.delete("/_sim/faults", switch_off_faults),
    web.delete(r"/_sim/faults/{id:\d{1,9}}", switch_off_faults),
    web.get("/_sim/clock", see_clock),
    web.post("/_sim/clock", set_clock),
    web.get("/_sim/log", see_log),
    web.delete("/_sim/log", clear_log),
    web.post("/_sim/tokens/revoke", revoke_tokens),
    web.post("/_sim/tokens/expire", expire_tokens),
    web.get("/_sim/settings", see_settings),
    web.post("/_sim/settings", change_settings),
)
