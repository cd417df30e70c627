"""Profiles made at random over the platform table, each with an answer that it understands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from homeassistant.components.sensor.const import UNIT_CONVERTERS
from hypothesis import strategies as st

from custom_components.vendor_bridge.bridge.model import Kind
from custom_components.vendor_bridge.bridge.platforms import (
    PLATFORMS,
    AttributeRow,
    OptionRow,
    PlatformRow,
)
from custom_components.vendor_bridge.bridge.platforms.classes import (
    NOT_NUMERIC,
    STATE_CLASS_UNITS,
    STATE_CLASSES,
    UNITS,
)

type Draw = st.DrawFn

WORDS = ("first", "second", "third", "fourth")
COLORS = {"hs_color": 2, "xy_color": 2, "rgb_color": 3, "rgbw_color": 4, "rgbww_color": 5}
LIMITS: Mapping[str, Sequence[float]] = {
    "min": (0, 5),
    "max": (60, 90),
    "step": (1, 5),
    "min_temp": (0, 5),
    "max_temp": (60, 90),
    "min_humidity": (0, 5),
    "max_humidity": (60, 90),
    "precision": (0.1, 1),
    "min_color_temp_kelvin": (2000, 2200),
    "max_color_temp_kelvin": (6000, 6500),
    "display_precision": (0, 3),
    "suggested_display_precision": (0, 3),
    "frame_interval": (1, 60),
    "volume_step": (0.05, 0.2),
}
"""What limits can be, so that all values drawn here are within them."""

GIVEN_LATER = {
    *("unit_of_measurement", "suggested_unit_of_measurement"),  # go with the device class
    *("speed_range_min", "speed_range_max", "brightness_scale"),  # go with their attribute
    *("position_closed", "position_open", "tilt_min", "tilt_max"),
}
ICON = "mdi:eye"
PATTERN = "[a-z]+"
HOME = "zone.home"


@dataclass(frozen=True)
class Made:
    """An entity as a profile says it, and the values of its item by attribute.

    ``scales`` holds the vendor's numbers for nothing and for all, where they are its own.
    """

    platform: str
    spec: Mapping[str, Any]
    values: Mapping[str, Any]
    scales: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def vendors(self, attribute: str, value: float, full: float = 100) -> float:
        """Return what Home Assistant's number of an attribute, 0 to ``full``, is at the vendor."""
        low, high = self.scales.get(attribute, (0, full))
        return low + value / full * (high - low)


def names_of(row: PlatformRow) -> list[str]:
    """Return all that can be given."""
    names = [
        *(one.name for one in row.attributes),
        *(one.name for one in row.options),
        *(one.name for one in row.commands),
    ]
    return [name for name in names if name not in GIVEN_LATER]


def chosen(draw: Draw, row: PlatformRow, *, everything: bool) -> set[str]:
    """Return names of a platform that go together: with what is required and implied."""
    names = names_of(row)
    if everything:
        # A number with a class is perhaps shown, and set, in another unit.
        return {*names, "picture"} - ({"device_class"} if row.name == "number" else set())
    there = set(draw(st.lists(st.sampled_from(names), unique=True, max_size=8)))
    for needed in row.required:
        ways = [needed] if isinstance(needed, str) else list(needed)
        ways = [one for one in ways if one in names or one == "picture"]
        if not there.intersection(ways):
            there.add(draw(st.sampled_from(ways)))
    while more := {need for name in there for need in row.implies.get(name, ())} - there:
        there |= more
    return there


KINDS: Mapping[Kind, st.SearchStrategy[Any]] = {
    Kind.ANY: st.sampled_from(WORDS),
    Kind.BOOLEAN: st.booleans(),
    Kind.NUMBER: st.integers(10, 50),
    Kind.INTEGER: st.integers(10, 50),
    Kind.TEXT: st.sampled_from(WORDS),
    Kind.BRIGHTNESS: st.integers(1, 255),
    Kind.PERCENTAGE: st.integers(0, 100),
    Kind.FRACTION: st.sampled_from([0, 0.25, 1]),
    Kind.KELVIN: st.integers(2500, 5000),
    Kind.COLOR: st.nothing(),  # they differ in how many numbers they have
    Kind.TEXTS: st.lists(st.sampled_from(WORDS), unique=True, min_size=1),
    Kind.STRUCTURE: st.dictionaries(
        st.sampled_from(WORDS), st.lists(st.integers(10, 50), max_size=3) | st.sampled_from(WORDS)
    ),
    Kind.TIMESTAMP: st.just("2026-11-24T12:00:00Z"),
    Kind.DATE: st.just("2026-11-24"),
    Kind.TIME: st.just("07:30:00"),
}
"""How values of each kind stand in an answer."""


