from contextlib import closing
import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from demo.acme.clock import SECOND, SimulatedClock
from demo.acme.errors import AcmeError
from demo.acme.house import House
from demo.acme.journal import LivedHouse, move_in
from demo.acme.sessions import EMAIL, PASSWORD, Sessions

from .conftest import START, RealTime
from .test_house import everything

ACTS: list[tuple[str, dict[str, Any]]] = [
    ("command", {"serial": "LMP-0002", "body": {"on": True, "kelvin": 3000}}),
    ("command", {"serial": "LCK-0001", "body": {"state": "unlocked"}}),
    ("command", {"serial": "GAR-0001", "body": {"move": "open"}}),
    ("command", {"serial": "GAR-0001", "body": {"move": "stop"}}),
    ("command", {"serial": "THM-0001", "body": {"target": 24}}),
    ("command", {"serial": "STR-0001-1", "body": {"restart": True}}),
    ("command", {"serial": "LMP-0001", "body": {"level": 0}}),
    ("command", {"serial": "HUB-0001", "body": {"scene": "movie"}}),
    ("command", {"serial": "HUB-0001", "body": {"install": "3.3.0"}}),
    ("command", {"serial": "SPK-0001", "body": {"do": "play", "shuffle": True}}),
    ("command", {"serial": "AIR-0001", "body": {"mode": "heating", "target_f": 75}}),
    ("command", {"serial": "ALM-0001", "body": {"mode": "away"}}),
    ("command", {"serial": "MOW-0001", "body": {"do": "mow"}}),
    ("add_item", {"serial": "BRD-0001", "body": {"text": "Nüsse", "after": None}}),
    ("change_item", {"serial": "BRD-0001", "number": "i-00001", "body": {"state": "bought"}}),
    ("remove_item", {"serial": "BRD-0001", "number": "i-00002"}),
    ("task", {"serial": "VAC-0001", "name": "clean", "data": {"rooms": ["Hall"]}}),
    ("pull", {"serial": "LCK-0001", "body": {"jam": "next"}}),
    ("pull", {"serial": "LMP-0001", "body": {"label": "Lämpchen"}}),
    ("pull", {"serial": "TMP-0001", "body": {"online": False}}),
    ("pull", {"serial": "TMP-0001", "body": {"online": True}}),
    ("add", {"device": {"serial": "PLG-0009", "model": "Plug Mini", "label": "Fan"}}),
    ("remove", {"serial": "PLG-0009"}),
    ("remove", {"serial": "BLD-0001"}),
]


def fresh(real: RealTime) -> House:
    return House(born=round(real.seconds) * SECOND)


def restart(folder: Path, real: RealTime) -> LivedHouse:
    return move_in(folder / "journal.jsonl", SimulatedClock(real), fresh(real))


@given(
    st.lists(
        st.tuples(st.floats(0, 20_000), st.floats(0, 100), st.sampled_from(ACTS), st.booleans()),
        max_size=12,
    )
)
@settings(max_examples=25)
def test_a_restart_is_not_noticed(
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[float, float, tuple[str, dict[str, Any]], bool]],
) -> None:
    folder = tmp_path_factory.mktemp("acme")
    real, steady_real = RealTime(), RealTime()
    lived = restart(folder, real)
    steady = LivedHouse(fresh(steady_real), SimulatedClock(steady_real))
    for advance, pause, (name, data), again in steps:
        for one, time in ((lived, real), (steady, steady_real)):
            time.seconds += pause
            one.advance(advance)
            try:
                one.act(name, **data)
            except AcmeError:
                continue
        if again:
            lived.close()
            lived = restart(folder, real)
    lived.close()
    lived = restart(folder, real)
    assert everything(lived.house) == everything(steady.house)
    assert lived.clock.anchor.speed == steady.clock.anchor.speed
    lived.close()


def test_the_clock_goes_on_while_nobody_runs_it(tmp_path: Path) -> None:
    real = RealTime()
    with closing(restart(tmp_path, real)) as lived:
        lived.advance(3 * 86400)
        lived.set_speed(10)
        before = lived.clock.now()
    real.seconds += 60
    with closing(restart(tmp_path, real)) as lived:
        assert lived.clock.now() == before + 600 * SECOND


def test_a_line_that_a_crash_cut_off_is_dropped(tmp_path: Path) -> None:
    real = RealTime()
    with closing(restart(tmp_path, real)) as lived:
        lived.act("command", serial="LMP-0001", body={"on": True})
    journal = tmp_path / "journal.jsonl"
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"at": 179')
    with closing(restart(tmp_path, real)) as lived:
        assert journal.read_bytes() == whole
        lived.act("command", serial="LMP-0003", body={"on": True})
    with closing(restart(tmp_path, real)) as lived:
        assert lived.house.device("LMP-0001").fields()["on"] is True
        assert lived.house.device("LMP-0003").fields()["on"] is True


def test_what_was_refused_is_not_written_down(tmp_path: Path) -> None:
    with closing(restart(tmp_path, RealTime())) as lived:
        before = (tmp_path / "journal.jsonl").read_text()
        with pytest.raises(AcmeError):
            lived.act("command", serial="LMP-0001", body={"level": 0})
    assert (tmp_path / "journal.jsonl").read_text() == before


def test_refuses_another_versions_journal(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text(json.dumps({"version": 0}) + "\n")
    with pytest.raises(ValueError, match="another version"):
        restart(tmp_path, RealTime())


def test_sign_ins_outlive_a_restart(tmp_path: Path) -> None:
    real = RealTime()
    path = tmp_path / "sessions.json"
    tokens = Sessions(real, 120, path=path).login(EMAIL, PASSWORD)
    again = Sessions(real, 120, path=path)
    assert again.session(tokens["access_token"]) == 1
    renewed = again.refresh(tokens["refresh_token"])
    later = Sessions(real, 120, path=path)
    assert later.session(renewed["access_token"]) == 1
    assert later.login(EMAIL, PASSWORD)["access_token"] not in path.read_text()
    assert tokens["refresh_token"] not in path.read_text()
    with pytest.raises(AcmeError, match="used or revoked"):
        later.refresh(tokens["refresh_token"])
    real.seconds = START.timestamp() + 120
    with pytest.raises(AcmeError, match="expired"):
        Sessions(real, 120, path=path).session(tokens["access_token"])
