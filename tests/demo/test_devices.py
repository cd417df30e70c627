from typing import Any

import pytest

from demo.acme.kinds import KINDS
from demo.acme.kinds.lamp import Lamp

from .conftest import Acme


async def pages(acme: Acme, path: str) -> list[list[str]]:
    found = []
    following: str | None = path
    while following is not None:
        page = await acme.get(following)
        found.append([device["serial"] for device in page["data"]])
        following = page["links"]["next"]
    return found


async def test_lists_all_devices_in_pages_of_five(acme: Acme) -> None:
    found = await pages(acme, "/v1/devices")
    assert [len(page) for page in found] == [5] * 8 + [3]
    serials = [serial for page in found for serial in page]
    assert serials == list(acme.house.devices)
    assert len(set(serials)) == 43
    assert await pages(acme, "/v1/devices?limit=50") == [serials]
    assert [len(page) for page in await pages(acme, "/v1/devices?limit=20")] == [20, 20, 3]


async def test_every_kind_is_in_the_house(acme: Acme) -> None:
    page = await acme.get("/v1/devices?limit=50")
    # A plug is only sold, not yet bought.
    assert {device["kind"] for device in page["data"]} == KINDS.keys() - {"plug"}
    assert page["total"] == 43


async def test_tells_what_a_device_can_do(acme: Acme) -> None:
    lamp = await acme.get("/v1/devices/LMP-0002")
    settings = lamp["capabilities"]["settings"]
    assert settings["kelvin"] == {
        "type": "integer",
        "min": 2200,
        "max": 6500,
        "step": 1,
        "unit": "K",
    }
    assert settings["effect"]["options"] == ["candle", "fireplace", "rainbow", "sunset"]
    assert (lamp["model"], lamp["room"], lamp["parent"]) == ("Glow Color", "Living room", None)
    socket = await acme.get("/v1/devices/STR-0001-2")
    assert socket["parent"] == "STR-0001"
    assert socket["capabilities"]["meter"] is True
    assert "options" not in socket


async def test_every_written_field_is_shown(acme: Acme) -> None:
    """A field that can be set to a value can also be read, but for those that are write only."""
    write_only = {
        *("transition", "move", "do", "code", "power", "seek_ms", "open", "key"),
        *("install", "message", "headline", "scene", "fade"),
    }
    status = {entry["serial"]: entry for entry in (await acme.get("/v1/status"))["data"]}
    for serial, device in acme.house.devices.items():
        values = {
            name
            for name, field in device.settings().items()
            if field.describe()["type"] != "action"
        }
        assert values - write_only <= status[serial].keys(), serial


async def test_a_page_stays_right_when_devices_come_and_go(acme: Acme) -> None:
    first = await acme.get("/v1/devices")
    new = {"serial": "LMP-0099", "model": "Glow One", "label": "New lamp"}
    await acme.json(
        "POST", "/_sim/house", {"remove": ["LMP-0001", "LMP-0003"], "add": [new]}, status=200
    )
    rest = await pages(acme, first["links"]["next"])
    assert rest[0][0] == "MTR-0001" if len(first["data"]) == 4 else "SOL-0001"
    assert rest[-1][-1] == "LMP-0099"
    assert sum(map(len, rest)) == 39


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("cursor=x", 400, "invalid_cursor"),
        ("cursor=", 400, "invalid_cursor"),
        ("cursor=cA", 400, "invalid_cursor"),
        ("cursor=%F0%9F%92%A1", 400, "invalid_cursor"),
        ("limit=0", 422, "invalid_value"),
        ("limit=51", 422, "invalid_value"),
        ("limit=many", 422, "invalid_value"),
        ("limit=-1", 422, "invalid_value"),
    ],
)
async def test_refuses_wrong_pages(acme: Acme, query: str, status: int, code: str) -> None:
    refused = await acme.get(f"/v1/devices?{query}", status=status)
    assert refused["error"]["code"] == code


