"""Charging plans, which are drafted and confirmed, and the holiday of the whole account."""

import pytest

from .conftest import Acme

PATH = "/v1/devices/MOW-0001/charging"


async def draft(
    acme: Acme, *, level: int = 80, at: str = "12:00", version: int = 0
) -> dict[str, object]:
    body = {"version": version, "level": level, "ready_by": f"2026-11-02T{at}:00+01:00"}
    made: dict[str, object] = await acme.json("POST", PATH, body, status=201)
    return made


async def test_a_mower_charges_as_late_as_it_can_and_no_further(acme: Acme) -> None:
    await acme.pull("MOW-0001", battery=50)
    plan = await draft(acme)
    assert (plan["state"], plan["minutes"]) == ("draft", 20)
    assert plan["starts"] == "2026-11-02T11:40:00.000+01:00"
    assert (await acme.get(PATH))["plan"] is None, "a draft changes nothing"
    path = f"/v1/plans/{plan['id']}/confirm"
    confirmed = await acme.json("POST", path, {"starts": plan["starts"]}, status=200)
    assert confirmed == {**plan, "state": "active"}
    assert await acme.get(PATH) == {"serial": "MOW-0001", "version": 1, "plan": confirmed}

    acme.wait(3 * 3600)
    assert (await acme.status("MOW-0001"))["battery"] == 50, "it waits"
    acme.wait(1800 - 60)
    assert (await acme.status("MOW-0001"))["battery"] == 78
    acme.wait(50)
    assert (await acme.get(PATH))["plan"]["state"] == "active"
    acme.wait(10)
    assert (await acme.status("MOW-0001"))["battery"] == 80
    assert (await acme.get(PATH))["plan"]["state"] == "done"
    acme.wait(3600)
    assert (await acme.status("MOW-0001"))["battery"] == 100, "and then does as ever"


async def test_one_plan_replaces_another(acme: Acme) -> None:
    first, second = await draft(acme), await draft(acme, at="13:00")
    path = f"/v1/plans/{second['id']}/confirm"
    for plan in (first, second):
        where = f"/v1/plans/{plan['id']}/confirm"
        await acme.json("POST", where, {"starts": plan["starts"]}, status=200)
    assert (await acme.get(PATH))["plan"]["id"] == second["id"]
    refused = await acme.json(
        "POST", PATH, {"version": 0, "level": 80, "ready_by": "x"}, status=409
    )
    assert refused["error"]["code"] == "outdated"
    again = await acme.json("POST", path, {"starts": second["starts"]}, status=409)
    assert again["error"]["code"] == "outdated"


async def test_a_plan_is_confirmed_as_it_was_shown(acme: Acme) -> None:
    plan = await draft(acme)
    path = f"/v1/plans/{plan['id']}/confirm"
    starts = "2026-11-02T11:00:00+01:00"
    refused = await acme.json("POST", path, {"starts": starts}, status=409)
    assert refused["error"] == {
        "code": "outdated",
        "message": "the plan does not start then",
        "field": "starts",
    }


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        (PATH, {"version": 0, "level": 80}, 422, "invalid_value"),
        (PATH, {"version": 0, "level": 81, "ready_by": "x"}, 422, "invalid_value"),
        (PATH, {"version": 0, "level": 80, "ready_by": "soon"}, 422, "invalid_value"),
        (PATH, {"version": 0, "level": 80, "ready_by": "2026-11-02T08:00"}, 422, "invalid_value"),
        (PATH, {"version": 0, "level": 80, "ready_by": "2026-11-05T08:00"}, 422, "invalid_value"),
        ("/v1/plans/p-000009/confirm", {"starts": "x"}, 404, "unknown_plan"),
        ("/v1/devices/LMP-0001/charging", {"version": 0}, 404, "no_charger"),
    ],
)
async def test_wrong_plans_are_refused(
    acme: Acme, path: str, body: object, status: int, code: str
) -> None:
    refused = await acme.json("POST", path, body, status=status)
    assert refused["error"]["code"] == code


async def test_what_does_not_charge_has_no_plan(acme: Acme) -> None:
    assert (await acme.get("/v1/devices/LMP-0001/charging", status=404))["error"]["code"] == (
        "no_charger"
    )


async def test_a_holiday_saves_energy_until_its_last_day_is_over(acme: Acme) -> None:
    assert await acme.get("/v1/holiday") == {"active": False, "until": None, "devices": []}
    began = await acme.json("PUT", "/v1/holiday", {"until": "2026-11-03"}, status=200)
    assert began == {"active": True, "until": "2026-11-03", "devices": ["THM-0001", "BOI-0001"]}
    assert (await acme.status("THM-0001"))["preset"] == "away"
    assert (await acme.status("BOI-0001"))["holiday"] is True
    acme.wait(39 * 3600)
    assert (await acme.get("/v1/holiday"))["active"] is True
    acme.wait(3600)
    assert (await acme.get("/v1/holiday"))["active"] is False
    assert (await acme.status("THM-0001"))["preset"] is None
    assert (await acme.status("BOI-0001"))["holiday"] is False


async def test_a_holiday_can_be_ended(acme: Acme) -> None:
    await acme.json("PUT", "/v1/holiday", {"until": "2026-11-20"}, status=200)
    ended = await acme.json("DELETE", "/v1/holiday", status=200)
    assert ended == {"active": False, "until": None, "devices": []}
    assert (await acme.status("BOI-0001"))["holiday"] is False


@pytest.mark.parametrize("until", ["2026-11-01", "2028-01-01", "tomorrow"])
async def test_wrong_holidays_are_refused(acme: Acme, until: str) -> None:
    refused = await acme.json("PUT", "/v1/holiday", {"until": until}, status=422)
    assert refused["error"]["field"] == "until"
