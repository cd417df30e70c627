"""What an import of the past changes in Home Assistant's statistics, or would change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
import hashlib
from typing import Final, Self

from homeassistant.util import slugify

from .bridge.history import Change, Row, balanced, counted, metered
from .bridge.model import Device, Entity, History, Meaning
from .const import DOMAIN

_ID_LENGTH: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One sensor whose past a vendor remembers.

    ``statistic_id`` is what the recorder calls the series of our own; ``entity_id`` whose hours
    Home Assistant makes, None for a sensor that is not registered.
    """

    device: Device
    entity: Entity
    history: History
    key: str
    statistic_id: str
    name: str
    entity_id: str | None

    @property
    def unit(self) -> str | None:
        """Return the unit in which the vendor measures."""
        unit: str | None = self.entity.options.get("unit_of_measurement")
        return unit

    @property
    def change(self) -> Change:
        """Return how the change from one hour to the next is told."""
        if self.history.meaning is Meaning.CHANGE:
            return counted
        return balanced if self.entity.options.get("state_class") == "total" else metered


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What becomes, or would become, of one series of statistics.

    ``added`` counts hours that there were none of, ``changed`` those that stand there with another
    value or sum; ``first`` and ``last`` are the starts of the first and the last of both (UTC),
    None where there are none. ``failure`` says why the vendor did not tell all of it.
    """

    statistic_id: str
    name: str
    entity_id: str | None
    added: int = 0
    changed: int = 0
    first: datetime | None = None
    last: datetime | None = None
    failure: str | None = None

    @classmethod
    def of(
        cls, series: Series, statistic_id: str, rows: Sequence[Row], known: Iterable[Row] = ()
    ) -> Self:
        """Return what writing ``rows`` does to a series in which ``known`` stand."""
        hours = sorted(row.start for row in rows)
        changed = len({row.start for row in known}.intersection(hours))
        return cls(
            statistic_id=statistic_id,
            name=series.name,
            entity_id=series.entity_id,
            added=len(hours) - changed,
            changed=changed,
            first=hours[0] if hours else None,
            last=hours[-1] if hours else None,
        )

    def failed(self, reason: str | None) -> Self:
        """Return it with the reason why there is no more of it, if there is one."""
        return replace(self, failure=reason)


def statistic_id_of(unique_id: str) -> str:
    """Return what the recorder calls a series: readable, and never the same for two sensors."""
    mark = hashlib.sha256(unique_id.encode()).hexdigest()[:8]
    return f"{DOMAIN}:{slugify(unique_id)[:_ID_LENGTH].strip('_')}_{mark}"
