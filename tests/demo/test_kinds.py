"""Each kind of device, as the API shows it: what it does when told, and by itself."""

import pytest

from .conftest import Acme


async def test_a_lamp_shines_as_told(acme: Acme) -> None:
    assert (await acme.truth("LMP-0001"))["milliwatts"] == 300
    await acme.put("LMP-0001", on=True, level=50, transition=2.5)
    assert (await acme.truth("LMP-0001"))["milliwatts"] == 4800
    lamp = await acme.put("LMP-0001", on=False)
    assert (lamp["on"], lamp["level"]) == (False, 50)
    assert "transition" not in lamp


async def test_a_lamps_colour_white_and_effect_exclude_each_other(acme: Acme) -> None:
    async def shown(**body: object) -> tuple[object, ...]:
        lamp = await acme.put("LMP-0002", **body)
        names = ("color_mode", "kelvin", "hue", "saturation", "effect")
        return tuple(lamp[name] for name in names)

    assert await shown(on=True) == ("white", 2700, 30, 60, None)
    assert await shown(hue=240) == ("color", 2700, 240, 60, None)
    assert await shown(effect="candle") == ("color", 2700, 240, 60, "candle")
    assert await shown(kelvin=6500) == ("white", 6500, 240, 60, None)
    assert await shown(effect="rainbow", saturation=5) == ("color", 6500, 240, 5, "rainbow")
    assert await shown(effect=None) == ("color", 6500, 240, 5, None)


async def test_what_changes_nothing_is_no_change(acme: Acme) -> None:
    before = await acme.put("LMP-0001", on=True, level=30)
    acme.wait(5)
    assert await acme.put("LMP-0001", on=True, level=30) == before
    assert await acme.put("LMP-0001", identify=True) == before
    assert (await acme.truth("LMP-0001"))["identified"] == 1


async def test_a_plug_measures_and_restarts(acme: Acme) -> None:
    meter = await acme.get("/v1/devices/STR-0001-1/meter")
    assert meter["watts"] == 92.7
    assert meter["amps"] == pytest.approx(92.7 / meter["volts"], abs=0.001)
    await acme.put("STR-0001-1", on=False)
    acme.wait(3600)
    off = await acme.get("/v1/devices/STR-0001-1/meter")
    assert off["watts"] == 0.7
    assert off["kwh"] == round(meter["kwh"] + 0.0007, 6)

    assert (await acme.put("STR-0001-1", on=True))["on"] is True
    assert (await acme.put("STR-0001-1", restart=True))["on"] is False
    acme.wait(4.9)
    assert (await acme.status("STR-0001-1"))["on"] is False
    acme.wait(0.1)
    assert (await acme.status("STR-0001-1"))["on"] is True


async def test_switching_a_plug_off_ends_its_restart(acme: Acme) -> None:
    await acme.put("STR-0001-1", restart=True)
    await acme.put("STR-0001-1", on=False)
    acme.wait(60)
    assert (await acme.status("STR-0001-1"))["on"] is False


async def test_a_strip_measures_its_sockets(acme: Acme) -> None:
    async def watts() -> float:
        acme.wait(10)
        return (await acme.get("/v1/devices/STR-0001/meter"))["watts"]  # type: ignore[no-any-return]

    assert await watts() == pytest.approx(92.7 + 11.7 + 34.7 + 8.7)
    await acme.put("STR-0001-1", on=False)
    assert await watts() == pytest.approx(0.7 + 11.7 + 34.7 + 8.7)
    assert (await acme.put("STR-0001", child_lock=True))["child_lock"] is True


async def test_the_dishwasher_pauses_without_power(acme: Acme) -> None:
    await acme.pull("PLG-0001", start_programme=True)
    acme.wait(10 * 60)
    assert await acme.truth("PLG-0001") == {
        "milliwatts": 2_040_700,
        "identified": 0,
        "phase": "heat",
    }
    await acme.put("PLG-0001", on=False)
    acme.wait(3600)
    assert (await acme.truth("PLG-0001"))["milliwatts"] == 700
    await acme.put("PLG-0001", on=True)
    acme.wait(18 * 60 - 1)
    assert (await acme.truth("PLG-0001"))["phase"] == "heat"
    acme.wait(1)
    assert (await acme.truth("PLG-0001"))["phase"] == "wash"
    acme.wait(77 * 60)
    assert (await acme.truth("PLG-0001"))["phase"] == "idle"


