"""Commands, made ready to be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ...model import Kind
from ...platforms import CommandRow, PlatformRow
from ..mistakes import close_to
from ..plans import AttributePlan, CommandPlan, ConfirmPlan, RequestPlan
from ..schema.commands import CommandSpec, ConfirmSpec
from ..schema.requests import BODIES, RequestSpec
from ..values import Picker
from .context import Context, Path
from .requests import DEVICE_NAMES, request_plan

ANSWER_NAMES: Final = ("answer", "answer.")
LISTS: Final = frozenset({Kind.COLOR, Kind.TEXTS, Kind.ANY})
"""Kinds of parameters that have parts, as in ``{hs_color.0}``."""


def command_plan(
    context: Context,
    platform: PlatformRow,
    row: CommandRow,
    spec: CommandSpec,
    default: str | ConfirmSpec | None,
    attributes: Mapping[str, AttributePlan],
    path: Path,
) -> CommandPlan:
    """Return a command that waits for its data."""
    observed = tuple(f"now.{name}" for name in attributes)
    parameters = tuple(
        name
        for parameter in row.parameters
        for name in (parameter.name, f"{parameter.name}.")
        if name[-1] != "." or parameter.kind in LISTS
    )
    known = (*DEVICE_NAMES, *parameters, *observed)
    steps = []
    for place, step in enumerate(spec.steps):
        here = (*path, "steps", place) if len(spec.steps) > 1 else path
        names = known if place == 0 else (*known, *ANSWER_NAMES)
        plan = request_plan(context, step, here, names, command=True)
        never = None if platform.retryable else f"a command to a {platform.name}"
        repeatable = is_repeatable(context, step, here, never)
        steps.append(replace(plan, base=replace(plan.base, idempotent=repeatable)))
    takes = [parameter.name for parameter in row.parameters]
    convert = conversions(
        context, spec.data, (*path, "data"), takes, f"{row.name} has no parameter"
    )
    invert = {}
    for parameter in row.parameters:
        name, _, field = (parameter.attribute or parameter.name).partition(".")
        attribute = attributes.get(name)
        if parameter.name in convert or attribute is None:
            continue
        picker = attribute.fields.get(field) if field else attribute.picker
        if picker is None:
            continue
        invert[parameter.name] = picker
        if not picker.invertible and uses(steps, parameter.name):
            context.mistakes.add(
                path,
                f"{{{parameter.name}}} can't be turned back into the vendor's own value: "
                f"{picker.why_not}",
                f"say how below `data: {{{parameter.name}: ...}}`",
            )
    confirm = spec.confirm if spec.confirm is not None else default
    return CommandPlan(
        row=row,
        steps=steps,
        invert=invert,
        convert=convert,
        when_device=context.value(spec.when_device, (*path, "when_device")),
        confirm=_confirm(context, row, confirm, attributes, (*path, "confirm"), known),
    )


def is_repeatable(
    context: Context, step: RequestSpec, path: Path, never: str | None = None
) -> bool:
    """Return whether a step may be sent again when it may have arrived: if the profile says so.

    What it says of a GET counts for nothing here: many a vendor opens doors with one. ``never`` is
    what the step belongs to, where no such thing is ever sent twice.
    """
    if not step.idempotent:
        return False
    here = (*path, "idempotent")
    content = (step.path, step.query, *(getattr(step, body) for body in BODIES))
    if never is not None:
        message = f"{never} is never sent twice: the first may have arrived"
        context.mistakes.add(here, message, "leave `idempotent` out")
    elif "toggle" in repr(content).lower():
        message = "what toggles is not idempotent: sent twice, it undoes itself"
        context.mistakes.add(here, message, "leave `idempotent` out")
    return True


def uses(steps: Sequence[RequestPlan], name: str) -> bool:
    """Return whether a parameter, or a part of it, goes into one of the requests."""
    below = f"{name}." if f"{name}.id" not in DEVICE_NAMES else None  # the device's own
    return any(
        used == name or (below is not None and used.startswith(below))
        for step in steps
        for used in step.names
    )


def conversions(
    context: Context, data: Mapping[str, Any], path: Path, names: Sequence[str], unknown: str
) -> dict[str, Picker]:
    """Return what becomes of values before they are filled in, by their names.

    ``unknown`` begins what is said of a name that is none of ``names``.
    """
    convert = {}
    for name, value in data.items():
        here = (*path, name)
        if name not in names:
            context.mistakes.add(here, f"{unknown} {name!r}", close_to(name, names), of="key")
            continue
        picker = context.value(
            {"value": "@", **value} if isinstance(value, Mapping) else value, here
        )
        if picker is not None:
            convert[name] = picker
    return convert


def _confirm(
    context: Context,
    row: CommandRow,
    spec: str | ConfirmSpec | None,
    attributes: Mapping[str, AttributePlan],
    path: Path,
    known: tuple[str, ...],
) -> ConfirmPlan:
    if not isinstance(spec, ConfirmSpec):
        return ConfirmPlan()
    within, every = float(spec.within), float(spec.every)
    if spec.answer is not None:
        context.monitor(spec.answer, (*path, "answer"))
        return ConfirmPlan(
            within=within,
            answer=spec.answer,
            each=context.value(spec.each, (*path, "each")),
        )
    if spec.request is not None:
        return ConfirmPlan(
            within=within,
            every=every,
            request=request_plan(
                context, spec.request, (*path, "request"), (*known, *ANSWER_NAMES), command=True
            ),
            until=context.value(spec.until, (*path, "until")),
            failed=context.value(spec.failed, (*path, "failed")),
            reason=context.value(spec.reason, (*path, "reason")),
        )
    concerned = {
        attributes[name].attribute.monitor
        for effect in row.effect
        for name in effect
        if name in attributes
    }
    read = spec.read if spec.read is not None else sorted(concerned)
    for monitor in read:
        context.monitor(monitor, (*path, "read"))
    if not concerned:
        # Nothing that can be observed tells of it: success in the answer has to do.
        return ConfirmPlan(within=within)
    return ConfirmPlan(within=within, every=every, read=tuple(read))
