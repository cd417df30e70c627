"""The limit through Home Assistant's own entities: what they alone cost on top."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity, SensorStateClass
from homeassistant.components.switch import SwitchEntity
from homeassistant.config_entries import SOURCE_USER, ConfigEntry
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.setup import async_setup_component

from bench.shape import DEVICE_CLASS, STATE_CLASS, UNIT, device_name, entity_id, switch_id

from .action import switch
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


class PlainSwitch(SwitchEntity):
    """A switch that sends a command, and nothing else."""

    _attr_should_poll = False
    _attr_has_entity_name = True
    _attr_is_on: bool | None = True

    def __init__(self, device_id: str, send: Callable[[int], Awaitable[None]]) -> None:
        self.entity_id = switch_id(device_id)
        self._send = send
        self._attr_name = "main"
        self._attr_unique_id = f"{device_id}:main"
        self._attr_device_info = DeviceInfo(
            identifiers={("bench", device_id)}, name=device_name(device_id)
        )

    @override
    async def async_turn_on(self, **_: Any) -> None:
        await self._send(1)

    @override
    async def async_turn_off(self, **_: Any) -> None:
        await self._send(0)


class EntitiesColumn(LimitColumn):
    """Fetches, decodes and compares as the limit does, and writes through entities."""

    _sensors: dict[str, PlainSensor]

    @override
    async def set_up(self) -> None:
        """Add an entity for each attribute, then show all values for the first time."""
        self._entry = ConfigEntry(
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
        self._hass.config_entries._entries[self._entry.entry_id] = self._entry  # noqa: SLF001
        sensors = [
            PlainSensor(device_id, key)
            for device_id in self._shape.device_ids()
            for key in self._shape.names()
        ]
        self._sensors = {sensor.entity_id: sensor for sensor in sensors}
        await self._add("sensor", sensors)
        if self._shape.switches:
            send = super().command
            switches = [PlainSwitch(device_id, send) for device_id in self._shape.device_ids()]
            await async_setup_component(self._hass, "switch", {})
            await self._add("switch", switches)
        await super().set_up()

    async def _add(self, domain: str, entities: Iterable[Entity]) -> None:
        component = self._hass.data[DATA_INSTANCES][domain]
        platform = component._async_init_entity_platform("bench", None)  # noqa: SLF001
        platform.config_entry = self._entry
        await platform.async_add_entities(entities)

    @override
    async def command(self, number: int) -> None:
        """Perform an action, as an automation does."""
        await switch(self._hass, number)

    @override
    def show(self, entity: str, value: float, attributes: dict[str, str]) -> None:
        sensor = self._sensors[entity]
        sensor._attr_native_value = value  # noqa: SLF001 - as every integration does to itself
        sensor.async_write_ha_state()
