"""A vendor that knows nothing but its own local time, over the night that has an hour twice."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
import re
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from aioresponses import CallbackResult, aioresponses
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from yarl import URL

from custom_components.vendor_bridge.bridge.client import Context
from custom_components.vendor_bridge.bridge.history import HOUR, hour_of
from custom_components.vendor_bridge.bridge.profile.client import ProfileClient
from custom_components.vendor_bridge.bridge.profile.loader import parse_profile

from .fakes import account_entry, using
from .recording import mock_recorder_before_hass, recorder
from .test_history import external_id, import_again, statistics

__all__ = ["mock_recorder_before_hass", "recorder"]

DAY = timedelta(days=1)
FINEST = timedelta(minutes=5)

PROFILE = """
profile: 1
vendor: {{id: acme, name: Acme Home}}
setup: {{}}
api: {{base_url: "http://acme.example"}}
devices: {{request: {{get: /devices}}, each: data, id: id, type: type}}
types:
  meter:
    sensor:
      energy:
        value: kwh
        state_class: total_increasing
        unit_of_measurement: kWh
        history:
          request: {request}
          each: points
          at: {at}
          value: v
          meaning: {meaning}
          interval: {interval}
          timezone: {zone}
          span: {span}
          reach: 518400
          corrections: 172800
