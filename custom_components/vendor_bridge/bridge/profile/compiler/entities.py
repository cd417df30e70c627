"""Entities, made ready to be read and commanded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from ...http.message import AnswerKind
from ...model import Attribute, Availability, Entity, Kind, Parameter
from ...platforms import PLATFORMS, PlatformRow
from ..plans import AttributePlan, EntityPlan, RequestPlan
from ..schema.entities import EntitySpec
from ..schema.root import TypeSpec
from ..schema.values import SOURCE_KEYS
from ..values import Picker
from .categories import category
from .classes import check_classes
from .commands import command_plan, uses
from .context import Context, Path
from .history import history_plan
from .records import compile_records
from .requests import DEVICE_NAMES, request_plan
from .scales import scaled, steps_of

SOURCE_NAMES: Final = frozenset(str(key) for key in SOURCE_KEYS)
SENSOR_KINDS: Final = {
    "timestamp": Kind.TIMESTAMP,
    "uptime": Kind.TIMESTAMP,
    "date": Kind.DATE,
    "enum": Kind.TEXT,
}
PASSED_ON: Final = ("icon", "enabled_by_default")


def type_plans(context: Context) -> Mapping[str, Sequence[EntityPlan]]:
    """Return the entities of each type of device."""
    return {
        name: [
            _entity(context, spec, kind, key, ("types", name, *key.split(".", 1)))
            for key, kind in spec.entities.items()
        ]
        for name, spec in context.profile.types.items()
    }


def _entity(
    context: Context, type_spec: TypeSpec, spec: EntitySpec, key: str, path: Path
) -> EntityPlan:
    row = PLATFORMS[spec.platform]
    common = {**type_spec.defaults, **spec.common}
    _check_parts(context, row, spec, path)
    check_classes(context, spec, path)
    attributes: dict[str, AttributePlan] = {}
    for name, value in spec.attributes.items():
        plan = _attribute(context, row, spec, common, name, value, (*path, name), key)
        if plan is not None:
            attributes[name] = plan
    if spec.history is not None:
        resets = "last_reset" in spec.attributes
        past = history_plan(context, spec.history, spec.options, (*path, "history"), resets=resets)
        if past is not None and (state := attributes.get("state")) is not None:
            attributes["state"] = replace(
                state,
                history=past,
                attribute=replace(state.attribute, history=past.history),
            )
    # What the type says of availability is read where the type says, not where the entity does.
    said_by = spec.common if "availability" in spec.common else {}
    availability = _availability(context, {**type_spec.defaults, **said_by}, path, key)
    writable = _writable(context, common, path, key)
    commands = {
        name: command_plan(
            context,
            row,
            command_row,
            command,
            spec.confirm or type_spec.defaults.get("confirm"),
            attributes,
            (*path, "commands", name),
        )
        for name, command in spec.commands.items()
        if (command_row := row.command(name)) is not None
    }
    name = key.split(".", 1)[1]
    said = category(spec.platform, spec.options, common)
    return EntityPlan(
        entity=Entity(
            key=key,
            platform=spec.platform,
            name=common["name"] if "name" in common else name.replace("_", " ").capitalize(),
            attributes={name: plan.attribute for name, plan in attributes.items()},
            options={
                **steps_of(row, spec.options),
                **spec.options,
                **{k: common[k] for k in PASSED_ON if k in common},
                **({"entity_category": said} if said is not None else {}),
            },
            commands={
                name: tuple(
                    Parameter(name=part.name, kind=part.kind, required=part.required)
                    for part in plan.row.parameters
                    if part.required or uses(plan.steps, part.name)
                )
                for name, plan in commands.items()
            },
            has_picture=spec.picture is not None,
            availability=Availability(
                attributes=tuple(plan.attribute for plan in availability),
                mode=common.get("availability_mode", "all"),
            ),
            writable=writable.attribute if writable is not None else None,
        ),
        attributes=(*attributes.values(), *availability, *([writable] if writable else [])),
        commands=commands,
        picture=_picture(context, spec, attributes, (*path, "picture")),
        when=context.value(common.get("when"), (*path, "when")),
    )


def _picture(
    context: Context, spec: EntitySpec, attributes: Mapping[str, AttributePlan], path: Path
) -> RequestPlan | None:
    """Return the request for an entity's picture, if it has one."""
    if spec.picture is None:
        return None
    known = (*DEVICE_NAMES, *(f"now.{name}" for name in attributes))
    plan = request_plan(context, spec.picture, path, known)
    return replace(plan, base=replace(plan.base, answer=AnswerKind.BYTES))


