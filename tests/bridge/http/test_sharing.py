"""Accounts that a vendor counts as one, and what is kept of their counts."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.vendor_bridge.bridge.errors import RateLimitedError, UnreachableError
from custom_components.vendor_bridge.bridge.http import Limiters, Limits, Rate, Share
from custom_components.vendor_bridge.bridge.http.limits import Origin

from .helpers import ManualClock, settle, turn

CLOUD: Origin = ("https", "api.example.com", 443)
HUB: Origin = ("http", "hub.local", 80)
DAY = 86400.0


def soonest(low: float, _high: float) -> float:
    return low


class Accounts:
    """Some accounts, and the times at which each got its turns."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.limiters = Limiters(soonest)
        self.got: list[tuple[str, float]] = []
        self.running = 0
        self.most = 0
        self.tasks: list[asyncio.Task[None]] = []

    def join(self, limits: Limits, origin: Origin = CLOUD, **how: Any) -> Share:
        return self.limiters.join(limits, self.clock, origin, **{"group": "acme", **how})

    def ask(
        self, name: str, share: Share, *, command: bool = False, lasts: float = 0.0
    ) -> asyncio.Task[None]:
        async def take() -> None:
            async with turn(share, command=command, patience=30):
                self.got.append((name, self.clock.seconds - 1000))
                self.running += 1
                self.most = max(self.most, self.running)
                if lasts:
                    await self.clock.sleep(lasts)
                self.running -= 1

        self.tasks.append(asyncio.create_task(take()))
        return self.tasks[-1]

    def want(self, name: str, share: Share, *, command: bool = False, lasts: float = 0.0) -> None:
        _ = self.ask(name, share, command=command, lasts=lasts)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.got]

    async def end(self, shares: Iterable[Share]) -> None:
        for share in shares:
            share.close()
        for task in self.tasks:
            task.cancel()
            with suppress(asyncio.CancelledError, UnreachableError, RateLimitedError):
                await task


async def test_two_accounts_one_limit() -> None:
    accounts = Accounts()
    limits = Limits(concurrency=2, rates=(Rate(10, 60),))
    one, other = accounts.join(limits), accounts.join(limits)
    assert len(accounts.limiters) == 1
    for _ in range(8):
        accounts.want("one", one, lasts=1)
        accounts.want("other", other, lasts=1)
    await accounts.clock.advance(30)
    assert accounts.most == 2
    assert accounts.names == ["one", "other"] * 4 + ["one"]
    # The tenth is for commands, whosever they are.
    accounts.want("command", other, command=True)
    await settle()
    assert accounts.names[-1] == "command"
    assert one.left == other.left
    await accounts.end([one, other])


async def test_who_does_not_share() -> None:
    accounts = Accounts()
    limits = Limits(concurrency=1)
    shares = [
        accounts.join(limits),
        accounts.join(limits, HUB),
        accounts.join(limits, group="other vendor"),
        accounts.join(Limits(concurrency=2)),
        accounts.join(limits, group=None),
    ]
    for number, share in enumerate(shares):
        accounts.want(str(number), share, lasts=5)
    await accounts.clock.advance(10)
    assert accounts.most == 5
    await accounts.end(shares)
    assert len(accounts.limiters) == 0


async def test_one_leaves_and_the_other_goes_on() -> None:
    accounts = Accounts()
    limits = Limits(concurrency=1)
    one, other = accounts.join(limits), accounts.join(limits)
    running = accounts.ask("one", one, lasts=5)
    waits = accounts.ask("one again", one)
    accounts.want("other", other)
    await settle()
    one.close()
    one.close()
    with pytest.raises(UnreachableError, match="the connection is closed"):
        await waits
    await accounts.clock.advance(5)
    await running
    assert accounts.names == ["one", "other"]
    assert len(accounts.limiters) == 1
    other.close()
    assert len(accounts.limiters) == 0
    with pytest.raises(UnreachableError):
        await accounts.ask("too late", other)
    assert accounts.join(limits) is not other


