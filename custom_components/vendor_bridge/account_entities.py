"""What an account shows of itself: whether it is connected, how fast, and what is left to ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, EntityCategory, UnitOfTime
from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .account import ConnectedAccount
from .account_status import AccountStatus, Progress
from .const import DOMAIN

PAUSE: Final = timedelta(minutes=1)
"""How long what changes with every request stays as it is shown."""


def _always(_status: AccountStatus) -> bool:
    return True


def _has_budget(status: AccountStatus) -> bool:
    return status.health.remaining is not None


def _nothing(_status: AccountStatus) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription(SensorEntityDescription):
    """A sensor of an account: its value, what else it tells, and from when on there is one.

    ``pause`` is for how long it isn't written again, lest the recorder be filled with it.
    """

    entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC
    value: Callable[[AccountStatus], StateType | datetime]
    attributes: Callable[[AccountStatus], Mapping[str, Any]] = _nothing
    known: Callable[[AccountStatus], bool] = _always
    pause: timedelta = PAUSE


def _round_trip(status: AccountStatus) -> float | None:
    seconds = status.health.round_trip
    return round(seconds * 1000, 1) if seconds is not None else None


def _last_success(status: AccountStatus) -> datetime | None:
    at = status.health.last_success or status.last_success
    return at.replace(microsecond=0) if at is not None else None


def _budget(status: AccountStatus) -> Mapping[str, Any]:
    health = status.health
    at = health.resets_at.replace(microsecond=0) if health.resets_at is not None else None
    return {"limit": health.limit, "resets_at": at}


def _has_history(status: AccountStatus) -> bool:
    return status.history is not None and status.history.done + status.history.left > 0


def _history(status: AccountStatus) -> Mapping[str, Any]:
    progress = status.history or Progress()
    return {"left": progress.left, "reason": progress.failure}


SENSORS: Final = (
    AccountSensorDescription(
        key="round_trip",
        translation_key="round_trip",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MILLISECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value=_round_trip,
    ),
    AccountSensorDescription(
        key="last_success",
        translation_key="last_success",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,
        value=_last_success,
    ),
    AccountSensorDescription(
        key="requests_left",
        translation_key="requests_left",
        value=lambda status: status.health.remaining,
        attributes=_budget,
        known=_has_budget,
    ),
    AccountSensorDescription(
        key="polling_factor",
        translation_key="polling_factor",
        suggested_display_precision=1,
        value=lambda status: round(status.stretch.factor, 1),
        known=lambda status: _has_budget(status) or status.stretch.factor > 1,
        pause=timedelta(),
    ),
    AccountSensorDescription(
        key="history",
        translation_key="history",
        native_unit_of_measurement=PERCENTAGE,
        value=lambda status: (status.history or Progress()).percentage,
        attributes=_history,
        known=_has_history,
        pause=timedelta(),
    ),
    AccountSensorDescription(
        key="address",
        translation_key="address",
        value=lambda status: status.health.address,
        known=lambda status: len(status.addresses) > 1,
        pause=timedelta(),
    ),
)

CONNECTIVITY: Final = BinarySensorEntityDescription(
    key="connectivity",
    translation_key="connectivity",
    device_class=BinarySensorDeviceClass.CONNECTIVITY,
    entity_category=EntityCategory.DIAGNOSTIC,
)


def account_device(account: ConnectedAccount) -> DeviceInfo:
    """Return the device that stands for an account."""
    return DeviceInfo(
        identifiers={(DOMAIN, account.id)},
        name=account.entry.title,
        manufacturer=account.profile.manufacturer,
        model=account.profile.name,
        entry_type=DeviceEntryType.SERVICE,
    )


class AccountEntity(Entity):
    """An entity of an account's own device. It is there during an outage, and tells of it.

    The devices of the account are not said to be connected through that device: it is no thing,
    and what a vendor says of its hubs stays as the vendor says it.
    """

    _attr_has_entity_name = True
    _attr_should_poll = False
    _unrecorded_attributes = frozenset({"reason", "resets_at"})
    pause = timedelta()

    def __init__(self, account: ConnectedAccount, description: EntityDescription) -> None:
        """Show what is known now."""
        self.entity_description = description
        self.status = account.status
        # No vendor id is empty, so that no entity of a device can have the same.
        self._attr_unique_id = f"{account.id}::{description.key}"
        self._attr_device_info = account_device(account)
        self._written_at = dt_util.utcnow()
        self._stop_waiting: CALLBACK_TYPE | None = None
        self._shown = self.show()

    def show(self) -> StateType | datetime:
        """Take over what is known now, and return what a change of has to be written."""
        raise NotImplementedError

    @callback
    def _handle_news(self) -> None:
        """Write what has changed, but not more often than is good."""
        if self._stop_waiting is not None:
            return
        before, self._shown = self._shown, self.show()
        if self._shown == before:
            return
        now = dt_util.utcnow()
        left = self._written_at + self.pause - now
        if left > timedelta() and before is not None:
            self._stop_waiting = async_call_later(
                self.hass, left, HassJob(self._write, self.entity_id, cancel_on_shutdown=True)
            )
            return
        self._write(now)

    @callback
    def _write(self, now: datetime) -> None:
        self._stop_waiting = None
        self._written_at = now
        self._shown = self.show()
        self.async_write_ha_state()

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for news of the account."""
        await super().async_added_to_hass()
        self.async_on_remove(self.status.async_listen(self._handle_news))
        self._shown = self.show()

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Stop waiting for the time to write."""
        await super().async_will_remove_from_hass()
        if self._stop_waiting is not None:
            self._stop_waiting()
            self._stop_waiting = None


class AccountConnectivity(AccountEntity, BinarySensorEntity):
    """Whether the vendor can be reached and lets the account in, by what was asked last."""

    @override
    def show(self) -> StateType:
        fault = self.status.disconnected_by
        reason = str(fault.cause) if fault is not None else None
        self._attr_is_on = fault is None
        self._attr_extra_state_attributes = {"reason": reason}
        return reason


class AccountSensor(AccountEntity, SensorEntity):
    """A number, a time or a text that tells how the account goes."""

    def __init__(self, account: ConnectedAccount, description: AccountSensorDescription) -> None:
        """Write no more often than the sensor is worth."""
        self._described = description
        self.pause = description.pause
        super().__init__(account, description)

    @override
    def show(self) -> StateType | datetime:
        self._attr_native_value = shown = self._described.value(self.status)
        self._attr_extra_state_attributes = dict(self._described.attributes(self.status))
        return shown


@callback
def async_add_account_binary_sensors(
    account: ConnectedAccount, add: AddConfigEntryEntitiesCallback
) -> None:
    """Add what tells whether the account is connected."""
    add([AccountConnectivity(account, CONNECTIVITY)])


@callback
def async_add_account_sensors(
    account: ConnectedAccount, add: AddConfigEntryEntitiesCallback
) -> None:
    """Add the sensors of which something is known, and the others once there is."""
    missing = list(SENSORS)

    @callback
    def look() -> None:
        known = [described for described in missing if described.known(account.status)]
        if known:
            missing[:] = [described for described in missing if described not in known]
            add([AccountSensor(account, described) for described in known])

    look()
    account.entry.async_on_unload(account.status.async_listen(look))
