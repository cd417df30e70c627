"""The stub vendor: a program of its own that answers from memory.

`python -m bench.stub PORT`. What leads below /bench is for the benchmark, and is not counted.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
import sys
import time
from typing import Any

from aiohttp import web
import orjson

from .shape import FEW_CHANGE, Shape, Values, device_name

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""When the numbers of a vendor that dates them were measured before the first step."""


class Vendor:
    """What the vendor is now: its answers are made when it changes, not when they are asked for."""

    def __init__(self) -> None:
        self.shape = Shape(devices=0, attributes=0)
        self.values = Values(self.shape)
        self.answers: dict[str, bytes] = {}
        self.counts: Counter[str] = Counter()
        self.arrivals: list[int] = []

    def become(self, shape: Shape) -> None:
        """Be of another size."""
        self.shape = shape
        self.values = Values(shape)
        self._tell()

    def step(self, one_in: int) -> None:
        """Let some time pass."""
        self.values.step(one_in)
        self._tell()

    def _tell(self) -> None:
        ids = list(self.shape.device_ids())
        told: list[dict[str, Any]] = [
            dict(self.values.of(number)) for number in range(self.shape.devices)
        ]
        if self.shape.dated:
            measured = {"measured": (EPOCH + timedelta(seconds=self.values.steps)).isoformat()}
            told = [values | measured for values in told]
        listing = [
            {"id": device_id, "name": device_name(device_id), "type": "meter"} for device_id in ids
        ]
        self.answers = {"/devices": orjson.dumps(listing)}
        if self.shape.scope == "account":
            items = [{"id": one, **values} for one, values in zip(ids, told, strict=True)]
            self.answers["/all"] = orjson.dumps({"devices": items})
            return
        for device_id, values in zip(ids, told, strict=True):
            self.answers[f"/devices/{device_id}"] = orjson.dumps(values)
            self.answers[f"/pages/{device_id}"] = _page(values)

    def _etag(self, path: str) -> str:
        return f'"{hash(self.answers[path]):x}"'

    async def get(self, request: web.Request) -> web.Response:
        """Answer a read."""
        self.counts["requests"] += 1
        if self.shape.restless and self.counts["requests"] % self.shape.restless == 0:
            self.step(FEW_CHANGE)
        body = self.answers.get(request.path)
        if body is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        headers = {}
        if self.shape.etag:
            headers["ETag"] = self._etag(request.path)
            if request.headers.get("If-None-Match") == headers["ETag"]:
                return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        self.counts["bodies"] += 1
        kind = "text/html" if request.path.startswith("/pages/") else "application/json"
        return web.Response(body=body, content_type=kind, headers=headers)

    async def put(self, request: web.Request) -> web.Response:
        """Take a command, and note when it came, on the clock that all processes share."""
        self.arrivals.append(time.monotonic_ns())
        self.counts["commands"] += 1
        return web.json_response(await request.json())

    async def control(self, request: web.Request) -> web.Response:
        """Do what the benchmark wants, and tell it what has been asked since the last time."""
        wanted: dict[str, Any] = orjson.loads(await request.read())
        if "shape" in wanted:
            self.become(Shape(**wanted["shape"]))
        if "step" in wanted:
            self.step(wanted["step"])
        counts, self.counts = dict(self.counts), Counter()
        arrivals, self.arrivals = self.arrivals, []
        return web.json_response({"counts": counts, "arrivals": arrivals})


def _page(values: dict[str, float]) -> bytes:
    rows = "".join(
        f'<tr><td>{key}</td><td id="{key}">{value}</td></tr>' for key, value in values.items()
    )
    return f"<!doctype html><html><body><table>{rows}</table></body></html>".encode()


def main() -> None:
    """Answer on a port of the loopback interface until stopped."""
    vendor = Vendor()
    app = web.Application(client_max_size=2**24)
    app.router.add_post("/bench", vendor.control)
    app.router.add_put("/{path:.*}", vendor.put)
    app.router.add_get("/{path:.*}", vendor.get)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()
