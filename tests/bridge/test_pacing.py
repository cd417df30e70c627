from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.pacing import LONGEST, next_interval


def latest(_low: float, high: float) -> float:
    return high


def soonest(low: float, _high: float) -> float:
    return low


def test_a_vendor_that_stays_down_is_asked_less_and_less() -> None:
    waits = [next_interval(30, failures, latest) for failures in range(10)]
    assert waits == [30, 30, 30, 60, 120, 240, 480, 900, 900, 900]
    assert next_interval(30, 10**9, latest) == LONGEST


def test_a_long_interval_is_never_made_shorter_than_its_own() -> None:
    assert next_interval(3600, 5, latest) == 3600


def test_those_who_failed_together_do_not_come_back_together() -> None:
    assert next_interval(30, 1, soonest) == 22.5
    assert next_interval(30, 0, soonest) == 30, "nothing has failed"
    waits = {next_interval(30, 4) for _ in range(50)}
    assert len(waits) > 40


def test_the_vendors_wish_is_heard_and_spread() -> None:
    assert next_interval(30, 1, soonest, at_least=120) == 120
    assert next_interval(30, 1, latest, at_least=120) == pytest.approx(132)
    assert next_interval(30, 1, latest, at_least=5) == 30


@given(st.floats(0.1, 86400), st.integers(0, 10_000), st.floats(0, 3600), st.floats(0, 1))
def test_whatever_happens_it_is_asked_again(
    every: float, failures: int, wish: float, share: float
) -> None:
    def jitter(low: float, high: float) -> float:
        return low + (high - low) * share

    wait = next_interval(every, failures, jitter, at_least=wish)
    assert max(min(every * 0.75, LONGEST), wish) <= wait <= max(every, LONGEST, wish * 1.1 + 1e-6)
    if failures <= 1:
        assert wait <= max(every, wish * 1.1 + 1e-6)
