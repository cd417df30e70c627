from hypothesis import given, strategies as st
import pytest

from demo.acme.clock import DAY, SECOND, SimulatedClock, iso
from demo.acme.errors import InvalidValueError
from demo.acme.house import House

from .conftest import RealTime


def test_follows_real_time_until_it_is_moved() -> None:
    real = RealTime()
    clock = SimulatedClock(real)
    begun = clock.now()
    real.seconds += 5
    assert clock.now() == begun + 5 * SECOND

    clock.advance(86400)
    assert clock.now() == begun + 5 * SECOND + DAY

    clock.set_speed(60)
    real.seconds += 10
    assert clock.now() == begun + 5 * SECOND + DAY + 600 * SECOND

    clock.set_speed(0)
    real.seconds += 1000
    assert clock.now() == begun + 605 * SECOND + DAY


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("advance"), st.floats(0, 1e6)),
            st.tuples(st.just("speed"), st.floats(0, 1000)),
            st.tuples(st.just("real"), st.floats(-10, 1000)),
        )
    )
)
def test_never_goes_back(steps: list[tuple[str, float]]) -> None:
    real = RealTime()
    clock = SimulatedClock(real)
    house = House(born=clock.now(), cards=())
    before = house.now
    for what, value in steps:
        if what == "advance":
            clock.advance(value)
        elif what == "speed":
            clock.set_speed(value)
        else:
            real.seconds += value
        house.advance(clock.now())
        assert house.now >= before
        before = house.now


@pytest.mark.parametrize("seconds", [-1, 1e12, 10**30])
def test_refuses_to_jump_too_far(seconds: float) -> None:
    with pytest.raises(InvalidValueError):
        SimulatedClock(RealTime()).advance(seconds)


@pytest.mark.parametrize("speed", [-0.1, 1e9])
def test_refuses_impossible_speeds(speed: float) -> None:
    with pytest.raises(InvalidValueError):
        SimulatedClock(RealTime()).set_speed(speed)


def test_times_have_the_offset_of_their_day() -> None:
    zone = House(born=0, cards=()).zone
    assert iso(1_793_574_000_000, zone) == "2026-11-02T00:00:00.000+01:00"
    assert iso(1_793_574_000_000 - 10 * DAY, zone) == "2026-10-23T01:00:00.000+02:00"
