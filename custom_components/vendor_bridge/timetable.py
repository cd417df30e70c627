"""Schedules at home: by the time zone and the sun of this Home Assistant."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from homeassistant.helpers.sun import get_astral_event_date
from homeassistant.util import dt as dt_util

from .bridge.schedule import Schedule, ScheduleError, parse_schedule
from .const import CONF_INTERVALS, CONF_SCHEDULES, LOGGER
from .pace import Pace, ScheduledPace

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .bridge.model import Monitor
    from .pace import Stretch


class Timetable:
    """When a monitor is due."""

    def __init__(self, hass: HomeAssistant, schedule: Schedule) -> None:
        """Take what the profile or the user says."""
        self._hass = hass
        self._schedule = schedule

    def next_after(self, moment: datetime) -> datetime | None:
        """Return when it is due next after a moment (aware), in UTC; None for never."""
        at = self._schedule.next_after(dt_util.as_local(moment), self._sun)
        return dt_util.as_utc(at) if at is not None else None

    def _sun(self, moment: str, day: date) -> datetime | None:
        noon = get_astral_event_date(self._hass, "noon", day)
        # Beside the date line, the sun's day is not the one of the clock.
        shift = dt_util.as_local(noon).date() - day if noon is not None else timedelta()
        return get_astral_event_date(self._hass, moment, day - shift)


def pace_of(
    hass: HomeAssistant, monitor: Monitor, options: Mapping[str, Any], stretch: Stretch
) -> Pace:
    """Return when a monitor is read: as the user wants it, else as the profile says.

    ``options`` are those of its account.
    """
    interval = options.get(CONF_INTERVALS, {}).get(monitor.key) or monitor.every.total_seconds()
    schedule = _schedule_of(monitor, options)
    if schedule is None:
        return Pace(interval, stretch)
    return ScheduledPace(Timetable(hass, schedule), monitor.at_start, interval, stretch)


def _schedule_of(monitor: Monitor, options: Mapping[str, Any]) -> Schedule | None:
    """Return the user's schedule of a monitor, else the profile's; None where it has none."""
    lines: Sequence[str] | None = options.get(CONF_SCHEDULES, {}).get(monitor.key)
    if lines is None:
        return monitor.schedule
    try:
        return parse_schedule(lines) if lines else None
    except ScheduleError as error:  # the form checks; what was kept by hand does not stop anything
        LOGGER.warning("The schedule of %s is not used: %s", monitor.key, error)
        return monitor.schedule
