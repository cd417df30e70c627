"""The hub, the board on the fridge and the button beside the bed."""

from typing import Any

import pytest

from .conftest import Acme


async def test_a_hub_installs_with_progress(acme: Acme) -> None:
    hub = await acme.status("HUB-0001")
    assert (hub["firmware"], hub["newest"], hub["progress"]) == ("3.2.0", "3.3.0", None)
    assert (await acme.put("HUB-0001", install="3.3.0"))["progress"] == 0
    acme.wait(4)
    assert (await acme.status("HUB-0001"))["progress"] == 40
    refused = await acme.put("HUB-0001", 409, install="3.2.0")
    assert refused["error"]["code"] == "device_busy"
    acme.wait(6)
    hub = await acme.status("HUB-0001")
    assert (hub["firmware"], hub["progress"]) == ("3.3.0", None)
    assert (await acme.get("/v1/devices/HUB-0001"))["firmware"] == "3.3.0"
    assert (await acme.get("/v1/events"))["data"][-1]["data"] == {"to": "3.3.0"}


async def test_a_hub_updates_itself_if_it_may(acme: Acme) -> None:
    await acme.put("HUB-0001", auto_update=True)
    acme.wait(10)
    assert (await acme.status("HUB-0001"))["firmware"] == "3.3.0"


async def test_a_hub_keeps_texts_days_and_times(acme: Acme) -> None:
    values = {
        "greeting": "Grüß Gott",
        "wake_at": "07.05",
        "holiday_from": "24.12.2026",
        "service_at": 1_800_000_000,
    }
    assert (await acme.put("HUB-0001", **values)).items() >= values.items()
    assert (await acme.put("HUB-0001", holiday_from=None))["holiday_from"] is None
    for day in ("31.02.2026", "2026-12-24", "1.1.2027", "24.12.26xx"):
        refused = await acme.put("HUB-0001", 422, holiday_from=day)
        assert refused["error"]["field"] == "holiday_from"
    for time in ("7.05", "24.00", "07:05"):
        refused = await acme.put("HUB-0001", 422, wake_at=time)
        assert refused["error"]["field"] == "wake_at"


async def test_a_hub_shows_messages(acme: Acme) -> None:
    await acme.put("HUB-0001", 422, headline="Door")
    for number in range(25):
        await acme.put("HUB-0001", message=f"Number {number}", headline="Door")
    messages = (await acme.truth("HUB-0001"))["messages"]
    assert len(messages) == 20
    assert messages[-1] == {"text": "Number 24", "headline": "Door"}
    assert "message" not in await acme.status("HUB-0001")


async def test_a_scene_is_set_at_many_lamps(acme: Acme) -> None:
    async def lamps() -> list[tuple[bool, Any]]:
        shown = [await acme.status(f"LMP-000{number}") for number in (1, 2, 3)]
        return [(lamp["on"], lamp.get("level")) for lamp in shown]

    await acme.put("HUB-0001", scene="movie", fade=3)
    assert await lamps() == [(True, 20), (True, 20), (True, None)]
    await acme.put("HUB-0001", scene="good_night")
    assert await lamps() == [(False, 20), (False, 20), (False, None)]


async def texts(acme: Acme) -> list[str]:
    return [item["text"] for item in (await acme.get("/v1/devices/BRD-0001/items"))["items"]]


async def test_a_list_is_written_on_and_ticked_off(acme: Acme) -> None:
    path = "/v1/devices/BRD-0001/items"
    body = {"text": "Candles", "note": "red ones", "due": "24.12.2026"}
    made = await acme.json("POST", path, body, status=201)
    assert made == {"id": "i-00003", "state": "open", **body}
    assert (await acme.status("BRD-0001"))["open"] == 3
    changed = await acme.json("PATCH", f"{path}/i-00003", {"state": "bought"}, status=200)
    assert changed["state"] == "bought"
    assert (await acme.status("BRD-0001"))["open"] == 2
    await acme.json("PATCH", f"{path}/i-00003", {"after": None}, status=200)
    assert await texts(acme) == ["Candles", "Milk", "Light bulbs"]
    await acme.json("PATCH", f"{path}/i-00001", {"after": "i-00002"}, status=200)
    assert await texts(acme) == ["Candles", "Light bulbs", "Milk"]
    assert (await acme.ask("DELETE", f"{path}/i-00003")).status == 204
    assert await texts(acme) == ["Light bulbs", "Milk"]
    kinds = [event["type"] for event in (await acme.get("/v1/events"))["data"]]
    assert kinds == ["added", "bought"]


@pytest.mark.parametrize(
    ("method", "item", "body", "code"),
    [
        ("POST", "", {"note": "no text"}, "invalid_value"),
        ("POST", "", {"text": "x", "due": "tomorrow"}, "invalid_value"),
        ("POST", "", {"text": "x", "after": "i-99999"}, "unknown_item"),
        ("POST", "", {"text": "x", "colour": "red"}, "unknown_field"),
        ("PATCH", "/i-00001", {"after": "i-00001"}, "invalid_value"),
        ("PATCH", "/i-99999", {"state": "bought"}, "unknown_item"),
        ("DELETE", "/i-99999", None, "unknown_item"),
    ],
)
async def test_what_a_list_refuses_changes_nothing(
    acme: Acme, method: str, item: str, body: object, code: str
) -> None:
    before = await acme.get("/v1/devices/BRD-0001/items")
    answer = await acme.ask(method, f"/v1/devices/BRD-0001/items{item}", body)
    assert (await answer.json())["error"]["code"] == code
    assert await acme.get("/v1/devices/BRD-0001/items") == before


async def test_only_a_board_keeps_a_list(acme: Acme) -> None:
    for method, item, body in (
        ("GET", "", None),
        ("POST", "", {"text": "x"}),
        ("PATCH", "/1", {"text": "x"}),
        ("DELETE", "/1", None),
    ):
        answer = await acme.ask(method, f"/v1/devices/LMP-0001/items{item}", body)
        assert answer.status == 404
        assert (await answer.json())["error"]["code"] == "no_list"


async def test_each_click_is_an_event(acme: Acme) -> None:
    for click in ("single", "hold", "single", "double"):
        await acme.pull("CLK-0001", click=click)
    happened = (await acme.get("/v1/events?serial=CLK-0001"))["data"]
    assert [event["type"] for event in happened] == ["single", "hold", "single", "double"]
