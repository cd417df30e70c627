"""The devices of the account, what they show, and what they are told."""

from typing import Any

from aiohttp import web

from ..clock import iso
from ..fields import Integer
from ..house import House
from ..kinds import Device
from ..service import SERVICE
from ..works import Command, Task
from .answers import answer, query, read_body, read_cursor, write_cursor

_LIMIT = Integer(1, 50)


def status_of(device: Device, house: House) -> dict[str, Any]:
    """Return a device's status as the API shows it."""
    report = device.report()
    return {"serial": report["serial"], "ts": iso(device.reported_at, house.zone), **report}


async def list_devices(request: web.Request) -> web.Response:
    """``GET /v1/devices``: oldest first, so that a page stays right while devices come and go."""
    service = request.app[SERVICE]
    house = service.house
    limit = query(request, "limit", _LIMIT) or service.settings.page_size
    after = read_cursor(request) or 0
    left = [(number, serial) for serial, number in house.numbers.items() if number > after]
    page = left[:limit]
    following = None
    if len(left) > limit:
        following = f"/v1/devices?cursor={write_cursor(page[-1][0])}"
        if "limit" in request.query:
            following += f"&limit={limit}"
    shown = [_shown(house.devices[serial]) for _, serial in page]
    return answer({"data": shown, "links": {"next": following}, "total": len(house.devices)})


async def one_device(request: web.Request) -> web.Response:
    """``GET /v1/devices/{serial}``."""
    return answer(_shown(request.app[SERVICE].house.device(request.match_info["serial"])))


async def all_status(request: web.Request) -> web.Response:
    """``GET /v1/status``: of all devices, or of those in ``serials``."""
    house = request.app[SERVICE].house
    asked = request.query.get("serials")
    if asked is None:
        return answer({"data": [status_of(device, house) for device in house.devices.values()]})
    serials = list(dict.fromkeys(serial for serial in asked.split(",") if serial))
    found = [house.devices[serial] for serial in serials if serial in house.devices]
    missing = [serial for serial in serials if serial not in house.devices]
    return answer({"data": [status_of(device, house) for device in found], "missing": missing})


async def one_status(request: web.Request) -> web.Response:
    """``GET /v1/devices/{serial}/status``."""
    house = request.app[SERVICE].house
    return answer(status_of(house.device(request.match_info["serial"]), house))


async def put_state(request: web.Request) -> web.Response:
    """``PUT /v1/devices/{serial}/state``."""
    service = request.app[SERVICE]
    serial = request.match_info["serial"]
    service.house.device(serial)
    body = service.house.admit(serial, await read_body(request))
    command: Command | None = service.lived.act("command", serial=serial, body=body)
    if command is None:
        house = service.house
        return answer(status_of(house.device(serial), house))
    shown = _command(command, service.house)
    return answer(shown, status=202, headers={"Location": f"/v1/commands/{command.id}"})


async def one_command(request: web.Request) -> web.Response:
    """``GET /v1/commands/{id}``."""
    house = request.app[SERVICE].house
    return answer(_command(house.works.command(request.match_info["id"]), house))


async def post_task(request: web.Request) -> web.Response:
    """``POST /v1/devices/{serial}/tasks``: ``task`` and what it takes."""
    service = request.app[SERVICE]
    serial = request.match_info["serial"]
    service.house.device(serial)
    body = await read_body(request)
    name = body.pop("task", "")
    task: Task = service.lived.act("task", serial=serial, name=str(name), data=body)
    headers = {"Location": f"/v1/tasks/{task.id}"}
    return answer(_task(task, service.house), status=202, headers=headers)


async def one_task(request: web.Request) -> web.Response:
    """``GET /v1/tasks/{id}``."""
    house = request.app[SERVICE].house
    return answer(_task(house.works.task(request.match_info["id"]), house))


def _shown(device: Device) -> dict[str, Any]:
    shown = device.card.public()
    return {**shown, "online": device.online, "capabilities": device.capabilities()}


def _command(command: Command, house: House) -> dict[str, Any]:
    return {
        "command": command.id,
        "serial": command.serial,
        "state": command.state,
        "reason": command.reason,
        "created": iso(command.created, house.zone),
        "finished": None if command.finished is None else iso(command.finished, house.zone),
    }


def _task(task: Task, house: House) -> dict[str, Any]:
    return {
        "id": task.id,
        "serial": task.serial,
        "task": task.name,
        **task.data,
        "state": task.state,
        "progress": task.progress,
        "reason": task.reason,
        "created": iso(task.created, house.zone),
        "finished": None if task.finished is None else iso(task.finished, house.zone),
    }
