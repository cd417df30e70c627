from typing import Any

import pytest

from demo.acme.sessions import PASSWORD

from .conftest import Acme


async def test_shows_what_the_vendor_has_not_heard(acme: Acme) -> None:
    await acme.pull("CON-0002", online=False)
    seen = await acme.pull("CON-0002", open=True)
    assert seen["status"]["open"] is True
    assert (await acme.status("CON-0002"))["open"] is False
    await acme.pull("CON-0002", online=True)
    assert (await acme.status("CON-0002"))["open"] is True


async def test_renames_at_the_vendor(acme: Acme) -> None:
    await acme.pull("LMP-0001", label="Cooker lamp", room="Pantry", firmware="2.1.1")
    lamp = await acme.get("/v1/devices/LMP-0001")
    assert (lamp["label"], lamp["room"], lamp["firmware"]) == ("Cooker lamp", "Pantry", "2.1.1")
    await acme.pull("LMP-0001", room=None)
    assert (await acme.get("/v1/devices/LMP-0001"))["room"] is None


async def test_people_at_home_use_switches(acme: Acme) -> None:
    await acme.pull("LMP-0001", on=True, level=10)
    lamp = await acme.status("LMP-0001")
    assert (lamp["on"], lamp["level"]) == (True, 10)


async def test_adds_and_removes_devices(acme: Acme) -> None:
    async def change(**body: object) -> list[str]:
        await acme.json("POST", "/_sim/house", body, status=200)
        return [entry["serial"] for entry in (await acme.get("/v1/status"))["data"]]

    strip = {"serial": "STR-0002", "model": "Strip Four", "label": "Desk"}
    socket = {"serial": "STR-0002-1", "model": "Strip Socket", "label": "Fan", "parent": "STR-0002"}
    there = await change(add=[strip, socket])
    assert there[-2:] == ["STR-0002", "STR-0002-1"]
    acme.wait(3600)
    assert (await acme.get("/v1/devices/STR-0002/meter"))["kwh"] == 0.0207
    assert "STR-0002-1" not in await change(remove=["STR-0002"])
    await acme.get("/v1/devices/STR-0002-1", status=404)
    # A serial that comes back is a new device.
    await change(add=[strip])
    assert (await acme.get("/v1/devices/STR-0002/meter"))["kwh"] == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"paint": "red"}, 422),
        ({"set": {"NONE": {"on": True}}}, 404),
        ({"set": {"LMP-0001": {"jam": "next"}}}, 422),
        ({"set": {"LMP-0001": {}}}, 422),
        ({"set": {"LMP-0001": 5}}, 422),
        ({"set": []}, 422),
        ({"set": {"LMP-0001": {"label": ""}}}, 422),
        ({"set": {"LMP-0002": {"kelvin": 3000, "hue": 3}}}, 422),
        ({"add": {}}, 422),
        ({"add": [{"serial": "LMP-0001", "model": "Glow One", "label": "Lamp"}]}, 409),
        ({"add": [{"serial": "../x", "model": "Glow One", "label": "Lamp"}]}, 422),
        ({"add": [{"serial": "LMP-0009", "model": "Glow Two", "label": "Lamp"}]}, 422),
        ({"add": [{"serial": "LMP-0009", "model": "Glow One"}]}, 422),
        ({"add": [{"serial": "X-1", "model": "Glow One", "label": "L", "parent": "NONE"}]}, 404),
        ({"remove": ["NONE"]}, 404),
        ({"remove": "LMP-0001"}, 422),
    ],
)
async def test_refuses_what_cannot_be(acme: Acme, body: object, status: int) -> None:
    before = await acme.get("/_sim/house")
    refused = await acme.json("POST", "/_sim/house", body, status=status)
    assert refused["error"]["message"]
    assert await acme.get("/_sim/house") == before


async def test_a_wrong_lever_undoes_the_others(acme: Acme) -> None:
    body = {"set": {"LMP-0001": {"on": True}, "LMP-0002": {"on": 5}}}
    await acme.json("POST", "/_sim/house", body, status=422)
    assert (await acme.status("LMP-0001"))["on"] is False


