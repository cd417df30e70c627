"""When to read, by the clock or by the sun instead of on an interval.

A schedule is a list of lines, and a read is due whenever one of them says so:

- ``*/15 6-21 * * *`` is a line of a cron table: minute, hour, day of the month, month, day of the
  week.
- ``sunset`` or ``sunrise-00:30`` is a moment of every day. The sun's moments are ``dawn``,
  ``sunrise``, ``noon``, ``sunset``, ``dusk`` and ``midnight``, with hours and minutes before or
  after them. A time of the clock, ``06:30``, does as well.
- ``... between 06:00 and sunset`` after any of these leaves out what falls outside. A window whose
  end is before its start goes on past midnight; but one from a time of the clock to a moment of the
  sun, or the other way round, that would last for more than 20 hours is empty on that day: in
  winter, nothing is ``between 17:00 and sunset``.
- ``never``, alone, switches reading on a schedule off altogether.

Where the clock is set forward or back, what would fall into the hour that does not exist is due
right after it, and what would be due twice is due once: https://github.com/cuu508/cronsim.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice
import re
from typing import Final

from cronsim import CronSim, CronSimError

type Sun = Callable[[str, date], datetime | None]
"""Tells when (aware) a moment of the sun is on a local date; None where there is none that day."""

SUN_MOMENTS: Final = ("dawn", "sunrise", "noon", "sunset", "dusk", "midnight")
NEVER: Final = "never"
MOST_LINES: Final = 50
LONGEST_LINE: Final = 200
_CRON_FIELDS: Final = 5
_LOOKED_AT: Final = 3
"""Runs of a cron line that are tried each time: one may be of the hour that came before."""
_LONGEST_BY_THE_SUN: Final = 20 * 3600.0
"""Seconds that a window lasts at most of which one end is the sun's and the other the clock's."""
_DAYS_AHEAD: Final = 367
_DAY: Final = timedelta(days=1)

_CLOCK = re.compile(r"(?P<hours>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)", re.ASCII)
_SUN = re.compile(
    rf"(?P<moment>{'|'.join(SUN_MOMENTS)})"
    r"(?:\s*(?P<sign>[+-])\s*(?P<hours>\d|1\d|2[0-3]|0\d):(?P<minutes>[0-5]\d))?",
    re.ASCII,
)
_WINDOW = re.compile(r"(?P<when>.+?)\s+between\s+(?P<start>.+?)\s+and\s+(?P<end>.+)", re.ASCII)


class ScheduleError(ValueError):
    """A schedule that cannot be understood. The text says which line, and why."""


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of the clock."""

    time: time

    def on(self, day: date, now: datetime, _sun: Sun) -> datetime | None:
        """Return when it is on a local date. ``now`` gives the time zone."""
        at = datetime.combine(day, self.time, now.tzinfo)
        while not _is_there(at):
            at += timedelta(minutes=1)
        return at


@dataclass(frozen=True, slots=True)
class SunTime:
    """A moment of the sun, or some time before or after it."""

    moment: str
    offset: timedelta

    def on(self, day: date, now: datetime, sun: Sun) -> datetime | None:
        """Return when it is on a local date; None where the sun does not do that on it."""
        at = sun(self.moment, day)
        return (at + self.offset).astimezone(now.tzinfo) if at is not None else None


type Point = ClockTime | SunTime


def _is_there(at: datetime) -> bool:
    """Return whether a local time is none of those that a clock leaves out."""
    return at.astimezone(UTC).astimezone(at.tzinfo) == at


def _instant(at: datetime) -> float:
    """Return what to compare by: local times compare wrongly in the hour that comes twice."""
    return at.timestamp()


