from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from demo.acme.house import House

from .conftest import Acme, RealTime


async def points(acme: Acme, serial: str, **query: object) -> list[dict[str, Any]]:
    """Return all points of a history, through all its pages."""
    asked = "&".join(f"{name.rstrip('_')}={quote(str(value))}" for name, value in query.items())
    following: str | None = f"/v1/devices/{serial}/history?{asked}"
    found = []
    while following is not None:
        page = await acme.get(following)
        found += page["points"]
        following = page["links"]["next"]
    return found


def total(found: list[dict[str, Any]], name: str = "kwh") -> Decimal:
    return sum((Decimal(str(point[name])) for point in found), Decimal(0))


@pytest.mark.parametrize(
    "serial", ["PLG-0001", "MTR-0001", "SOL-0001", "STR-0001", "STR-0001-1", "BAT-0001", "GAS-0001"]
)
async def test_the_sum_is_the_meters_difference_to_the_last_digit(acme: Acme, serial: str) -> None:
    # A full day that has been, and one that is lived through in uneven steps.
    for seconds in (1, 3599, 40_000, 86_400, 77_777):
        acme.wait(seconds)
        await acme.get("/v1/status")
    period = {"from_": "2026-11-01T00:00+01:00", "to_": "2026-11-04T00:00+01:00"}
    days = await points(acme, serial, **period, resolution=86400)
    assert [day["t"][:10] for day in days] == ["2026-11-01", "2026-11-02", "2026-11-03"]
    for name in [name for name in days[0] if f"{name}_total" in days[0]]:
        for resolution in (300, 900, 3600):
            fine = await points(acme, serial, **period, resolution=resolution)
            assert len(fine) == 3 * 86400 // resolution
            assert total(fine, name) == total(days, name)
            assert fine[-1][f"{name}_total"] == days[-1][f"{name}_total"]
            totals = [point[f"{name}_total"] for point in fine]
            assert totals == sorted(totals)
        assert total(days, name) > 0 or name in {"kwh_export", "kwh_charged"}


async def test_history_and_meter_agree(acme: Acme) -> None:
    before = await acme.get("/v1/devices/PLG-0001/meter")
    assert before["ts"] == "2026-11-02T08:30:00.000+01:00"
    await acme.pull("PLG-0001", start_programme=True)
    acme.wait(7200)
    after = await acme.get("/v1/devices/PLG-0001/meter")
    found = await points(acme, "PLG-0001", from_=before["ts"], to_=after["ts"], resolution=300)
    assert len(found) == 24
    assert total(found) == Decimal(str(after["kwh"])) - Decimal(str(before["kwh"]))
    # The programme, beside the plug's own use.
    assert 1.1 < total(found) < 1.3
    assert max(point["watts_mean"] for point in found) > 2000


async def test_the_past_does_not_change(acme: Acme) -> None:
    period = {"from_": "2026-11-01", "to_": "2026-11-02", "resolution": 900}
    before = await points(acme, "MTR-0001", **period)
    acme.wait(86400)
    await acme.put("PLG-0001", on=False)
    assert await points(acme, "MTR-0001", **period) == before


async def test_only_whole_intervals_of_the_period(acme: Acme) -> None:
    found = await points(acme, "PLG-0001")
    assert len(found) == 23
    assert found[0]["t"] == "2026-11-01T09:00:00.000+01:00"
    assert found[-1]["t"] == "2026-11-02T07:00:00.000+01:00"
    found = await points(acme, "PLG-0001", from_="2026-11-02T05:30", to_="2026-11-02T07:00:00.001")
    assert [point["t"][11:13] for point in found] == ["06", "07"]


async def test_pages_follow_each_other(acme: Acme) -> None:
    whole = await points(acme, "PLG-0001", from_="2026-11-01", to_="2026-11-02", limit=1000)
    assert len(whole) == 24
    for limit in (1, 5, 24):
        cut = await points(acme, "PLG-0001", from_="2026-11-01", to_="2026-11-02", limit=limit)
        assert cut == whole


async def test_begins_with_the_meter(acme: Acme) -> None:
    long_ago = await points(acme, "PLG-0001", from_="2020-01-01", resolution=86400)
    assert [point["t"][:10] for point in long_ago] == ["2026-11-01"]

    new = {"serial": "PLG-0099", "model": "Plug Mini", "label": "Fan"}
    await acme.json("POST", "/_sim/house", {"add": [new]}, status=200)
    acme.wait(2 * 3600)
    found = await points(acme, "PLG-0099", from_="2020-01-01")
    meter = await acme.get("/v1/devices/PLG-0099/meter")
    assert found[0]["t"] == "2026-11-02T08:00:00.000+01:00"
    # Half an hour of 40.7 W.
    assert found[0]["kwh"] == 0.02035
    assert Decimal(str(found[-1]["kwh_total"])) == total(found)
    assert meter["kwh"] > found[-1]["kwh_total"]


