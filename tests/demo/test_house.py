from collections.abc import Callable
from itertools import pairwise

from hypothesis import given, settings, strategies as st
import pytest

from demo.acme.clock import DAY, HOUR, SECOND
from demo.acme.house import House
from demo.acme.noise import draw
from demo.acme.weather import SLOT, Weather

from .conftest import START

BORN = round(START.timestamp()) * SECOND
type Step = tuple[int, str, dict[str, object]]
STEPS: list[Step] = [
    (5, "LMP-0002", {"on": True, "hue": 7}),
    (61_000, "GAR-0001", {"move": "open"}),
    (4_000, "LCK-0001", {"state": "open", "auto_lock": 20}),
    (2_000, "GAR-0001", {"position": 10}),
    (3_600_000, "PLG-0001", {"restart": True}),
    (7, "THM-0001", {"preset": "boost"}),
    (7_200_000, "VNT-0001", {"mode": "boost"}),
    (50_000, "VAC-0001", {"do": "start"}),
    (90_000, "BLD-0001", {"position": 77, "tilt": 3}),
    (11, "AIR-0001", {"mode": "cooling", "target_f": 66}),
    (30_000, "BOI-0001", {"program": "turbo", "target_dc": 700}),
    (70_000, "HUM-0001", {"on": True, "target": 80}),
    (9, "MOW-0001", {"do": "mow"}),
    (400, "VLV-0001", {"move": "open"}),
    (2_500, "VLV-0001", {"opening_pm": 300}),
    (5, "SPK-0001", {"do": "play", "shuffle": True}),
    (60_000, "ALM-0001", {"mode": "away"}),
    (5, "SIR-0001", {"do": "start"}),
    (5, "FAN-0001", {"breeze": "storm"}),
    (5, "HUB-0001", {"install": "3.3.0"}),
]


def everything(house: House) -> object:
    """Return all that there is to see of a house."""
    return (
        house.now,
        house.works.events(0),
        [
            (
                device.report(),
                device.ts,
                device.truth(),
                {name: ledger.energy(house.now) for name, ledger in device.ledgers.items()},
            )
            for device in house.devices.values()
        ],
    )


def live(looks: list[int], *, seed: int = 1) -> House:
    """Return a house that was told the same things, and looked at now and then meanwhile."""
    house = House(born=BORN, seed=seed)
    moment = BORN
    pending = iter([*looks, 10 * DAY])
    look = next(pending)
    for pause, serial, body in STEPS:
        moment += pause
        while BORN + look < moment:
            house.advance(BORN + look)
            look = next(pending)
        house.advance(moment)
        house.act("command", {"serial": serial, "body": body})
    for rest in (look, *pending):
        house.advance(BORN + min(rest, DAY))
    return house


@given(st.lists(st.integers(0, DAY), max_size=20).map(sorted))
@settings(max_examples=20)
def test_looking_changes_nothing(looks: list[int]) -> None:
    assert everything(live(looks)) == everything(live([]))


def test_another_seed_is_another_house() -> None:
    assert everything(live([], seed=2)) != everything(live([]))


def test_a_lively_house_has_visitors_and_a_quiet_one_none(
    make_house: Callable[..., House],
) -> None:
    lively, quiet = make_house(days=7, lively=True), make_house(days=7)
    for house in (lively, quiet):
        house.advance(BORN)
    happened = {(event.serial, event.type) for event in lively.works.events(0)}
    assert happened >= {
        ("MOT-0001", "motion"),
        ("CON-0001", "opened"),
        ("CON-0001", "closed"),
        ("DBL-0001", "pressed"),
    }
    ids = [event.id for event in lively.works.events(0)]
    moments = [event.moment for event in lively.works.events(0)]
    assert ids == sorted(set(ids))
    assert moments == sorted(moments)
    assert quiet.works.events(0) == []


def test_a_lock_jams_now_and_then() -> None:
    def jams(house: House) -> int:
        found = 0
        for number in range(200):
            state = ("unlocked", "locked")[number % 2]
            command = house.act("command", {"serial": "LCK-0001", "body": {"state": state}})
            house.advance(house.now + 3 * SECOND)
            found += getattr(command, "reason", None) == "jammed"
        return found

    assert 8 <= jams(House(born=BORN)) <= 40
    assert jams(House(born=BORN, lively=False)) == 0


def test_only_the_newest_works_are_kept() -> None:
    house = House(born=BORN, lively=False)
    for _ in range(600):
        house.act("command", {"serial": "GAR-0001", "body": {"position": 0}})
        house.act("pull", {"serial": "DBL-0001", "body": {"press": True}})
    assert house.works.command("c-000600").state == "done"
    assert [event.id for event in house.works.events(0)] == list(range(101, 601))
    with pytest.raises(Exception, match="no command 'c-000100'"):
        house.works.command("c-000100")


@pytest.mark.parametrize("seed", range(5))
def test_chance_is_even(seed: int) -> None:
    drawn = [draw(seed, "x", number) for number in range(2000)]
    assert all(0 <= value < 1 for value in drawn)
    assert 0.45 < sum(drawn) / len(drawn) < 0.55
    assert drawn[:5] == [draw(seed, "x", number) for number in range(5)]


def test_the_weather_has_days_and_seasons() -> None:
    weather = Weather(1)
    days = [round(weather.sun(BORN + hour * HOUR), 3) for hour in range(24)]
    assert min(days) == 0
    assert 0.3 < max(days) < 0.5
    assert 0.8 < max(weather.sun(BORN + 230 * DAY + hour * HOUR) for hour in range(24)) < 0.95
    winter = [weather.outside(BORN + 80 * DAY + hour * HOUR) for hour in range(0, 240, 3)]
    summer = [weather.outside(BORN + 260 * DAY + hour * HOUR) for hour in range(0, 240, 3)]
    assert sum(winter) / 80 < 5
    assert sum(summer) / 80 > 14
    steps = [weather.outside(BORN + number * SLOT) for number in range(2000)]
    assert all(abs(after - before) < 0.3 for before, after in pairwise(steps))
