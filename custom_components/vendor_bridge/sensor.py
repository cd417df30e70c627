"""What is measured or told and can only be looked at."""

from collections.abc import Mapping, Set as AbstractSet
from datetime import date, datetime, time
from math import inf
from typing import Any, ClassVar, TypeGuard, override

from homeassistant.components.sensor import (
    DEVICE_CLASS_UNITS,
    DOMAIN,
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import MAX_LENGTH_STATE_STATE, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import FLOAT_PRECISION
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_system import UnitSystem

from .account import VendorBridgeConfigEntry
from .account_entities import async_add_account_sensors
from .bridge.model import Value
from .entity import DETAILS, UNRECORDED, Shows, VendorBridgeEntity
from .last_observed import async_add_last_observed
from .news import Keys
from .task_entities import async_add_task_sensors

PARALLEL_UPDATES = 0  # coordinators read

LONGEST_NUMBER = 40
VALUE = frozenset({"state"})
MOMENTS = (SensorDeviceClass.TIMESTAMP, SensorDeviceClass.UPTIME)
NO_NUMBERS = (*MOMENTS, SensorDeviceClass.DATE)


def _is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a finite number."""
    return isinstance(value, (int, float)) and type(value) is not bool and -inf < value < inf


def _as_text(number: float) -> str:
    """Return a number as Home Assistant writes it."""
    return str(number) if type(number) is int else f"{number:.{FLOAT_PRECISION}}"


async def async_setup_entry(
    _hass: HomeAssistant,
    entry: VendorBridgeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of an account."""
    entry.runtime_data.async_add_platform(Platform.SENSOR, VendorBridgeSensor, async_add_entities)
    async_add_account_sensors(entry.runtime_data, async_add_entities)
    async_add_task_sensors(entry.runtime_data, async_add_entities)
    async_add_last_observed(entry.runtime_data, async_add_entities)


class VendorBridgeSensor(VendorBridgeEntity, SensorEntity):
    """A sensor of a vendor's device."""

    shows: ClassVar[Shows] = {
        "device_class": ("device_class", SensorDeviceClass),
        "unit_of_measurement": "native_unit_of_measurement",
        "state_class": ("state_class", SensorStateClass),
        "suggested_display_precision": "suggested_display_precision",
        "suggested_unit_of_measurement": "suggested_unit_of_measurement",
        "options": ("options", list),
        "force_update": "force_update",
        "details": DETAILS,
    }
    _unrecorded_attributes = UNRECORDED

    _unit: str | None = None
    """The last unit that could be believed."""

    _shown: StateType | date | datetime = None
    """The last value that fitted."""

    _attributes: Mapping[str, Any] | None = None
    """Those that Home Assistant has worked out last, and the units that it uses."""
    _units: UnitSystem | None = None

    _number: str | None = None
    """The key of all that changes, where that is a number and written as it is."""

    @property
    @override
    def native_value(self) -> StateType | date | datetime:
        """Return the last value that fitted."""
        return self._shown

    # --- writing ----------------------------------------------------------------------------------

    # Most of what Home Assistant's sensors do for each write is to work out everything anew. Where
    # nothing but the value can be another, the value alone is written.

    @callback
    @override
    def _handle_news(self, keys: Keys = None, /) -> None:
        """Write the state if anything that shows has changed."""
        key = self._number
        if keys is None or key is None or not self._write_number(key):
            super()._handle_news(keys)

    def _write_number(self, key: str) -> bool:
        """Write the value alone, if that is a number and another. Return False where it is none."""
        observation = self.taken.observations.get(key)
        value = observation.value if observation is not None else None
        if not _is_number(value) or self._refused or self.hass.config.units is not self._units:
            return False
        before = self.values.get("state")
        if value != before or type(value) is not type(before):
            self.values["state"] = self._shown = value
            self._write_value(_as_text(value))
        return True

    @callback
    @override
    def write(self, changed: AbstractSet[str], /) -> None:
        """Write the state: the value alone where nothing else has changed."""
        if (
            changed == VALUE
            and self._attributes is not None
            and self.available
            and self.hass.config.units is self._units
        ):
            self._write_value(self._stringify_state(available=True))
        else:
            self.async_write_ha_state()

    def _write_value(self, text: str) -> None:
        self.hass.states.async_set(
            self.entity_id, text, self._attributes, state_info=self._state_info
        )

    @callback
    @override
    def _async_write_ha_state(self) -> None:
        """Write the state in full, and remember what will hold for other values as well."""
        super()._async_write_ha_state()
        state = self.hass.states.get(self.entity_id)
        self._attributes = state.attributes if state is not None else None
        self._units = self.hass.config.units
        attributes, value = self.entity.attributes, self._shown
        is_plain = (
            attributes.keys() == VALUE
            and not self.entity.availability.attributes
            and _is_number(value)
            and self._takes_numbers()
            # If Home Assistant writes this one as it is, in the same unit, it does so with others.
            and state is not None
            and state.state == _as_text(value)
            and self.unit_of_measurement == self.native_unit_of_measurement
        )
        self._number = attributes["state"].key if is_plain else None

    @override
    def get_initial_entity_options(self) -> er.EntityOptionsType | None:
        """Return also the precision, which Home Assistant would else store by another update.

        It does so where a version of it has no such method, which is its own.
        """
        options = super().get_initial_entity_options()
        precision_of = getattr(self, "_get_adjusted_display_precision", None)
        precision = precision_of() if precision_of is not None else None
        if precision is None:
            return options
        return {**(options or {}), DOMAIN: {"suggested_display_precision": precision}}

    # --- what it shows ----------------------------------------------------------------------------

    @override
    def derive(self) -> None:
        """Show a value that fits what the sensor is; any other leaves the last one as it is."""
        attributes = self.entity.attributes
        fits = "unit_of_measurement" not in attributes or self._unit_fits()
        value = self.told("state")
        if isinstance(value, str) and "device_class" in attributes:
            value = self._typed(value)
        shown = self._fitting(value)
        reason = None
        if shown is None and value is not None:
            reason = f"{type(value).__name__} {str(value)[:40]!r} is no state of this sensor"
        if reason is not None or self._refused:
            self.judge("state", reason)
        if fits and reason is None:
            self._shown = shown
        if "last_reset" in attributes and self.state_class is SensorStateClass.TOTAL:
            self._attr_last_reset = self.told("last_reset")

    def _unit_fits(self) -> bool:
        """Return whether the vendor's own word for the unit can be believed."""
        unit = self.native_unit_of_measurement
        known = DEVICE_CLASS_UNITS.get(self.device_class) if self.device_class else None
        fits = not known or unit is None or unit in known
        reason = f"{str(unit)[:40]!r} is no unit of {self.device_class}"
        self.judge("unit_of_measurement", None if fits else reason)
        if fits:
            self._unit = unit
        else:
            self._attr_native_unit_of_measurement = self._unit
        return fits

    def _typed(self, value: str) -> Value:
        """Return a text as what it tells, where only the vendor knows what sort of sensor it is.

        Everywhere else the profile's kind has seen to that already.
        """
        if self.device_class in MOMENTS:
            return dt_util.parse_datetime(value) or value
        if self.device_class is SensorDeviceClass.DATE:
            return dt_util.parse_date(value) or value
        if self._numeric_state_expected and len(value) < LONGEST_NUMBER:
            try:
                return float(value) if set(value) & set(".eE") else int(value)
            except ValueError:
                return value
        return value

    def _takes_numbers(self) -> bool:
        return not self.options and self.device_class not in NO_NUMBERS

    def _fitting(self, value: Value) -> StateType | date | datetime:
        """Return a value as Home Assistant takes it, or None for one that does not fit."""
        if _is_number(value) and self._takes_numbers():
            return value
        fits = True
        if self.device_class in MOMENTS:
            fits = isinstance(value, datetime) and value.tzinfo is not None
        elif self.device_class is SensorDeviceClass.DATE:
            if isinstance(value, datetime):
                return value.date()
            fits = isinstance(value, date)
        elif self.options:
            fits = value in self.options
        elif self._numeric_state_expected:
            fits = False  # any number that it takes has been returned above
        elif isinstance(value, str):
            return value[:MAX_LENGTH_STATE_STATE]
        elif isinstance(value, (date, time)):  # without a device class it is a text
            return value.isoformat()
        return value if fits and isinstance(value, (bool, int, float, str, date)) else None