@pytest.mark.parametrize(
    ("today", "offsets", "hours"),
    [
        ("2027-03-30", ["+01:00", "+01:00", "+02:00"], 23),
        ("2027-11-02", ["+02:00", "+02:00", "+01:00"], 25),
    ],
)
async def test_the_day_on_which_clocks_change_is_shorter_or_longer(
    real: RealTime,
    serve: Callable[[House], Awaitable[Acme]],
    make_house: Callable[..., House],
    today: str,
    offsets: list[str],
    hours: int,
) -> None:
    real.seconds = datetime.fromisoformat(f"{today}T12:00+01:00").timestamp()
    acme = await serve(make_house(days=3))
    period = {"from_": "2026-01-01", "to_": today}
    days = await points(acme, "STR-0001-4", **period, resolution=86400)
    assert [day["t"][23:] for day in days] == offsets
    assert {day["t"][10:23] for day in days} == {"T00:00:00.000"}
    # 8.7 W, all day.
    assert [day["kwh"] for day in days] == [0.2088, round(0.0087 * hours, 6), 0.2088]
    by_hour = await points(acme, "STR-0001-4", **period)
    assert len(by_hour) == 48 + hours
    assert total(by_hour) == total(days)


async def test_a_day_counts_from_its_midnight(acme: Acme) -> None:
    acme.wait(2 * 86400)
    days = await points(acme, "PLG-0001", from_="2026-11-01T05:00", resolution=86400)
    assert [day["t"][:10] for day in days] == ["2026-11-02", "2026-11-03"]


async def test_an_offline_meter_hands_in_what_it_measured(acme: Acme) -> None:
    await acme.pull("STR-0001-1", online=False)
    acme.wait(4 * 3600)
    period = {"from_": "2026-11-02T06:00", "to_": "2026-11-02T12:00"}
    found = await points(acme, "STR-0001-1", **period)
    assert [point["t"][11:13] for point in found] == ["06", "07"]
    await acme.pull("STR-0001-1", online=True)
    found = await points(acme, "STR-0001-1", **period)
    assert [point["t"][11:13] for point in found] == ["06", "07", "08", "09", "10", "11"]
    assert {point["watts_mean"] for point in found} == {92.7}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("resolution=60", "resolution"),
        ("resolution=x", "resolution"),
        ("from=yesterday", "from"),
        ("from=2026-11-02T05:00:00+01:00", "from"),
        ("to=9999-12-31T23:59:59-14:00", "to"),
        ("from=2026-11-02&to=2026-11-01", "from"),
        ("from=2026-11-02&to=2026-11-02", "from"),
        ("limit=1001", "limit"),
    ],
)
async def test_refuses_wrong_periods(acme: Acme, query: str, field: str) -> None:
    refused = await acme.get(f"/v1/devices/PLG-0001/history?{query}", status=422)
    assert refused["error"]["field"] == field


async def test_a_period_without_intervals_is_empty(acme: Acme) -> None:
    assert await points(acme, "PLG-0001", from_="2026-11-02T08:00", to_="2030-01-01") == []
    assert await points(acme, "PLG-0001", from_="1969-01-01", to_="1970-01-01") == []
    assert await points(acme, "PLG-0001", from_="0001-01-02", to_="2026-10-30") == []


async def test_sun_and_grid_balance_with_what_is_drawn(acme: Acme) -> None:
    """What the house takes is what comes from the grid and the roof, less what goes back."""
    acme.wait(4 * 3600)
    house = await acme.get("/_sim/house")
    devices = house["devices"]
    solar = devices["SOL-0001"]["truth"]["milliwatts"]
    grid = devices["MTR-0001"]["truth"]
    drawn = grid["unmetered_milliwatts"] + sum(
        device["truth"].get("milliwatts", 0)
        for serial, device in devices.items()
        if serial not in {"SOL-0001", "BAT-0001", "MTR-0001"}
    )
    battery = devices["BAT-0001"]["truth"]["milliwatts"]
    assert grid["milliwatts"] == drawn - solar - battery
    assert solar > 0
    meter = await acme.get("/v1/devices/MTR-0001/meter")
    assert meter["watts"] == grid["milliwatts"] / 1000
