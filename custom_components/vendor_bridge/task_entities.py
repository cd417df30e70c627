"""How the tasks go that take a while: a sensor of the device, or of the account."""

from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import ConnectedAccount
from .account_entities import account_device
from .account_tasks import STATES

KEY: Final = "task"
SENSOR: Final = SensorEntityDescription(
    key=KEY,
    translation_key=KEY,
    device_class=SensorDeviceClass.ENUM,
    entity_category=EntityCategory.DIAGNOSTIC,
    options=list(STATES),
)


def task_unique_id(account: ConnectedAccount, vendor_id: str | None) -> str:
    """Return what the sensor is known by: no entity of a profile has a key with a point."""
    return f"{account.id}::{KEY}" if vendor_id is None else f"{account.id}:{vendor_id}:.{KEY}"


class TaskSensor(SensorEntity):
    """Tells which task was started last, whether it still runs, and how far it is."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    # They change with every look at the vendor; the recorder has enough of the state.
    _unrecorded_attributes = frozenset({"progress", "message", "step"})

    def __init__(self, account: ConnectedAccount, vendor_id: str | None) -> None:
        """Show what is known now."""
        self.entity_description = SENSOR
        self._account = account
        self._vendor_id = vendor_id
        self._attr_unique_id = task_unique_id(account, vendor_id)
        if vendor_id is None:
            self._attr_device_info = account_device(account)
        else:
            self.device_entry = account.register.entry(account.devices[vendor_id].entry_id)
        self._show()

    @callback
    def _show(self) -> None:
        run = self._account.tasks.runs.get(self._vendor_id)
        self._attr_native_value = run.state if run is not None else "idle"
        progress = run.progress if run is not None else None
        self._attr_extra_state_attributes = {
            "task": run.task.name if run is not None else None,
            "step": progress.step if progress is not None else None,
            "progress": progress.percentage if progress is not None else None,
            "message": progress.text if progress is not None else None,
            "reason": run.reason if run is not None else None,
            "started_at": run.started_at if run is not None else None,
            "finished_at": run.finished_at if run is not None else None,
        }

    @callback
    def _handle_news(self) -> None:
        before = (self._attr_native_value, self._attr_extra_state_attributes)
        self._show()
        if before != (self._attr_native_value, self._attr_extra_state_attributes):
            self.async_write_ha_state()

    @override
    async def async_added_to_hass(self) -> None:
        """Listen for news of what runs."""
        await super().async_added_to_hass()
        self.async_on_remove(self._account.tasks.async_watch(self._handle_news))
        self._show()


@callback
def async_add_task_sensors(account: ConnectedAccount, add: AddConfigEntryEntitiesCallback) -> None:
    """Add a sensor to whatever has tasks that take a while, now and whenever there is more."""
    there: set[str | None] = set()

    @callback
    def look() -> None:
        there.intersection_update(account.tasks.offers)  # what has gone may come again
        new = account.tasks.lasting() - there
        there.update(new)
        add([TaskSensor(account, vendor_id) for vendor_id in sorted(new, key=str)])

    look()
    account.entry.async_on_unload(account.tasks.async_listen(look))