async def test_one_request_tells_of_all_of_some_or_of_one(acme: Acme) -> None:
    everything = await acme.get("/v1/status")
    by_serial = {entry["serial"]: entry for entry in everything["data"]}
    assert by_serial.keys() == acme.house.devices.keys()

    some = await acme.get("/v1/status?serials=LCK-0001,NONE,LMP-0001,LCK-0001")
    assert some == {
        "data": [by_serial["LCK-0001"], by_serial["LMP-0001"]],
        "missing": ["NONE"],
    }
    assert await acme.status("LCK-0001") == by_serial["LCK-0001"]


async def test_an_unknown_device_is_nowhere(acme: Acme) -> None:
    paths = ("", "/status", "/meter", "/history")
    for path in paths:
        refused = await acme.get(f"/v1/devices/NONE{path}", status=404)
        assert refused["error"]["code"] == "unknown_device"
    for method, path in (("PUT", "state"), ("POST", "tasks")):
        refused = await acme.json(method, f"/v1/devices/NONE/{path}", {}, status=404)
        assert refused["error"]["code"] == "unknown_device"


async def test_time_of_a_status_moves_only_with_the_status(acme: Acme) -> None:
    before = await acme.status("CON-0002")
    acme.wait(3600)
    assert await acme.status("CON-0002") == before

    measured = await acme.status("TMP-0001")
    acme.wait(300)
    again = await acme.status("TMP-0001")
    assert again["ts"] > measured["ts"]


async def test_an_offline_device_shows_what_was_heard_last(acme: Acme) -> None:
    heard = await acme.status("TMP-0001")
    meter = await acme.get("/v1/devices/PLG-0001/meter")
    await acme.pull("TMP-0001", online=False)
    await acme.pull("PLG-0001", online=False)
    acme.wait(7200)
    assert await acme.status("TMP-0001") == heard | {"online": False}
    assert await acme.get("/v1/devices/PLG-0001/meter") == meter
    listed = await acme.get("/v1/devices/TMP-0001")
    assert listed["online"] is False
    refused = await acme.put("PLG-0001", 409, on=False)
    assert refused["error"]["code"] == "device_offline"

    await acme.pull("TMP-0001", online=True)
    back = await acme.status("TMP-0001")
    assert back["online"] is True
    assert back["ts"] > heard["ts"]


async def test_what_has_not_changed_is_not_sent_again(acme: Acme) -> None:
    tag = ""
    paths = ["/v1/devices", "/v1/status", "/v1/account", "/v1/devices/LMP-0001/status"]
    for path in paths:
        first = await acme.ask("GET", path)
        tag = first.headers["ETag"]
        again = await acme.ask("GET", path, headers={"If-None-Match": f'"other", {tag}'})
        assert (again.status, await again.read()) == (304, b"")
        assert again.headers["ETag"] == tag
        assert "RateLimit-Remaining" in again.headers
    await acme.put("LMP-0001", on=True)
    changed = await acme.ask("GET", paths[3], headers={"If-None-Match": tag})
    assert changed.status == 200


async def test_a_mistake_of_its_own_is_an_error_too(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Lamp, "fields", lambda self: self.forgotten)
    refused = await acme.get("/v1/status", status=500)
    assert refused == {"error": {"code": "internal_error", "message": "something went wrong"}}
    assert "GET /v1/status failed" in caplog.text


async def test_refuses_what_it_has_not_in_its_own_words(acme: Acme) -> None:
    answers: list[tuple[str, str, object, int, str]] = [
        ("GET", "/v1/nothing", None, 404, "not_found"),
        ("DELETE", "/v1/status", None, 405, "method_not_allowed"),
        ("GET", "/v1/commands/c-9", None, 404, "unknown_command"),
        ("GET", "/v1/tasks/t-9", None, 404, "unknown_task"),
        ("GET", "/v1/devices/LMP-0001/meter", None, 404, "no_meter"),
        ("PUT", "/v1/devices/LMP-0001/state", {"x": "a" * 300_000}, 413, "body_too_large"),
    ]
    for method, path, body, status, code in answers:
        refused: Any = await acme.json(method, path, body, status=status)
        assert refused["error"]["code"] == code
        assert refused["error"]["message"]