FIXED: Mapping[str, Any] = {"pattern": PATTERN, "in_zones": [HOME]}
"""What fits all values drawn here."""


def value_of(draw: Draw, name: str, kind: Kind, choices: Sequence[str] = ()) -> Any:
    """Return a value, as it stands in an answer, that an attribute can have."""
    if choices:
        return draw(st.sampled_from(list(choices)))
    if name in FIXED:
        return FIXED[name]
    if name in COLORS:
        most = 1 if name == "xy_color" else 100
        return draw(st.lists(st.integers(0, most), min_size=COLORS[name], max_size=COLORS[name]))
    if name in LIMITS:
        return draw(st.sampled_from(LIMITS[name]))
    return draw(KINDS[kind])


def literal_of(draw: Draw, option: OptionRow) -> Any:
    """Return what an option can be written down as."""
    kinds = {
        "text": Kind.TEXT,
        "number": Kind.NUMBER,
        "integer": Kind.INTEGER,
        "boolean": Kind.BOOLEAN,
        "texts": Kind.TEXTS,
        "choice": Kind.TEXT,
    }
    value = value_of(draw, option.name, kinds[option.type], option.choices)
    return int(value) if option.type == "integer" else value


def records_of(
    draw: Draw, row: AttributeRow, *, least: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return how a list of records is written, and one that its answer holds."""
    fields = [field for field in row.fields if not field.free]
    written = [field for field in fields if field.required or draw(st.booleans())]
    spec = {"each": row.name, **{field.name: f"f_{field.name}" for field in written}}
    count = draw(st.integers(least, 3))
    told = [
        {
            f"f_{field.name}": f"{place}"
            if field.name in {"uid", "id"}
            else value_of(draw, field.name, field.kind, field.choices)
            for field in written
        }
        for place in range(count)
    ]
    return spec, told


def command_of(row: PlatformRow, name: str) -> dict[str, Any]:
    """Return a command that takes all that it can take."""
    command = row.command(name)
    assert command is not None
    taken = {one.name: f"{{{one.name}}}" for one in command.parameters}
    return {"post": f"/do/{{device.id}}/{name}", "json": {"now": True, **taken}}


def classed(draw: Draw, row: PlatformRow, spec: dict[str, Any], values: dict[str, Any]) -> None:
    """Make a sensor's or a number's classes, unit, options and value go together."""
    device_class = spec.get("device_class")
    for name in ("device_class", "state_class", "options", "suggested_display_precision"):
        if name != "device_class" or not isinstance(device_class, str):
            spec.pop(name, None)
            values.pop(name, None)
    if not isinstance(device_class, str):
        told = [7, 7.5] if row.name == "number" else [*WORDS, 7, 7.5]
        values["state"] = draw(st.sampled_from(told))
    elif device_class == "enum":
        spec["options"] = list(WORDS)
        values["state"] = draw(st.sampled_from(WORDS))
    elif device_class in NOT_NUMERIC:
        kind = Kind.DATE if device_class == "date" else Kind.TIMESTAMP
        values["state"] = draw(KINDS[kind])
    else:
        values["state"] = draw(st.integers(10, 50))
        _unit(draw, spec, device_class)
        if row.name == "sensor":
            _state_class(draw, spec, device_class)
            _suggested_unit(draw, spec, device_class)
        if "unit_of_measurement" in spec and draw(st.booleans()):
            values["unit_of_measurement"] = spec["unit_of_measurement"]
            spec["unit_of_measurement"] = {"value": "unit_of_measurement"}
    if spec.get("state_class") != "total":
        spec.pop("last_reset", None)
        values.pop("last_reset", None)


def _state_class(draw: Draw, spec: dict[str, Any], device_class: str) -> None:
    state_class = draw(st.sampled_from(["", *STATE_CLASSES[device_class]]))
    units = STATE_CLASS_UNITS.get(state_class)
    if state_class and (units is None or spec.get("unit_of_measurement") in units):
        spec["state_class"] = state_class


def _suggested_unit(draw: Draw, spec: dict[str, Any], device_class: str) -> None:
    converter = UNIT_CONVERTERS.get(device_class)
    unit = spec.get("unit_of_measurement")
    if converter is not None and unit in converter.VALID_UNITS and draw(st.booleans()):
        known = [one for one in UNITS[device_class] if one in converter.VALID_UNITS]
        spec["suggested_unit_of_measurement"] = draw(st.sampled_from(known))


def _scales(
    draw: Draw, row: PlatformRow, spec: dict[str, Any], values: dict[str, Any], *, everything: bool
) -> dict[str, tuple[int, int]]:
    """Count some attributes as the vendor does, by two options, and return how."""
    scales: dict[str, tuple[int, int]] = {}
    for attribute in row.attributes:
        scale = attribute.scale
        if scale is None or attribute.name not in values:
            continue
        if not everything and draw(st.booleans()):
            continue
        low, high = draw(st.sampled_from([(1, 5), (3, 50)] if scale.off else [(0, 80), (90, 10)]))
        if scale.low is None:
            low, high = 0, 80
        else:
            spec[scale.low] = low
        spec[scale.high] = high
        nothing = low - 1 if scale.off else low
        values[attribute.name] = draw(st.integers(min(low, high), max(low, high)))
        scales[attribute.name] = (nothing, high)
    return scales


def _unit(draw: Draw, spec: dict[str, Any], device_class: str) -> None:
    unit = draw(st.sampled_from(UNITS.get(device_class, ("EUR",))))
    if unit is not None:
        spec["unit_of_measurement"] = unit


def _options(
    draw: Draw, row: PlatformRow, there: set[str], spec: dict[str, Any], values: dict[str, Any]
) -> None:
    """Write options down, or have them observed where they can be."""
    for option in row.options:
        if option.name not in there:
            continue
        if option.observable is not None and option.type != "choice" and draw(st.booleans()):
            spec[option.name] = {"value": option.name}
            values[option.name] = value_of(draw, option.name, option.observable, option.choices)
        else:
            spec[option.name] = literal_of(draw, option)


@st.composite
def entities(draw: Draw, platform: str, *, everything: bool = False) -> Made:
    """Make an entity of a platform: with some of what it can have, or everything."""
    row = PLATFORMS[platform]
    spec: dict[str, Any] = {"name": None}
    values: dict[str, Any] = {}
    there = chosen(draw, row, everything=everything)
    for attribute in row.attributes:
        if attribute.name not in there:
            continue
        if attribute.fields:
            spec[attribute.name], values[attribute.name] = records_of(
                draw, attribute, least=int(everything)
            )
            continue
        spec[attribute.name] = {"value": attribute.name}
        values[attribute.name] = value_of(draw, attribute.name, attribute.kind, attribute.choices)
    _options(draw, row, there, spec, values)
    commands = {one.name: command_of(row, one.name) for one in row.commands if one.name in there}
    if commands:
        spec["commands"] = commands
    if row.has_picture and ("picture" in there or draw(st.booleans())):
        spec["picture"] = {"get": "/picture"}
    if platform in {"sensor", "number"}:
        classed(draw, row, spec, values)
    _fit(row, spec, values, everything=everything)
    if draw(st.booleans()):
        spec["icon"] = ICON
    scales = _scales(draw, row, spec, values, everything=everything)
    return Made(platform, spec, values, scales)


def _fit(
    row: PlatformRow, spec: dict[str, Any], values: dict[str, Any], *, everything: bool
) -> None:
    """Let what depends on each other fit: choices that a list has to hold, say."""
    known: Mapping[str, Mapping[str, list[str] | None]] = {
        "climate": {"hvac_modes": ["off", "heat", "cool"]},
        "event": {"event_types": ["ring", *WORDS]},
        "light": {"supported_color_modes": None},
        "vacuum": {"segment_ids": None},
    }
    for name, fixed in known.get(row.name, {}).items():
        if name in spec:
            values.pop(name, None)
            if fixed is None:
                del spec[name]
            else:
                spec[name] = fixed
    if row.name == "select":
        spec["options"] = list(WORDS)
        values.pop("options", None)
        values["state"] = WORDS[0]
    if row.name == "climate":
        values["hvac_mode"] = "heat"
    if row.name == "update" and everything:
        values["in_progress"] = False  # else there is nothing that can be done


def whole(made: Iterable[Made]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return a profile of devices with one entity each, and the items of its listing."""
    types: dict[str, Any] = {}
    items: list[dict[str, Any]] = []
    for place, one in enumerate(made):
        kind = f"kind_{place}"
        types[kind] = {one.platform: {"one": one.spec}}
        items.append(
            {"id": f"{one.platform}{place}", "name": f"{one.platform}{place}", "kind": kind}
            | dict(one.values)
        )
    profile = {
        "profile": 1,
        "vendor": {"id": "acme", "name": "Acme"},
        "api": {"base_url": "http://acme.example"},
        "devices": {
            "request": {"get": "/devices"},
            "each": "data",
            "id": "id",
            "name": "name",
            "type": "kind",
        },
        "types": types,
    }
    return profile, items
