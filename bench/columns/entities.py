"""The limit through Home Assistant's own entities: what `SensorEntity` alone costs on top."""

from typing import override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorStateClass
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity_component import DATA_INSTANCES

from bench.shape import DEVICE_CLASS, STATE_CLASS, UNIT, device_name, entity_id

from .limit import LimitColumn


class PlainSensor(SensorEntity):
    """A sensor with everything as an attribute, which is the quickest that there is."""

    _attr_should_poll = False
    _attr_has_entity_name = True
    _attr_device_class: SensorDeviceClass | None = SensorDeviceClass(DEVICE_CLASS)
    _attr_state_class: SensorStateClass | None = SensorStateClass(STATE_CLASS)
    _attr_native_unit_of_measurement: str | None = UNIT

    def __init__(self, device_id: str, key: str) -> None:
        self.entity_id = entity_id(device_id, key)
        self._attr_name = key
        self._attr_unique_id = f"{device_id}:{key}"
        self._attr_device_info = DeviceInfo(
            identifiers={("bench", device_id)}, name=device_name(device_id)
        )


class EntitiesColumn(LimitColumn):
    """Fetches, decodes and compares as the limit does, and writes through entities."""

    _sensors: dict[str, PlainSensor]

    @override
    async def set_up(self) -> None:
        """Add an entity for each attribute, then show all values for the first time."""
        entry = ConfigEntry(
            data={},
            discovery_keys={},  # type: ignore[arg-type]
            domain="bench",
            minor_version=1,
            options={},
            source=SOURCE_USER,
            subentries_data=None,
            title="Bench",
            unique_id=None,
            version=1,
        )
        self._hass.config_entries._entries[entry.entry_id] = entry  # noqa: SLF001
        component = self._hass.data[DATA_INSTANCES]["sensor"]
        platform = component._async_init_entity_platform("bench", None)  # noqa: SLF001
        platform.config_entry = entry
        sensors = [
            PlainSensor(device_id, key)
            for device_id in self._shape.device_ids()
            for key in self._shape.names()
        ]
        self._sensors = {sensor.entity_id: sensor for sensor in sensors}
        await platform.async_add_entities(sensors)
        await super().set_up()

    @override
    def show(self, entity: str, value: float, attributes: dict[str, str]) -> None:
        sensor = self._sensors[entity]
        sensor._attr_native_value = value  # noqa: SLF001 - as every integration does to itself
        sensor.async_write_ha_state()
