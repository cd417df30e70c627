"""What is planned: how a mower charges, and how long nobody is at home."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from .clock import MINUTE, from_datetime, iso, local
from .errors import InvalidValueError

if TYPE_CHECKING:
    from .house import House

AWAY_THERMOSTAT = {"preset": "away"}
AWAY_BOILER = {"holiday": True}


@dataclass(slots=True, kw_only=True)
class ChargingPlan:
    """A plan to have charged a battery to ``level`` by some time, starting as late as it can."""

    id: str
    serial: str
    level: int
    ready_by: int
    starts: int
    state: Literal["draft", "active", "done", "replaced"] = "draft"

    def shown(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return it as the API shows it."""
        return {
            "id": self.id,
            "serial": self.serial,
            "state": self.state,
            "level": self.level,
            "ready_by": iso(self.ready_by, zone),
            "starts": iso(self.starts, zone),
            "minutes": (self.ready_by - self.starts) // MINUTE,
        }


def moment_of(text: str, zone: ZoneInfo, field: str) -> int:
    """Return a time in ISO 8601; one without offset is local. Raises InvalidValueError."""
    try:
        found = datetime.fromisoformat(text)
        return from_datetime(found if found.tzinfo is not None else found.replace(tzinfo=zone))
    except (ValueError, OverflowError) as error:
        raise InvalidValueError(f"{field} must be a time in ISO 8601", field=field) from error


class Holiday:
    """Nobody is at home until some day: thermostats and boilers save energy until it is over."""

    def __init__(self) -> None:
        self.until: date | None = None
        self.over_at: int | None = None
        self.serials: list[str] = []

    def begin(self, house: House, text: str) -> None:
        """Begin it, or change its last day. Raises InvalidValueError."""
        try:
            until = date.fromisoformat(text)
        except ValueError as error:
            raise InvalidValueError("until must be a day such as 2026-12-24", field="until") from (
                error
            )
        today = local(house.now, house.zone).date()
        if not today <= until <= today + timedelta(days=366):
            raise InvalidValueError("until must be within a year from today", field="until")
        midnight = datetime.combine(until + timedelta(days=1), datetime.min.time(), house.zone)
        self.until, self.over_at = until, from_datetime(midnight)
        self.serials = self._tell(house, away=True)

    def end(self, house: House) -> None:
        """End it, if there is one."""
        if self.until is not None:
            self._tell(house, away=False)
        self.until, self.over_at, self.serials = None, None, []

    def shown(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        until = self.until.isoformat() if self.until is not None else None
        return {"active": self.until is not None, "until": until, "devices": self.serials}

    def _tell(self, house: House, *, away: bool) -> list[str]:
        """Tell every device that can save energy; return the serials of those that heard it."""
        told = []
        for kind, values in (("thermostat", AWAY_THERMOSTAT), ("boiler", AWAY_BOILER)):
            back = {"preset": None} if kind == "thermostat" else {"holiday": False}
            for device in house.of_kind(kind):
                if device.online:
                    device.apply(dict(values if away else back), house.now)
                    told.append(device.card.serial)
        return told
