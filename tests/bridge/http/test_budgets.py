"""Budgets, each against a model that keeps every request."""

from collections.abc import Mapping
from datetime import datetime, timedelta
import math
from typing import override
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.http.allowance import Allowance
from custom_components.vendor_bridge.bridge.http.budgets import (
    STALE,
    UNKNOWN,
    Budget,
    Rate,
    Told,
    Window,
    for_polls,
)
from custom_components.vendor_bridge.bridge.http.quotas import (
    SLOTS,
    DailyQuota,
    RollingQuota,
    budget_of,
    counts_in,
)

from .helpers import ManualClock

DAY = 86400.0
BERLIN = ZoneInfo("Europe/Berlin")


class WallClock(ManualClock):
    """A clock whose time of day can be wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.off = timedelta()

    @override
    def now(self) -> datetime:
        return super().now() + self.off


def spend(budget: Budget, clock: ManualClock, *, command: bool = False) -> int:
    """Send as many requests as there may be now and return how many that were."""
    sent = 0
    while budget.delay(command=command) <= 0:
        budget.take()
        sent += 1
        assert sent < 10_000
    return sent


@pytest.mark.parametrize(
    ("requests", "polls"), [(1, 1), (2, 1), (5, 4), (10, 9), (19, 18), (20, 18), (10_000, 9000)]
)
def test_a_tenth_is_kept_for_commands(requests: int, polls: int) -> None:
    assert for_polls(requests) == polls


@pytest.mark.parametrize("rate", [Rate(20, 60), Rate(20, DAY), Rate(20, DAY, BERLIN)])
def test_polls_leave_a_share_and_commands_take_it(rate: Rate) -> None:
    clock = ManualClock()
    budget = budget_of(rate, clock)
    assert budget.left == 20
    assert spend(budget, clock) == 18
    assert (budget.left, budget.spare) == (2, 0)
    assert spend(budget, clock, command=True) == 2
    assert budget.left == 0
    clock.seconds += max(budget.delay(command=True), budget.full_in)
    assert budget.left == 20


@given(
    st.lists(st.tuples(st.floats(0, 40_000), st.booleans()), max_size=60),
    st.integers(1, 12),
    st.sampled_from([3600.0, 10_000.0, DAY]),
)
def test_no_rolling_quota_is_ever_exceeded(
    arrivals: list[tuple[float, bool]], requests: int, per: float
) -> None:
    clock = ManualClock()
    quota = RollingQuota(Rate(requests, per), clock)
    sent: list[float] = []
    polls: list[float] = []
    for after, command in arrivals:
        clock.seconds += after
        now = clock.seconds
        within = [at for at in sent if at > now - per]
        if quota.delay(command=command) <= 0:
            assert len(within) < (requests if command else for_polls(requests))
            quota.take()
            sent.append(now)
            polls += [] if command else [now]
        else:
            # Nobody waits for more than the one slot longer than needed.
            surely = [at for at in sent if at > now - per - per / SLOTS - 1e-3]
            assert len(surely) >= (requests if command else for_polls(requests))
            assert 0 < quota.delay(command=command) <= per + per / SLOTS + 1e-3
        assert 0 <= quota.left <= requests - len([at for at in sent if at > now - per])


@given(st.lists(st.floats(0, 60_000), max_size=60), st.integers(1, 12))
def test_a_daily_quota_against_a_calendar(arrivals: list[float], requests: int) -> None:
    clock = ManualClock()
    quota = DailyQuota(Rate(requests, DAY, BERLIN), BERLIN, clock)
    days: dict[object, int] = {}
    for after in arrivals:
        clock.seconds += after
        today = clock.now().astimezone(BERLIN).date()
        used = days.get(today, 0)
        assert quota.left == requests - used
        if quota.delay(command=True) <= 0:
            assert used < requests
            quota.take()
            days[today] = used + 1
        else:
            assert used == requests
            midnight = clock.now() + timedelta(seconds=quota.delay(command=True))
            assert midnight.astimezone(BERLIN).time().isoformat() == "00:00:00"


def test_a_day_of_23_hours() -> None:
    clock = ManualClock()
    clock.seconds += 27 * DAY + 11.5 * 3600  # 2026-03-29 00:30 in Berlin; at 2:00 it is 3:00
    quota = DailyQuota(Rate(5, DAY, BERLIN), BERLIN, clock)
    assert clock.now().astimezone(BERLIN).isoformat() == "2026-03-29T00:30:00+01:00"
    assert quota.full_in == 22.5 * 3600


@pytest.mark.parametrize("rate", [Rate(100, DAY), Rate(100, DAY, BERLIN), Rate(100, 3600)])
def test_a_count_survives_a_restart(rate: Rate) -> None:
    clock = ManualClock()
    before = budget_of(rate, clock)
    for _ in range(40):
        before.take()
    assert isinstance(before, RollingQuota | DailyQuota)
    kept = {before.key: [list(part) for part in before.counts()]}
    clock.seconds += 20 * 60
    after = budget_of(rate, clock)
    assert isinstance(after, RollingQuota | DailyQuota)
    after.take()
    after.restore(counts_in(kept, after.key))
    # A day's count is one number: what was counted meanwhile is in it, or it is less.
    assert after.left == (60 if rate.zone else 59)
    after.restore(counts_in(kept, after.key))
    assert after.left == (60 if rate.zone else 59), "twice is as good as once"
    clock.seconds += 2 * DAY
    assert after.left == 100


def test_yesterdays_count_is_forgotten() -> None:
    clock = ManualClock()
    before = DailyQuota(Rate(10, DAY, BERLIN), BERLIN, clock)
    before.take()
    counts = before.counts()
    clock.seconds += DAY
    after = DailyQuota(Rate(10, DAY, BERLIN), BERLIN, clock)
    after.restore(counts)
    assert after.left == 10


@pytest.mark.parametrize("rate", [Rate(10, DAY), Rate(10, DAY, BERLIN)])
def test_a_clock_that_is_set_back_forgives_nothing_and_locks_nobody_out(rate: Rate) -> None:
    clock = WallClock()
    clock.off = timedelta(days=400)
    quota = budget_of(rate, clock)
    for _ in range(10):
        quota.take()
    clock.off = timedelta()
    assert quota.left == 0
    assert quota.delay(command=True) <= DAY + DAY / SLOTS
    clock.seconds += DAY + DAY / SLOTS
    assert quota.left == 10


kept = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["86400", "day Europe/Berlin", "3600"]), kept))
def test_any_kept_state(state: Mapping[str, object]) -> None:
    clock = ManualClock()
    for rate in (Rate(10, DAY), Rate(10, DAY, BERLIN), Rate(10, 3600)):
        quota = budget_of(rate, clock)
        assert isinstance(quota, RollingQuota | DailyQuota)
        quota.restore(counts_in(state, quota.key))
        assert 0 <= quota.left <= 10
        assert quota.delay(command=False) <= DAY + DAY / SLOTS
        quota.take()


# --- what the vendor says -------------------------------------------------------------------------


class Vendor:
    """Counts what was sent, and tells what it heard last."""

    def __init__(self) -> None:
        self.sent = 0
        self.clock = ManualClock()
        self.told = Told(self.clock, lambda: self.sent)

    def send(self) -> int:
        self.sent += 1
        self.told.take()
        return self.sent


@pytest.fixture
def vendor() -> Vendor:
    return Vendor()


def test_what_was_sent_since_is_taken_off(vendor: Vendor) -> None:
    first, second = vendor.send(), vendor.send()
    vendor.told.hear(Allowance(remaining=50, limit=100, reset=30), first)
    assert vendor.told.left == 49
    vendor.told.hear(Allowance(remaining=49, limit=100, reset=30), second)
    assert vendor.told.left == 49
    vendor.told.hear(Allowance(remaining=80, limit=100, reset=30), first)
    assert vendor.told.left == 49, "an answer that comes late tells of before"


def test_polls_stop_before_all_is_used_and_commands_never(vendor: Vendor) -> None:
    vendor.told.hear(Allowance(remaining=11, limit=100, reset=30), vendor.send())
    assert vendor.told.delay(command=False) == 0
    vendor.told.hear(Allowance(remaining=10, limit=100, reset=30), vendor.send())
    assert vendor.told.delay(command=False) == 30
    vendor.told.hear(Allowance(remaining=0, limit=100, reset=30), vendor.send())
    assert vendor.told.delay(command=True) == 0
    vendor.clock.seconds += 30
    assert vendor.told.delay(command=False) <= 0
    assert vendor.told.left == 100
    assert vendor.told.full_in == 0


def test_a_vendor_that_does_not_say_until_when(vendor: Vendor) -> None:
    vendor.told.hear(Allowance(remaining=0), vendor.send())
    assert vendor.told.delay(command=False) == UNKNOWN
    vendor.clock.seconds += UNKNOWN
    assert vendor.told.delay(command=False) <= 0


def test_after_an_hour_one_poll_may_ask_whether_it_is_still_so(vendor: Vendor) -> None:
    vendor.told.hear(Allowance(remaining=0, limit=10, reset=DAY), vendor.send())
    assert vendor.told.delay(command=False) == STALE
    vendor.clock.seconds += STALE
    assert vendor.told.delay(command=False) <= 0
    number = vendor.send()
    assert vendor.told.delay(command=False) == STALE, "the others wait for what it hears"
    vendor.told.hear(Allowance(remaining=9, limit=10, reset=DAY), number)
    assert vendor.told.delay(command=False) == 0


# --- how much is too much -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "demand", "strain"),
    [
        (Rate(60, 60), 0.5, 0.5 / 0.9),
        (Rate(60, 60), 1.8, 2),
        (Rate(10_000, DAY), 9000 / DAY, 1),
        (Rate(10_000, DAY), 0.5, 4.8),
    ],
)
def test_what_polls_ask_against_what_there_is(rate: Rate, demand: float, strain: float) -> None:
    budget = budget_of(rate, ManualClock())
    assert budget.strain(demand, 30) == pytest.approx(strain, rel=0.011)


def test_what_is_left_of_a_day_has_to_last_until_midnight() -> None:
    clock = ManualClock()
    clock.seconds += 5 * 3600  # 18:00 in Berlin
    quota = DailyQuota(Rate(1000, DAY, BERLIN), BERLIN, clock)
    for _ in range(700):
        quota.take()
    assert quota.strain(1 / 30, 30) == pytest.approx(6 * 3600 / 30 / 200)
    for _ in range(200):
        quota.take()
    assert quota.strain(1 / 30, 30) == pytest.approx(6 * 3600 / 30), "the next one at midnight"


@pytest.mark.parametrize("every", [10.0, 30.0])
@pytest.mark.parametrize("rate", [Rate(1000, DAY), Rate(1000, DAY, BERLIN), Rate(1000, 3600)])
def test_polls_that_are_stretched_fit_and_do_not_waver(rate: Rate, every: float) -> None:
    clock = ManualClock()
    budget = budget_of(rate, clock)
    stretches = []
    refused = 0
    for _ in range(3000):
        if budget.delay(command=False) > 0:
            refused += 1
        else:
            budget.take()
        stretch = max(budget.strain(1 / every, every), 1.0)
        stretches.append(stretch)
        clock.seconds += every * stretch
    assert refused == 0
    least = max(rate.per / every / 900, 1.0)
    settled = stretches[1000:]
    assert min(settled) >= least * 0.85
    assert max(settled) <= least * 1.35
    assert math.isfinite(max(stretches))


def test_a_budget_used_up_by_others_is_shared_out_over_what_is_to_come() -> None:
    clock = ManualClock()
    quota = RollingQuota(Rate(1000, DAY), clock)
    for _ in range(880):
        quota.take()
    refused = sent = 0
    while clock.seconds < DAY:
        if quota.delay(command=False) > 0:
            refused += 1
        else:
            quota.take()
            sent += 1
        clock.seconds += 30 * max(quota.strain(1 / 30, 30), 1.0)
    assert refused <= 3
    assert 10 <= sent <= 20


def test_a_window_tells_how_long_many_polls_take() -> None:
    window = Window(Rate(10, 60), ManualClock())
    assert [window.time_for(polls) for polls in (0, 1, 9, 10, 18, 19)] == [0, 0, 0, 60, 60, 120]
