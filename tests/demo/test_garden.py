"""What is out of doors: the mower, the water, the keys, the weather, the camera."""

import struct
import zlib

import pytest

from .conftest import Acme


async def state(acme: Acme) -> object:
    return (await acme.status("MOW-0001"))["state"]


async def test_a_mower_drives_out_mows_and_comes_back(acme: Acme) -> None:
    assert (await acme.put("MOW-0001", do="mow"))["state"] == "leaving"
    acme.wait(4)
    assert await state(acme) == "mowing"
    home = await acme.status("MOW-0001")
    acme.wait(60)
    away = await acme.status("MOW-0001")
    assert (away["lat_e7"], away["lon_e7"]) != (home["lat_e7"], home["lon_e7"])
    assert abs(away["lat_e7"] - home["lat_e7"]) <= 1500
    assert away["battery"] < 100
    assert (await acme.put("MOW-0001", do="pause"))["state"] == "paused"
    assert (await acme.put("MOW-0001", do="mow"))["state"] == "mowing"
    assert (await acme.put("MOW-0001", do="park"))["state"] == "returning"
    acme.wait(12)
    parked = await acme.status("MOW-0001")
    assert (parked["state"], parked["lat_e7"]) == ("parked", home["lat_e7"])
    acme.wait(3600)
    assert (await acme.status("MOW-0001"))["battery"] == 100


async def test_a_mower_comes_back_when_its_battery_is_low(acme: Acme) -> None:
    await acme.put("MOW-0001", do="mow")
    acme.wait(4)
    await acme.pull("MOW-0001", battery=16)
    acme.wait(60)
    assert await state(acme) in {"returning", "parked"}
    acme.wait(12)
    assert await state(acme) == "parked"
    assert (await acme.get("/v1/events"))["data"][-1]["type"] == "parked"


async def test_a_mower_is_trapped_until_somebody_helps(acme: Acme) -> None:
    await acme.put("MOW-0001", do="mow")
    await acme.pull("MOW-0001", state="trapped")
    acme.wait(600)
    assert await state(acme) == "trapped"
    assert (await acme.put("MOW-0001", do="stop"))["state"] == "stopped"


async def test_a_valve_takes_its_time_and_counts_what_flows(acme: Acme) -> None:
    litres = (await acme.status("VLV-0001"))["litres"]
    made = await acme.put("VLV-0001", 202, move="open")
    acme.wait(3)
    half = await acme.status("VLV-0001")
    assert (half["opening_pm"], half["turning"]) == (500, "open")
    acme.wait(3)
    assert await acme.command(made) == ("done", None)
    opened = await acme.status("VLV-0001")
    assert (opened["opening_pm"], opened["turning"], opened["flow_lph"]) == (1000, None, 900)
    acme.wait(3600)
    assert (await acme.status("VLV-0001"))["litres"] == pytest.approx(litres + 900, abs=20)
    made = await acme.put("VLV-0001", 202, opening_pm=250)
    acme.wait(2)
    stopped = await acme.put("VLV-0001", move="stop")
    assert (stopped["opening_pm"], stopped["turning"]) == (667, None)
    assert await acme.command(made) == ("failed", "stopped")
    await acme.put("VLV-0001", 422, move="open", opening_pm=3)
    await acme.pull("VLV-0001", opening_pm=0, leak=True)
    leaking = await acme.status("VLV-0001")
    assert (leaking["opening_pm"], leaking["flow_lph"], leaking["leak"]) == (0, 12, True)


async def test_keys_ring_and_are_found(acme: Acme) -> None:
    await acme.put("TAG-0001", ring=True)
    assert (await acme.truth("TAG-0001"))["identified"] == 1
    await acme.pull("TAG-0001", lat_e7=481_372_000, lon_e7=115_756_000, accuracy_cm=1200)
    keys = await acme.status("TAG-0001")
    assert (keys["lat_e7"], keys["lon_e7"], keys["accuracy_cm"]) == (481372000, 115756000, 1200)