@pytest.mark.parametrize("group", ["acme", None])
async def test_accounts_that_start_together_begin_one_after_the_other(group: str | None) -> None:
    accounts = Accounts()
    shares = [accounts.join(Limits(), group=group) for _ in range(15)]
    elsewhere = accounts.join(Limits(), HUB, group=group)
    for number, share in enumerate(shares):
        accounts.want(f"{number}", share)
    accounts.want("elsewhere", elsewhere)
    accounts.want("command", shares[14], command=True)
    await settle()
    assert set(accounts.names) >= {"0", "elsewhere", "command"}
    await accounts.clock.advance(10)
    starts = {name: when for name, when in accounts.got if name.isdigit()}
    if group is None:
        assert [starts[str(number)] for number in range(10)] == [n / 2 for n in range(10)]
        assert max(starts.values()) == 5, "nobody waits for long"
    else:
        assert set(starts.values()) == {0}, "they share what the limit allows instead"
    late = accounts.join(Limits(), group=group)
    accounts.want("late", late)
    await settle()
    assert accounts.names[-1] == "late"
    await accounts.end([*shares, elsewhere, late])


# --- stretching -----------------------------------------------------------------------------------


async def test_a_stretch_reckons_with_the_other_accounts() -> None:
    accounts = Accounts()
    limits = Limits(rates=(Rate(100, 60),))
    one, other = accounts.join(limits), accounts.join(limits)
    assert one.stretch(3.0, 1) == 2
    assert other.stretch(1.5, 1) == 3
    assert one.stretch(3.0, 1) == 3
    other.close()
    assert one.stretch(3.0, 1) == 2
    one.close()


@pytest.mark.parametrize(("demand", "stretch"), [(0.0, 1), (1.0, 1), (1.5, 1), (1.6, 1.1), (3, 2)])
async def test_a_stretch_is_a_round_number(demand: float, stretch: float) -> None:
    share = Accounts().join(Limits(rates=(Rate(100, 60),)))
    assert share.stretch(demand, 10) == stretch
    share.close()


async def test_a_stretch_does_not_waver() -> None:
    share = Accounts().join(Limits(rates=(Rate(100, 60),)))
    seen = [share.stretch(demand, 10) for demand in (3, 2.9, 2.5, 3, 2.45, 3, 2.3, 2.9, 3, 0.1)]
    assert seen == [2, 2, 2, 2, 2, 2, 1.6, 2, 2, 1]
    share.close()


async def test_without_limits_nothing_is_stretched() -> None:
    share = Accounts().join(Limits())
    assert share.stretch(1000, 0.1) == 1
    assert share.left is None
    assert share.time_for(100) == 0
    share.close()


# --- what is kept ---------------------------------------------------------------------------------


async def test_counts_are_kept_once_a_minute_and_in_the_end() -> None:
    accounts = Accounts()
    kept: list[Mapping[str, Any]] = []
    limits = Limits(concurrency=100, rates=(Rate(1000, DAY),))
    share = accounts.join(limits, group=None, remember=kept.append)
    for _ in range(100):
        accounts.want("poll", share)
        await accounts.clock.advance(2.5)
    assert len(kept) == 5
    share.close()
    assert len(kept) == 6
    share.close()
    assert len(kept) == 6
    again = accounts.join(limits, group=None, memory=kept[-1], remember=kept.append)
    assert again.left is not None
    assert again.left.remaining == 900
    again.close()
    assert len(kept) == 6, "nothing was sent, nothing has changed"


async def test_nothing_is_kept_of_what_counts_for_a_minute() -> None:
    accounts = Accounts()
    kept: list[Mapping[str, Any]] = []
    share = accounts.join(Limits(rates=(Rate(10, 60),)), remember=kept.append)
    await accounts.ask("poll", share)
    share.close()
    assert kept == []


async def test_accounts_that_share_remember_together() -> None:
    accounts = Accounts()
    limits = Limits(rates=(Rate(1000, DAY),))
    kept: dict[str, Mapping[str, Any]] = {}
    names = ("one", "other")
    shares = {
        name: accounts.join(limits, remember=lambda counts, name=name: kept.update({name: counts}))
        for name in names
    }
    for name in (*names, *names):
        await accounts.ask(name, shares[name])
    for share in shares.values():
        share.close()
    shares = {name: accounts.join(limits, memory=kept[name]) for name in names}
    for share in shares.values():
        assert share.left is not None
        assert share.left.remaining == 996
        share.close()


@given(st.none() | st.integers() | st.text() | st.dictionaries(st.text(), st.lists(st.none())))
def test_any_memory(counts: object) -> None:
    accounts = Accounts()
    share = accounts.join(Limits(rates=(Rate(10, DAY),)), memory={"counts": counts, "x": 1})
    assert share.left is not None
    assert share.left.remaining == 10
