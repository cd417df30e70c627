from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from demo.acme.ledger import MWH, Ledger

STEPS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), max_size=30)


@given(steps=STEPS, cuts=st.lists(st.integers(0, 10**9), min_size=2, max_size=30))
def test_parts_add_up_to_the_whole(steps: list[tuple[int, int]], cuts: list[int]) -> None:
    ledger = Ledger(1000, reading=7)
    moment = 1000
    counted = 7 * MWH
    for pause, power in steps:
        counted += pause * ledger.power(moment)
        moment += pause
        ledger.set_power(moment, power)
    assert ledger.energy(moment) == counted

    edges = sorted(cuts)
    parts = [ledger.reading(b) - ledger.reading(a) for a, b in pairwise(edges)]
    assert sum(parts) == ledger.reading(edges[-1]) - ledger.reading(edges[0])
    assert all(part >= 0 for part in parts)


def test_counts_what_was_drawn() -> None:
    ledger = Ledger(0)
    ledger.set_power(0, 1_500_000)
    ledger.set_power(3_600_000, 0)
    assert ledger.reading(1_800_000) == 750_000
    assert ledger.reading(3_600_000) == ledger.reading(9_999_999) == 1_500_000
    assert ledger.mean(0, 7_200_000) == 750_000
    assert (ledger.power(3_599_999), ledger.power(3_600_000)) == (1_500_000, 0)


def test_shows_its_first_reading_before_it_began() -> None:
    ledger = Ledger(1000, reading=5)
    assert (ledger.reading(0), ledger.power(0)) == (5, 0)


def test_the_last_word_of_a_moment_counts() -> None:
    ledger = Ledger(0)
    ledger.set_power(100, 5)
    ledger.set_power(100, 9)
    assert ledger.power(100) == 9
    assert ledger.energy(200) == 900


def test_does_not_run_backwards() -> None:
    ledger = Ledger(0)
    ledger.set_power(100, 5)
    with pytest.raises(ValueError, match="backwards"):
        ledger.set_power(99, 6)
