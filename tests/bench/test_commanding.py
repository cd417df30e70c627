"""Commands in batches: what is told of them, and what has to come out."""

from typing import Any

from bench import commanding, printing
from bench.blocking import Held
from bench.commanding import ALONE, POLLING, Side

PROCESS: Any = None


def side(alone: float, polling: float, *, slow_batch: float = 0) -> Side:
    """Return three batches of 100 commands, the last of which had others beside it."""
    return Side(
        PROCESS,
        {
            heading: [[each] * 100, [each] * 100, [each + slow_batch] * 100]
            for heading, each in ((ALONE, alone), (POLLING, polling))
        },
    )


def test_one_batch_that_was_slow_decides_nothing() -> None:
    over, busy = commanding.targets(side(1.25, 4, slow_batch=40), side(0.5, 1))
    assert (over.figure.median, over.holds) == (0.75, True)
    assert (busy.figure.median, busy.figure.high, busy.holds) == (4, 44, True)


def test_batches_that_are_slow_fail() -> None:
    over, busy = commanding.targets(side(1.75, 6), side(0.5, 1))
    assert (over.figure.median, over.holds) == (1.25, False)
    assert (busy.figure.median, busy.holds) == (6, False)


def test_callbacks_of_the_same_name_are_told_one_by_one() -> None:
    ours, limit = side(1, 2), side(0.5, 1)
    ours.longest = [
        {"milliseconds": one.milliseconds, "collecting": one.collecting, "what": one.what}
        for one in (Held(7, 0, "read"), Held(6, 1, "read"))
    ]
    delays, longest = commanding.tables({"bridge": ours, "limit": limit})
    assert list(delays.rows) == ["bridge", "limit"]
    assert list(longest.rows) == ["bridge 1: read", "bridge 2: read"]
    assert "| bridge 2: read |  6 |" in printing.table(longest)
