"""What heats, cools, moistens and moves the air and the water of the house."""

import itertools

import pytest

from .conftest import Acme


async def test_mode_and_target_are_written_together(acme: Acme) -> None:
    for body in ({"mode": "cooling"}, {"target_f": 70}):
        refused = await acme.put("AIR-0001", 422, **body)
        assert refused["error"]["field"] == "mode"
    cooling = await acme.put("AIR-0001", mode="cooling", target_f=66)
    assert (cooling["mode"], cooling["target_f"], cooling["running"]) == ("cooling", 66, True)


async def test_an_air_conditioners_ranges_are_those_of_its_mode(acme: Acme) -> None:
    off = await acme.status("AIR-0001")
    assert (off["target_min_f"], off["target_max_f"]) == (61, 86)
    refused = await acme.put("AIR-0001", 422, mode="heating", target_f=80)
    assert refused["error"]["message"] == "target_f must be between 50 and 77 while it is heating"
    await acme.put("AIR-0001", fan="F3")
    heating = await acme.put("AIR-0001", mode="heating", target_f=77)
    assert (heating["target_min_f"], heating["target_max_f"]) == (50, 77)
    assert (heating["fans"], heating["fan"]) == (["auto", "F1", "F2"], "auto")
    refused = await acme.put("AIR-0001", 422, fan="F3")
    assert refused["error"]["field"] == "fan"
    drying = await acme.put("AIR-0001", mode="drying", target_f=70)
    assert (drying["fans"], drying["fan"]) == (["F1"], "F1")


async def test_an_air_conditioner_cools_and_then_rests(acme: Acme) -> None:
    await acme.put("AIR-0001", mode="cooling", target_f=65)
    power = (await acme.truth("AIR-0001"))["milliwatts"]
    seen = []
    for _ in range(20):
        acme.wait(60)
        seen.append((await acme.status("AIR-0001"))["room_f"])
    assert seen[0] < 72
    assert seen[-1] == pytest.approx(65, abs=0.4)
    assert all(before >= after - 0.4 for before, after in itertools.pairwise(seen))
    await acme.put("AIR-0001", mode="off", target_f=65)
    assert (await acme.truth("AIR-0001"))["milliwatts"] < power
    acme.wait(6 * 3600)
    assert (await acme.status("AIR-0001"))["room_f"] > 70
    assert (await acme.pull("AIR-0001", room_f=90))["status"]["room_f"] == 90


async def test_a_boiler_heats_its_water(acme: Acme) -> None:
    await acme.pull("BOI-0001", water_dc=400)
    boiler = await acme.put("BOI-0001", program="comfort", target_dc=450)
    assert boiler["heating"] is True
    meter = await acme.get("/v1/devices/BOI-0001/meter")
    acme.wait(10 * 60)
    warmer = (await acme.status("BOI-0001"))["water_dc"]
    # Two kilowatts warm 120 litres by 2.4 K in ten minutes.
    assert warmer == pytest.approx(424, abs=2)
    acme.wait(15 * 60)
    done = await acme.status("BOI-0001")
    assert done["heating"] is False
    assert done["water_dc"] == pytest.approx(450, abs=4)
    used = (await acme.get("/v1/devices/BOI-0001/meter"))["kwh"] - meter["kwh"]
    assert used == pytest.approx(0.7, abs=0.1)
    acme.wait(3600)
    assert (await acme.status("BOI-0001"))["water_dc"] < done["water_dc"]


async def test_a_boilers_highest_target_depends_on_its_program(acme: Acme) -> None:
    turbo = await acme.put("BOI-0001", program="turbo")
    assert turbo["target_max_dc"] == 700
    assert (await acme.put("BOI-0001", target_dc=700))["target_dc"] == 700
    eco = await acme.put("BOI-0001", program="eco")
    assert (eco["target_max_dc"], eco["target_dc"]) == (550, 550)
    refused = await acme.put("BOI-0001", 422, target_dc=600)
    assert refused["error"]["message"] == "target_dc must be at most 550 while it is on eco"
    both = await acme.put("BOI-0001", program="comfort", target_dc=600)
    assert (both["target_max_dc"], both["target_dc"]) == (600, 600)
    await acme.pull("BOI-0001", water_dc=400)
    assert (await acme.status("BOI-0001"))["heating"] is True
    assert (await acme.put("BOI-0001", holiday=True))["heating"] is False


async def test_a_humidifier_moistens_the_air_while_it_has_water(acme: Acme) -> None:
    dry = (await acme.status("HUM-0001"))["humidity"]
    wet = await acme.put("HUM-0001", on=True, target=70, mode="strong")
    assert wet["misting"] is True
    acme.wait(20 * 60)
    later = await acme.status("HUM-0001")
    assert later["humidity"] > dry + 5
    assert later["tank"] < wet["tank"]
    await acme.pull("HUM-0001", tank=0)
    assert (await acme.status("HUM-0001"))["misting"] is False
    await acme.pull("HUM-0001", refill=True)
    full = await acme.status("HUM-0001")
    assert (full["misting"], full["tank"]) == (True, 100)
    await acme.pull("HUM-0001", humidity=75)
    assert (await acme.status("HUM-0001"))["misting"] is False
    off = await acme.put("HUM-0001", on=False)
    acme.wait(6 * 3600)
    assert (await acme.status("HUM-0001"))["humidity"] < off["humidity"]


async def test_a_fan_has_speeds_breezes_and_directions(acme: Acme) -> None:
    async def shown(**body: object) -> tuple[object, object]:
        status = await acme.put("FAN-0001", **body)
        return status["speed"], status["breeze"]

    assert await shown(power=True) == (3, None)
    assert await shown(speed=5) == (5, None)
    assert await shown(power=False) == (0, None)
    assert await shown(power=True) == (5, None)
    assert await shown(breeze="sleep") == (1, "sleep")
    assert await shown(speed=2) == (2, None)
    assert await shown(breeze="storm") == (6, "storm")
    loud = (await acme.truth("FAN-0001"))["milliwatts"]
    acme.wait(300)
    assert await shown(turn="in", swing=1) == (3, None)
    assert (await acme.truth("FAN-0001"))["milliwatts"] < loud / 4


async def test_a_locked_fan_obeys_nobody(acme: Acme) -> None:
    await acme.put("FAN-0001", child_lock=True)
    for body in ({"speed": 3}, {"child_lock": True}):
        refused = await acme.put("FAN-0001", 409, **body)
        assert refused["error"]["code"] == "device_locked"
    assert (await acme.status("FAN-0001"))["speed"] == 0
    assert (await acme.put("FAN-0001", child_lock=False, speed=3))["speed"] == 3