async def test_moves_the_clock(acme: Acme) -> None:
    moved = await acme.json("POST", "/_sim/clock", {"advance": 86400.5}, status=200)
    assert moved == {"now": "2026-11-03T08:30:00.500+01:00", "speed": 1.0}
    await acme.json("POST", "/_sim/clock", {"speed": 600}, status=200)
    acme.real.seconds += 6
    seen = await acme.get("/_sim/clock")
    assert seen == {"now": "2026-11-03T09:30:00.500+01:00", "speed": 600.0}


@pytest.mark.parametrize(
    "body", [{"advance": -1}, {"advance": "1"}, {"speed": True}, {"back": 1}, {"advance": 10**400}]
)
async def test_refuses_to_move_the_clock_otherwise(acme: Acme, body: object) -> None:
    before = await acme.get("/_sim/clock")
    await acme.json("POST", "/_sim/clock", body, status=422)
    assert await acme.get("/_sim/clock") == before


async def test_logs_requests_without_secrets(acme: Acme) -> None:
    await acme.json("DELETE", "/_sim/log", status=200)
    login = {"email": "demo@acme.example", "password": PASSWORD}
    await acme.json("POST", "/v1/login", login, status=200)
    used = {"refresh_token": acme.tokens["refresh_token"]}
    await acme.json("POST", "/v1/refresh", used, status=200)
    await acme.put("LMP-0001", on=True)
    await acme.get("/v1/events?since=0&access_token=secret", status=200)
    await acme.fault("down", count=1)
    with pytest.raises(Exception, match="disconnected"):
        await acme.get("/v1/status")
    raw = await acme.client.post("/v1/login", data=f"password={PASSWORD}")
    assert raw.status == 400

    log: list[dict[str, Any]] = (await acme.get("/_sim/log"))["requests"]
    assert [
        (entry["method"], entry["path"], entry["query"], entry["status"], entry["fault"])
        for entry in log
    ] == [
        ("POST", "/v1/login", "", 200, None),
        ("POST", "/v1/refresh", "", 200, None),
        ("PUT", "/v1/devices/LMP-0001/state", "", 200, None),
        ("GET", "/v1/events", "since=0&access_token=%2A%2A%2A", 200, None),
        ("GET", "/v1/status", "", None, "down"),
        ("POST", "/v1/login", "", 400, None),
    ]
    assert log[0]["body"] == {"email": "demo@acme.example", "password": "***"}
    assert log[2]["body"] == {"on": True}
    assert (log[2]["session"], log[5]["session"]) == (1, None)
    assert PASSWORD not in str(log)
    assert used["refresh_token"] not in str(log)
    assert "secret" not in str(log)
    newest = log[-1]["number"]
    assert (await acme.get(f"/_sim/log?since={newest}"))["requests"] == []


async def test_expires_and_revokes_tokens(acme: Acme) -> None:
    async def code() -> str:
        refused = await acme.get("/v1/account", status=401)
        return str(refused["error"]["code"])

    async def refresh(status: int = 200) -> None:
        used = {"refresh_token": acme.tokens["refresh_token"]}
        answer = await acme.json("POST", "/v1/refresh", used, status=status)
        if status == 200:
            acme.tokens = answer

    await acme.json("POST", "/_sim/tokens/expire", status=200)
    assert await code() == "token_expired"
    await refresh()
    await acme.get("/v1/account")

    await acme.json("POST", "/_sim/tokens/revoke", {"access": True}, status=200)
    assert await code() == "invalid_token"
    await refresh()
    await acme.json("POST", "/_sim/tokens/revoke", {"refresh": True}, status=200)
    await acme.get("/v1/account")
    await refresh(401)
    await acme.sign_in()
    await acme.json("POST", "/_sim/tokens/revoke", status=200)
    assert await code() == "invalid_token"
    await refresh(401)


async def test_settings_can_be_changed(acme: Acme) -> None:
    changed = {"token_seconds": 5, "page_size": 2}
    seen = await acme.json("POST", "/_sim/settings", changed, status=200)
    assert seen == {"token_seconds": 5, "requests_per_minute": 600, "page_size": 2}
    assert len((await acme.get("/v1/devices"))["data"]) == 2
    await acme.sign_in()
    assert acme.tokens["expires_in"] == 5
    await acme.json("POST", "/_sim/settings", {"page_size": 0}, status=422)
