from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from custom_components.vendor_bridge.bridge.model import Observation
from custom_components.vendor_bridge.observations import PATIENCE, Observations

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
EARLIER = NOW - timedelta(minutes=5)
LATER = NOW + timedelta(seconds=5)


def value(known: Observations, key: str = "on") -> object:
    observation = known.get(key)
    return observation.value if observation is not None else None


def test_read_replaces_what_was_read_before() -> None:
    known = Observations()
    assert known.read({"on": Observation(False)}, began=1, at=NOW)
    assert known.read({"on": Observation(True)}, began=2, at=LATER)
    assert value(known) is True
    assert known.received_at("on") == LATER


def test_what_an_answer_does_not_tell_stands() -> None:
    known = Observations()
    known.read({"on": Observation(True), "level": Observation(3)}, began=1, at=NOW)
    known.read({"on": Observation(False)}, began=2, at=LATER)
    assert value(known, "level") == 3
    assert known.received_at("level") == NOW


def test_read_that_began_before_a_command_was_over_changes_nothing_it_set() -> None:
    known = Observations()
    old = {"on": Observation(False), "level": Observation(3)}
    known.read(old, began=1, at=NOW)
    known.write({"on": Observation(True)}, finished=3, at=NOW)
    late = {"on": Observation(False), "level": Observation(4)}
    assert not known.read(late, began=2, at=LATER)
    assert value(known) is True
    assert value(known, "level") == 4


def test_read_that_began_after_a_command_counts_even_if_it_says_the_old() -> None:
    known = Observations()
    old = {"on": Observation(False)}
    known.read(old, began=1, at=NOW)
    known.write({"on": Observation(True)}, finished=2, at=NOW)
    assert known.read(old, began=3, at=LATER)
    assert value(known) is False


def test_older_observation_never_replaces_a_newer_one() -> None:
    known = Observations()
    known.read({"on": Observation(True, NOW)}, began=1, at=NOW)
    assert not known.read({"on": Observation(False, EARLIER)}, began=2, at=LATER)
    known.write({"on": Observation(False, NOW - timedelta(seconds=30))}, finished=3, at=LATER)
    assert value(known) is True


def test_a_clock_that_was_set_back_is_believed_in_the_end() -> None:
    known = Observations()
    known.read({"on": Observation(True, NOW)}, began=1, at=NOW)
    back = {"on": Observation(False, NOW - timedelta(hours=1))}
    assert not known.read(back, began=2, at=NOW + PATIENCE)
    assert known.read(back, began=3, at=NOW + PATIENCE + timedelta(seconds=1))
    assert value(known) is False


def test_a_command_counts_whatever_the_clock_of_the_vendor_says() -> None:
    known = Observations()
    known.read({"on": Observation(False, NOW)}, began=1, at=NOW)
    known.write({"on": Observation(True, NOW - timedelta(hours=1))}, finished=2, at=LATER)
    assert value(known) is True


def test_observation_repeated_from_before_a_command_is_no_news() -> None:
    known = Observations()
    known.read({"on": Observation(False, EARLIER)}, began=1, at=NOW)
    known.write({"on": Observation(True)}, finished=2, at=NOW)
    assert not known.read({"on": Observation(False, EARLIER)}, began=3, at=LATER)
    assert value(known) is True


def test_other_value_at_the_time_from_before_a_command_is_news() -> None:
    known = Observations()
    known.read({"level": Observation(1, EARLIER)}, began=1, at=NOW)
    known.write({"level": Observation(2)}, finished=2, at=NOW)
    assert known.read({"level": Observation(3, EARLIER)}, began=3, at=LATER)
    assert value(known, "level") == 3


def test_vendor_that_insists_on_what_held_before_a_command_is_believed() -> None:
    known = Observations()
    old = {"on": Observation(False, EARLIER)}
    known.read(old, began=1, at=NOW)
    known.write({"on": Observation(True)}, finished=2, at=NOW)
    assert not known.read(old, began=3, at=NOW + PATIENCE)
    assert known.read(old, began=4, at=NOW + PATIENCE + timedelta(seconds=1))
    assert value(known) is False


def test_two_commands_in_a_row_remember_what_held_before_both() -> None:
    known = Observations()
    old = {"level": Observation(1, EARLIER)}
    known.read(old, began=1, at=NOW)
    known.write({"level": Observation(2)}, finished=2, at=NOW)
    known.write({"level": Observation(3)}, finished=3, at=NOW)
    assert not known.read(old, began=4, at=LATER)
    assert value(known, "level") == 3


def test_what_is_told_again_is_received_again() -> None:
    known = Observations()
    told = {"on": Observation(True)}
    known.read(told, began=1, at=NOW)
    known.touch(told, at=LATER)
    assert known.received_at("on") == LATER
    known.touch({"on": Observation(True)}, at=NOW + PATIENCE)
    assert known.received_at("on") == LATER


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["read", "slow read", "write"]),
            st.integers(0, 3),
            st.none() | st.integers(0, 9),
        ),
        max_size=12,
    )
)
def test_vendor_time_never_runs_backwards(steps: list[tuple[str, int, int | None]]) -> None:
    known = Observations()
    count = 0
    for step, told, tick in steps:
        count += 2
        at = NOW + tick * PATIENCE / 10 if tick is not None else None
        before = known.get("on")
        news = Observation(told, at)
        if step == "write":
            known.write({"on": news}, finished=count, at=NOW)
        else:
            began = count if step == "read" else count - 3
            known.read({"on": news}, began=began, at=NOW)
        after = known.get("on")
        assert after is not None
        assert after in (before, news)
        if before is not None and before.observed_at and after.observed_at:
            assert after.observed_at >= before.observed_at
