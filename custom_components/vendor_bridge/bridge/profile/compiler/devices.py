"""Listings and monitors, made ready to run."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from ...model import DEVICES_MONITOR, AtStart, Kind, Monitor
from ...schedule import Schedule, ScheduleError, parse_schedule
from ..plans import ChildrenPlan, EachPlan, ListingPlan, MonitorPlan
from ..schema.devices import Children, DevicesSpec, MonitorChildren, MonitorSpec
from .context import Context, Path
from .newest import EVENT_NAMES, check_event_names
from .requests import DEVICE_NAMES, request_plan

FIELDS: Final = (
    "name",
    "type",
    "manufacturer",
    "model",
    "model_id",
    "serial_number",
    "sw_version",
    "hw_version",
    "suggested_area",
    "configuration_url",
    "mac",
)
BATCH_NAMES: Final = ("devices.ids", "devices.csv")


def listing_plans(context: Context) -> list[ListingPlan]:
    """Return the requests that list devices."""
    return [
        _listing(context, spec, _place(context, number))
        for number, spec in enumerate(context.profile.devices)
    ]


def _place(context: Context, number: int) -> Path:
    """Return where a listing is written: it may be the only one, and no item of a list."""
    place = ("devices", number)
    return place if context.mistakes.is_written(place) else ("devices",)


def _listing(context: Context, spec: DevicesSpec, path: Path) -> ListingPlan:
    if spec.id is None and spec.each is None:
        context.mistakes.add(path, "says not what the vendor id of a device is", "add `id:`")
    return ListingPlan(
        request=request_plan(context, spec.request, (*path, "request")),
        items=each_plan(context, spec.each, spec.id, path),
        fields=_fields(context, spec, path),
        keys=_keys(context, spec, path),
        aliases=context.value(spec.aliases, (*path, "aliases")),
        parent=context.value(spec.parent, (*path, "parent"), Kind.TEXT),
        via=context.value(spec.via, (*path, "via"), Kind.TEXT),
        when=context.value(spec.when, (*path, "when")),
        observed_at=context.value(spec.observed_at, (*path, "observed_at"), Kind.TIMESTAMP),
        children=_children(context, spec.children, (*path, "children")),
    )


def _children(context: Context, spec: Children | None, path: Path) -> ChildrenPlan | None:
    if spec is None:
        return None
    return ChildrenPlan(
        items=each_plan(context, spec.each, spec.id, path),
        fields=_fields(context, spec, path),
        keys=_keys(context, spec, path),
        aliases=context.value(spec.aliases, (*path, "aliases")),
    )


def _fields(context: Context, spec: DevicesSpec | Children, path: Path) -> dict[str, Any]:
    made = {name: context.value(getattr(spec, name), (*path, name), Kind.TEXT) for name in FIELDS}
    return {name: picker for name, picker in made.items() if picker is not None}


def _keys(context: Context, spec: DevicesSpec | Children, path: Path) -> dict[str, Any]:
    return context.values(spec.keys, (*path, "keys"), Kind.TEXT)


def each_plan(context: Context, each: str | None, key: Any, path: Path) -> EachPlan:  # noqa: ANN401
    """Return where the items of an answer stand, and which id each has."""
    kind = Kind.ANY if isinstance(key, str) or key is None else Kind.TEXT
    return EachPlan(
        each=context.value(each, (*path, "each")),
        id=context.value(key, path, kind),
        describe=each or "the answer",
    )


def listing_monitor(context: Context) -> Monitor:
    """Return the monitor that the listing of devices is."""
    specs = context.profile.devices
    every = min((spec.every for spec in specs), default=600)
    schedules = [
        schedule
        for number, spec in enumerate(specs)
        if (schedule := _schedule(context, spec.schedule, (*_place(context, number), "schedule")))
    ]
    lines = tuple(line for schedule in schedules for line in schedule.lines)
    return Monitor(
        key=DEVICES_MONITOR,
        every=timedelta(seconds=every),
        schedule=Schedule(lines) if schedules else None,
    )


def _schedule(context: Context, lines: Sequence[str] | None, path: Path) -> Schedule | None:
    """Return what the lines of a schedule mean, None where there are none."""
    if lines is None:
        return None
    try:
        return parse_schedule(lines)
    except ScheduleError as error:
        context.mistakes.add(path, str(error))
        return None


def monitor_plans(context: Context) -> Mapping[str, MonitorPlan]:
    """Return the scheduled reads, by key."""
    return {
        key: _monitor(context, key, spec, ("monitors", key))
        for key, spec in context.profile.monitors.items()
    }


def _monitor(context: Context, key: str, spec: MonitorSpec, path: Path) -> MonitorPlan:
    if key == DEVICES_MONITOR:
        context.mistakes.add(
            path, "`devices` is the listing's own name", "choose another name", of="key"
        )
    known = (*DEVICE_NAMES, *BATCH_NAMES, *EVENT_NAMES)
    request = request_plan(context, spec.request, (*path, "request"), known)
    check_event_names(context, spec.request, (*path, "request"))
    scope = "account"
    if any(name.startswith("device.") for name in request.names):
        scope = "device"
    elif any(name.startswith("devices.") for name in request.names):
        scope = "batch"
    if scope != "device" and spec.device is None and spec.each is None:
        context.mistakes.add(
            path,
            "says not which device its answer tells of",
            "add `each:` and `device:`, or ask for one device with {device.id}",
        )
    for place, name in enumerate(spec.types or ()):
        if name not in context.profile.types:
            context.mistakes.add((*path, "types", place), f"there is no type {name!r}")
    return MonitorPlan(
        monitor=Monitor(
            key=key,
            every=timedelta(seconds=spec.every),
            optional=spec.optional,
            per_device=scope != "account",
            schedule=_schedule(context, spec.schedule, (*path, "schedule")),
            at_start=AtStart(spec.at_start),
        ),
        scope=scope,
        batch=spec.batch,
        request=request,
        items=each_plan(context, spec.each, spec.device, path),
        collect=spec.collect,
        observed_at=context.value(spec.observed_at, (*path, "observed_at"), Kind.TIMESTAMP),
        children=_monitor_children(context, spec.children, (*path, "children")),
        types=frozenset(spec.types) if spec.types is not None else None,
    )


def _monitor_children(
    context: Context, spec: MonitorChildren | None, path: Path
) -> EachPlan | None:
    return None if spec is None else each_plan(context, spec.each, spec.id, path)
