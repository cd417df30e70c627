"""Device classes, state classes and units: whether they go together, by Home Assistant's lists.

What is read from the vendor, in place of being written down, is not known here.
"""

from collections.abc import Iterable

from ...platforms.classes import (
    CONVERTIBLE,
    NOT_NUMERIC,
    SAME_UNITS,
    STATE_CLASS_UNITS,
    STATE_CLASSES,
    UNITS,
)
from ..schema.entities import EntitySpec
from ..words import show
from .context import Context, Path

UNIT = "unit_of_measurement"
SUGGESTED = "suggested_unit_of_measurement"
NUMERIC = (UNIT, "suggested_display_precision", SUGGESTED)


def check_classes(context: Context, spec: EntitySpec, path: Path) -> None:
    """Note what of an entity Home Assistant would complain of, and what is right instead."""
    device_class = spec.options.get("device_class")
    if device_class == "doorbell" and "ring" not in spec.options.get("event_types", ["ring"]):
        hint = "`type: {value: ..., map: {pressed: ring}}`, say"
        context.mistakes.add((*path, "event_types"), "a doorbell has the event ring", hint)
    if spec.platform not in {"sensor", "number"}:
        return
    unknown = "device_class" in spec.attributes
    if device_class is not None:
        _check_unit(context, spec, path, device_class)
    if spec.platform == "sensor":
        _check_state_class(context, spec, path, device_class)
        if not unknown:
            _check_options(context, spec, path, device_class)
            _check_suggested(context, spec, path, device_class)


def _check_unit(context: Context, spec: EntitySpec, path: Path, device_class: str) -> None:
    """Note a unit that the device class does not take, or none where it needs one."""
    if device_class in NOT_NUMERIC:
        for name in NUMERIC:
            if name in spec.options or name in spec.attributes:
                context.mistakes.add((*path, name), f"device_class {device_class} is no number")
        return
    units = UNITS.get(device_class)
    if units is None or UNIT in spec.attributes:
        return
    unit: str | None = spec.options.get(UNIT)
    if (unit and SAME_UNITS.get(unit, unit)) in units:
        return
    if unit is None:
        context.mistakes.add(
            (*path, "device_class"),
            f"device_class {device_class} needs {UNIT}: {_either(units)}",
        )
        return
    context.mistakes.add(
        (*path, UNIT),
        f"device_class {device_class} takes {_either(units)}: got {show(unit)}",
        _who_takes(unit),
    )


def _who_takes(unit: str) -> str | None:
    """Return the device classes that a unit goes with."""
    own = SAME_UNITS.get(unit, unit)
    found = [device_class for device_class, units in UNITS.items() if own in units]
    return f"{unit} goes with device_class {_either(found)}" if found else None


def _check_state_class(
    context: Context, spec: EntitySpec, path: Path, device_class: str | None
) -> None:
    state_class = spec.options.get("state_class")
    if state_class is None:
        return
    here = (*path, "state_class")
    known = STATE_CLASSES.get(device_class) if device_class is not None else None
    if known is not None and state_class not in known:
        takes = _either(known) if known else "no state_class"
        context.mistakes.add(
            here, f"device_class {device_class} takes {takes}: got {show(state_class)}"
        )
    units = STATE_CLASS_UNITS.get(state_class)
    if units is not None and UNIT not in spec.attributes and spec.options.get(UNIT) not in units:
        context.mistakes.add(here, f"state_class {state_class} needs {UNIT}: {_either(units)}")
    if "last_reset" in spec.attributes and state_class != "total":
        context.mistakes.add((*path, "last_reset"), "last_reset goes with state_class total")


def _check_options(
    context: Context, spec: EntitySpec, path: Path, device_class: str | None
) -> None:
    given = "options" in spec.options or "options" in spec.attributes
    if given and device_class != "enum":
        context.mistakes.add((*path, "options"), "options go with device_class enum")
    if given and device_class is None and "state_class" in spec.options:
        context.mistakes.add((*path, "state_class"), "what has options has no state_class")


def _check_suggested(
    context: Context, spec: EntitySpec, path: Path, device_class: str | None
) -> None:
    suggested, unit = spec.options.get(SUGGESTED), spec.options.get(UNIT)
    if suggested is None or suggested == unit or device_class in NOT_NUMERIC:
        return
    units = CONVERTIBLE.get(device_class or "", ())
    here = (*path, SUGGESTED)
    if not units:
        what = f"device_class {device_class}" if device_class else "what has no device_class"
        context.mistakes.add(here, f"{what} cannot be shown in another unit")
    elif SAME_UNITS.get(suggested, suggested) not in units:
        context.mistakes.add(
            here, f"device_class {device_class} is shown in {_either(units)}: got {show(suggested)}"
        )


def _either(words: Iterable[str | None]) -> str:
    """Return words as a list of what there is to choose from."""
    return ", ".join("no unit" if word is None else word for word in words)
