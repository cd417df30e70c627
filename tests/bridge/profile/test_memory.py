"""What is older tells nothing new, until it is clear that the vendor's clock was set back."""

from datetime import UTC, datetime, timedelta
from typing import override

from custom_components.vendor_bridge.bridge.clock import SystemClock
from custom_components.vendor_bridge.bridge.model import Attribute, Kind
from custom_components.vendor_bridge.bridge.profile.memory import PATIENCE, Memory
from custom_components.vendor_bridge.bridge.profile.plans import AttributePlan, Attributes
from custom_components.vendor_bridge.bridge.profile.values import compile_value

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
EARLIER = NOON - timedelta(hours=1)
PLANS = Attributes(
    (
        AttributePlan(
            name="state",
            attribute=Attribute(key="sensor.power.state", monitor="status"),
            picker=compile_value("w", Kind.NUMBER),
        ),
    )
)


class Clock(SystemClock):
    """A clock that is moved by hand."""

    seconds = 0.0

    @override
    def monotonic(self) -> float:
        return self.seconds


def take(memory: Memory, watts: int, at: datetime) -> object:
    taken = memory.take("status", "a", PLANS, {"w": watts}, at)
    return taken.observations["sensor.power.state"].value


def test_an_older_item_changes_nothing_at_first() -> None:
    memory = Memory(Clock())
    assert take(memory, 1, NOON) == 1
    assert take(memory, 2, EARLIER) == 1
    assert take(memory, 3, NOON + timedelta(seconds=1)) == 3


def test_a_clock_that_was_set_back_is_believed_after_a_while() -> None:
    clock = Clock()
    memory = Memory(clock)
    take(memory, 1, NOON)
    assert take(memory, 2, EARLIER) == 1
    clock.seconds = PATIENCE - 1
    assert take(memory, 2, EARLIER) == 1
    clock.seconds = PATIENCE
    assert take(memory, 2, EARLIER) == 2
    assert take(memory, 3, EARLIER + timedelta(seconds=1)) == 3


def test_a_straggler_now_and_then_is_never_believed() -> None:
    clock = Clock()
    memory = Memory(clock)
    for minute in range(10):
        clock.seconds = 60.0 * minute
        assert take(memory, 1, NOON + timedelta(minutes=minute)) == 1
        assert take(memory, 2, EARLIER) == 1


def test_after_a_command_whatever_is_told_counts() -> None:
    memory = Memory(Clock())
    take(memory, 1, NOON)
    memory.doubt("a")
    assert take(memory, 2, EARLIER) == 2
