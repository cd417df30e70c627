"""What is written, in general: answers, refusals, and that nothing a stranger sends is a fault."""

import contextlib
from datetime import date
import json
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from demo.acme.app import make_house
from demo.acme.clock import SimulatedClock
from demo.acme.errors import (
    DeviceBusyError,
    DeviceLockedError,
    InvalidValueError,
    UnknownFieldError,
)
from demo.acme.journal import LivedHouse

from .conftest import Acme, RealTime

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


async def test_answers_at_once_with_the_new_status(acme: Acme) -> None:
    before = await acme.status("LMP-0001")
    acme.wait(60)
    done = await acme.put("LMP-0001", on=True, level=40)
    assert done == await acme.status("LMP-0001")
    assert (done["on"], done["level"]) == (True, 40)
    assert done["ts"] > before["ts"]


async def test_what_takes_time_is_a_command(acme: Acme) -> None:
    answer = await acme.ask("PUT", "/v1/devices/LCK-0001/state", {"state": "unlocked"})
    assert answer.status == 202
    made = await answer.json()
    assert answer.headers["Location"] == f"/v1/commands/{made['command']}"
    assert (made["state"], made["reason"], made["finished"]) == ("pending", None, None)
    assert await acme.get(answer.headers["Location"]) == made
    acme.wait(3)
    done = await acme.get(answer.headers["Location"])
    assert (done["state"], done["finished"]) == ("done", "2026-11-02T08:30:03.000+01:00")


@pytest.mark.parametrize(
    ("serial", "body", "code", "field"),
    [
        ("LMP-0001", {"color": "red"}, "unknown_field", "color"),
        ("LMP-0001", {"kelvin": 2700}, "unknown_field", "kelvin"),
        ("LMP-0003", {"on": True, "level": 50}, "unknown_field", "level"),
        ("LMP-0001", {"level": 0}, "invalid_value", "level"),
        ("LMP-0001", {"level": 101}, "invalid_value", "level"),
        ("LMP-0001", {"on": "yes"}, "invalid_value", "on"),
        ("LMP-0002", {"kelvin": 2199}, "invalid_value", "kelvin"),
        ("LMP-0002", {"kelvin": 2700, "hue": 1}, "invalid_value", "kelvin"),
        ("LMP-0002", {"effect": "disco"}, "invalid_value", "effect"),
        ("THM-0001", {"target": 30.5}, "invalid_value", "target"),
        ("THM-0001", {"mode": "cool"}, "invalid_value", "mode"),
        ("GAR-0001", {"move": "open", "position": 3}, "invalid_value", "move"),
        ("GAR-0001", {"tilt": 3}, "unknown_field", "tilt"),
        ("CON-0001", {"open": True}, "unknown_field", "open"),
        ("LMP-0001", {}, "invalid_value", None),
        ("LMP-0001", [], "invalid_value", None),
        ("LMP-0001", "on", "invalid_value", None),
    ],
)
async def test_refuses_and_changes_nothing(
    acme: Acme, serial: str, body: object, code: str, field: str | None
) -> None:
    before = await acme.get("/_sim/house")
    refused = await acme.json("PUT", f"/v1/devices/{serial}/state", body, status=422)
    assert refused["error"]["code"] == code
    assert refused["error"].get("field") == field
    assert await acme.get("/_sim/house") == before


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"on=true",
        b"\xff\xfe{}",
        b'{"level": NaN}',
        b'{"level": Infinity}',
        b"[" * 200_000,
        b'{"level": ' + b"9" * 5000 + b"}",
    ],
)
async def test_refuses_what_is_no_json(acme: Acme, raw: bytes) -> None:
    headers = {"Authorization": f"Bearer {acme.tokens['access_token']}"}
    answer = await acme.client.put("/v1/devices/LMP-0001/state", data=raw, headers=headers)
    assert answer.status == 400
    assert (await answer.json())["error"]["code"] == "malformed_body"


def house() -> LivedHouse:
    clock = SimulatedClock(RealTime())
    return LivedHouse(make_house(clock, days=0), clock)


HOUSE = house()
SETTABLE = sorted(serial for serial, device in HOUSE.house.devices.items() if device.settings())


def right_values(described: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Draw from all values that a field takes."""
    if "options" in described:
        return st.sampled_from(described["options"])
    if "min" in described:
        steps = round((described["max"] - described["min"]) / described["step"])
        return st.integers(0, steps).map(lambda step: described["min"] + step * described["step"])
    if described["type"] == "day":
        return st.none() | st.dates(min_value=date(1000, 1, 1)).map("{:%d.%m.%Y}".format)
    if described["type"] == "time":
        return st.times().map("{:%H.%M}".format)
    if described["type"] == "text":
        long = st.text(st.characters(codec="ascii", categories=["L", "Nd"]))
        return long.filter(
            lambda text: described["min_length"] <= len(text) <= described["max_length"]
        )
    return st.booleans()


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draw a device, and a body whose names and values are right more often than not."""
    serial = draw(st.sampled_from(SETTABLE))
    body = {}
    for name, field in HOUSE.house.device(serial).settings().items():
        if draw(st.booleans()):
            right = right_values(field.describe())
            body[name] = draw(right if draw(st.integers(0, 9)) else JSON)
    return serial, body | draw(st.dictionaries(st.text(), JSON, max_size=1))


@given(st.lists(st.tuples(bodies(), st.floats(0, 100)), max_size=5))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_written_is_done_or_refused(
    steps: list[tuple[tuple[str, dict[str, Any]], float]],
) -> None:
    for (serial, body), pause in steps:
        with contextlib.suppress(
            UnknownFieldError, InvalidValueError, DeviceBusyError, DeviceLockedError
        ):
            HOUSE.act("command", serial=serial, body=body)
        HOUSE.advance(pause)
        for device in HOUSE.house.devices.values():
            json.dumps(device.report(), allow_nan=False)
            for name, field in device.settings().items():
                shown = device.fields().get(name)
                described = field.describe()
                if shown is not None and "min" in described and name != "level":
                    assert described["min"] <= shown <= described["max"], name


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH"]),
            st.sampled_from(
                [
                    "/v1/login",
                    "/v1/refresh",
                    "/v1/devices",
                    "/v1/status",
                    "/v1/devices/LMP-0002/state",
                    "/v1/devices/VAC-0001/tasks",
                    "/v1/devices/MTR-0001/history",
                    "/v1/events",
                    "/_sim/house",
                    "/_sim/clock",
                    "/_sim/settings",
                    "/_sim/tokens/revoke",
                ]
            ),
            st.dictionaries(
                st.sampled_from(
                    ["cursor", "limit", "since", "from", "to", "serials", "resolution"]
                ),
                st.text(max_size=20),
                max_size=3,
            ),
            JSON | st.dictionaries(st.sampled_from(["set", "add", "task", "rooms", "on"]), JSON),
        ),
        max_size=20,
    )
)
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_no_request_is_a_fault_of_the_server(
    acme: Acme, requests: list[tuple[str, str, dict[str, str], object]]
) -> None:
    for method, path, query, body in requests:
        headers = {"Authorization": f"Bearer {acme.tokens['access_token']}"}
        raw = json.dumps(body).encode()
        answer = await acme.client.request(method, path, params=query, data=raw, headers=headers)
        content = await answer.json()
        assert answer.status < 500, (method, path, query, body)
        assert answer.status < 400 or set(content) == {"error"}
        if answer.status == 401:
            await acme.sign_in()
