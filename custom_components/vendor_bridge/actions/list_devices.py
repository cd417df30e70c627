"""``list_devices``: what there is, with the ids and the commands that the other actions take."""

from typing import TYPE_CHECKING, Any, Final

from homeassistant.const import (
    ATTR_AREA_ID,
    ATTR_CONFIG_ENTRY_ID,
    ATTR_DEVICE_ID,
    ATTR_ENTITY_ID,
    ATTR_FLOOR_ID,
    ATTR_LABEL_ID,
    STATE_UNAVAILABLE,
)
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, SupportsResponse
from homeassistant.helpers import (
    area_registry as ar,
    config_validation as cv,
    entity_registry as er,
)
from homeassistant.helpers.service import async_get_config_entry
import probatio

from ..bridge.command_data import Told, bounds
from ..bridge.model import DEVICES_MONITOR, Entity, Parameter, Value
from ..bridge.tasks import Task
from ..const import DOMAIN
from .action import Action
from .results import async_answer, device_answer, json_value
from .targets import READ, TargetDevice, async_every_device, async_targets

if TYPE_CHECKING:
    from homeassistant.util.json import JsonObjectType

    from ..account import VendorBridgeConfigEntry

ATTR_TYPE: Final = "type"
TARGETS: Final = frozenset(
    {ATTR_ENTITY_ID, ATTR_DEVICE_ID, ATTR_AREA_ID, ATTR_FLOOR_ID, ATTR_LABEL_ID}
)

SCHEMA: Final = probatio.Schema(
    {
        **cv.ENTITY_SERVICE_FIELDS,
        probatio.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
        probatio.Optional(ATTR_TYPE): probatio.All(cv.ensure_list, [cv.string]),
    }
)


async def async_list_devices(call: ServiceCall) -> ServiceResponse:
    """Return the devices that every given filter leaves: account, type and target."""
    account_id = call.data.get(ATTR_CONFIG_ENTRY_ID)
    if account_id is not None:
        entry: VendorBridgeConfigEntry = async_get_config_entry(call.hass, DOMAIN, account_id)
        account_id = entry.entry_id
    if TARGETS & call.data.keys():
        targets = await async_targets(call, policy=READ, whole_accounts=True, may_be_none=True)
    else:
        targets = await async_every_device(call, policy=READ)
    types = call.data.get(ATTR_TYPE)
    devices = [
        _device(call.hass, target)
        for target in targets.devices
        if (account_id is None or target.account.entry.entry_id == account_id)
        and (types is None or target.taken.device.type in types)
    ]
    return await async_answer(call, devices, targets.failures)


def _device(hass: HomeAssistant, target: TargetDevice) -> JsonObjectType:
    device = target.taken.device
    entry = target.account.register.entry(target.device_id)
    area_id = entry.area_id if entry is not None else None
    area = ar.async_get(hass).async_get_area(area_id) if area_id else None
    entities = [_entity(hass, target, entity_id) for entity_id in target.entities]
    listing = target.account.coordinators[DEVICES_MONITOR]
    return device_answer(
        target,
        target.entities,
        config_entry_id=target.account.entry.entry_id,
        type=device.type,
        name=target.name,
        manufacturer=device.manufacturer or target.account.profile.manufacturer,
        model=device.model,
        area_id=area_id,
        area=area.name if area is not None else None,
        available=any(one["available"] for one in entities)
        if entities
        else listing.is_up(target.vendor_id),
        entities=entities,
        tasks=[_task(task) for task in target.account.tasks.offers.get(device.id, {}).values()],
    )


def _task(task: Task) -> JsonObjectType:
    """Return what there is to know of a task, to run it."""
    return {
        "name": task.key,
        "title": task.name,
        "fields": [
            {
                "name": field.key,
                "type": str(field.type),
                "required": field.required,
                "default": json_value(field.default),
                "options": [option.value for option in field.options],
                "min": field.min,
                "max": field.max,
            }
            for field in task.fields
        ],
    }


def _entity(hass: HomeAssistant, target: TargetDevice, entity_id: str) -> dict[str, Any]:
    """Return what there is to know of an entity, to command it and to find its observations."""
    entity = target.entities[entity_id]
    state = hass.states.get(entity_id)
    entry = er.async_get(hass).async_get(entity_id)
    named = (entry.name or entry.original_name) if entry is not None else None

    def observed(attribute: str) -> Value:
        return target.observed(entity, attribute)

    return {
        "entity_id": entity_id,
        "key": entity.key,
        "platform": entity.platform,
        "name": named,
        "available": state is not None and state.state != STATE_UNAVAILABLE,
        "attributes": list(entity.attributes),
        "commands": [
            {
                "name": command,
                "parameters": [_parameter(entity, parameter, observed) for parameter in parameters],
            }
            for command, parameters in entity.commands.items()
        ],
    }


def _parameter(entity: Entity, parameter: Parameter, observed: Told) -> JsonObjectType:
    limits = bounds(entity, parameter, observed)
    return {
        "name": parameter.name,
        "kind": str(parameter.kind),
        "required": parameter.required,
        "choices": list(limits.choices),
        "min": limits.low,
        "max": limits.high,
    }


ACTION: Final = Action(
    name="list_devices",
    schema=SCHEMA,
    handler=async_list_devices,
    supports_response=SupportsResponse.ONLY,
)