async def test_the_dishwasher_runs_on_most_evenings(acme: Acme) -> None:
    used = []
    for _ in range(10):
        before = (await acme.get("/v1/devices/PLG-0001/meter"))["kwh"]
        acme.wait(86400)
        used.append((await acme.get("/v1/devices/PLG-0001/meter"))["kwh"] - before)
    assert 5 <= sum(kwh > 1 for kwh in used) < 10
    assert all(kwh < 1.5 for kwh in used)


async def test_the_grid_meter_knows_its_tariff_and_the_sun_sets(acme: Acme) -> None:
    assert (await acme.status("MTR-0001"))["tariff"] == "peak"
    assert (await acme.status("SOL-0001"))["state"] == "producing"
    acme.wait(14 * 3600)
    assert (await acme.status("MTR-0001"))["tariff"] == "offpeak"
    assert (await acme.status("SOL-0001"))["state"] == "standby"
    assert (await acme.get("/v1/devices/SOL-0001/meter"))["watts"] == 0


async def test_a_thermostat_heats_its_room(acme: Acme) -> None:
    await acme.pull("THM-0001", temperature=18)
    cold = await acme.put("THM-0001", mode="heat", target=22)
    assert (cold["temperature"], cold["valve"], cold["heating"]) == (18.0, 100, True)
    seen = [18.0]
    for _ in range(8):
        acme.wait(900)
        seen.append((await acme.status("THM-0001"))["temperature"])
    assert seen == sorted(seen)
    assert 21.7 <= seen[-1] <= 22.0
    warm = await acme.status("THM-0001")
    assert 10 < warm["valve"] < 90

    off = await acme.put("THM-0001", mode="off")
    assert (off["valve"], off["heating"], off["target"]) == (0, False, 22.0)
    acme.wait(3600)
    assert (await acme.status("THM-0001"))["temperature"] < warm["temperature"] - 1


async def test_a_thermostat_has_presets_and_a_schedule(acme: Acme) -> None:
    async def target() -> tuple[object, object]:
        status = await acme.status("THM-0001")
        return status["target"], status["preset"]

    assert await target() == (21.0, None)
    await acme.put("THM-0001", target=19.5)
    acme.wait(20 * 60)
    assert await target() == (19.5, None)
    acme.wait(10 * 60)
    assert await target() == (18.0, None)

    await acme.put("THM-0001", mode="heat", preset="comfort")
    assert await target() == (21.5, "comfort")
    await acme.put("THM-0001", preset="boost")
    assert await target() == (25.0, "boost")
    acme.wait(30 * 60)
    assert await target() == (21.5, None)
    await acme.put("THM-0001", preset="eco")
    await acme.put("THM-0001", target=20)
    assert await target() == (20.0, None)
    acme.wait(86400)
    assert await target() == (20.0, None)
    await acme.put("THM-0001", mode="auto")
    assert await target() == (18.0, None)


async def test_a_thermostat_can_be_calibrated(acme: Acme) -> None:
    before = await acme.status("THM-0001")
    after = await acme.put("THM-0001", calibration=-1.5, child_lock=True)
    assert after["temperature"] == pytest.approx(before["temperature"] - 1.5)
    assert (after["calibration"], after["child_lock"]) == (-1.5, True)


async def test_a_lock_takes_three_seconds(acme: Acme) -> None:
    made = await acme.put("LCK-0001", 202, state="unlocked")
    assert (await acme.status("LCK-0001"))["state"] == "unlocking"
    acme.wait(2.9)
    assert await acme.command(made) == ("pending", None)
    acme.wait(0.1)
    assert await acme.command(made) == ("done", None)
    lock = await acme.status("LCK-0001")
    assert (lock["state"], lock["changed_by"]) == ("unlocked", "api")

    again = await acme.put("LCK-0001", 202, state="unlocked")
    assert again["state"] == "done"


async def test_a_lock_jams_when_it_is_to(acme: Acme) -> None:
    await acme.pull("LCK-0001", jam="next")
    made = await acme.put("LCK-0001", 202, state="open")
    acme.wait(3)
    assert await acme.command(made) == ("failed", "jammed")
    assert (await acme.status("LCK-0001"))["state"] == "jammed"
    made = await acme.put("LCK-0001", 202, state="open")
    assert (await acme.status("LCK-0001"))["state"] == "opening"
    acme.wait(3)
    assert await acme.command(made) == ("done", None)
    kinds = [event["type"] for event in (await acme.get("/v1/events"))["data"]]
    assert kinds == ["jammed", "unlocked"]


