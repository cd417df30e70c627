"""When an entity can be used: as long as what was observed for it may still be trusted."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.event import async_track_point_in_utc_time
from homeassistant.util import dt as dt_util

from .account import ConnectedAccount
from .bridge.model import DEVICES_MONITOR, Attribute, Entity as EntityModel
from .coordinator import MonitorCoordinator
from .devices import TakenDevice
from .news import Keys

NEVER = dt_util.utc_from_timestamp(0)


def _is_waited_for(coordinator: MonitorCoordinator) -> bool:
    """Return whether the first read of a monitor has not come to an end yet."""
    return coordinator.read_at is None and coordinator.last_update_success


class AvailableEntity(Entity):
    """An entity of a vendor's device that knows how old is too old.

    ``in_service`` is whether Home Assistant has it; before and afterwards it keeps no time.
    """

    def __init__(self, account: ConnectedAccount, taken: TakenDevice, entity: EntityModel) -> None:
        """Take over what it is about."""
        self.account = account
        self.taken = taken
        self.entity = entity
        self.vendor_id = taken.device.id
        self.in_service = False
        self._is_noted_well = False
        self._refused: dict[str, datetime] = {}
        self._look_at = NEVER
        self._unsubscribe_look: CALLBACK_TYPE | None = None
        self._needs = account.needs.of(entity)
        self._needed = self._needs.needed
        self._main = self._needs.main

    @callback
    def _handle_news(self, keys: Keys = None, /) -> None:
        """Show what has changed: nothing but some attributes, or perhaps anything."""
        raise NotImplementedError

    @property
    def _depends_on_time(self) -> bool:
        """Return whether it counts when an attribute was told, though it be told the same."""
        return self._needs.ages or self.force_update

    def _may_change_availability(self, keys: Keys) -> bool:
        """Return whether news of some attributes alone can make a difference to it.

        Most values do not: an observation is as old as the read that brought it.
        """
        if keys is None or self._refused:
            return True
        conditions = self.entity.availability.attributes
        return bool(conditions) and any(condition.key in keys for condition in conditions)

    def _judge_availability(self, now: datetime) -> bool:
        """Work out whether the entity can be used. Returns whether that has changed."""
        attributes = self.entity.attributes
        fresh = {name: self._is_fresh(one, now) for name, one in attributes.items()}
        available = (
            all(fresh[name] for name in self._needed)
            and (not self._main or any(self._is_sense(attributes[name]) for name in self._main))
            and not self._is_refused(now)
            and self._holds(now)
        )
        self._note_standing(fresh, now)
        if available is self._attr_available:
            return False
        self._attr_available = available
        return True

    def _is_sense(self, attribute: Attribute) -> bool:
        """Return whether an attribute comes as the profile promises, at least now and then."""
        coordinator = self.account.coordinators[attribute.monitor]
        return not coordinator.is_nonsense(self.vendor_id, attribute.key)

    def _note_standing(self, fresh: Mapping[str, bool], now: datetime) -> None:
        """Say how the device stands, as far as this entity tells.

        What has never been told, or is not asked for yet, has not become too old; and what is
        optional may be missing. While all is well, as nearly always, there is nothing to say.
        """
        is_well = bool(fresh) and all(fresh.values()) and not self.entity.availability.attributes
        if not self.in_service or (is_well and self._is_noted_well):
            return
        coordinators = self.account.coordinators
        conditions = self.entity.availability.attributes
        told = [
            (attribute, fresh[name])
            for name, attribute in self.entity.attributes.items()
            if name in self._needed and not coordinators[attribute.monitor].monitor.optional
        ] + [(condition, self._is_fresh(condition, now)) for condition in conditions]
        if any(_is_waited_for(coordinators[attribute.monitor]) for attribute, _ in told):
            return
        if told:
            stale = any(
                not is_fresh
                and (
                    attribute.expire_after is None
                    or self.taken.observations.get(attribute.key) is not None
                )
                for attribute, is_fresh in told
            )
        elif not self.entity.attributes:
            stale = not coordinators[DEVICES_MONITOR].is_up(self.vendor_id)
        else:
            return
        there = self._holds(now) if conditions and not stale else None
        self._is_noted_well = is_well and not stale
        self.account.status.standings.async_note(
            self.taken, self.entity_id, stale=stale, there=there
        )

    def _holds(self, now: datetime) -> bool:
        """Return whether the entity can be used, by the vendor's word."""
        conditions = self.entity.availability.attributes
        if not conditions:
            # Where nothing is observed, the listing has to tell whether the vendor is there.
            listing = self.account.coordinators[DEVICES_MONITOR]
            return bool(self.entity.attributes) or listing.is_up(self.vendor_id)
        mode = self.entity.availability.mode
        if mode == "latest":
            return self._is_true(max(conditions, key=lambda one: self._told_at(one, now)), now)
        combine = any if mode == "any" else all
        return combine(self._is_true(condition, now) for condition in conditions)

    def _is_true(self, condition: Attribute, now: datetime) -> bool:
        observation = self.taken.observations.get(condition.key)
        true = observation is not None and observation.value is True
        return true and self._is_fresh(condition, now)

    def _is_fresh(self, attribute: Attribute, now: datetime) -> bool:
        """Return whether the last observation of an attribute is recent enough.

        Where the profile says how old is too old, that alone counts. Else it is a few intervals.
        """
        coordinator = self.account.coordinators[attribute.monitor]
        if attribute.expire_after is None:
            return coordinator.is_up(self.vendor_id)
        too_old_at = self._told_at(attribute, now) + attribute.expire_after
        if too_old_at > now:
            self.look_again(too_old_at)
            return True
        coordinator.async_call_after_read(self.vendor_id)
        return False

    def _is_refused(self, now: datetime) -> bool:
        """Return whether what comes has not fitted the entity for too long to show what did."""
        if not self._refused or "state" not in self._main:
            return False
        for name, since in self._refused.items():
            monitor = self.entity.attributes[name].monitor
            trusted = timedelta(seconds=self.account.coordinators[monitor].pace.trusted)
            if since + trusted <= now:
                return True
            self.look_again(since + trusted)
        return False

    def _told_at(self, attribute: Attribute, now: datetime) -> datetime:
        """Return when an attribute was observed, by the vendor's clock or else by ours."""
        observation = self.taken.observations.get(attribute.key)
        if observation is not None and observation.observed_at is not None:
            return min(observation.observed_at, now)
        coordinator = self.account.coordinators[attribute.monitor]
        told = coordinator.told_at(self.vendor_id, attribute.key)
        return told or NEVER

    def look_again(self, at: datetime) -> None:
        """See to it that too old an observation is noticed without any news."""
        if not self.in_service or (self._unsubscribe_look and self._look_at <= at):
            return  # what is due earlier looks at everything, and asks again for the rest
        self._stop_looking()
        self._look_at = at

        @callback
        def look(_now: datetime) -> None:
            self._unsubscribe_look = None
            self._handle_news()

        self._unsubscribe_look = async_track_point_in_utc_time(
            self.hass, HassJob(look, "too old", cancel_on_shutdown=True), at
        )

    def _stop_looking(self) -> None:
        if self._unsubscribe_look is not None:
            self._unsubscribe_look()
            self._unsubscribe_look = None