def _check_parts(context: Context, row: PlatformRow, spec: EntitySpec, path: Path) -> None:
    there = {*spec.attributes, *spec.options, *spec.commands}
    if spec.picture is not None:
        there.add("picture")
    for needed in row.required:
        names = [needed] if isinstance(needed, str) else list(needed)
        if not there.intersection(names):
            what = " or ".join(f"commands.{name}" if row.command(name) else name for name in names)
            context.mistakes.add(path, f"{_an(row.name)} needs {what}", of="key")
    if not row.commands and spec.common.get("entity_category") == "config":
        context.mistakes.add(
            (*path, "entity_category"),
            f"{_an(row.name)} can only be looked at, and so it is no setting",
            "write `entity_category: diagnostic`",
        )
    for name, needs in row.implies.items():
        for need in needs if name in there else ():
            if need not in there:
                context.mistakes.add(path, f"{name} needs {need} beside it", of="key")


def _an(name: str) -> str:
    """Return a platform's name with its article."""
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _attribute(  # noqa: PLR0913, PLR0917 - all that an attribute is made from
    context: Context,
    row: PlatformRow,
    spec: EntitySpec,
    common: Mapping[str, Any],
    name: str,
    value: str | Mapping[str, Any],
    path: Path,
    key: str,
) -> AttributePlan | None:
    parts = value if isinstance(value, Mapping) else {"value": value}
    described = row.attribute(name)
    kind = described.kind if described else Kind.ANY
    if row.name == "sensor" and name == "state":
        kind = _sensor_kind(spec)
    if "kind" in parts:
        kind = Kind(parts["kind"])
    if described is not None and described.scale is not None:
        parts = scaled(context, described.scale, parts, spec.options, path)
    if described is None or not described.fields:
        return _plan(context, parts, common, key, name, kind, path)
    records = compile_records(context, described, parts, path)
    if records is None:
        return None
    picker = records.picker
    return _read(context, parts, common, key, name, kind, path, picker, records.fields)


def _plan(
    context: Context,
    parts: Mapping[str, Any],
    common: Mapping[str, Any],
    key: str,
    name: str,
    kind: Kind,
    path: Path,
) -> AttributePlan | None:
    picker = context.value(
        {part: parts[part] for part in parts if part not in SOURCE_NAMES}, path, kind
    )
    return _read(context, parts, common, key, name, kind, path, picker)


def _read(  # noqa: PLR0913, PLR0917 - as above
    context: Context,
    parts: Mapping[str, Any],
    common: Mapping[str, Any],
    key: str,
    name: str,
    kind: Kind,
    path: Path,
    picker: Picker | None,
    fields: Mapping[str, Picker] = MappingProxyType({}),
) -> AttributePlan | None:
    monitor = context.monitor(parts.get("from", common.get("from")), path)
    if monitor is None or picker is None:
        return None
    seconds = parts.get("expire_after", common.get("expire_after"))
    return AttributePlan(
        name=name,
        when=context.value(parts.get("when"), (*path, "when")),
        attribute=Attribute(
            key=f"{key}.{name}",
            monitor=monitor,
            kind=kind,
            expire_after=timedelta(seconds=seconds) if seconds else None,
        ),
        picker=picker,
        fields=fields,
    )


def _sensor_kind(spec: EntitySpec) -> Kind:
    """Return what a sensor's values are, as its options tell."""
    if "device_class" in spec.attributes:
        return Kind.ANY  # Only the vendor knows.
    device_class = spec.options.get("device_class")
    if device_class in SENSOR_KINDS:
        return SENSOR_KINDS[device_class]
    numeric = ("state_class", "unit_of_measurement", "suggested_display_precision")
    if device_class or any(name in spec.options or name in spec.attributes for name in numeric):
        return Kind.NUMBER
    return Kind.ANY


def _writable(
    context: Context, common: Mapping[str, Any], path: Path, key: str
) -> AttributePlan | None:
    value = common.get("writable")
    if value is None:
        return None
    parts = value if isinstance(value, Mapping) else {"value": value}
    here = (*path, "writable")
    return _plan(context, parts, common, key, "writable", Kind.BOOLEAN, here)


def _availability(
    context: Context, common: Mapping[str, Any], path: Path, key: str
) -> list[AttributePlan]:
    plans = []
    for place, value in enumerate(common.get("availability", ())):
        parts = value if isinstance(value, Mapping) else {"value": value}
        here = (*path, "availability", place)
        plan = _plan(context, parts, common, key, f"availability_{place}", Kind.BOOLEAN, here)
        if plan is not None:
            plans.append(plan)
    return plans