"""

RANGE = '{get: /history, query: {from: "{start:%Y-%m-%d %H:%M}", to: "{end:%Y-%m-%d %H:%M}"}}'
DAYS = '{get: /history, query: {from: "{start:%Y-%m-%d}", to: "{end:%Y-%m-%d}"}}'
ONE_DAY = '{get: /history, query: {day: "{start:%d.%m.%Y}"}}'
ONE_MONTH = '{get: /history, query: {month: "{start:%Y-%m}"}}'
REQUESTS = {"times": RANGE, "days": DAYS, "one day": ONE_DAY, "one month": ONE_MONTH}


@dataclass
class Vendor:
    """A meter that counts every five minutes, and what it says of that in its local time."""

    zone: ZoneInfo
    interval: timedelta
    meaning: str
    now: datetime
    twice: bool = False
    gaps: frozenset[datetime] = frozenset()
    corrected: dict[datetime, int] = field(default_factory=dict)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    _sums: list[int] | None = None

    def __post_init__(self) -> None:
        self.at_first = self.now

    def used(self, begin: datetime, end: datetime) -> float:
        """Return what was counted in a time, in kWh; so many watt-hours every five minutes."""
        if self._sums is None:
            self._sums = list(accumulate(self._count(step) for step in range(10 * 288)))
        first, last = ((at - self.installed) // FINEST for at in (begin, end))
        return (self._sums[last - 1] - (self._sums[first - 1] if first else 0)) / 1000

    def _count(self, step: int) -> int:
        return self.corrected.get(self.installed + step * FINEST, step * 7919 % 1000)

    def correct(self, corrected: dict[datetime, int]) -> None:
        """Let the vendor find that it had counted wrong."""
        self.corrected = corrected
        self._sums = None

    @property
    def installed(self) -> datetime:
        """Return when the meter began to count: at a local midnight eight days ago."""
        day = self.at_first.astimezone(self.zone).date() - 8 * DAY
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def intervals(self) -> list[tuple[datetime, datetime]]:
        """Return the intervals that are over."""
        begin = self.installed
        found: list[tuple[datetime, datetime]] = []
        while True:
            end = begin + self.interval
            if self.interval == DAY:
                end = (begin.astimezone(self.zone) + DAY).astimezone(UTC)
            if end > self.now:
                return found
            found.append((begin, end))
            begin = end

    def points(self, matches: Callable[[str], bool]) -> list[dict[str, Any]]:
        """Return the points whose local time, as it is written, is asked for."""
        beginning = self.installed
        points: list[dict[str, Any]] = []
        for begin, end in self.intervals():
            label = f"{begin.astimezone(self.zone):%Y-%m-%d %H:%M}"
            if not matches(label):
                continue
            value = self.used(beginning if self.meaning == "total" else begin, end)
            points.append({"t": label, "v": None if begin in self.gaps else value})
            if self.twice and begin.minute == 15:
                points.append(points[-1])
        return points

    def answer(self, url: URL, **_: Any) -> CallbackResult:
        """Answer as vendors do that keep local times as texts."""
        query = dict(url.query)
        self.asked.append(query)
        if "day" in query:
            day = "-".join(reversed(query["day"].split(".")))
            return self._told(lambda label: label.startswith(day))
        if "month" in query:
            return self._told(lambda label: label.startswith(query["month"]))
        return self._told(lambda label: query["from"] <= label < query["to"])

    def _told(self, matches: Callable[[str], bool]) -> CallbackResult:
        return CallbackResult(payload={"points": self.points(matches)})

    def truth(self, reach: timedelta) -> dict[datetime, float]:
        """Return what each hour must hold."""
        first, last = hour_of(self.at_first - reach), hour_of(self.now)
        beginning = self.installed
        hours: dict[datetime, float] = {}
        for begin, end in self.intervals():
            if not first <= begin < last or begin in self.gaps:
                continue
            if self.meaning == "total":
                hours[hour_of(end - FINEST)] = self.used(beginning, end)
            else:
                hours[hour_of(begin)] = round(
                    hours.get(hour_of(begin), 0) + self.used(begin, end), 3
                )
        return hours


@asynccontextmanager
async def account(
    hass: HomeAssistant, vendor: Vendor, request: str, span: timedelta
) -> AsyncIterator[MockConfigEntry]:
    """Have an account at the vendor, with a real client of its profile."""
    profile = PROFILE.format(
        request=request,
        at="{value: t, timestamp: '%Y-%m-%d %H:%M'}",
        meaning=vendor.meaning,
        interval=int(vendor.interval.total_seconds()),
        zone=vendor.zone.key,
        span=int(span.total_seconds()),
    )
    entry = account_entry()
    entry.add_to_hass(hass)
    async with aiohttp.ClientSession() as session:
        client: Any = ProfileClient(
            parse_profile(profile, "acme.yaml"), Context(session=session, setup={})
        )
        with aioresponses() as answers:
            meter = {"id": "meter", "type": "meter", "kwh": 5000}
            answers.get("http://acme.example/devices", payload={"data": [meter]}, repeat=True)
            answers.get(
                re.compile("http://acme.example/history"), callback=vendor.answer, repeat=True
            )
            with using(client):
                assert await hass.config_entries.async_setup(entry.entry_id)
                await hass.async_block_till_done(wait_background_tasks=True)
            yield entry
            await hass.config_entries.async_unload(entry.entry_id)
            await hass.async_block_till_done(wait_background_tasks=True)


async def check(hass: HomeAssistant, recorder: Recorder, vendor: Vendor) -> None:
    """Compare every hour in the recorder with what the vendor knows, to the last digit."""
    rows = await statistics(hass, recorder, await external_id(hass, recorder))
    found = {datetime.fromtimestamp(row["start"], UTC): row for row in rows}
    truth = vendor.truth(timedelta(seconds=518400))
    assert sorted(found) == sorted(truth)
    assert {hour: row["state"] for hour, row in found.items()} == truth
    first = min(truth)
    total = 0.0
    for hour in sorted(truth):
        total = truth[hour] - truth[first] if vendor.meaning == "total" else total + truth[hour]
        begun = 0.0 if vendor.meaning == "total" else truth[first]
        assert found[hour]["sum"] - found[first]["sum"] == pytest.approx(total - begun)


AUTUMN = {
    "Europe/Berlin": datetime(2026, 10, 26, 10, 20, tzinfo=UTC),
    "America/New_York": datetime(2026, 11, 2, 10, 20, tzinfo=UTC),
    "Asia/Kolkata": datetime(2026, 10, 26, 10, 20, tzinfo=UTC),
}


CASES = [
    *(("Europe/Berlin", by, minutes, "change") for by in REQUESTS for minutes in (5, 15, 60, 1440)),
    *(("Europe/Berlin", by, minutes, "total") for by in REQUESTS for minutes in (60, 1440)),
    ("America/New_York", "times", 15, "change"),
    ("America/New_York", "one day", 60, "total"),
    ("Asia/Kolkata", "one day", 60, "change"),  # whose hours begin at half past ours
    ("Asia/Kolkata", "days", 15, "change"),
]


@pytest.mark.parametrize(("zone", "request_by", "minutes", "meaning"), CASES)
async def test_every_hour_is_right(
    recorder: Recorder,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    zone: str,
    request_by: str,
    minutes: int,
    meaning: str,
) -> None:
    now = AUTUMN[zone]
    freezer.move_to(now)
    vendor = Vendor(ZoneInfo(zone), timedelta(minutes=minutes), meaning, now)
    async with account(hass, vendor, REQUESTS[request_by], 2 * DAY):
        await check(hass, recorder, vendor)
    if zone == "Europe/Berlin" and minutes == 60 and request_by != "one month":
        assert len(vendor.asked) > 2, "in pieces"


async def test_gaps_duplicates_and_corrections(
    recorder: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    now = AUTUMN["Europe/Berlin"]
    freezer.move_to(now)
    night = datetime(2026, 10, 25, tzinfo=UTC)
    vendor = Vendor(ZoneInfo("Europe/Berlin"), 3 * FINEST, "change", now, twice=True)
    vendor.gaps = frozenset(
        [night + 3 * FINEST, night + 12 * HOUR, *(night - n * 3 * FINEST for n in range(40, 60))]
    )
    async with account(hass, vendor, REQUESTS["times"], DAY) as entry:
        await check(hass, recorder, vendor)
        vendor.gaps = frozenset()
        vendor.correct({night + 5 * HOUR: 123_456, night: 7, night + HOUR: 9_000})
        # What is older than two days can't be corrected any more, says the profile.
        vendor.gaps = frozenset(night - n * 3 * FINEST for n in range(40, 60))
        await import_again(hass, entry)
        await check(hass, recorder, vendor)


@pytest.mark.parametrize("offset", [timedelta(0), timedelta(minutes=20), HOUR, 2 * HOUR])
async def test_while_the_hour_is_there_for_the_second_time(
    recorder: Recorder, hass: HomeAssistant, freezer: FrozenDateTimeFactory, offset: timedelta
) -> None:
    """Restarted in that very night, again and again, no hour is lost or taken for another."""
    night = datetime(2026, 10, 25, tzinfo=UTC) + offset
    freezer.move_to(night)
    vendor = Vendor(ZoneInfo("Europe/Berlin"), 3 * FINEST, "change", night)
    async with account(hass, vendor, REQUESTS["times"], DAY) as entry:
        for _ in range(5):
            await check(hass, recorder, vendor)
            vendor.now += timedelta(minutes=40)
            freezer.move_to(vendor.now)
            await import_again(hass, entry)
        await check(hass, recorder, vendor)
