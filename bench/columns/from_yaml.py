"""Home Assistant's own ways, configured in YAML, each as well as it can be for the same data."""

import asyncio
from collections.abc import Callable, Mapping
import gc
from typing import Any, Final, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_platform
from homeassistant.helpers.template import Template
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.setup import async_setup_component
import yaml

from bench.shape import DEVICE_CLASS, EVERY, STATE_CLASS, UNIT, Shape, device_name

from . import COMMAND_LINE, REST, SCRAPE, ColumnError, Contestant

SENSOR = {"device_class": DEVICE_CLASS, "state_class": STATE_CLASS, "unit_of_measurement": UNIT}


def rest(url: str, shape: Shape) -> list[dict[str, Any]]:
    """Return the configuration of `rest`: one resource for all sensors that share an answer."""
    if shape.scope == "device":
        return [
            {
                "resource": f"{url}/devices/{device_id}",
                "scan_interval": EVERY,
                "sensor": [
                    _sensor(device_id, key, value_template=f"{{{{ value_json.{key} }}}}")
                    for key in shape.names()
                ],
            }
            for device_id in shape.device_ids()
        ]
    return [
        {
            "resource": f"{url}/all",
            "scan_interval": EVERY,
            "sensor": [
                _sensor(
                    device_id,
                    key,
                    value_template=f"{{{{ value_json.devices[{place}].{key} }}}}",
                )
                for place, device_id in enumerate(shape.device_ids())
                for key in shape.names()
            ],
        }
    ]


def scrape(url: str, shape: Shape) -> list[dict[str, Any]]:
    """Return the configuration of `scrape`, which reads the same numbers off a web page."""
    return [
        {
            "resource": f"{url}/pages/{device_id}",
            "scan_interval": EVERY,
            "sensor": [_sensor(device_id, key, select=f"#{key}") for key in shape.names()],
        }
        for device_id in shape.device_ids()
    ]


def command_line(url: str, shape: Shape) -> list[dict[str, Any]]:
    """Return the configuration of `command_line`: a sensor a device, whose attributes they are.

    Its sensors cannot share an answer; a command for each number would be twenty times as much.
    """
    keys = list(shape.names())
    return [
        {
            "sensor": {
                "name": device_name(device_id),
                "unique_id": device_id,
                "command": f"curl -s {url}/devices/{device_id}",
                "scan_interval": EVERY,
                "value_template": f"{{{{ value_json.{keys[0]} }}}}",
                "json_attributes": keys[1:],
                **SENSOR,
            }
        }
        for device_id in shape.device_ids()
    ]


def _sensor(device_id: str, key: str, **where: str) -> dict[str, Any]:
    name = f"{device_name(device_id)} {key}"
    return {"name": name, "unique_id": f"{device_id}:{key}", **where, **SENSOR}


CONFIGURE: Final[Mapping[str, Callable[[str, Shape], list[dict[str, Any]]]]] = {
    REST: rest,
    SCRAPE: scrape,
    COMMAND_LINE: command_line,
}


class YamlColumn:
    """An integration that is set up in YAML, below its domain."""

    def __init__(self, hass: HomeAssistant, domain: str, configuration: object) -> None:
        self._hass = hass
        self._domain = domain
        self._configuration = configuration
        self._coordinators: list[DataUpdateCoordinator[Any]] = []

    @classmethod
    def of(cls, who: Contestant, hass: HomeAssistant, url: str, shape: Shape) -> Self:
        """Return the column of an integration: what nobody knows is configured as `rest` is."""
        domain = who.domain
        if who.configuration is None:
            return cls(hass, domain, CONFIGURE.get(domain, rest)(url, shape))
        text = Template(who.configuration.read_text(), hass).async_render(
            {"url": url, "devices": shape.devices, "attributes": shape.attributes},
            parse_result=False,
        )
        try:
            told = yaml.safe_load(text)
        except yaml.YAMLError as error:
            raise ColumnError(f"{who.configuration} makes no YAML: {error}") from error
        if not isinstance(told, dict) or domain not in told:
            raise ColumnError(f"{who.configuration} does not configure {domain}")
        return cls(hass, domain, told[domain])

    async def set_up(self) -> None:
        """Set it up, and wait until its entities are there."""
        configuration = {self._domain: self._configuration}
        if not await async_setup_component(self._hass, self._domain, configuration):
            raise ColumnError(f"{self._domain} could not be set up: is that its configuration?")
        await self._hass.async_block_till_done(wait_background_tasks=True)

    def find(self) -> None:
        """Find the coordinators, whose integration nobody has to know for that."""
        homes = (f"homeassistant.components.{self._domain}.", f"custom_components.{self._domain}.")
        self._coordinators = [
            found
            for found in gc.get_objects()
            if isinstance(found, DataUpdateCoordinator) and type(found).__module__.startswith(homes)
        ]

    async def refresh(self) -> None:
        """Read everything once: through its coordinators, else entity by entity."""
        if self._coordinators:
            await asyncio.gather(*(one.async_refresh() for one in self._coordinators))
            return
        entities: list[Any] = [
            entity
            for platform in entity_platform.async_get_platforms(self._hass, self._domain)
            for entity in platform.entities.values()
        ]
        if not entities:
            raise ColumnError(f"{self._domain} has no coordinator and no entity to be refreshed")
        await asyncio.gather(*(entity.async_update() for entity in entities))

    async def command(self, number: int) -> None:
        """Send nothing: these only read."""
        raise NotImplementedError

    async def close(self) -> None:
        """Have nothing left to close: Home Assistant does it."""