@dataclass(frozen=True, slots=True)
class Window:
    """From one point of the day to another, both included."""

    start: Point
    end: Point

    def holds(self, at: datetime, sun: Sun) -> bool:
        """Return whether a moment (aware, local) is within it."""
        for day in (at.date(), at.date() - _DAY):  # the latter for windows past midnight
            start, end = self.start.on(day, at, sun), self.end.on(day, at, sun)
            if start is None or end is None:
                continue
            if _instant(end) < _instant(start):
                end = self.end.on(day + _DAY, at, sun)
                if end is None or self._is_too_long(_instant(end) - _instant(start)):
                    continue
            if _instant(start) <= _instant(at) <= _instant(end):
                return True
        return False

    def _is_too_long(self, seconds: float) -> bool:
        """Return whether it cannot be meant to go on past midnight."""
        return type(self.start) is not type(self.end) and seconds > _LONGEST_BY_THE_SUN


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, and within which window. ``text`` is how it was written."""

    text: str
    when: str | Point
    window: Window | None = None

    def next_after(self, now: datetime, sun: Sun) -> datetime | None:
        """Return the first moment later than ``now`` (aware, local); None where there is none."""
        for at in self._moments(now, sun):
            if _instant(at) > _instant(now) and (self.window is None or self.window.holds(at, sun)):
                return at
        return None

    def _openings(self, now: datetime, sun: Sun) -> Iterable[datetime]:
        """Yield after which moments to look: what comes first in a window, or nothing, is in it."""
        yield now
        if self.window is None:
            return
        for days in range(_DAYS_AHEAD):
            start = self.window.start.on(now.date() + timedelta(days=days), now, sun)
            if start is not None and _instant(start) > _instant(now):
                yield (start.astimezone(UTC) - timedelta(seconds=1)).astimezone(now.tzinfo)

    def _moments(self, now: datetime, sun: Sun) -> Iterable[datetime]:
        if isinstance(self.when, str):
            last = now
            for opens in self._openings(now, sun):
                if _instant(opens) >= _instant(last):  # else what comes after it has been told
                    for last in islice(CronSim(self.when, opens), _LOOKED_AT):
                        yield last
            return
        for days in range(-1, _DAYS_AHEAD):
            if (at := self.when.on(now.date() + timedelta(days=days), now, sun)) is not None:
                yield at


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something is due. Without lines it never is."""

    lines: Sequence[Line]

    @property
    def texts(self) -> list[str]:
        """Return it as it is written."""
        return [line.text for line in self.lines] or [NEVER]

    def next_after(self, now: datetime, sun: Sun) -> datetime | None:
        """Return the first moment later than ``now`` (aware, local) at which it is due.

        None where that is never.
        """
        known = cache(sun)  # a window asks for the same days again with each of its moments
        moments = (line.next_after(now, known) for line in self.lines)
        return min((at for at in moments if at is not None), key=_instant, default=None)


def parse_schedule(texts: Sequence[str]) -> Schedule:
    """Return what lines of text mean. Raises ScheduleError, which names the line."""
    if not texts:
        raise ScheduleError("a schedule has at least one line")
    if len(texts) > MOST_LINES:
        raise ScheduleError(f"a schedule has at most {MOST_LINES} lines")
    if [text.strip().lower() for text in texts] == [NEVER]:
        return Schedule(())
    return Schedule(tuple(_line(text) for text in texts))


def _line(text: str) -> Line:
    if len(text) > LONGEST_LINE:
        raise ScheduleError(f"a line has at most {LONGEST_LINE} characters")
    written = " ".join(text.split())
    lower = written.lower()
    if lower == NEVER:
        raise ScheduleError(f"`{NEVER}` stands alone, without other lines")
    found = _WINDOW.fullmatch(lower)
    window = (
        Window(_point(found["start"], written), _point(found["end"], written)) if found else None
    )
    line = Line(written, _when(found["when"] if found else lower, written), window)
    if _by_the_clock_alone(line) and line.next_after(_ANY_DAY, _no_sun) is None:
        raise ScheduleError(f"`{written}` never comes: no time of it is within its window")
    return line


_ANY_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)


def _no_sun(_moment: str, _day: date) -> datetime | None:
    return None


def _by_the_clock_alone(line: Line) -> bool:
    points = (line.when, *((line.window.start, line.window.end) if line.window else ()))
    return not any(isinstance(point, SunTime) for point in points)


def _when(text: str, line: str) -> str | Point:
    if len(text.split()) != _CRON_FIELDS:
        return _point(text, line)
    cron = text.upper()
    try:
        CronSim(cron, _ANY_DAY)
    except CronSimError as error:
        reason = str(error)
        raise ScheduleError(
            f"`{line}`: {reason[:1].lower()}{reason[1:]}; the fields are minute, hour,"
            " day of the month, month, day of the week"
        ) from error
    return cron


def _point(text: str, line: str) -> Point:
    if found := _CLOCK.fullmatch(text):
        return ClockTime(time(int(found["hours"]), int(found["minutes"])))
    if found := _SUN.fullmatch(text):
        offset = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
        return SunTime(found["moment"], -offset if found["sign"] == "-" else offset)
    where = f"`{line}`: " if text != line.lower() else ""
    raise ScheduleError(
        f"{where}`{text}` is no time: write five fields as in a cron table (`*/15 6-21 * * *`),"
        f" a time (`06:30`), or a moment of the sun ({', '.join(SUN_MOMENTS)}) as in `sunset-00:30`"
    )