async def test_a_later_command_replaces_an_earlier_one(acme: Acme) -> None:
    first = await acme.put("LCK-0001", 202, state="unlocked")
    acme.wait(1)
    second = await acme.put("LCK-0001", 202, state="locked")
    assert await acme.command(first) == ("failed", "superseded")
    acme.wait(3)
    assert await acme.command(second) == ("done", None)
    third = await acme.put("LCK-0001", 202, state="unlocked")
    moved = await acme.pull("LCK-0001", state="locked")
    assert await acme.command(third) == ("failed", "moved_by_hand")
    assert moved["status"]["changed_by"] == "manual"
    acme.wait(10)
    assert (await acme.status("LCK-0001"))["state"] == "locked"


async def test_a_lock_locks_itself_again(acme: Acme) -> None:
    lock = await acme.put("LCK-0001", auto_lock=30)
    assert lock["auto_lock"] == 30
    await acme.put("LCK-0001", 202, state="unlocked")
    acme.wait(3 + 30)
    assert (await acme.status("LCK-0001"))["state"] == "locking"
    acme.wait(3)
    lock = await acme.status("LCK-0001")
    assert (lock["state"], lock["changed_by"]) == ("locked", "auto_lock")


async def test_a_garage_door_travels_and_stops(acme: Acme) -> None:
    made = await acme.put("GAR-0001", 202, move="open")
    acme.wait(3)
    door = await acme.status("GAR-0001")
    assert (door["position"], door["moving"]) == (25, "up")
    stopped = await acme.put("GAR-0001", move="stop")
    assert (stopped["position"], stopped["moving"]) == (25, None)
    assert await acme.command(made) == ("failed", "stopped")

    made = await acme.put("GAR-0001", 202, position=75)
    acme.wait(5.9)
    assert await acme.command(made) == ("pending", None)
    acme.wait(0.1)
    assert await acme.command(made) == ("done", None)
    assert (await acme.status("GAR-0001"))["position"] == 75
    assert (await acme.put("GAR-0001", 202, position=75))["state"] == "done"

    first = await acme.put("GAR-0001", 202, move="close")
    acme.wait(1)
    await acme.put("GAR-0001", 202, move="open")
    assert await acme.command(first) == ("failed", "superseded")
    assert (await acme.status("GAR-0001"))["moving"] == "up"


async def test_a_moving_door_reports_every_second(acme: Acme) -> None:
    await acme.put("GAR-0001", 202, move="open")
    seen = []
    for _ in range(24):
        acme.wait(0.5)
        door = await acme.status("GAR-0001")
        seen.append((door["ts"], door["position"]))
    assert len(set(seen)) == 13
    assert [position for _, position in seen] == sorted(position for _, position in seen)
    assert seen[-1][1] == 100


async def test_a_door_stops_at_an_obstacle(acme: Acme) -> None:
    made = await acme.put("GAR-0001", 202, move="open")
    acme.wait(6)
    await acme.pull("GAR-0001", obstructed=True)
    assert await acme.command(made) == ("failed", "obstructed")
    door = await acme.status("GAR-0001")
    assert (door["position"], door["moving"], door["obstructed"]) == (50, None, True)
    made = await acme.put("GAR-0001", 202, move="close")
    assert (made["state"], made["reason"]) == ("failed", "obstructed")
    await acme.pull("GAR-0001", obstructed=False, position=100)
    assert (await acme.status("GAR-0001"))["position"] == 100


async def test_a_blind_tilts_while_it_travels(acme: Acme) -> None:
    made = await acme.put("BLD-0001", 202, position=50, tilt=80)
    acme.wait(1.6)
    blind = await acme.status("BLD-0001")
    assert (blind["tilt"], blind["moving"]) == (80, "up")
    assert await acme.command(made) == ("pending", None)
    acme.wait(8.4)
    assert await acme.command(made) == ("done", None)

    travel = await acme.put("BLD-0001", 202, move="close")
    tilt = await acme.put("BLD-0001", 202, tilt=0)
    acme.wait(10)
    assert await acme.command(travel) == ("done", None)
    assert await acme.command(tilt) == ("done", None)


