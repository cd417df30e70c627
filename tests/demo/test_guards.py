"""What guards the house: the alarm panel, the siren, a lock with a code; and no code is kept."""

from pathlib import Path

import pytest

from demo.acme.app import create_app_for
from demo.acme.clock import SimulatedClock
from demo.acme.house import House
from demo.acme.journal import move_in
from demo.acme.service import SERVICE, make_service

from .conftest import Acme, RealTime, Starts


async def mode(acme: Acme) -> object:
    return (await acme.status("ALM-0001"))["mode"]


async def test_a_panel_leaves_time_to_go_out(acme: Acme) -> None:
    assert (await acme.put("ALM-0001", mode="away"))["mode"] == "exit_delay"
    acme.wait(29.9)
    assert await mode(acme) == "exit_delay"
    acme.wait(0.1)
    panel = await acme.status("ALM-0001")
    assert (panel["mode"], panel["by"]) == ("away", "app")
    assert (await acme.put("ALM-0001", mode="night"))["mode"] == "night"
    kinds = [(event["type"], event["data"]) for event in (await acme.get("/v1/events"))["data"]]
    assert kinds == [("armed", {"mode": "away"}), ("armed", {"mode": "night"})]


async def test_a_panel_wants_its_code_to_be_switched_off(acme: Acme) -> None:
    await acme.put("ALM-0001", mode="home")
    for body in ({"mode": "off"}, {"mode": "off", "code": "0000"}):
        refused = await acme.put("ALM-0001", 403, **body)
        assert (refused["error"]["code"], refused["error"]["field"]) == ("wrong_code", "code")
        assert await mode(acme) == "home"
    shown = await acme.put("ALM-0001", mode="off", code="2580")
    assert shown["mode"] == "off"
    assert "code" not in shown
    await acme.put("ALM-0001", 422, mode="off", code="1")


async def test_an_intruder_has_little_time_and_then_is_heard(acme: Acme) -> None:
    await acme.pull("ALM-0001", mode="away")
    await acme.pull("ALM-0001", intrusion=True)
    assert await mode(acme) == "entry_delay"
    acme.wait(20)
    assert await mode(acme) == "alarm"
    acme.wait(180)
    assert await mode(acme) == "away"
    await acme.pull("ALM-0001", mode="off")
    panel = await acme.status("ALM-0001")
    assert (panel["mode"], panel["by"]) == ("off", "keypad")
    await acme.pull("ALM-0001", intrusion=True)
    assert await mode(acme) == "off"


async def test_an_alarm_at_night_is_heard_at_once(acme: Acme) -> None:
    await acme.put("ALM-0001", mode="night")
    await acme.pull("ALM-0001", intrusion=True)
    assert await mode(acme) == "alarm"
    await acme.put("ALM-0001", mode="off", code="2580")
    acme.wait(180)
    assert await mode(acme) == "off"
    assert (await acme.put("ALM-0001", panic=True))["mode"] == "alarm"


async def test_a_gate_with_a_code_locks_without_and_unlocks_with_it(acme: Acme) -> None:
    await acme.put("LCK-0002", 403, state="unlocked")
    made = await acme.put("LCK-0002", 202, state="unlocked", code="2580")
    acme.wait(3)
    assert await acme.command(made) == ("done", None)
    made = await acme.put("LCK-0002", 202, state="locked")
    acme.wait(3)
    assert await acme.command(made) == ("done", None)
    refused = await acme.put("LCK-0001", 422, state="unlocked", code="2580")
    assert refused["error"]["code"] == "unknown_field"


@pytest.mark.parametrize("code", ["2580", "7391"])
async def test_no_code_is_kept_anywhere(
    aiohttp_client: Starts, real: RealTime, tmp_path: Path, code: str
) -> None:
    journal = tmp_path / "journal.jsonl"
    clock = SimulatedClock(real)
    fresh = House(born=clock.now(), lively=False)
    service = make_service(move_in(journal, clock, fresh))
    acme = Acme(await aiohttp_client(create_app_for(service)), service, real)
    await acme.sign_in()
    await acme.put("ALM-0001", mode="home")
    good = code == "2580"
    await acme.put("ALM-0001", 200 if good else 403, mode="off", code=code)
    await acme.put("LCK-0002", 202 if good else 403, state="open", code=code)
    pulled = {"set": {"LCK-0002": {"code": code}}}
    assert (await acme.ask("POST", "/_sim/house", pulled)).status == 422
    service.lived.close()
    assert '"mode": "home"' in journal.read_text()
    assert code not in journal.read_text()
    for path in ("/_sim/log", "/_sim/house", "/v1/devices?limit=50", "/v1/status", "/v1/events"):
        assert code not in await (await acme.ask("GET", path)).text(), path
    again = move_in(journal, SimulatedClock(real), fresh)
    assert again.house.device("ALM-0001").fields()["mode"] == ("off" if good else "home")
    again.close()
    assert acme.client.app is not None
    assert acme.client.app[SERVICE] is service


async def test_a_siren_stops_by_itself(acme: Acme) -> None:
    siren = await acme.put("SIR-0001", do="start", tone="whoop", loudness=3, seconds=10)
    assert (siren["noise"], siren["tone"], siren["loudness"]) == ("sounding", "whoop", 3)
    acme.wait(9.9)
    assert (await acme.status("SIR-0001"))["noise"] == "sounding"
    acme.wait(0.1)
    assert (await acme.status("SIR-0001"))["noise"] == "silent"
    await acme.put("SIR-0001", do="start")
    assert (await acme.put("SIR-0001", do="stop"))["noise"] == "silent"
    acme.wait(5)
    await acme.put("SIR-0001", do="start")
    acme.wait(9)
    assert (await acme.status("SIR-0001"))["noise"] == "sounding"
