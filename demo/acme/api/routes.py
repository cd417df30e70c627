"""The addresses of the API."""

from aiohttp import web

from . import account, devices, events, extras, metering, plans

PREFIX = "/v1"
OPEN = frozenset({"/v1/login", "/v1/refresh"})
"""What can be asked without a token."""

ROUTES = (
    web.post("/v1/login", account.login),
    web.post("/v1/refresh", account.refresh),
    web.get("/v1/account", account.account),
    web.get("/v1/devices", devices.list_devices),
    web.get("/v1/devices/{serial}", devices.one_device),
    web.get("/v1/devices/{serial}/status", devices.one_status),
    web.put("/v1/devices/{serial}/state", devices.put_state),
    web.get("/v1/devices/{serial}/meter", metering.meter),
    web.get("/v1/devices/{serial}/history", metering.history),
    web.post("/v1/devices/{serial}/tasks", devices.post_task),
    web.get("/v1/devices/{serial}/picture", extras.picture),
    web.get("/v1/devices/{serial}/forecast", extras.forecast),
    web.get("/v1/devices/{serial}/items", extras.items),
    web.post("/v1/devices/{serial}/items", extras.add_item),
    web.patch("/v1/devices/{serial}/items/{item}", extras.change_item),
    web.delete("/v1/devices/{serial}/items/{item}", extras.remove_item),
    web.get("/v1/devices/{serial}/charging", plans.charging),
    web.post("/v1/devices/{serial}/charging", plans.draft),
    web.post("/v1/plans/{id}/confirm", plans.confirm),
    web.get("/v1/holiday", plans.holiday),
    web.put("/v1/holiday", plans.begin_holiday),
    web.delete("/v1/holiday", plans.end_holiday),
    web.get("/v1/status", devices.all_status),
    web.get("/v1/commands/{id}", devices.one_command),
    web.get("/v1/tasks/{id}", devices.one_task),
    web.get("/v1/events", events.events),
)
