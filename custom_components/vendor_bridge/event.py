"""What happens: bells, buttons, tags."""

from datetime import timedelta
from functools import partial
import hashlib
from typing import Any, ClassVar, override

from homeassistant.components.event import EventDeviceClass, EventEntity
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from .account import ConnectedAccount, VendorBridgeConfigEntry
from .bridge.events import Event, in_order
from .bridge.model import Entity as EntityModel
from .devices import TakenDevice
from .entity import Shows, VendorBridgeEntity
from .event_marks import EventMarks

PARALLEL_UPDATES = 0  # coordinators read


async def async_setup_entry(
    hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the events of an account."""
    marks = EventMarks(hass, entry.entry_id)
    await marks.async_load()
    entry.async_on_unload(marks.async_save)
    entry.runtime_data.async_add_platform(
        Platform.EVENT, partial(VendorBridgeEvent, marks), async_add_entities
    )


class VendorBridgeEvent(VendorBridgeEntity, EventEntity):
    """Events of a vendor's device."""

    shows: ClassVar[Shows] = {
        "device_class": ("device_class", EventDeviceClass),
        "event_types": ("event_types", list),
    }
    _attr_event_types: list[str] = []  # noqa: RUF012 - until the vendor tells them

    def __init__(
        self,
        marks: EventMarks,
        account: ConnectedAccount,
        taken: TakenDevice,
        entity: EntityModel,
    ) -> None:
        """Tell nothing before Home Assistant has started."""
        self._marks = marks
        self._telling = False
        super().__init__(account, taken, entity)

    @override
    def derive(self) -> None:
        """Tell what has happened since the last look."""
        if self._telling:
            self._tell_news()

    @override
    async def async_added_to_hass(self) -> None:
        """Tell what has happened meanwhile, once there are automations to hear of it."""
        await super().async_added_to_hass()

        @callback
        def begin(_hass: HomeAssistant) -> None:
            self._telling = True
            self._tell_news()

        self.async_on_remove(async_at_started(self.hass, begin))

    @override
    async def async_removed_from_registry(self) -> None:
        """Forget what was told: should it come back, that is a new beginning."""
        self._marks.async_forget(self.unique_id or "")

    def _tell_news(self) -> None:
        """Tell each event that has not been told yet, one state for each."""
        listed: list[Event] | None = self.told("events")
        if listed is None:
            return  # the vendor says nothing, which is not the same as that nothing happened
        events = {_mark(event): event for event in in_order(listed)}
        unknown: set[str] = set()
        for mark in self._marks.async_news(self.unique_id or "", events):
            kind = self._kind(events[mark])
            if kind not in self.event_types:
                unknown.add(kind)
            elif not self._is_stale(events[mark]):
                self._trigger_event(kind, _attributes(events[mark]))
                self.async_write_ha_state()
        if unknown:
            self.judge("events", f"{', '.join(sorted(unknown))!r} is not among its event_types")

    def _kind(self, event: Event) -> str:
        """Return which type an event is of; the only one where it does not say."""
        only = self.event_types[0] if len(self.event_types) == 1 else ""
        return str(event.get("type", only))

    def _is_stale(self, event: Event) -> bool:
        """Return whether an event is too old to be told."""
        seconds, at = self.told("fire_within"), event.get("at")
        if not seconds or at is None:
            return False
        return bool(dt_util.utcnow() - at > timedelta(seconds=seconds))


def _mark(event: Event) -> str:
    """Return what tells an event from all others."""
    if "id" in event:
        return str(event["id"])
    said = sorted((name, str(value)) for name, value in event.items())
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _attributes(event: Event) -> dict[str, Any]:
    """Return what an event tells of itself besides its type: what the profile says has its way."""
    at = event.get("at")
    when = {} if at is None else {"happened_at": at.isoformat()}
    return {**when, **event.get("attributes", {})}