async def test_sensors_see_what_happens(acme: Acme) -> None:
    acme.wait(60)
    before = {name: await acme.status(name) for name in ("CON-0001", "MOT-0001", "SMK-0001")}
    await acme.pull("CON-0001", open=True)
    await acme.pull("MOT-0001", motion=True, battery=7)
    await acme.pull("SMK-0001", smoke=True)
    after = {name: await acme.status(name) for name in before}
    assert after["CON-0001"]["open"] is True
    assert (after["MOT-0001"]["motion"], after["MOT-0001"]["battery"]) == (True, 7)
    assert after["SMK-0001"]["smoke"] is True
    assert all(after[name]["ts"] > before[name]["ts"] for name in before)
    await acme.pull("CON-0001", open=False)
    happened = (await acme.get("/v1/events"))["data"]
    assert [(event["serial"], event["type"]) for event in happened] == [
        ("CON-0001", "opened"),
        ("MOT-0001", "motion"),
        ("SMK-0001", "smoke"),
        ("CON-0001", "closed"),
    ]


async def test_it_is_dark_at_night(acme: Acme) -> None:
    acme.wait(4 * 3600)
    assert (await acme.status("MOT-0001"))["lux"] > 10
    acme.wait(10 * 3600)
    assert (await acme.status("MOT-0001"))["lux"] == 0


async def test_a_smoke_alarm_tests_itself(acme: Acme) -> None:
    made = await acme.put("SMK-0001", 202, self_test=True)
    assert (await acme.status("SMK-0001"))["testing"] is True
    acme.wait(4)
    assert await acme.command(made) == ("done", None)
    assert (await acme.status("SMK-0001"))["testing"] is False
    await acme.pull("SMK-0001", fault=True)
    made = await acme.put("SMK-0001", 202, self_test=True)
    acme.wait(4)
    assert await acme.command(made) == ("failed", "sensor_fault")


async def test_a_room_returns_to_its_own_temperature(acme: Acme) -> None:
    natural = (await acme.status("TMP-0001"))["temperature"]
    await acme.pull("TMP-0001", temperature=28.5)
    assert (await acme.status("TMP-0001"))["temperature"] == 28.5
    acme.wait(3600)
    assert natural < (await acme.status("TMP-0001"))["temperature"] < 26
    acme.wait(3600)
    assert (await acme.status("TMP-0001"))["temperature"] == pytest.approx(natural, abs=1.5)
    assert (await acme.put("TMP-0001", calibration=0.4))["calibration"] == 0.4


async def test_ventilation_has_modes(acme: Acme) -> None:
    async def shown(**body: object) -> tuple[object, object]:
        status = await acme.put("VNT-0001", **body) if body else await acme.status("VNT-0001")
        return status["mode"], status["level"]

    assert await shown() == ("auto", 45)
    assert await shown(level=70) == ("manual", 70)
    assert await shown(mode="night") == ("night", 20)
    assert await shown(mode="boost", boost_minutes=10) == ("boost", 100)
    acme.wait(600)
    assert await shown() == ("night", 20)
    assert await shown(mode="manual") == ("manual", 70)
    assert await shown(mode="auto") == ("auto", 45)
    acme.wait(14 * 3600)
    assert await shown() == ("auto", 20)


async def test_a_filter_ages_until_it_is_changed(acme: Acme) -> None:
    before = await acme.status("VNT-0001")
    assert before["filter_days"] == 179
    acme.wait(86400)
    after = await acme.status("VNT-0001")
    assert after["filter_days"] == 178
    assert after["ts"] > before["ts"]
    assert (await acme.put("VNT-0001", reset_filter=True))["filter_days"] == 180


async def test_a_doorbell_rings_once_for_each_press(acme: Acme) -> None:
    bell = await acme.put("DBL-0001", volume=3, chime="bird")
    assert (bell["volume"], bell["chime"]) == (3, "bird")
    await acme.pull("DBL-0001", press=True)
    first = await acme.get("/v1/events")
    assert [event["type"] for event in first["data"]] == ["pressed"]
    assert first["more"] is False
    assert (await acme.get(f"/v1/events?since={first['latest']}"))["data"] == []
    for _ in range(3):
        await acme.pull("DBL-0001", press=True)
    await acme.pull("CON-0001", open=True)
    page = await acme.get(f"/v1/events?since={first['latest']}&serial=DBL-0001&limit=2")
    assert [event["id"] for event in page["data"]] == [2, 3]
    assert (page["more"], page["latest"]) == (True, 5)


async def test_batteries_run_down(acme: Acme) -> None:
    before = await acme.status("LCK-0001")
    acme.wait(10 * 86400)
    after = await acme.status("LCK-0001")
    assert after["battery"] == before["battery"] - 3
    assert after["ts"] > before["ts"]
    await acme.pull("LCK-0001", battery=1)
    acme.wait(30 * 86400)
    assert (await acme.status("LCK-0001"))["battery"] == 1