async def test_a_weather_station_foretells_what_it_then_measures(acme: Acme) -> None:
    foretold = await acme.get("/v1/devices/WEA-0001/forecast")
    assert len(foretold["hours"]) == 24
    assert len(foretold["days"]) == 7
    assert foretold["days"][0]["date"] == "2026-11-02"
    assert all(day["low_dc"] <= day["high_dc"] for day in foretold["days"])
    assert foretold["hours"][0]["t"] == "2026-11-02T09:00:00.000+01:00"
    for hour in foretold["hours"][:12]:
        acme.wait(1800 if hour is foretold["hours"][0] else 3600)
        now = await acme.status("WEA-0001")
        assert (now["ts"], now["air_dc"], now["sky"]) == (hour["t"], hour["air_dc"], hour["sky"])
        assert now["dew_dc"] <= now["air_dc"]
        assert 95_000 < now["pressure_pa"] < 106_000
        assert 0 <= now["wind_from"] < 360
    refused = await acme.get("/v1/devices/LMP-0001/forecast", status=404)
    assert refused["error"]["code"] == "no_forecast"


async def test_the_weather_is_not_always_the_same(acme: Acme) -> None:
    codes = set()
    for _ in range(20):
        codes |= {
            hour["sky"] for hour in (await acme.get("/v1/devices/WEA-0001/forecast"))["hours"]
        }
        acme.wait(15 * 86400)
    assert codes >= {0, 1, 2, 4, 7}
    assert codes <= set(range(8))


async def picture(acme: Acme, serial: str) -> bytes:
    answer = await acme.ask("GET", f"/v1/devices/{serial}/picture")
    assert (answer.status, answer.content_type) == (200, "image/png")
    return await answer.read()


def pixels(png: bytes) -> bytes:
    """Return what a picture shows, as lines of RGB, each behind a zero; checks every chunk."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    rest, shown = png[8:], b""
    while rest:
        length, name = struct.unpack(">I4s", rest[:8])
        data, (crc,) = rest[8 : 8 + length], struct.unpack(">I", rest[8 + length : 12 + length])
        assert crc == zlib.crc32(name + data)
        if name == b"IHDR":
            assert struct.unpack(">IIBB", data[:10]) == (320, 180, 8, 2)
        shown += data if name == b"IDAT" else b""
        rest = rest[12 + length :]
    return zlib.decompress(shown)


async def test_a_camera_sees_the_yard_once_a_minute(acme: Acme) -> None:
    first = await picture(acme, "CAM-0001")
    assert len(pixels(first)) == 180 * (1 + 3 * 320)
    acme.wait(30)
    assert await picture(acme, "CAM-0001") == first
    acme.wait(30)
    assert pixels(await picture(acme, "CAM-0001")) != pixels(first)
    answer = await acme.ask("GET", "/v1/devices/CAM-0001/picture")
    headers = {"If-None-Match": answer.headers["ETag"]}
    again = await acme.ask("GET", "/v1/devices/CAM-0001/picture", headers=headers)
    assert again.status == 304
    await acme.put("CAM-0001", eye="shut")
    refused = await acme.get("/v1/devices/CAM-0001/picture", status=404)
    assert refused["error"]["code"] == "no_picture"


async def test_a_camera_sees_who_comes(acme: Acme) -> None:
    empty = await picture(acme, "CAM-0001")
    await acme.pull("CAM-0001", somebody_comes=True)
    assert (await acme.status("CAM-0001"))["person"] is True
    assert await picture(acme, "CAM-0001") != empty
    acme.wait(60)
    assert (await acme.status("CAM-0001"))["person"] is False
    await acme.put("CAM-0001", watching=False)
    await acme.pull("CAM-0001", somebody_comes=True)
    assert (await acme.status("CAM-0001"))["person"] is False
    kinds = [event["type"] for event in (await acme.get("/v1/events"))["data"]]
    assert kinds == ["person"]


async def test_a_doorbell_has_a_picture_of_who_rang_last(acme: Acme) -> None:
    await acme.get("/v1/devices/DBL-0001/picture", status=404)
    assert (await acme.status("DBL-0001"))["rang_at"] is None
    await acme.pull("DBL-0001", press=True)
    assert (await acme.status("DBL-0001"))["rang_at"] == "2026-11-02T08:30:00.000+01:00"
    first = await picture(acme, "DBL-0001")
    acme.wait(600)
    assert await picture(acme, "DBL-0001") == first
    await acme.pull("DBL-0001", press=True)
    assert await picture(acme, "DBL-0001") != first
