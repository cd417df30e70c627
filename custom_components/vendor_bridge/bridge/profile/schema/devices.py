"""How a profile lists devices and reads them."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

import probatio

from .fields import SECONDS, SLUG, one_or_more, told
from .requests import RequestSpec
from .values import OPTIONAL_VALUE, VALUE

type Value = Any
SCHEDULE = probatio.Maybe(one_or_more(str))
SCHEDULED = (
    "When, instead of `every`: one or more lines as `*/15 6-21 * * *`, `sunset-00:30`, `06:30`; "
    "or `never`."
)
EACH = "Where the items stand: a list, or a mapping whose keys are the ids. The whole by default."


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a listing tells of a device. Each is a value picked out of the device's item."""

    name: Annotated[Value, OPTIONAL_VALUE, told("Its name.")] = None
    type: Annotated[Value, OPTIONAL_VALUE, told("Which block of `types` it has.")] = None
    manufacturer: Annotated[Value, OPTIONAL_VALUE, told("Who made it.")] = None
    model: Annotated[Value, OPTIONAL_VALUE, told("Its model.")] = None
    model_id: Annotated[Value, OPTIONAL_VALUE, told("The id of its model.")] = None
    serial_number: Annotated[Value, OPTIONAL_VALUE, told("Its serial number.")] = None
    sw_version: Annotated[Value, OPTIONAL_VALUE, told("The version of its software.")] = None
    hw_version: Annotated[Value, OPTIONAL_VALUE, told("The version of its hardware.")] = None
    suggested_area: Annotated[Value, OPTIONAL_VALUE, told("The room that it is in.")] = None
    configuration_url: Annotated[Value, OPTIONAL_VALUE, told("The address of its own pages.")] = (
        None
    )
    mac: Annotated[Value, OPTIONAL_VALUE, told("Its MAC address.")] = None
    aliases: Annotated[
        Value, OPTIONAL_VALUE, told("What else people call it: a text or a list of texts.")
    ] = None
    keys: Annotated[
        Any,  # a mapping of names to values
        probatio.Schema({probatio.Match(SLUG): VALUE}),
        told("More ids of the device, for `{device.keys.name}` in requests."),
    ] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Children(Described):
    """Devices that are parts of another: the sockets of a strip, say."""

    each: Annotated[str, told(EACH)]
    id: Annotated[
        Value,
        OPTIONAL_VALUE,
        told("Its id within its parent; by default its key or its place from 0."),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesSpec(Described):
    """How devices are listed."""

    request: Annotated[RequestSpec, told("The request that lists them.")]
    each: Annotated[str | None, told(EACH)] = None
    id: Annotated[
        Value, OPTIONAL_VALUE, told("The vendor id; by default the key in a mapping.")
    ] = None
    parent: Annotated[
        Value, OPTIONAL_VALUE, told("The vendor id of the device that it is a part of.")
    ] = None
    via: Annotated[
        Value, OPTIONAL_VALUE, told("The vendor id of the device that it is reached through.")
    ] = None
    when: Annotated[str | None, told("Take only items for which this JMESPath holds.")] = None
    observed_at: Annotated[Value, OPTIONAL_VALUE, told("When what the item says held.")] = None
    children: Annotated[Children | None, told("Parts of each device, in its own item.")] = None
    every: Annotated[float | int, SECONDS, told("How often they are listed, in seconds.")] = 600
    schedule: Annotated[Any, SCHEDULE, told(SCHEDULED)] = None  # a list of texts


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorChildren:
    """Where the parts of a device stand in its own item."""

    each: Annotated[str, told(EACH)]
    id: Annotated[
        Value,
        OPTIONAL_VALUE,
        told("Its id within its parent; by default its key or its place from 0."),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorSpec:
    """A scheduled read.

    A request with `{device...}` is sent for each device; one with `{devices.ids}` for a batch of
    them; any other tells of the whole account.
    """

    request: Annotated[RequestSpec, told("The request. Its answer is what attributes pick from.")]
    every: Annotated[float | int, SECONDS, told("How often, in seconds.")] = 60
    schedule: Annotated[Any, SCHEDULE, told(SCHEDULED)] = None  # a list of texts
    at_start: Annotated[
        Literal["always", "missed", "never"],
        told(
            "Whether one with a schedule is also read when Home Assistant starts: `always`, only "
            "when a run was `missed` meanwhile, or `never`."
        ),
    ] = "always"
    each: Annotated[str | None, told(EACH)] = None
    device: Annotated[
        Value, OPTIONAL_VALUE, told("The vendor id of the device that an item tells of.")
    ] = None
    collect: Annotated[
        bool,
        told(
            "Whether a device has several items or none, as with events. What attributes pick from "
            "is the list of them."
        ),
    ] = False
    observed_at: Annotated[Value, OPTIONAL_VALUE, told("When what the item says held.")] = None
    children: Annotated[
        MonitorChildren | None, told("Where the parts of a device stand in its item.")
    ] = None
    batch: Annotated[
        int, probatio.Range(min=1, max=1000), told("How many ids `{devices.ids}` holds at most.")
    ] = 50
    types: Annotated[
        list[str] | None,
        told("Only devices of these types are read; by default those with attributes from it."),
    ] = None
    default: Annotated[bool, told("Whether attributes that do not say `from` are read by it.")] = (
        False
    )
    optional: Annotated[
        bool, told("Whether the devices are fine without it: its failure is not theirs.")
    ] = False
