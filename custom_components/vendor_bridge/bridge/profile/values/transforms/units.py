"""The transform from the vendor's unit to Home Assistant's."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction
from typing import Final

import probatio

from ....model import Kind
from ..basics import PickError, Raw, Transform, TransformSpec, show, tidy, to_number
from .arguments import WORD
from .numbers import each, multiply

_PREFIXES: Final[Mapping[str, str]] = {
    "": "1",
    "n": "1e-9",
    "µ": "1e-6",
    "μ": "1e-6",
    "u": "1e-6",
    "m": "1e-3",
    "c": "1e-2",
    "h": "1e2",
    "k": "1e3",
    "M": "1e6",
    "G": "1e9",
    "T": "1e12",
}
_PREFIXED: Final[Mapping[str, tuple[str, str]]] = {
    "W": ("power", "1"),
    "VA": ("apparent power", "1"),
    "var": ("reactive power", "1"),
    "Wh": ("energy", "3600"),
    "J": ("energy", "1"),
    "cal": ("energy", "4.184"),
    "V": ("voltage", "1"),
    "A": ("current", "1"),
    "Ah": ("charge", "3600"),
    "m": ("length", "1"),
    "g": ("mass", "1"),
    "Pa": ("pressure", "1"),
    "bar": ("pressure", "1e5"),
    "s": ("duration", "1"),
    "B": ("data", "8"),
    "bit": ("data", "1"),
    "B/s": ("data rate", "8"),
    "bit/s": ("data rate", "1"),
    "Hz": ("frequency", "1"),
    "L": ("volume", "1e-3"),
}
_OTHERS: Final[Mapping[str, tuple[str, str]]] = {
    "min": ("duration", "60"),
    "h": ("duration", "3600"),
    "d": ("duration", "86400"),
    "in": ("length", "0.0254"),
    "ft": ("length", "0.3048"),
    "yd": ("length", "0.9144"),
    "mi": ("length", "1609.344"),
    "oz": ("mass", "28.349523125"),
    "lb": ("mass", "453.59237"),
    "psi": ("pressure", "6894.757293168"),
    "inHg": ("pressure", "3386.389"),
    "mmHg": ("pressure", "133.322387415"),
    "m³": ("volume", "1"),
    "ft³": ("volume", "0.028316846592"),
    "gal": ("volume", "0.003785411784"),
    "m/s": ("speed", "1"),
    "km/h": ("speed", "1/3.6"),
    "mph": ("speed", "0.44704"),
    "kn": ("speed", "1852/3600"),
    "ft/s": ("speed", "0.3048"),
    "m³/h": ("volume flow", "1/3600"),
    "L/h": ("volume flow", "1/3600000"),
    "L/min": ("volume flow", "1/60000"),
    "L/s": ("volume flow", "1/1000"),
    "KiB": ("data", "8192"),
    "MiB": ("data", "8388608"),
    "GiB": ("data", "8589934592"),
    "TiB": ("data", "8796093022208"),
    "ppb": ("ratio", "1e-9"),
    "ppm": ("ratio", "1e-6"),
    "%": ("ratio", "1e-2"),
    "1": ("ratio", "1"),
}
_TEMPERATURES: Final[Mapping[str, tuple[Fraction, Fraction]]] = {
    "K": (Fraction(1), Fraction(0)),
    "°C": (Fraction(1), Fraction("273.15")),
    "°F": (Fraction(5, 9), Fraction("459.67") * 5 / 9),
}
_MIRED: Final = 1_000_000


def _fraction(text: str) -> Fraction:
    over, _, under = text.partition("/")
    return Fraction(over) / Fraction(under or 1)


def _all_units() -> Iterator[tuple[str, tuple[str, Fraction]]]:
    for name, (dimension, factor) in _PREFIXED.items():
        for prefix, times in _PREFIXES.items():
            yield prefix + name, (dimension, _fraction(factor) * _fraction(times))
    for name, (dimension, factor) in _OTHERS.items():
        yield name, (dimension, _fraction(factor))


UNITS: Final[Mapping[str, tuple[str, Fraction]]] = dict(_all_units())
"""Every unit but temperatures: what it measures, and how many of the base unit it is."""


def _unit(argument: list[str], _kind: Kind) -> Transform:
    source, target = argument
    if set(argument) == {"mired", "K"}:
        return Transform(apply=each(_reciprocal), invert=each(_reciprocal))
    if source in _TEMPERATURES and target in _TEMPERATURES:
        return Transform(apply=_temperature(source, target), invert=_temperature(target, source))
    for place, name in enumerate(argument):
        if name not in UNITS and name not in _TEMPERATURES and name != "mired":
            known = {other.casefold(): other for other in [*UNITS, *_TEMPERATURES, "mired"]}
            close = [known[one] for one in get_close_matches(name.casefold(), known, n=3)]
            hint = f", did you mean {' or '.join(close)}?" if close else ""
            raise probatio.Invalid(f"no unit {name[:40]} here{hint}", path=[place])
    measures = [_measures(name) for name in argument]
    if measures[0] != measures[1] or "mired" in argument:
        raise probatio.Invalid(
            f"{source} measures {measures[0]} and {target} {measures[1]}", path=[1]
        )
    factor = UNITS[source][1] / UNITS[target][1]
    there, back = multiply(factor), multiply(1 / factor)
    return Transform(apply=each(there), invert=each(lambda value: tidy(back(value))))


def _measures(name: str) -> str:
    if name in UNITS:
        return UNITS[name][0]
    return "temperature" if name in _TEMPERATURES else "colour temperature (as K)"


def _reciprocal(value: Raw) -> int | float:
    number = to_number(value)
    if number <= 0:
        raise PickError("a colour temperature above 0", show(value))
    return tidy(_MIRED / number)


def _temperature(source: str, target: str) -> Raw:
    (one, from_zero), (other, to_zero) = _TEMPERATURES[source], _TEMPERATURES[target]
    factor = one / other
    over, under = factor.numerator, factor.denominator
    plus = float((from_zero - to_zero) / other)
    return each(lambda value: tidy(to_number(value) * over / under + plus))


ROW: Final = TransformSpec(
    name="unit",
    help="Convert [the vendor's unit, Home Assistant's unit].",
    argument=probatio.All([WORD], probatio.Length(min=2, max=2)),
    example=(["mW", "W"], Kind.NUMBER, 2500, 2.5),
    compile=_unit,
)
